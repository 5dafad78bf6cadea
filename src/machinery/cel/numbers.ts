import { fail } from './functions.ts'
import { Duration, type Result, Timestamp, Uint } from './values.ts'

const maxInt = 2n ** 63n - 1n
const minInt = -(2n ** 63n)
const maxUint = 2n ** 64n - 1n
/** Years 1 to 9999, in ns. */
const minTime = -62_135_596_800n * 1_000_000_000n
const maxTime = 253_402_300_800n * 1_000_000_000n

export function int(value: bigint): Result {
  return value > maxInt || value < minInt ? fail('integer overflow') : value
}

export function uint(value: bigint): Result {
  return value > maxUint || value < 0n ? fail('unsigned integer overflow') : new Uint(value)
}

export function duration(ns: bigint): Result {
  return ns > maxInt || ns < minInt ? fail('duration overflow') : new Duration(ns)
}

export function time(ns: bigint): Result {
  return ns >= maxTime || ns < minTime ? fail('timestamp overflow') : new Timestamp(ns)
}

/** A double as a whole number, if it is in range: common/types/overflow.go. */
export function intOfDouble(value: number): Result {
  if (!Number.isFinite(value) || value >= 2 ** 63 || value <= -(2 ** 63)) return fail('integer overflow')
  return BigInt(Math.trunc(value))
}

export function uintOfDouble(value: number): Result {
  if (!Number.isFinite(value) || value < 0 || value >= 2 ** 64) return fail('unsigned integer overflow')
  return new Uint(BigInt(Math.trunc(value)))
}
