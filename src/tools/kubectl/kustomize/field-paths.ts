import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import type { GroupKind } from './item.ts'

/** Where a transformer finds a value; empty parts of the kind match any. */
export interface FieldSpec extends Partial<GroupKind> {
  /** `spec/template/spec/containers/image`: lists on the way stand for each of their items. */
  readonly path: string
  readonly create?: boolean
}

export function fits(spec: FieldSpec, { group, version, kind }: GroupKind): boolean {
  const same = (wanted: string | undefined, is: string): boolean =>
    wanted === undefined || wanted === '' || wanted === is
  return same(spec.group, group) && same(spec.version, version) && same(spec.kind, kind)
}

/** A path's names; a slash with a backslash before it belongs to the name. */
export function namesIn(path: string): readonly string[] {
  return path
    .split(/(?<!\\)\//)
    .filter(name => name !== '')
    .map(name => name.replaceAll('\\/', '/').replace(/\[\]$/, ''))
}

/**
 * The object with every value at a path replaced; a change that gives undefined leaves what is there. With `create`,
 * maps that are missing on the way are made.
 */
export function changeAt(
  object: JsonObject,
  path: readonly string[],
  change: (value: unknown, parent: JsonObject) => unknown,
  create = false,
): JsonObject {
  const changed = changeValue(object, path, change, create, object)
  return isObject(changed) ? changed : object
}

function changeValue(
  value: unknown,
  path: readonly string[],
  change: (value: unknown, parent: JsonObject) => unknown,
  create: boolean,
  parent: JsonObject,
): unknown {
  if (isList(value) && path.length > 0) return value.map(each => changeValue(each, path, change, create, parent))
  const [name, ...rest] = path
  if (name === undefined) return change(value, parent)
  if (!isObject(value)) {
    if (!create || value !== undefined) return value
    return changeValue({}, path, change, create, parent)
  }
  const inner = Object.hasOwn(value, name) ? value[name] : undefined
  if (inner === undefined && !create) return value
  const next = changeValue(inner, rest, change, create, value)
  return next === undefined || next === inner ? value : { ...value, [name]: next }
}
