import {
  add,
  asQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  type Quantity,
  quantityError,
  quantityOf,
  sign,
  subtract,
  toNumber,
} from '../../quantity.ts'
import { traversalCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, global, member } from '../functions.ts'
import { boolType, doubleType, intType, stringType, struct } from '../cel-type.ts'
import { Opaque, type Result } from '../values.ts'

const quantityType = struct('kubernetes.Quantity')
const two = [quantityType, quantityType]

type QuantityValue = Opaque<Quantity>

function wrap(quantity: Quantity): QuantityValue {
  // Quantities are equal if they are as much, however they are written.
  return new Opaque(quantityType, quantity, exact(quantity))
}

function exact({ digits, scale: places }: Quantity): string {
  let whole = BigInt(digits)
  let scale = places
  if (whole === 0n) return '0'
  for (; whole % 10n === 0n; scale++) whole /= 10n
  return `${whole}e${scale}`
}

function parse(text: string): Result {
  const error = quantityError(text)
  return error === undefined ? wrap(parseQuantity(text)) : fail(error)
}

/** The quantity as an int64, if it is one: Quantity.AsInt64. */
function asInteger({ value: { digits, scale } }: QuantityValue): bigint | undefined {
  if (scale < 0 && BigInt(digits) % 10n ** BigInt(-scale) !== 0n) return undefined
  if (scale > 40) return undefined
  const value = scale < 0 ? BigInt(digits) / 10n ** BigInt(-scale) : BigInt(digits) * 10n ** BigInt(scale)
  return value < 2n ** 63n && value >= -(2n ** 63n) ? value : undefined
}

function order(a: QuantityValue, b: QuantityValue): number {
  return compareQuantities(a.value, b.value)
}

/** apiserver/pkg/cel/library/quantity.go. */
export const quantities: readonly FunctionDeclaration[] = [
  define('quantity', global([stringType], quantityType, parse, traversalCost)),
  define(
    'isQuantity',
    global([stringType], boolType, (text: string) => quantityError(text) === undefined, traversalCost),
  ),
  define(
    'sign',
    global([quantityType], intType, ({ value }: QuantityValue) => BigInt(sign(value))),
  ),
  define(
    'isGreaterThan',
    member(two, boolType, (a: QuantityValue, b: QuantityValue) => order(a, b) > 0),
  ),
  define(
    'isLessThan',
    member(two, boolType, (a: QuantityValue, b: QuantityValue) => order(a, b) < 0),
  ),
  define(
    'compareTo',
    member(two, intType, (a: QuantityValue, b: QuantityValue) => BigInt(Math.sign(order(a, b)))),
  ),
  define(
    'asApproximateFloat',
    member([quantityType], doubleType, ({ value }: QuantityValue) => toNumber(value)),
  ),
  define(
    'asInteger',
    member(
      [quantityType],
      intType,
      (value: QuantityValue) => asInteger(value) ?? fail('cannot convert value to integer'),
    ),
  ),
  define(
    'isInteger',
    member([quantityType], boolType, (value: QuantityValue) => asInteger(value) !== undefined),
  ),
  define(
    'add',
    member(two, quantityType, (a: QuantityValue, b: QuantityValue) => wrap(add(a.value, b.value))),
    member([quantityType, intType], quantityType, (a: QuantityValue, b: bigint) => wrap(add(a.value, ofInt(b)))),
  ),
  define(
    'sub',
    member(two, quantityType, (a: QuantityValue, b: QuantityValue) => wrap(subtract(a.value, b.value))),
    member([quantityType, intType], quantityType, (a: QuantityValue, b: bigint) => wrap(subtract(a.value, ofInt(b)))),
  ),
]

function ofInt(value: bigint): Quantity {
  return asQuantity(formatQuantity(quantityOf(value)))
}
