import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { isPercent, negativeError } from '../../machinery/validation.ts'

/** Numbers that may be given as a percentage of something: apimachinery/pkg/util/intstr. */
export type IntOrPercent = number | string

/** The number an int-or-percent stands for. Throws nothing: what is no percentage counts as 0. */
export function scaledIntOrPercent(value: IntOrPercent | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0
  if (typeof value === 'number') return value
  const percent = percentOf(value)
  if (percent === undefined) return 0
  const exact = (percent * total) / 100
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact)
}

/** 25 for `25%`. */
export function percentOf(value: IntOrPercent): number | undefined {
  return typeof value === 'string' && /^[0-9]+%$/.test(value) ? Number(value.slice(0, -1)) : undefined
}

/** A number that is not negative, or a percentage. */
export function checkIntOrPercent(errors: FieldError[], path: string, value: IntOrPercent): void {
  if (typeof value === 'number') {
    if (value < 0) errors.push(invalid(path, value, negativeError))
  } else for (const message of isPercent(value)) errors.push(invalid(path, value, message))
}

export function checkAtMost100Percent(errors: FieldError[], path: string, value: IntOrPercent): void {
  const percent = percentOf(value)
  if (percent !== undefined && percent > 100) errors.push(invalid(path, value, 'must not be greater than 100%'))
}

/** `0` or `0%`. */
export function isNothing(value: IntOrPercent | undefined): boolean {
  return value === undefined || value === 0 || percentOf(value) === 0
}
