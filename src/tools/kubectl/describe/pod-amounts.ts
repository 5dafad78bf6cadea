import type { JsonObject } from '../../../machinery/json-value.ts'
import { add, compareQuantities, parseQuantity, type Quantity } from '../../../machinery/quantity.ts'
import { at, fields, objectsAt, textOf } from '../unstructured.ts'

type Amounts = Map<string, Quantity>

/**
 * What a Pod asks for or is limited to: its containers and sidecars together, or the largest step of its initialization if
 * that is more; what is said for the whole Pod goes first (component-helpers/resource).
 */
export function podAmounts(pod: JsonObject, sort: 'requests' | 'limits'): ReadonlyMap<string, Quantity> {
  const { spec } = pod
  const total: Amounts = new Map()
  for (const container of objectsAt(spec, 'containers')) addAll(total, amountsIn(container, sort))
  const sidecars: Amounts = new Map()
  const steps: Amounts = new Map()
  for (const container of objectsAt(spec, 'initContainers')) {
    const own = amountsIn(container, sort)
    if (container.restartPolicy === 'Always') {
      addAll(total, own)
      addAll(sidecars, own)
      raise(steps, sidecars)
    } else raise(steps, sum(own, sidecars))
  }
  raise(total, steps)
  for (const [name, amount] of amountsIn(fields(spec), sort)) total.set(name, amount)
  const overhead = read(at(spec, 'overhead'))
  for (const [name, amount] of overhead) {
    const known = total.get(name)
    if (sort === 'requests' || known) total.set(name, known ? add(known, amount) : amount)
  }
  return total
}

function amountsIn(container: JsonObject, sort: string): Amounts {
  return read(at(container, 'resources', sort))
}

function read(map: unknown): Amounts {
  return new Map(Object.entries(fields(map)).map(([name, text]) => [name, parseQuantity(textOf(text))]))
}

function addAll(total: Amounts, more: Amounts): void {
  for (const [name, amount] of more) {
    const known = total.get(name)
    total.set(name, known ? add(known, amount) : amount)
  }
}

function sum(first: Amounts, second: Amounts): Amounts {
  const total = new Map(first)
  addAll(total, second)
  return total
}

function raise(total: Amounts, least: Amounts): void {
  for (const [name, amount] of least) {
    const known = total.get(name)
    if (!known || compareQuantities(known, amount) < 0) total.set(name, amount)
  }
}
