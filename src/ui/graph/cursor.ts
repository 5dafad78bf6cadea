import { create } from 'zustand'
import type { Layout, Place } from './layout.ts'
import { centre } from './routes.ts'

/** The one thing on the graph that Tab reaches; arrow keys move it. */
export const useCursor = create<{ readonly cursor: string | undefined }>(() => ({ cursor: undefined }))

export type Direction = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown'

export function isDirection(key: string): key is Direction {
  return key === 'ArrowLeft' || key === 'ArrowRight' || key === 'ArrowUp' || key === 'ArrowDown'
}

/**
 * The thing that lies next in a direction: the nearest whose centre is on that side, where straying sideways counts
 * double, so that a row is walked along before it is left.
 */
export function nextIn(layout: Layout, from: string, direction: Direction): string | undefined {
  const start = layout.places.get(from)
  if (!start) return undefined
  let best: string | undefined
  let least = Infinity
  for (const [id, place] of layout.places) {
    if (id === from) continue
    const cost = costOf(start, place, direction)
    if (cost >= least) continue
    best = id
    least = cost
  }
  return best
}

function costOf(start: Place, place: Place, direction: Direction): number {
  const from = centre(start)
  const to = centre(place)
  const isSideways = direction === 'ArrowLeft' || direction === 'ArrowRight'
  const sign = direction === 'ArrowRight' || direction === 'ArrowDown' ? 1 : -1
  const ahead = sign * (isSideways ? to.x - from.x : to.y - from.y)
  const astray = Math.abs(isSideways ? to.y - from.y : to.x - from.x)
  return ahead <= 1 ? Infinity : ahead + 2 * astray
}
