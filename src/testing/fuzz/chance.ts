// Chance from a seed, and the few ways in which the fuzzer asks it.
import { nextRandom, type RandomState, seedRandom } from '../../sim/random.ts'

export class Chance {
  private readonly random: RandomState

  constructor(seed: number, name: string) {
    this.random = seedRandom(seed, name)
  }

  /** True so often. */
  is(probability: number): boolean {
    return nextRandom(this.random) < probability
  }

  /** A whole number below the limit. */
  below(limit: number): number {
    return Math.floor(nextRandom(this.random) * limit)
  }

  one<T>(list: readonly [T, ...T[]]): T {
    return list[this.below(list.length)] ?? list[0]
  }

  /** One of a list, if it has any. */
  any<T>(list: readonly T[]): T | undefined {
    return list[this.below(list.length)]
  }

  /** One of the keys, as often as its number says in comparison with the others. */
  weighted<Name extends string>(weights: Readonly<Record<Name, number>>): Name {
    const entries: [Name, number][] = []
    for (const name in weights) entries.push([name, weights[name]])
    const [first] = entries
    if (!first) throw new Error('there is nothing to choose from')
    let left = nextRandom(this.random) * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [name, weight] of entries) {
      left -= weight
      if (left < 0) return name
    }
    return first[0]
  }
}
