import { Service } from '../../api/core/service.ts'
import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { Affinity } from './affinity.ts'

/**
 * Where kube-proxies and DNS servers stand in the history of Services and EndpointSlices (DESIGN.md, D9): a revision
 * each, and none of the objects. One watch for all of them notes when what they follow has changed; how far each of them
 * has come is worked out when somebody asks, so a thousand nodes that nobody sends packets to cost nothing.
 */
export interface FollowersState {
  /** Watches by resource: the id while one runs. */
  readonly watches: Map<string, FollowersWatch>
  /** When something changed, oldest first. */
  changes: ChangeTime[]
  readonly followers: Map<string, Follower>
}

export interface FollowersWatch {
  watchId?: number
  /** Where the next watch starts. */
  revision: string
  /** When the watch was last heard of. */
  heardAt: number
}

export interface ChangeTime {
  readonly at: number
  readonly revision: number
}

export interface Follower {
  readonly name: string
  readonly machine: string
  /** What it takes from the watch's delivery until its rules are in force, in ms. */
  readonly lagMs: number
  /** Least time between two updates of the rules, in ms. */
  readonly periodMs: number
  /** Its process runs. */
  running: boolean
  /** Its machine reaches an API server. */
  connected: boolean
  /** Since when it is both. */
  since: number
  /** The revision that its rules are made of; 0 before the first. */
  revision: number
  updatedAt: number
  /** Whether `revision` is pinned because the follower stands still. */
  pinned: boolean
  /** What a kube-proxy remembers of its clients. */
  readonly affinity: Affinity
}

/** History as followers read it: the API server's readAt, pin and unpin. */
export interface Followed {
  list(kind: Kind, revision: number): readonly ApiObject[]
  pin(kind: Kind, revision: number): void
  unpin(kind: Kind, revision: number): void
}

export const followedKinds: readonly Kind[] = [Service, EndpointSlice]

export function newFollowers(): FollowersState {
  const watches = new Map(followedKinds.map(kind => [kind.resource, { revision: '', heardAt: 0 }]))
  return { watches, changes: [], followers: new Map() }
}

/** The revision that a follower has come to by now; 0 when it has never seen any. */
export function revisionOf(state: FollowersState, name: string, now: number): number {
  const follower = state.followers.get(name)
  if (!follower) return 0
  if (follower.running && follower.connected) advance(state.changes, follower, now)
  return follower.revision
}

/** What was made of this many revisions is kept: followers are a moment apart, those that were cut off further. */
const maxMade = 16

/**
 * Makes something of a revision once for all followers. Going back in time replaces the followers' state, and with it
 * what a revision's number means: what was made is kept with the state.
 */
export function byRevision<Made extends object>(
  followers: () => FollowersState,
  make: (revision: number) => Made,
): (revision: number) => Made {
  const known = new WeakMap<FollowersState, Map<number, Made>>()
  return revision => {
    const state = followers()
    let made = known.get(state)
    if (!made) known.set(state, (made = new Map<number, Made>()))
    let found = made.get(revision)
    if (found) return found
    found = make(revision)
    made.set(revision, found)
    if (made.size > maxMade) made.delete([...made.keys()][0] ?? revision)
    return found
  }
}

/** Lets a follower catch up with what it has had the time for. */
export function advance(changes: readonly ChangeTime[], follower: Follower, now: number): void {
  const newest = changes.at(-1)
  if (!newest || newest.revision <= follower.revision) return
  const { lagMs, periodMs, since } = follower
  for (let i = firstAfter(changes, follower.revision); i < changes.length; i++) {
    const change = changes[i]
    if (!change) return
    const due = Math.max(change.at + lagMs, since + lagMs, follower.updatedAt + periodMs)
    if (due > now) return
    // One update takes in all that has arrived by then.
    while (i + 1 < changes.length && (changes[i + 1]?.at ?? 0) + lagMs <= due) i++
    follower.revision = changes[i]?.revision ?? follower.revision
    follower.updatedAt = due
  }
}

/** Index of the first change after a revision. */
function firstAfter(changes: readonly ChangeTime[], revision: number): number {
  let low = 0
  let high = changes.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((changes[middle]?.revision ?? 0) <= revision) low = middle + 1
    else high = middle
  }
  return low
}
