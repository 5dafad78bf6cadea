import { create } from 'zustand'
import type { Motion } from '../../scene/model.ts'
import type { Point } from './routes.ts'

/** Something that moves, where it was last drawn, in units of the graph. */
export interface Head extends Point {
  readonly motion: Motion
  /** Messages that it stands for. */
  readonly count: number
}

/** Written at every frame, so it is no state of React's. */
let shown: readonly Head[] = []

/** What waits on its way while time stands still: few, in their places, and so a list that React can draw. */
export const useStanding = create<{ readonly heads: readonly Head[] }>(() => ({ heads: [] }))

/** Notes where things that move have just been drawn, and whether they are going to stay there. */
export function showHeads(heads: readonly Head[], isStanding: boolean): void {
  shown = heads
  const standing = isStanding ? heads : []
  if (standing.length > 0 || useStanding.getState().heads.length > 0) useStanding.setState({ heads: standing })
}

/** The moving thing within reach of a point, the nearest first. */
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
