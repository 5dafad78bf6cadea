import { isList, isNone, isObject, type JsonObject, member } from './json-value.ts'
import { isEqual } from './object.ts'
import type { Parsed } from './parsed.ts'

/**
 * JSON patches (RFC 6902) as evanphx/json-patch v4 answers them, which is laxer than the RFC: the text before a path's first
 * slash does not matter, `replace` makes members that were not there, indices may count from the end. Inputs are never
 * changed.
 */

export interface JsonPatchOperation {
  readonly op?: string
  readonly path?: string
  readonly from?: string
  /** `undefined` and null are the same here, as they are upstream. */
  readonly value?: unknown
}

/** Reads a patch document, or says what is wrong with it in the words of the API server's JSON decoder. */
export function decodeJsonPatch(document: unknown): Parsed<readonly JsonPatchOperation[]> {
  const target = '[]handlers.jsonPatchOp'
  if (!isList(document)) return { error: `json: cannot unmarshal ${goKind(document)} into Go value of type ${target}` }
  const operations: JsonPatchOperation[] = []
  for (const item of document) {
    if (!isObject(item)) {
      return { error: `json: cannot unmarshal ${goKind(item)} into Go value of type handlers.jsonPatchOp` }
    }
    const { op, path, from, value } = item
    operations.push({ op: asText(op), path: asText(path), from: asText(from), value })
  }
  return { value: operations }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function goKind(value: unknown): string {
  if (isList(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** The document after the patch, or why an operation does not apply. Nothing is applied then. */
export function applyJsonPatch(document: JsonObject, patch: readonly JsonPatchOperation[]): Parsed<JsonObject> {
  let current: JsonObject = document
  for (const operation of patch) {
    const { value, error } = applyOperation(current, operation)
    if (error !== undefined) return { error }
    current = value
  }
  return { value: current }
}

function applyOperation(document: JsonObject, operation: JsonPatchOperation): Parsed<JsonObject> {
  const { op, path, value = null } = operation
  const apply = operations.get(op ?? '')
  if (!apply) return { error: `Unexpected kind: ${op ?? 'unknown'}` }
  if (path === undefined) return { error: `${op} operation failed to decode path: missing value` }
  return apply(document, path, value, operation.from)
}

type Apply = (document: JsonObject, path: string, value: unknown, from?: string) => Parsed<JsonObject>

const operations = new Map<string, Apply>([
  ['add', (document, path, value) => editAt('add', document, path, add(value))],
  ['remove', (document, path) => editAt('remove', document, path, remove)],
  ['replace', replace],
  ['move', move],
  ['copy', copy],
  ['test', test],
])

function missing(op: string, path: string): string {
  return `${op} operation does not apply: doc is missing path: "${path}": missing value`
}

/** An edit whose failure names the operation and the path. */
function editAt(op: 'add' | 'remove', document: JsonObject, path: string, change: Change): Parsed<JsonObject> {
  const absent = missing(op, path)
  const edited = edit(document, path, change, absent)
  if (edited.error === undefined || edited.error === absent) return edited
  return { error: `error in ${op} for path: '${path}': ${edited.error}` }
}

function replace(document: JsonObject, path: string, value: unknown): Parsed<JsonObject> {
  if (path !== '') {
    const absent = 'absent'
    const edited = edit(document, path, set(value), absent)
    if (edited.error === undefined) return edited
    const what = edited.error === absent ? 'path' : 'key'
    return { error: `replace operation does not apply: doc is missing ${what}: ${path}: missing value` }
  }
  return isObject(value) ? { value } : { error: 'replace operation value must be object or array' }
}

function move(document: JsonObject, path: string, _value: unknown, from?: string): Parsed<JsonObject> {
  if (from === undefined) return { error: 'move operation failed to decode from: missing value' }
  const moved = read(document, from)
  if (moved.error !== undefined) return { error: `move operation does not apply: ${moved.error}` }
  const without = edit(document, from, remove, missing('move', from))
  return without.error === undefined ? edit(without.value, path, add(moved.value), missing('move', path)) : without
}

function copy(document: JsonObject, path: string, _value: unknown, from?: string): Parsed<JsonObject> {
  if (from === undefined) return { error: 'copy operation failed to decode from: missing value' }
  const copied = read(document, from)
  if (copied.error !== undefined) return { error: `copy operation does not apply: ${copied.error}` }
  return edit(document, path, add(copied.value), missing('copy', path))
}

function test(document: JsonObject, path: string, value: unknown): Parsed<JsonObject> {
  const found = path === '' ? { value: document } : read(document, path)
  if (found.error !== undefined) return { error: `test operation does not apply: ${found.error}` }
  const isSame = isNone(found.value) ? isNone(value) : isEqual(found.value, value)
  return isSame ? { value: document } : { error: `testing value ${path} failed: test failed` }
}

/** A change to one container: the member or index, and what the container becomes. */
type Change = (container: JsonObject | readonly unknown[], key: string) => Parsed<JsonObject | readonly unknown[]>

/** Copies the containers along the path and changes the last one. */
function edit(document: JsonObject, path: string, change: Change, absent: string): Parsed<JsonObject> {
  const keys = split(path)
  if (!keys) return { error: absent }
  const edited = editIn(document, keys, change, absent)
  if (edited.error !== undefined) return edited
  return isObject(edited.value) ? { value: edited.value } : { error: absent }
}

function editIn(
  container: unknown,
  [key = '', ...rest]: readonly string[],
  change: Change,
  absent: string,
): Parsed<JsonObject | readonly unknown[]> {
  if (!isObject(container) && !isList(container)) return { error: absent }
  if (rest.length === 0) return change(container, key)
  const { value, error } = editIn(memberOf(container, key), rest, change, absent)
  if (error !== undefined) return { error }
  return set(value)(container, key)
}

function read(document: JsonObject, path: string): Parsed<unknown> {
  const keys = split(path)
  const last = keys?.at(-1)
  if (!keys || last === undefined) return { error: `doc is missing path: ${path}: missing value` }
  let container: unknown = document
  for (const key of keys.slice(0, -1)) container = memberOf(container, key)
  if (isList(container)) {
    const i = indexIn(container, last)
    return i === undefined || i >= container.length ? { error: badIndex(last) } : { value: container[i] }
  }
  return isObject(container)
    ? { value: member(container, last) }
    : { error: `doc is missing path: ${path}: missing value` }
}

function memberOf(container: unknown, key: string): unknown {
  if (isObject(container)) return member(container, key)
  if (!isList(container)) return undefined
  const i = indexIn(container, key)
  return i === undefined ? undefined : container[i]
}

/** Segments of a path after the first slash, `~1` and `~0` decoded. */
function split(path: string): string[] | undefined {
  const segments = path.split('/')
  if (segments.length < 2) return undefined
  return segments.slice(1).map(segment => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function add(value: unknown): Change {
  return (container, key) => {
    if (!isList(container)) return { value: { ...container, [key]: value } }
    if (key === '-') return { value: [...container, value] }
    const i = indexIn(container, key, container.length + 1)
    if (i === undefined || i > container.length) return { error: badIndex(key) }
    return { value: container.toSpliced(i, 0, value) }
  }
}

function set(value: unknown): Change {
  return (container, key) => {
    if (!isList(container)) return { value: { ...container, [key]: value } }
    const i = indexIn(container, key)
    if (i === undefined || i >= container.length) return { error: badIndex(key) }
    return { value: container.with(i, value) }
  }
}

const remove: Change = (container, key) => {
  if (isList(container)) {
    const i = indexIn(container, key)
    return i === undefined || i >= container.length ? { error: badIndex(key) } : { value: container.toSpliced(i, 1) }
  }
  if (!Object.hasOwn(container, key)) return { error: `Unable to remove nonexistent key: ${key}: missing value` }
  const { [key]: _, ...rest } = container
  return { value: rest }
}

/** The position that an index means; one below zero counts from the end of `length` places. */
function indexIn(list: readonly unknown[], key: string, length = list.length): number | undefined {
  if (!/^[-+]?[0-9]+$/.test(key)) return undefined
  const i = Number(key)
  if (i >= 0) return i
  return i < -length ? undefined : i + length
}

function badIndex(key: string): string {
  return `Unable to access invalid index: ${key}: invalid index referenced`
}
