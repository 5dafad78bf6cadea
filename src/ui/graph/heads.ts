import type { Motion } from '../../scene/model.ts'
import type { Point } from './routes.ts'

/** Something that moves, where it was last drawn, in units of the graph. */
export interface Head extends Point {
  readonly motion: Motion
  /** Messages that it stands for. */
  readonly count: number
}

let shown: readonly Head[] = []

/** Notes where things that move have just been drawn. */
export function showHeads(heads: readonly Head[]): void {
  shown = heads
}

/** The moving thing within reach of a point, the nearest first; of two on the same spot the one drawn on top. */
export function headAt({ x, y }: Point, reach: number): Head | undefined {
  let best: Head | undefined
  let least = reach
  for (const head of shown) {
    const far = Math.hypot(head.x - x, head.y - y)
    if (far > least) continue
    best = head
    least = far
  }
  return best
}
