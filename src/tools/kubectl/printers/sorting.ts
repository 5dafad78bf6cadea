import { compareBytes } from '../../../machinery/go-text.ts'
import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { compareQuantities, quantityError } from '../../../machinery/quantity.ts'
import { UsageError } from '../errors.ts'
import { objectsAt } from '../unstructured.ts'
import { goSort } from './go-sort.ts'
import { JsonPath, relaxedPath } from './jsonpath.ts'

/** Objects by what a path finds in them: `--sort-by` (kubectl/pkg/cmd/get/sorter.go). */
export function sortObjects(objects: readonly JsonObject[], path: string): readonly JsonObject[] {
  return sortBy(objects, path, object => object)
}

/** The rows of a Table by what a path finds in their objects. */
export function sortRows(table: JsonObject, path: string): JsonObject {
  const rows = objectsAt(table, 'rows')
  return { ...table, rows: sortBy(rows, path, row => row.object) }
}

function sortBy<T>(values: readonly T[], path: string, objectOf: (value: T) => unknown): readonly T[] {
  if (values.length === 0) return values
  const template = new JsonPath(relaxedPath(path), { allowMissing: true })
  const keyed = values.map(value => ({ value, key: template.find(objectOf(value))[0]?.[0] }))
  if (keyed.every(({ key }) => key === undefined)) {
    throw new UsageError(
      `couldn't find any field with path ${JSON.stringify(relaxedPath(path))} in the list of objects`,
    )
  }
  goSort(keyed, (a, b) => isLess(a.key, b.key))
  return keyed.map(({ value }) => value)
}

/** What is missing comes first; texts that are quantities go by their size. */
function isLess(left: unknown, right: unknown): boolean {
  if (left === undefined) return true
  if (right === undefined) return false
  if (left === null || right === null) return left === null && right !== null
  if (typeof left === 'number' && typeof right === 'number') return left < right
  if (typeof left === 'string' && typeof right === 'string') {
    const areQuantities = [left, right].every(text => text !== '' && quantityError(text) === undefined)
    return areQuantities ? compareQuantities(left, right) < 0 : compareBytes(left, right) < 0
  }
  if (isList(left) || isObject(left)) {
    throw new UsageError(`unsortable type: ${isList(left) ? '[]interface {}' : 'map[string]interface {}'}`)
  }
  return false
}
