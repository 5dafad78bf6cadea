import { byteLength } from '../go-text.ts'
import { CelList, CelMap, type CelValue, Optional, type Result } from './values.ts'

/** Factors of cel-go/common/cost.go. */
const perCharacter = 0.1
const perRegexCharacter = 0.25

/** How much of a value has to be looked at: CostTracker's actualSize. */
export function sizeCost(value: CelValue | undefined): number {
  if (typeof value === 'string') return [...value].length
  if (value instanceof Uint8Array) return value.length
  if (value instanceof CelList || value instanceof CelMap) return value.size
  if (value instanceof Optional && value.value !== undefined) return sizeCost(value.value)
  return 1
}

/** A walk over the characters of the first argument. */
export function traversalCost([first]: readonly CelValue[]): number {
  return Math.ceil(sizeCost(first) * perCharacter)
}

/** As `traversalCost`, of the arguments and of what comes out. */
export function resultCost(args: readonly CelValue[], result: Result): number {
  return traversalCost(args) + (typeof result === 'string' ? Math.ceil(byteLength(result) * perCharacter) : 0)
}

export function equalityCost([a, b]: readonly CelValue[]): number {
  return Math.ceil(Math.min(sizeCost(a), sizeCost(b)) * perCharacter)
}

export function concatCost([a, b]: readonly CelValue[]): number {
  return Math.ceil((sizeCost(a) + sizeCost(b)) * perCharacter)
}

export function containsCost([text, part]: readonly CelValue[]): number {
  return Math.ceil(sizeCost(text) * perCharacter) * Math.ceil(sizeCost(part) * perCharacter)
}

export function regexCost([text, pattern]: readonly CelValue[]): number {
  return Math.ceil((1 + sizeCost(text)) * perCharacter) * Math.ceil(sizeCost(pattern) * perRegexCharacter)
}

/** One step for every item of the list. */
export function listCost([items]: readonly CelValue[]): number {
  return sizeCost(items)
}

/** Every item of one list is compared with every item of the other. */
export function productCost([a, b]: readonly CelValue[]): number {
  return sizeCost(a) * sizeCost(b)
}
