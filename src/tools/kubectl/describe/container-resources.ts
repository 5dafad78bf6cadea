import { formatQuantity, quantityOf, toNumber, value } from '../../../machinery/quantity.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { textAt } from '../unstructured.ts'

/** What a container's resourceFieldRef gives: the quantity over its divisor, rounded up. */
export function resourceValue(container: JsonObject, resource: string, divisor: string): string {
  const [sort = '', name = ''] = resource.split('.')
  const text = textAt(container, 'resources', sort, name)
  const by = divisor === '' || divisor === '0' ? 1 : toNumber(divisor)
  const amount = text === '' ? 0 : Math.ceil((name === 'cpu' ? toNumber(text) : value(text)) / by)
  if (amount === 0 && (resource === 'limits.cpu' || resource === 'limits.memory')) return 'node allocatable'
  return formatQuantity(quantityOf(amount))
}
