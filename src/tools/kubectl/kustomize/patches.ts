import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { applyJsonPatch, decodeJsonPatch } from '../../../machinery/json-patch.ts'
import { applyMergePatch } from '../../../machinery/json-merge-patch.ts'
import { applyStrategicMergePatch } from '../../../machinery/strategic-merge-patch.ts'
import { parseYaml } from '../api/manifests.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { typeOf } from '../patching.ts'
import { isSelected } from '../selectors.ts'
import { at, items as itemsIn, mapAt, nameOf, namespaceOf, objectsAt, textAt } from '../unstructured.ts'
import { groupKindOf, idText, type Item, renamed } from './item.ts'
import type { Folder } from './loading.ts'

/** `patchesStrategicMerge`, `patches` and `patchesJson6902`, in this order. */
export function patchItems(items: readonly Item[], folder: Folder, host: Host): readonly Item[] {
  const { settings } = folder
  const strategic = itemsIn(settings.patchesStrategicMerge)
    .filter(entry => typeof entry === 'string')
    .map(entry => {
      const isInline = entry.includes('\n') || entry.includes(': ')
      return isInline ? { patch: entry } : { path: entry }
    })
  const all: readonly JsonObject[] = [
    ...strategic,
    ...objectsAt(settings, 'patches'),
    ...objectsAt(settings, 'patchesJson6902'),
  ]
  return all.reduce<readonly Item[]>((changed, setting) => applied(changed, setting, folder, host), items)
}

function applied(items: readonly Item[], setting: JsonObject, folder: Folder, host: Host): readonly Item[] {
  const text = patchText(setting, folder, host)
  const documents = parseYaml('patch', text).filter(document => document !== null && document !== undefined)
  const [first] = documents
  if (isList(first)) return withOperations(items, setting, text, first)
  return documents.filter(isObject).reduce((changed, patch) => withPatch(changed, setting, patch), items)
}

function patchText(setting: JsonObject, { root }: Folder, host: Host): string {
  const [patch, path] = [textAt(setting, 'patch'), textAt(setting, 'path')]
  if (patch === '' && path === '') throw new UsageError('must specify one of patch and path in\n{}')
  if (patch !== '' && path !== '') throw new UsageError(`patch and path can't be set at the same time\n${patch}`)
  if (patch !== '') return patch
  const whole = path.startsWith('/') ? path : `${root}/${path}`
  const text = host.files.read(whole)
  if (text !== undefined) return text
  const why = `open ${whole}: no such file or directory`
  throw new UsageError(`failed to get the patch file from path(${path}): ${why}`)
}

/** A JSON patch, for everything that its target selects. */
function withOperations(
  items: readonly Item[],
  setting: JsonObject,
  text: string,
  operations: readonly unknown[],
): readonly Item[] {
  const { target } = setting
  if (!isObject(target)) throw new UsageError(`must specify a target for JSON patch ${text}`)
  const { value: patch, error } = decodeJsonPatch(operations)
  if (error !== undefined) throw new UsageError(error)
  return items.map(item => {
    if (!isTarget(item, target)) return item
    const result = applyJsonPatch(item.object, patch)
    if (result.error !== undefined) throw new UsageError(result.error)
    return change(item, result.value, setting)
  })
}

/** A patch that looks like the object: for its target, or for the object that it names. */
function withPatch(items: readonly Item[], setting: JsonObject, patch: JsonObject): readonly Item[] {
  const { target } = setting
  const isMeant = isObject(target) ? (item: Item) => isTarget(item, target) : (item: Item) => isNamed(item, patch)
  if (!isObject(target) && !items.some(isMeant)) {
    throw new UsageError(
      `no resource matches strategic merge patch ${JSON.stringify(idText(patch))}: no matches for Id ${idText(patch)}; failed to find unique target for patch ${idText(patch)}`,
    )
  }
  return items.flatMap(item => {
    if (!isMeant(item)) return [item]
    if (patch.$patch === 'delete') return []
    return [change(item, merged(item.object, isObject(target) ? anonymous(patch, item) : patch), setting)]
  })
}

/** A patch for a target: what it is called itself does not matter. */
function anonymous(patch: JsonObject, { object }: Item): JsonObject {
  const { kind: _, apiVersion: __, ...body } = patch
  const metadata = isObject(patch.metadata) ? patch.metadata : {}
  return { ...body, metadata: { ...metadata, name: nameOf(object) } }
}

function merged(object: JsonObject, patch: JsonObject): JsonObject {
  const type = typeOf(object)
  if (type) return applyStrategicMergePatch(object, patch, type)
  const value = applyMergePatch(object, patch)
  return isObject(value) ? value : object
}

/** The patched object; kind and name stay unless the setting lets them change. */
function change(item: Item, object: JsonObject, { options }: JsonObject): Item {
  const name = at(options, 'allowNameChange') === true ? nameOf(object) : nameOf(item.object)
  const kind = at(options, 'allowKindChange') === true ? object.kind : item.object.kind
  const metadata = { ...(isObject(object.metadata) ? object.metadata : {}), name }
  return renamed(item, { ...object, kind, metadata })
}

function isNamed({ object, before }: Item, patch: JsonObject): boolean {
  const [own, wanted] = [groupKindOf(object), groupKindOf(patch)]
  if (own.group !== wanted.group || own.version !== wanted.version || own.kind !== wanted.kind) return false
  const place = (namespace: string): string => namespace || 'default'
  const ids = [{ name: nameOf(object), namespace: namespaceOf(object) }, ...before]
  return ids.some(({ name, namespace }) => {
    return name === nameOf(patch) && (namespaceOf(patch) === '' || place(namespace) === place(namespaceOf(patch)))
  })
}

/** Whether a target's expressions fit an object: kind and names as anchored patterns, and selectors. */
export function isTarget({ object, before }: Item, target: JsonObject): boolean {
  const { group, version, kind } = groupKindOf(object)
  const fits = (field: string, values: readonly string[]): boolean => {
    const pattern = textAt(target, field)
    return pattern === '' || values.some(value => new RegExp(`^(?:${pattern})$`).test(value))
  }
  return (
    fits('group', [group]) &&
    fits('version', [version]) &&
    fits('kind', [kind]) &&
    fits('name', [nameOf(object), ...before.map(({ name }) => name)]) &&
    fits('namespace', [namespaceOf(object), ...before.map(({ namespace }) => namespace)]) &&
    isSelected(object, textAt(target, 'labelSelector')) &&
    isSelected({ metadata: { labels: mapAt(object, 'metadata', 'annotations') } }, textAt(target, 'annotationSelector'))
  )
}
