import { isList, isObject } from '../json-value.ts'
import { isEqual } from '../object.ts'
import { itemsOf, type JsonSchema, propertyOf } from './schema.ts'

/** Which parts of two versions of an object are the same part: apiserver/pkg/cel/common/equality.go, maplist.go. */

/** Whether fields of an object belong to the fields of the same name. */
export function correlatesFields(schema: JsonSchema): boolean {
  const type = schema['x-kubernetes-map-type']
  return type === undefined || type === 'granular' || type === 'atomic'
}

/** Finds the old version of an item; only lists that are maps have one. */
export function correlatedItems(schema: JsonSchema, old: unknown): (item: unknown) => unknown {
  const keys = schema['x-kubernetes-list-map-keys'] ?? []
  if (schema['x-kubernetes-list-type'] !== 'map' || keys.length === 0 || !isList(old)) return () => undefined
  const items = itemsOf(schema)
  const keyIn = (item: unknown, key: string): unknown => {
    const held = isObject(item) && Object.hasOwn(item, key) ? item[key] : undefined
    return held ?? (items && propertyOf(items, key)?.default)
  }
  return item => old.find(each => isObject(each) && keys.every(key => isEqual(keyIn(each, key), keyIn(item, key))))
}
