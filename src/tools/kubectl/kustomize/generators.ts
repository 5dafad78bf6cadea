import { encodeBase64 } from '../../../machinery/base64.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { at, fields, mapAt, nameOf, namespaceOf, objectsAt, textAt, textsAt, withAt } from '../unstructured.ts'
import { groupKindOf, type Item, itemOf } from './item.ts'
import type { Folder } from './loading.ts'

/** `configMapGenerator` and `secretGenerator`: new objects, or more data for those that are there. */
export function generate(host: Host, folder: Folder, items: readonly Item[]): readonly Item[] {
  const { settings } = folder
  const maps = objectsAt(settings, 'configMapGenerator').map(each => generated(host, folder, 'ConfigMap', each))
  const secrets = objectsAt(settings, 'secretGenerator').map(each => generated(host, folder, 'Secret', each))
  return [...maps, ...secrets].reduce(absorbed, items)
}

function generated(host: Host, folder: Folder, kind: 'ConfigMap' | 'Secret', setting: JsonObject): Item {
  const name = textAt(setting, 'name')
  if (name === '') throw new UsageError(`a ${kind === 'ConfigMap' ? 'configmap' : 'secret'} must have a name`)
  const options = optionsOf(folder, setting)
  const data = dataOf(host, folder, setting)
  const shown = kind === 'Secret' ? data.map(([key, value]) => [key, encodeBase64(value)]) : data
  const namespace = textAt(setting, 'namespace')
  const metadata = {
    name,
    ...(namespace !== '' && { namespace }),
    ...(Object.keys(options.labels).length > 0 && { labels: options.labels }),
    ...(Object.keys(options.annotations).length > 0 && { annotations: options.annotations }),
  }
  const object: JsonObject = {
    apiVersion: 'v1',
    kind,
    metadata,
    ...(shown.length > 0 && { data: Object.fromEntries(shown) }),
    ...(options.immutable && { immutable: true }),
    ...(kind === 'Secret' && { type: textAt(setting, 'type') || 'Opaque' }),
  }
  const behaviour = textAt(setting, 'behavior') || 'create'
  if (behaviour !== 'create' && behaviour !== 'replace' && behaviour !== 'merge') {
    return { ...itemOf(object), needsHash: !options.disableNameSuffixHash }
  }
  return { ...itemOf(object), behaviour, needsHash: !options.disableNameSuffixHash }
}

function optionsOf({ settings }: Folder, setting: JsonObject) {
  const [all, own] = [settings.generatorOptions, setting.options]
  return {
    labels: { ...mapAt(all, 'labels'), ...mapAt(own, 'labels') },
    annotations: { ...mapAt(all, 'annotations'), ...mapAt(own, 'annotations') },
    disableNameSuffixHash: at(all, 'disableNameSuffixHash') === true || at(own, 'disableNameSuffixHash') === true,
    immutable: at(all, 'immutable') === true || at(own, 'immutable') === true,
  }
}

function dataOf(host: Host, { root }: Folder, setting: JsonObject): readonly (readonly [string, string])[] {
  const read = (path: string): string => {
    const whole = path.startsWith('/') ? path : `${root}/${path}`
    const text = host.files.read(whole)
    if (text !== undefined) return text
    throw new UsageError(`loading KV pairs: file sources: [${path}]: open ${whole}: no such file or directory`)
  }
  const literals = textsAt(setting, 'literals').map(literal => {
    const equals = literal.indexOf('=')
    if (equals <= 0)
      throw new UsageError(
        `loading KV pairs: literal sources [${literal}]: invalid literal source ${literal}, expected key=value`,
      )
    return [literal.slice(0, equals), literal.slice(equals + 1).replace(/^(["'])([\s\S]*)\1$/, '$2')] as const
  })
  const files = textsAt(setting, 'files').map(source => {
    const equals = source.indexOf('=')
    const path = source.slice(equals + 1)
    return [equals < 0 ? path.slice(path.lastIndexOf('/') + 1) : source.slice(0, equals), read(path)] as const
  })
  const env = textsAt(setting, 'envs').flatMap(path => envLines(host, read(path)))
  const pairs = [...env, ...files, ...literals]
  for (const [index, [key]] of pairs.entries()) {
    if (pairs.findIndex(([other]) => other === key) === index) continue
    throw new UsageError(`configmap ${textAt(setting, 'name')} illegally repeats the key \`${key}\``)
  }
  return pairs
}

/** Lines `KEY=value`; a bare KEY is taken from the environment. */
function envLines({ env }: Host, text: string): readonly (readonly [string, string])[] {
  return text.split('\n').flatMap(line => {
    const bare = line.trimStart()
    if (bare === '' || bare.startsWith('#')) return []
    const equals = bare.indexOf('=')
    return equals < 0 ? [[bare, env[bare] ?? ''] as const] : [[bare.slice(0, equals), bare.slice(equals + 1)] as const]
  })
}

/** Adds what was generated: as a new object, or into the one that is there. */
function absorbed(items: readonly Item[], added: Item): readonly Item[] {
  const { object, behaviour } = added
  const index = items.findIndex(item => isMeant(item, object))
  const there = items[index]
  const { kind } = groupKindOf(object)
  if (!there) {
    if (behaviour === 'create') return [...items, added]
    throw new UsageError(
      `merging from generator: id resid.ResId{Gvk:resid.Gvk{Kind:${JSON.stringify(kind)}}, Name:${JSON.stringify(nameOf(object))}} does not exist; cannot merge or replace`,
    )
  }
  if (behaviour === 'create') {
    const id = `Name:${JSON.stringify(nameOf(object))}, Namespace:${JSON.stringify(namespaceOf(object))}`
    throw new UsageError(
      `merging from generator: id resid.ResId{Gvk:resid.Gvk{Group:"", Version:"v1", Kind:${JSON.stringify(kind)}, isClusterScoped:false}, ${id}} exists; behavior must be merge or replace`,
    )
  }
  return items.map(item => (item === there ? combined(there, added) : item))
}

function isMeant({ object, before }: Item, wanted: JsonObject): boolean {
  const place = (namespace: string): string => namespace || 'default'
  if (groupKindOf(object).kind !== groupKindOf(wanted).kind) return false
  const ids = [{ name: nameOf(object), namespace: namespaceOf(object) }, ...before]
  const wantedPlace = place(namespaceOf(wanted))
  return ids.some(({ name, namespace }) => name === nameOf(wanted) && place(namespace) === wantedPlace)
}

function combined(there: Item, { object, behaviour, needsHash }: Item): Item {
  const metadata = fields(there.object.metadata)
  const maps = (name: string): JsonObject => {
    const merged = { ...mapAt(metadata, name), ...mapAt(object, 'metadata', name) }
    return Object.keys(merged).length === 0 ? {} : { [name]: merged }
  }
  const old = behaviour === 'merge' ? mapAt(there.object, 'data') : {}
  const data = { ...old, ...mapAt(object, 'data') }
  const changed = {
    ...object,
    metadata: { ...metadata, ...maps('labels'), ...maps('annotations') },
    ...(Object.keys(data).length > 0 && { data }),
  }
  return {
    ...there,
    object: withAt(changed, ['metadata', 'name'], nameOf(there.object)),
    needsHash: there.needsHash || needsHash,
  }
}
