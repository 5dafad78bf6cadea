import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { documentsIn } from '../api/manifests.ts'
import { attemptUsage, UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { nameOf, textAt, textsAt, withAt } from '../unstructured.ts'
import { generate } from './generators.ts'
import { hashOfContents } from './hash.ts'
import { changeImages } from './images.ts'
import { groupKindOf, idOf, idText, type Item, itemOf, renamed } from './item.ts'
import { addLabels } from './labels.ts'
import { cwdOf, type Folder, folderAt, loadFolder } from './loading.ts'
import { inLegacyOrder } from './order.ts'
import { patchItems } from './patches.ts'
import { fixReferences } from './references.ts'
import { replaceValues } from './replacements.ts'
import { annotate, changeNames, changeNamespace, changeReplicas } from './transformers.ts'

/** What a build needs of the machine. */
export interface Builder {
  readonly host: Host
  /** A line for stderr. */
  warn(text: string): void
}

/** The objects that a folder makes, in the order in which kustomize prints them. */
export function buildKustomization(builder: Builder, path: string): readonly JsonObject[] {
  const { host } = builder
  const folder = loadFolder(host, folderAt(host, cwdOf(host), path), text => builder.warn(text))
  const hashed = accumulate(builder, folder, [], []).map(withHash)
  const fixed = fixReferences(hashed).filter(({ object }) => !isLocal(object))
  const order = textAt(folder.settings, 'sortOptions', 'order')
  const { sortOptions } = folder.settings
  const legacy = isObject(sortOptions) ? sortOptions.legacySortOptions : undefined
  return (order === 'fifo' ? fixed : inLegacyOrder(fixed, legacy)).map(({ object }) => object)
}

function withHash(item: Item): Item {
  if (!item.needsHash) return item
  const name = `${nameOf(item.object)}-${hashOfContents(item.object)}`
  return renamed(item, withAt(item.object, ['metadata', 'name'], name))
}

const localConfig = ['metadata', 'annotations', 'config.kubernetes.io/local-config'] as const

function isLocal(object: JsonObject): boolean {
  const value = textAt(object, ...localConfig)
  return value !== '' && value !== 'false'
}

/** Everything that a folder has, on top of `before`: a component changes what is there already. */
function accumulate(
  builder: Builder,
  folder: Folder,
  before: readonly Item[],
  above: readonly string[],
): readonly Item[] {
  const { settings } = folder
  const path = [...above, folder.root]
  let items = wrapped('accumulating resources', () => {
    return textsAt(settings, 'resources').reduce<readonly Item[]>(
      (found, name) => appended(found, readResource(builder, folder, name, path), name),
      before,
    )
  })
  items = generate(builder.host, folder, items)
  items = wrapped('accumulating components', () =>
    textsAt(settings, 'components').reduce<readonly Item[]>((found, name) => {
      const inner = loadFolder(builder.host, folderAt(builder.host, folder.root, name), text => builder.warn(text))
      if (inner.settings.kind !== 'Component') {
        const kind = textAt(inner.settings, 'kind') || 'Kustomization'
        const what = `expected kind 'Component' for path '${inner.root}' but got '${kind}'`
        throw new UsageError(`accumulateDirectory: ${JSON.stringify(what)}`)
      }
      return accumulate(builder, inner, found, path)
    }, items),
  )
  const steps = [
    patchItems,
    changeNamespace,
    changeNames,
    addLabels,
    annotate,
    changeReplicas,
    changeImages,
    replaceValues,
  ]
  return steps.reduce<readonly Item[]>((found, step) => step(found, folder, builder.host), items)
}

/** Adds words before what an action complains of. */
function wrapped<T>(words: string, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(`${words}: ${error.message}`)
    throw error
  }
}

/** A file's objects, or those of a folder. */
function readResource(builder: Builder, folder: Folder, name: string, above: readonly string[]): readonly Item[] {
  const { host } = builder
  const path = name.startsWith('/') ? name : `${folder.root}/${name}`
  const text = host.files.read(path)
  if (text !== undefined) {
    return wrapped(`accumulation err='accumulating resources from '${name}'`, () => readFile(name, text))
  }
  const isFolder = host.files.list(path) !== undefined
  const why = isFolder ? `read ${normal(path)}: is a directory` : `open ${normal(path)}: no such file or directory`
  const prefix = `accumulation err='accumulating resources from '${name}': ${why}'`
  return wrapped(prefix, () => {
    const root = folderAt(host, folder.root, name)
    if (above.includes(root)) {
      throw new UsageError(`cycle detected: candidate root '${root}' contains visited root '${root}'`)
    }
    const inner = wrapped(`couldn't make target for path '${root}'`, () =>
      loadFolder(host, root, text => builder.warn(text)),
    )
    if (inner.settings.kind === 'Component') throw new UsageError(`expected kind != 'Component' for path '${root}'`)
    return wrapped(`recursed accumulation of path '${root}'`, () => accumulate(builder, inner, [], above))
  })
}

function normal(path: string): string {
  return path.replace(/\/\.\//g, '/').replace(/[^/]+\/\.\.\//g, '')
}

function readFile(name: string, text: string): readonly Item[] {
  let objects: readonly JsonObject[] = []
  const fault = attemptUsage(() => {
    objects = documentsIn(name, text, false).map(({ object }) => object)
  })
  if (fault)
    throw new UsageError(`MalformedYAMLError: ${fault.message.replace(/^error parsing /, '')} in File: ${name}`)
  return objects.map(itemOf)
}

/** Adds items; two of the same id are a mistake. */
function appended(items: readonly Item[], more: readonly Item[], name: string): readonly Item[] {
  for (const { object } of more) {
    if (!items.some(other => isSame(other.object, object))) continue
    const what = `may not add resource with an already registered id: ${idText(object)}`
    throw new UsageError(`accumulation err='merging resources from '${name}': ${what}'`)
  }
  return [...items, ...more]
}

function isSame(a: JsonObject, b: JsonObject): boolean {
  const [left, right] = [groupKindOf(a), groupKindOf(b)]
  const [one, other] = [idOf(a), idOf(b)]
  return (
    left.group === right.group &&
    left.kind === right.kind &&
    one.name === other.name &&
    (one.namespace || 'default') === (other.namespace || 'default')
  )
}
