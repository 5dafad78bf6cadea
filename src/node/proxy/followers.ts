import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import { Service } from '../../api/core/service.ts'
import { createApi } from '../../client/api.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { Transport, WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import { type Affinity, newAffinity } from './affinity.ts'

/** The name of the one component that keeps the cursors of all followers. */
export const followersName = 'followers'

/**
 * Where kube-proxies and DNS servers stand in the history of Services and EndpointSlices (DESIGN.md, D9): a revision
 * each, and none of the objects. One watch for all of them notes when what they follow has changed; how far each of them
 * has come is worked out when somebody asks, so a thousand nodes that nobody sends packets to cost nothing.
 */
export interface FollowersState {
  /** Watches by resource: the id while one runs. */
  readonly watches: Map<string, { watchId?: number; revision: string }>
  /** When something changed, oldest first. */
  changes: ChangeTime[]
  readonly followers: Map<string, Follower>
}

interface ChangeTime {
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

/** Data of the event `follow`: a process begins to follow, under its name. */
export interface Follow {
  readonly name: string
  readonly machine: string
  readonly lagMs: number
  readonly periodMs: number
}

/** Data of the event `unfollow`: its process has ended. Rules in a machine's kernel outlive it, a server's memory does not. */
export interface Unfollow {
  readonly name: string
  readonly keep: boolean
}

/** History as followers read it: the API server's readAt, pin and unpin. */
export interface Followed {
  list(kind: Kind, revision: number): readonly ApiObject[]
  pin(kind: Kind, revision: number): void
  unpin(kind: Kind, revision: number): void
}

export interface FollowersOptions {
  readonly followed: Pick<Followed, 'pin' | 'unpin'>
  transport(component: string): Transport
  /** Whether a machine reaches an API server now. */
  isConnected(machine: string): boolean
}

type FollowersSelf = Self<FollowersState>

export const followedKinds: readonly Kind[] = [Service, EndpointSlice]

/** How long after a lost connection the next try comes (the reflector's first back-off, with its jitter left out). */
const reconnectMs = 1_000
/** Changes that are kept: nobody who follows is further behind, and those who stand still have their revision. */
const maxChanges = 4_096

const identity = {
  user: { name: 'system:serviceaccount:kube-system:kube-proxy', groups: ['system:authenticated'] },
  userAgent: 'kube-proxy/v1.36.2 (linux/amd64) kubernetes',
}

export function newFollowers(): FollowersState {
  const watches = new Map(followedKinds.map(kind => [kind.resource, { revision: '' }]))
  return { watches, changes: [], followers: new Map() }
}

/**
 * The component `followers`. Its first event is `start`. `links` tells it that the network between machines has changed,
 * `reboot` that a machine has lost its memory.
 */
export function createFollowers(options: FollowersOptions): ComponentDefinition<FollowersState> {
  return defineComponent<FollowersState>({
    type: 'followers',
    on: {
      start: self => {
        for (const kind of followedKinds) connect(options, self, kind.resource)
      },
      connect: (self, resource: string) => connect(options, self, resource),
      watch: (self, delivery: WatchDelivery) => take(self, delivery),
      follow: (self, follow: Follow) => begin(options, self, follow),
      unfollow: (self, { name, keep }: Unfollow) => {
        const follower = self.state.followers.get(name)
        if (!follower) return
        settle(options, self, follower, false, follower.connected)
        if (!keep) forget(options, self, follower)
      },
      links: self => {
        for (const follower of self.state.followers.values()) {
          settle(options, self, follower, follower.running, options.isConnected(follower.machine))
        }
      },
      reboot: (self, machine: string) => {
        for (const follower of [...self.state.followers.values()]) {
          if (follower.machine === machine) forget(options, self, follower)
        }
      },
    },
  })
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
function advance(changes: readonly ChangeTime[], follower: Follower, now: number): void {
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

function begin(options: FollowersOptions, self: FollowersSelf, { name, ...follow }: Follow): void {
  const { followers } = self.state
  let follower = followers.get(name)
  if (!follower) {
    const cursor = {
      revision: 0,
      updatedAt: -Infinity,
      pinned: false,
      running: false,
      connected: false,
      since: self.now,
    }
    follower = { name, ...follow, ...cursor, affinity: newAffinity() }
    followers.set(name, follower)
  }
  settle(options, self, follower, true, options.isConnected(follower.machine))
}

/** Whether a follower follows has changed, or not: one that stops stays at the revision where it is. */
function settle(
  { followed }: FollowersOptions,
  self: FollowersSelf,
  follower: Follower,
  running: boolean,
  connected: boolean,
): void {
  const was = follower.running && follower.connected
  const is = running && connected
  if (was) advance(self.state.changes, follower, self.now)
  follower.running = running
  follower.connected = connected
  if (was === is) return
  if (is) {
    follower.since = self.now
    if (follower.pinned) for (const kind of followedKinds) followed.unpin(kind, follower.revision)
    follower.pinned = false
  } else if (follower.revision > 0) {
    for (const kind of followedKinds) followed.pin(kind, follower.revision)
    follower.pinned = true
  }
}

function forget({ followed }: FollowersOptions, { state }: FollowersSelf, follower: Follower): void {
  if (follower.pinned) for (const kind of followedKinds) followed.unpin(kind, follower.revision)
  state.followers.delete(follower.name)
}

/** Watches a resource, from where the last watch ended if the server still knows that far. */
function connect(options: FollowersOptions, self: FollowersSelf, resource: string): void {
  const watch = self.state.watches.get(resource)
  const kind = followedKinds.find(candidate => candidate.resource === resource)
  if (!watch || !kind || watch.watchId !== undefined) return
  const api = createApi(options.transport(self.name), identity)
  const failure = attempt(() => {
    if (watch.revision === '') {
      watch.revision = api.listPage(kind, undefined, { limit: 1 }).metadata.resourceVersion
      note(self, Number(watch.revision))
    }
    const watchOptions = { resourceVersion: watch.revision, allowWatchBookmarks: true }
    watch.watchId = api.watch(kind, self.name, watchOptions)
  })
  if (!failure) return
  if (failure.code === 410) watch.revision = ''
  self.schedule(reconnectMs, 'connect', resource)
}

function take(self: FollowersSelf, delivery: WatchDelivery): void {
  for (const [resource, watch] of self.state.watches) {
    if (watch.watchId !== delivery.watchId) continue
    const last = delivery.events.at(-1)
    if (last) watch.revision = String(last.revision)
    for (const { type, revision } of delivery.events) if (type !== 'BOOKMARK') note(self, revision)
    if (delivery.closed === undefined) return
    delete watch.watchId
    if (delivery.closed === 'gone') watch.revision = ''
    self.schedule(reconnectMs, 'connect', resource)
  }
}

/**
 * Something that is followed has changed. The two watches are not in step: an earlier revision that comes later is
 * passed over, since whoever stands at the newer one reads both resources as they were then.
 */
function note({ state, now }: FollowersSelf, revision: number): void {
  const last = state.changes.at(-1)
  if (last && revision <= last.revision) return
  if (last?.at === now) state.changes.pop()
  state.changes.push({ at: now, revision })
  if (state.changes.length > maxChanges) state.changes = state.changes.slice(-maxChanges / 2)
}
