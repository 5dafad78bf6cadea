import { isEqual } from '../compare.ts'
import { productCost } from '../costs.ts'
import { define, type FunctionDeclaration, global } from '../functions.ts'
import { boolType, listOf, paramA } from '../cel-type.ts'
import type { CelList } from '../values.ts'

const two = [listOf(paramA), listOf(paramA)]

function containsAll(items: CelList, others: CelList): boolean {
  return [...others].every(other => [...items].some(item => isEqual(item, other)))
}

/** cel-go's ext.Sets: lists taken for sets. */
export const sets: readonly FunctionDeclaration[] = [
  define('sets.contains', global(two, boolType, containsAll, productCost)),
  define(
    'sets.equivalent',
    global(two, boolType, (a: CelList, b: CelList) => containsAll(a, b) && containsAll(b, a), productCost),
  ),
  define(
    'sets.intersects',
    global(two, boolType, (a: CelList, b: CelList) => [...a].some(x => [...b].some(y => isEqual(x, y))), productCost),
  ),
]
