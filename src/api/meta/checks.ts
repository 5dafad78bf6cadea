import { type FieldError, invalid, notSupported } from '../../machinery/fieldpath.ts'
import { isDns1123Label, isDns1123Subdomain, negativeError } from '../../machinery/validation.ts'

/** Small checks that add what they find to a list of errors; they cost nothing where there is nothing to find. */

/** An error for every message about a value. */
export function addInvalid(errors: FieldError[], path: string, value: unknown, messages: readonly string[]): void {
  for (const message of messages) errors.push(invalid(path, value, message))
}

/** A value must be one of those supported; absent is not checked. */
export function checkSupported(
  errors: FieldError[],
  path: string,
  value: string | undefined,
  supported: readonly string[],
): void {
  if (value !== undefined && !supported.includes(value)) errors.push(notSupported(path, value, supported))
}

export function checkNonNegative(errors: FieldError[], path: string, value: number | undefined): void {
  if (value !== undefined && value < 0) errors.push(invalid(path, value, negativeError))
}

export function checkDns1123Label(errors: FieldError[], path: string, value: string): void {
  addInvalid(errors, path, value, isDns1123Label(value))
}

export function checkDns1123Subdomain(errors: FieldError[], path: string, value: string): void {
  addInvalid(errors, path, value, isDns1123Subdomain(value))
}

/** What a list of errors is where there are none; shared, so it must not be changed. */
export const noErrors: FieldError[] = []
Object.freeze(noErrors)
