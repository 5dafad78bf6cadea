import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { parseYaml } from '../api/manifests.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { at, fields, objectsAt, textAt, textOf, textsAt } from '../unstructured.ts'
import { idText, type Item, renamed } from './item.ts'
import type { Folder } from './loading.ts'
import { isTarget } from './patches.ts'

/** `replacements`: values of one object put into others (filters/replacement). */
export function replaceValues(items: readonly Item[], folder: Folder, host: Host): readonly Item[] {
  const settings = objectsAt(folder.settings, 'replacements').flatMap(setting => {
    const path = textAt(setting, 'path')
    if (path === '') return [setting]
    const text = host.files.read(`${folder.root}/${path}`)
    if (text === undefined) throw new UsageError(`open ${folder.root}/${path}: no such file or directory`)
    return parseYaml(path, text)
      .flatMap(value => (isList(value) ? value : [value]))
      .filter(isObject)
  })
  return settings.reduce<readonly Item[]>(replaced, items)
}

function replaced(items: readonly Item[], setting: JsonObject): readonly Item[] {
  const source = fields(setting.source)
  const value = setting.sourceValue ?? valueOf(items, source)
  return objectsAt(setting, 'targets').reduce<readonly Item[]>((changed, target) => {
    const select = fields(target.select)
    const rejects = objectsAt(target, 'reject')
    return changed.map(item => {
      if (!isTarget(item, exact(select)) || rejects.some(reject => isTarget(item, exact(reject)))) return item
      const paths = textsAt(target, 'fieldPaths')
      const object = (paths.length > 0 ? paths : ['metadata.name']).reduce<JsonObject>((result, path) => {
        const set = setAt(
          result,
          pathNames(path),
          old => put(old, value, target.options),
          at(target.options, 'create') === true,
        )
        if (set === undefined) {
          throw new UsageError(`unable to find field ${JSON.stringify(path)} in replacement target`)
        }
        return isObject(set) ? set : result
      }, item.object)
      return renamed(item, object)
    })
  }, items)
}

/** Selectors of replacements name things exactly. */
function exact(select: JsonObject): JsonObject {
  const names = ['group', 'version', 'kind', 'name', 'namespace']
  return Object.fromEntries(
    Object.entries(select).map(([name, value]) => [
      name,
      names.includes(name) ? textOf(value).replace(/[.*+?^${}()|[\]\\]/g, '\\$&') : value,
    ]),
  )
}

function valueOf(items: readonly Item[], source: JsonObject): unknown {
  const { fieldPath, options, ...select } = source
  const found = items.filter(item => isTarget(item, exact(select)))
  const [item, another] = found
  if (!item) throw new UsageError(`nothing selected by ${selectText(select)}`)
  if (another) {
    throw new UsageError(`multiple matches for selector ${selectText(select)}`)
  }
  const path = textOf(fieldPath) || 'metadata.name'
  const value = pathNames(path).reduce<unknown>((inner, name) => stepInto(inner, name), item.object)
  if (value === undefined) {
    throw new UsageError(`fieldPath \`${path}\` is missing for replacement source ${idText(item.object)}`)
  }
  const delimiter = textAt(options, 'delimiter')
  return delimiter === '' ? value : (textOf(value).split(delimiter)[Number(at(options, 'index') ?? 0)] ?? '')
}

function selectText(select: JsonObject): string {
  const part = (name: string): string => textAt(select, name)
  const type = `${part('kind') || '[noKind]'}.${part('version') || '[noVer]'}.${part('group') || '[noGrp]'}`
  return `${type}/${part('name') || '[noName]'}.${part('namespace') || '[noNs]'}`
}

/** `spec.containers.[name=web].image`, with dots in brackets or after a backslash kept. */
function pathNames(path: string): readonly string[] {
  const names = path.match(/(?:\[[^\]]*\]|\\.|[^.\\])+/g) ?? []
  return names.map(name => (name.startsWith('[') ? name : name.replaceAll('\\', '')))
}

function stepInto(value: unknown, name: string): unknown {
  if (isList(value)) return value[indexIn(value, name)]
  return at(value, name)
}

/** Where in a list `[name=web]`, `0` or `-` point; -1 when nowhere. */
function indexIn(list: readonly unknown[], name: string): number {
  const [, key = '', wanted = ''] = /^\[([^=]*)=(.*)\]$/.exec(name) ?? []
  if (wanted !== '') return list.findIndex(item => (key === '' ? textOf(item) : textAt(item, key)) === wanted)
  return name === '-' ? list.length - 1 : Number(name)
}

/** A value with what is at a path changed; undefined when there is no such path. */
function setAt(value: unknown, path: readonly string[], change: (old: unknown) => unknown, create: boolean): unknown {
  const [name, ...rest] = path
  if (name === undefined) return change(value)
  if (isList(value)) {
    if (name === '*') return value.map(item => setAt(item, rest, change, create) ?? item)
    const index = indexIn(value, name)
    const inner = value[index]
    const next = inner === undefined ? undefined : setAt(inner, rest, change, create)
    return next === undefined ? undefined : value.map((item, place) => (place === index ? next : item))
  }
  const object = isObject(value) ? value : create && value === undefined ? {} : undefined
  if (!object) return undefined
  if (name === '*') {
    return Object.fromEntries(Object.entries(object).map(([key, inner]) => [key, setAt(inner, rest, change, create)]))
  }
  if (!Object.hasOwn(object, name) && !create) return undefined
  const next = setAt(object[name], rest, change, create)
  return next === undefined ? undefined : { ...object, [name]: next }
}

/** The new value, or the old text with one of its parts replaced. */
function put(old: unknown, value: unknown, options: unknown): unknown {
  const delimiter = textAt(options, 'delimiter')
  if (delimiter === '') return typeof old === 'string' && typeof value !== 'object' ? textOf(value) : value
  const parts = textOf(old).split(delimiter)
  const index = Number(at(options, 'index') ?? 0)
  if (index < 0) parts.unshift(textOf(value))
  else if (index >= parts.length) parts.push(textOf(value))
  else parts[index] = textOf(value)
  return parts.join(delimiter)
}
