import { type CelType, typeOfType } from './cel-type.ts'
import {
  type CelValue,
  CelList,
  CelMap,
  Duration,
  Failure,
  Opaque,
  Optional,
  type Result,
  Timestamp,
  TypeValue,
  Uint,
} from './values.ts'

/** One signature of a function: cel-go/common/decls. */
export interface Overload {
  /** `true`: called as `receiver.name(…)`, the receiver being the first argument. */
  readonly isMember: boolean
  readonly args: readonly CelType[]
  readonly result: CelType
  /** Missing for operators that the interpreter has built in. */
  call?(this: void, ...args: CelValue[]): Result
  /** What a call costs when it is not 1: apiserver/pkg/cel/library/cost.go, cel-go/interpreter/runtimecost.go. */
  cost?(this: void, args: readonly CelValue[], result: Result): number
}

export interface FunctionDeclaration {
  readonly name: string
  readonly overloads: readonly Overload[]
}

/** A function of values of the types that its overload names: the interpreter hands it no others. */
type Call = (this: void, ...args: never[]) => Result
type Cost = Overload['cost']

/** An overload that is called as `name(…)`. The types of its parameters are those that `args` name. */
export function global(args: readonly CelType[], result: CelType, call: Call, cost?: Cost): Overload {
  return { isMember: false, args, result, call: call as Overload['call'], ...(cost && { cost }) }
}

/** An overload that is called as `receiver.name(…)`. */
export function member(args: readonly CelType[], result: CelType, call: Call, cost?: Cost): Overload {
  return { ...global(args, result, call, cost), isMember: true }
}

export function define(name: string, ...overloads: readonly Overload[]): FunctionDeclaration {
  return { name, overloads }
}

/** Whether a value may be handed to a parameter of a type. */
export function fits({ kind, name }: CelType, value: CelValue): boolean {
  switch (kind) {
    case 'bool':
      return typeof value === 'boolean'
    case 'int':
      return typeof value === 'bigint'
    case 'uint':
      return value instanceof Uint
    case 'double':
      return typeof value === 'number'
    case 'string':
      return typeof value === 'string'
    case 'bytes':
      return value instanceof Uint8Array
    case 'null':
      return value === null
    case 'timestamp':
      return value instanceof Timestamp
    case 'duration':
      return value instanceof Duration
    case 'list':
      return value instanceof CelList
    case 'map':
      return value instanceof CelMap
    case 'type':
      return value instanceof TypeValue
    case 'opaque':
      return name === 'optional_type' ? value instanceof Optional : value instanceof Opaque && value.type.name === name
    case 'struct':
      return value instanceof Opaque ? value.type.name === name : value instanceof CelMap
    default:
      return true
  }
}

/** The name of a value's type as `type(x)` and messages say it. */
export function runtimeType(value: CelValue): CelType {
  const simple = (kind: CelType['kind'], name: string = kind): CelType => ({ kind, name, params: [] })
  if (value === null) return simple('null', 'null_type')
  switch (typeof value) {
    case 'boolean':
      return simple('bool')
    case 'bigint':
      return simple('int')
    case 'number':
      return simple('double')
    case 'string':
      return simple('string')
  }
  if (value instanceof Uint) return simple('uint')
  if (value instanceof Uint8Array) return simple('bytes')
  if (value instanceof Timestamp) return simple('timestamp', 'google.protobuf.Timestamp')
  if (value instanceof Duration) return simple('duration', 'google.protobuf.Duration')
  if (value instanceof CelList) return simple('list')
  if (value instanceof CelMap) return value.type ?? simple('map')
  if (value instanceof TypeValue) return typeOfType()
  if (value instanceof Optional) return simple('opaque', 'optional_type')
  return value.type
}

export const noSuchOverload = new Failure('no such overload')

export function fail(message: string): Failure {
  return new Failure(message)
}
