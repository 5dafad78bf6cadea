import {
  child,
  type FieldError,
  invalid,
  noField,
  notSupported,
  required,
  tooLong,
  tooMany,
  typeInvalid,
} from '../fieldpath.ts'

/** A finding of kube-openapi's validation. `composite` ones belong to no field. */
export interface SchemaError {
  readonly code: 'type' | 'required' | 'enum' | 'tooLong' | 'tooMany' | 'other' | 'composite'
  /** Path as kube-openapi builds it: `spec.list[0]`, `.spec` for what is missing at the root. */
  readonly name: string
  readonly message: string
  readonly value?: unknown
  /** The values of an enum, or a limit. */
  readonly allowed?: readonly unknown[]
  readonly limit?: number
}

/** What validation found. `matches` counts what was right, by which the best of several schemas is chosen. */
export interface Outcome {
  readonly errors: readonly SchemaError[]
  readonly matches: number
}

/** kubeOpenAPIResultToFieldErrors of apiextensions-apiserver/pkg/apiserver/validation/validation.go. */
export function fieldErrorsOf(path: string, errors: readonly SchemaError[]): FieldError[] {
  return errors.map(error => fieldErrorOf(path, error))
}

function fieldErrorOf(path: string, error: SchemaError): FieldError {
  const name = error.name.replace(/^\./, '')
  const inside = name === '' ? path : child(path, name)
  const field = inside === '' ? noField : inside
  const value = error.value ?? ''
  switch (error.code) {
    case 'required':
      return required(field)
    case 'enum': {
      const allowed = (error.allowed ?? []).map(each => (typeof each === 'string' ? each : JSON.stringify(each)))
      return notSupported(field, error.value, allowed)
    }
    case 'tooLong':
      return tooLong(field, error.limit ?? -1)
    case 'tooMany':
      return tooMany(field, Number(error.value), error.limit ?? -1)
    case 'type':
      return typeInvalid(field, value, error.message)
    case 'composite':
      return invalid(path === '' ? noField : path, '', error.message)
    default:
      return invalid(field, value, error.message)
  }
}
