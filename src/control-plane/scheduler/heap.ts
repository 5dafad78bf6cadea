/** A binary heap in an array, as plain data: `isBefore` says which of two goes first. */
export function pushHeap<T>(heap: T[], item: T, isBefore: (a: T, b: T) => boolean): void {
  heap.push(item)
  for (let child = heap.length - 1; child > 0;) {
    const parent = (child - 1) >> 1
    if (!swapIfBefore(heap, child, parent, isBefore)) return
    child = parent
  }
}

/** Takes out the first, or undefined. */
export function popHeap<T>(heap: T[], isBefore: (a: T, b: T) => boolean): T | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (heap.length === 0 || last === undefined) return first
  heap[0] = last
  for (let parent = 0; ;) {
    const left = 2 * parent + 1
    if (left >= heap.length) return first
    const child = left + 1 < heap.length && isFirst(heap, left + 1, left, isBefore) ? left + 1 : left
    if (!swapIfBefore(heap, child, parent, isBefore)) return first
    parent = child
  }
}

function isFirst<T>(heap: readonly T[], a: number, b: number, isBefore: (a: T, b: T) => boolean): boolean {
  const first = heap[a]
  const second = heap[b]
  return first !== undefined && second !== undefined && isBefore(first, second)
}

function swapIfBefore<T>(heap: T[], child: number, parent: number, isBefore: (a: T, b: T) => boolean): boolean {
  const lower = heap[child]
  const upper = heap[parent]
  if (lower === undefined || upper === undefined || !isBefore(lower, upper)) return false
  heap[parent] = lower
  heap[child] = upper
  return true
}
