import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'

/** Paths inside containers and volumes: ValidatePathNoBacksteps and its kin in core validation. */

export function checkNoBacksteps(errors: FieldError[], path: string, file: string): void {
  if (file.split('/').includes('..')) errors.push(invalid(path, file, "must not contain '..'"))
}

/** A path relative to the root of a volume. */
export function checkLocalDescendingPath(errors: FieldError[], path: string, file: string): void {
  if (file.startsWith('/')) errors.push(invalid(path, file, 'must be a relative path'))
  checkNoBacksteps(errors, path, file)
}

/** A file that a projection writes: names that begin with `..` belong to the writer itself. */
export function checkLocalNonReservedPath(errors: FieldError[], path: string, file: string): void {
  checkLocalDescendingPath(errors, path, file)
  if (file.startsWith('..') && !file.startsWith('../')) errors.push(invalid(path, file, "must not start with '..'"))
}

export const fileModeError = 'must be a number between 0 and 0777 (octal), both inclusive'

export function checkFileMode(errors: FieldError[], path: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) errors.push(invalid(path, mode, fileModeError))
}
