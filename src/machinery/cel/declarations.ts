import type { FunctionDeclaration } from './functions.ts'
import {
  boolType,
  bytesType,
  type CelType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  mapOf,
  nullType,
  optionalOf,
  stringType,
  timestampType,
  typeOfType,
  uintType,
} from './cel-type.ts'

/** Where the checker looks up names. */
export interface Declarations {
  variableType(name: string): CelType | undefined
  function(name: string): FunctionDeclaration | undefined
  hasStruct(name: string): boolean
  fieldType(struct: string, field: string): CelType | undefined
}

/** The types that have a name in expressions: `type(x) == int`. */
export const namedTypes: ReadonlyMap<string, CelType> = new Map(
  [
    ...[boolType, bytesType, doubleType, durationType, intType, nullType, stringType, timestampType, uintType],
    ...[listOf(dynType), mapOf(dynType, dynType), optionalOf(dynType), typeOfType()],
  ].map(type => [type.name, type]),
)
