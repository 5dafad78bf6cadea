import type { NetworkState } from './state.ts'
import { outside } from './state.ts'

/** A link between two machines, or, with one end, all links of a machine. Data of the events `cut` and `mend`. */
export interface Link {
  readonly a: string
  readonly b?: string
}

/** Data of the event `slow`: extra ms one way; 0 makes the link as fast as it was. */
export interface Slowness extends Link {
  readonly ms: number
}

/** One way between two machines of a lab on one switch, and from the visitor's computer to the lab. */
const lanMs = 0.25
const outsideMs = 2

/** The name under which a link is kept: the same from both ends. */
export function linkName({ a, b }: Link): string {
  if (b === undefined) return a
  return a < b ? `${a}|${b}` : `${b}|${a}`
}

/** Whether packets pass between two machines. Traffic that stays on a machine passes as long as it is on. */
export function isReachable(state: NetworkState, from: string, to: string): boolean {
  if (!state.hosts.has(from) || !state.hosts.has(to)) return false
  if (from === to) return true
  if (state.cuts.size === 0) return true
  const { cuts } = state
  return !cuts.has(from) && !cuts.has(to) && !cuts.has(linkName({ a: from, b: to }))
}

/** How long a packet takes from one machine to another, in ms. */
export function latencyBetween(state: NetworkState, from: string, to: string): number {
  if (from === to) return 0
  const base = from === outside || to === outside ? outsideMs : lanMs
  if (state.delays.size === 0) return base
  const { delays } = state
  return base + (delays.get(from) ?? 0) + (delays.get(to) ?? 0) + (delays.get(linkName({ a: from, b: to })) ?? 0)
}

/** Cuts a link: packets on it are lost from now on. */
export function cut(state: NetworkState, link: Link, now: number): void {
  const name = linkName(link)
  if (!state.cuts.has(name)) state.cuts.set(name, now)
}

/** Mends a link. A machine that was cut off altogether is mended as such. */
export function mend(state: NetworkState, link: Link): void {
  state.cuts.delete(linkName(link))
}

/** Makes a link slower by so many ms one way. */
export function slow(state: NetworkState, { ms, ...link }: Slowness): void {
  if (ms > 0) state.delays.set(linkName(link), ms)
  else state.delays.delete(linkName(link))
}
