import { createApi } from '../../client/api.ts'
import type { Transport, WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import { newAffinity } from './affinity.ts'
import { advance, type Followed, followedKinds, type Follower, type FollowersState } from './cursors.ts'

/** The name of the one component that keeps the cursors of all followers. */
export const followersName = 'followers'

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

export interface FollowersOptions {
  readonly followed: Pick<Followed, 'pin' | 'unpin'>
  transport(component: string): Transport
  /** Whether a machine reaches an API server now. */
  isConnected(machine: string): boolean
}

type FollowersSelf = Self<FollowersState>

/** How long after a lost connection the next try comes (the reflector's first back-off, with its jitter left out). */
const reconnectMs = 1_000
/** A server sends a bookmark a minute: a watch that is silent for longer has lost its server without a word. */
const silenceMs = 90_000
const checkMs = 30_000
/** Changes that are kept: nobody who follows is further behind, and those who stand still have their revision. */
const maxChanges = 4_096

const identity = {
  user: {
    name: 'system:serviceaccount:kube-system:kube-proxy',
    groups: ['system:serviceaccounts', 'system:serviceaccounts:kube-system', 'system:authenticated'],
  },
  userAgent: 'kube-proxy/v1.36.2 (linux/amd64) kubernetes',
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
        self.schedule(checkMs, 'check')
      },
      check: self => {
        reconnect(options, self, silenceMs)
        self.schedule(checkMs, 'check')
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
        reconnect(options, self, 0)
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
    watch.heardAt = self.now
  })
  if (!failure) return
  if (failure.code === 410) watch.revision = ''
  self.schedule(reconnectMs, 'connect', resource)
}

/** Gives up watches that were not heard of for so long, and starts them anew. */
function reconnect(options: FollowersOptions, self: FollowersSelf, unheardMs: number): void {
  const api = createApi(options.transport(self.name), identity)
  for (const [resource, watch] of self.state.watches) {
    if (watch.watchId === undefined || self.now - watch.heardAt < unheardMs) continue
    api.stopWatch(watch.watchId)
    delete watch.watchId
    connect(options, self, resource)
  }
}

function take(self: FollowersSelf, delivery: WatchDelivery): void {
  for (const [resource, watch] of self.state.watches) {
    if (watch.watchId !== delivery.watchId) continue
    watch.heardAt = self.now
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
