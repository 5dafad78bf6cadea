import { matchesSelector } from '../../machinery/labels.ts'
import { parseSelector } from '../../machinery/labels-parser.ts'
import type { JsonObject } from '../../machinery/json-value.ts'
import { UsageError } from './errors.ts'
import { mapAt } from './unstructured.ts'

/** Whether an object of a file is among those that `-l` asks for. */
export function isSelected(object: JsonObject, selector: string): boolean {
  if (selector === '') return true
  const { value, error } = parseSelector(selector)
  if (error !== undefined) throw new UsageError(error)
  return matchesSelector(value, mapAt(object, 'metadata', 'labels'))
}
