import type { ResourceList } from '../../api/core/resources.ts'
import { milliValue, type QuantityLike, value } from '../../machinery/quantity.ts'

/** Amounts of resources as plain numbers: framework.Resource of pkg/scheduler/framework/types.go. */
export interface Amounts {
  readonly milliCpu: number
  readonly memory: number
  readonly ephemeralStorage: number
  /** Extended resources, huge pages and the like. */
  readonly scalars: Scalars
}

export type Scalars = Readonly<Record<string, number>>

const noScalars: Scalars = Object.freeze({})

export const noAmounts: Amounts = Object.freeze({ milliCpu: 0, memory: 0, ephemeralStorage: 0, scalars: noScalars })

/** Reads a list of quantities; `pods` is no amount but a limit, see `allowedPods`. */
export function amountsOf(list: ResourceList | Readonly<Record<string, string>> | undefined): Amounts {
  if (!list) return noAmounts
  let milliCpu = 0
  let memory = 0
  let ephemeralStorage = 0
  let scalars: Record<string, number> | undefined
  for (const name in list) {
    const quantity: QuantityLike | undefined = list[name]
    if (quantity === undefined) continue
    if (name === 'cpu') milliCpu = milliValue(quantity)
    else if (name === 'memory') memory = value(quantity)
    else if (name === 'ephemeral-storage') ephemeralStorage = value(quantity)
    else if (isScalar(name)) (scalars ??= {})[name] = value(quantity)
  }
  return Object.freeze({ milliCpu, memory, ephemeralStorage, scalars: scalars ? Object.freeze(scalars) : noScalars })
}

export function addAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, 1)
}

export function subtractAmounts(a: Amounts, b: Amounts): Amounts {
  return combine(a, b, -1)
}

function combine(a: Amounts, b: Amounts, sign: 1 | -1): Amounts {
  return Object.freeze({
    milliCpu: a.milliCpu + sign * b.milliCpu,
    memory: a.memory + sign * b.memory,
    ephemeralStorage: a.ephemeralStorage + sign * b.ephemeralStorage,
    scalars: b.scalars === noScalars ? a.scalars : combineScalars(a.scalars, b.scalars, sign),
  })
}

function combineScalars(a: Scalars, b: Scalars, sign: 1 | -1): Scalars {
  const result: Record<string, number> = { ...a }
  for (const name in b) result[name] = (result[name] ?? 0) + sign * (b[name] ?? 0)
  return Object.freeze(result)
}

/** The amount of one resource by its name. */
export function amountOf(amounts: Amounts, name: string): number {
  if (name === 'cpu') return amounts.milliCpu
  if (name === 'memory') return amounts.memory
  if (name === 'ephemeral-storage') return amounts.ephemeralStorage
  return amounts.scalars[name] ?? 0
}

/** IsScalarResourceName of pkg/apis/core/v1/helper: what a plugin of the node counts. */
export function isScalar(name: string): boolean {
  return name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')
}
