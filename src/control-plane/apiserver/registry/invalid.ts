import { causes, type FieldError, invalidMessage } from '../../../machinery/fieldpath.ts'
import { ApiError } from '../../../machinery/status.ts'

/** What errors call a kind. */
export interface KindName {
  readonly group: string
  readonly kind: string
}

/** Refuses an object with everything that validation found: errors.NewInvalid. */
export function refuseInvalid({ group, kind }: KindName, name: string, errors: readonly FieldError[]): void {
  if (errors.length > 0) throw invalidError({ group, kind }, name, errors)
}

export function invalidError({ group, kind }: KindName, name: string, errors: readonly FieldError[]): ApiError {
  const details = { ...(name && { name }), ...(group && { group }), ...(kind && { kind }), causes: causes(errors) }
  return new ApiError('Invalid', invalidMessage(kind, group, name, errors), details)
}
