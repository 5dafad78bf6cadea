/**
 * Go's sort.Sort: not stable, so that equal values land where its pattern-defeating quicksort leaves them, and tables look
 * as kubectl's do. Sorts in place.
 */
export function goSort<T>(values: T[], isLess: (a: T, b: T) => boolean): void {
  new Sorter(values, isLess).run()
}

class Sorter<T> {
  constructor(
    private readonly values: T[],
    private readonly isLess: (a: T, b: T) => boolean,
  ) {}

  run(): void {
    const { length } = this.values
    if (length <= 12) this.insertion(0, length)
    else this.quick(0, length, 32 - Math.clz32(length))
  }

  private less(a: number, b: number): boolean {
    const [left, right] = this.values.slice(a, a + 1).concat(this.values.slice(b, b + 1))
    return left !== undefined && right !== undefined && this.isLess(left, right)
  }

  private swap(a: number, b: number): void {
    const [left] = this.values.slice(a, a + 1)
    const [right] = this.values.slice(b, b + 1)
    if (left === undefined || right === undefined) return
    this.values[a] = right
    this.values[b] = left
  }

  private insertion(from: number, to: number): void {
    for (let end = from + 1; end < to; end++) {
      for (let at = end; at > from && this.less(at, at - 1); at--) this.swap(at, at - 1)
    }
  }

  private heap(from: number, to: number): void {
    const size = to - from
    const sift = (start: number, end: number): void => {
      for (let parent = start; ;) {
        let child = 2 * parent + 1
        if (child >= end) return
        if (child + 1 < end && this.less(from + child, from + child + 1)) child++
        if (!this.less(from + parent, from + child)) return
        this.swap(from + parent, from + child)
        parent = child
      }
    }
    for (let start = Math.trunc((size - 1) / 2); start >= 0; start--) sift(start, size)
    for (let end = size - 1; end >= 0; end--) {
      this.swap(from, from + end)
      sift(0, end)
    }
  }

  private quick(start: number, end: number, limit: number): void {
    let [from, to, left] = [start, end, limit]
    let [wasBalanced, wasPartitioned] = [true, true]
    for (;;) {
      const size = to - from
      if (size <= 12) return this.insertion(from, to)
      if (left === 0) return this.heap(from, to)
      if (!wasBalanced) {
        this.breakPatterns(from, to)
        left--
      }
      let { pivot, hint } = this.choosePivot(from, to)
      if (hint === 'decreasing') {
        this.reverse(from, to)
        pivot = to - 1 - (pivot - from)
        hint = 'increasing'
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.partialInsertion(from, to)) return
      if (from > 0 && !this.less(from - 1, pivot)) {
        from = this.partitionEqual(from, to, pivot)
        continue
      }
      const { middle, isPartitioned } = this.partition(from, to, pivot)
      wasPartitioned = isPartitioned
      const [before, after] = [middle - from, to - middle]
      const threshold = Math.trunc(size / 8)
      if (before < after) {
        wasBalanced = before >= threshold
        this.quick(from, middle, left)
        from = middle + 1
      } else {
        wasBalanced = after >= threshold
        this.quick(middle + 1, to, left)
        to = middle
      }
    }
  }

  private partition(from: number, to: number, pivot: number): { middle: number; isPartitioned: boolean } {
    this.swap(from, pivot)
    let [i, j] = [from + 1, to - 1]
    while (i <= j && this.less(i, from)) i++
    while (i <= j && !this.less(j, from)) j--
    if (i > j) {
      this.swap(j, from)
      return { middle: j, isPartitioned: true }
    }
    this.swap(i++, j--)
    for (;;) {
      while (i <= j && this.less(i, from)) i++
      while (i <= j && !this.less(j, from)) j--
      if (i > j) break
      this.swap(i++, j--)
    }
    this.swap(j, from)
    return { middle: j, isPartitioned: false }
  }

  /** Puts values equal to the pivot before those that are greater. */
  private partitionEqual(from: number, to: number, pivot: number): number {
    this.swap(from, pivot)
    let [i, j] = [from + 1, to - 1]
    for (;;) {
      while (i <= j && !this.less(from, i)) i++
      while (i <= j && this.less(from, j)) j--
      if (i > j) return i
      this.swap(i++, j--)
    }
  }

  /** Sorts what is nearly sorted; gives up after five steps. */
  private partialInsertion(from: number, to: number): boolean {
    let at = from + 1
    for (let step = 0; step < 5; step++) {
      while (at < to && !this.less(at, at - 1)) at++
      if (at === to) return true
      if (to - from < 50) return false
      this.swap(at, at - 1)
      if (at - from >= 2) {
        for (let index = at - 1; index >= 1 && this.less(index, index - 1); index--) this.swap(index, index - 1)
      }
      if (to - at >= 2) {
        for (let index = at + 1; index < to && this.less(index, index - 1); index++) this.swap(index, index - 1)
      }
    }
    return false
  }

  /** Scatters some values by a xorshift generator seeded with the length. */
  private breakPatterns(from: number, to: number): void {
    const size = to - from
    if (size < 8) return
    let random = BigInt(size)
    const next = (): number => {
      random ^= BigInt.asUintN(64, random << 13n)
      random ^= random >> 7n
      random ^= BigInt.asUintN(64, random << 17n)
      return Number(BigInt.asUintN(32, random))
    }
    const modulus = 1 << (32 - Math.clz32(size))
    const middle = from + Math.trunc(size / 4) * 2 - 1
    for (let step = 0; step < 3; step++) {
      let other = next() & (modulus - 1)
      if (other >= size) other -= size
      this.swap(middle + step, from + other)
    }
  }

  private choosePivot(from: number, to: number): { pivot: number; hint: 'increasing' | 'decreasing' | 'unknown' } {
    const size = to - from
    const quarter = Math.trunc(size / 4)
    const count = { swaps: 0 }
    let [i, j, k] = [from + quarter, from + quarter * 2, from + quarter * 3]
    if (size >= 8) {
      if (size >= 50) {
        i = this.median(i - 1, i, i + 1, count)
        j = this.median(j - 1, j, j + 1, count)
        k = this.median(k - 1, k, k + 1, count)
      }
      j = this.median(i, j, k, count)
    }
    if (count.swaps === 0) return { pivot: j, hint: 'increasing' }
    return { pivot: j, hint: count.swaps === 12 ? 'decreasing' : 'unknown' }
  }

  private median(a: number, b: number, c: number, count: { swaps: number }): number {
    let [x, y] = [a, b]
    const z = c
    if (this.less(y, x)) {
      count.swaps++
      ;[x, y] = [y, x]
    }
    if (this.less(z, y)) {
      count.swaps++
      y = z
    }
    if (this.less(y, x)) {
      count.swaps++
      ;[x, y] = [y, x]
    }
    return y
  }

  private reverse(from: number, to: number): void {
    for (let [i, j] = [from, to - 1]; i < j; i++, j--) this.swap(i, j)
  }
}
