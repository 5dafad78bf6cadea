import { kinds } from '../../api/index.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { PodDisruptionBudget } from '../../api/policy/poddisruptionbudget.ts'
import type { Api } from '../../client/api.ts'
import type { Cache } from '../../client/controller.ts'
import { type ElectionState, newElection } from '../../client/election.ts'
import { type InformerState, newInformer } from '../../client/informer.ts'
import { type LimiterState, newLimiter } from '../../client/limiter.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { Self } from '../../sim/component.ts'
import { type CacheState, newCache } from './cache.ts'
import { type EventRecorderState, newEventRecorder } from './event-recorder.ts'
import type { Plugin } from './framework.ts'
import { defaultPlugins } from './plugins/index.ts'
import { newQueue, type QueueState } from './queue.ts'

/** A kube-scheduler process. Plain data. */
export interface SchedulerState {
  readonly informers: Map<string, InformerState>
  readonly cache: CacheState
  readonly queue: QueueState
  /** Volumes that are about to be bound to a claim, with its key. */
  readonly takenVolumes: Map<string, string>
  readonly election?: ElectionState
  readonly limiter: LimiterState
  readonly recorder: EventRecorderState
  started: boolean
  /** When it was created: periodic work happens at whole periods since then. */
  readonly since: number
  /** Where the search through the nodes goes on (nextStartNodeIndex). */
  startAt: number
  /** A cycle is under way or on its way. */
  isBusy: boolean
  /** Periodic work that is on its way. */
  readonly timers: Set<string>
  /** Who is told when the leader's lease was lost: the process ends, as upstream's does. */
  readonly process?: { readonly component: string; readonly container: string }
}

/** A profile: which Pods it takes, and how it judges nodes. */
export interface Profile {
  readonly name: string
  readonly plugins: readonly Plugin[]
}

export const defaultProfile: Profile = { name: 'default-scheduler', plugins: defaultPlugins }

/** What the parts of the scheduler work with in one event. */
export interface Run {
  readonly self: Self<SchedulerState>
  readonly profile: Profile
  readonly api: Api
  /** Events have a client of their own: writing them costs the scheduler nothing. */
  readonly events: Api
  readonly objects: Cache
}

/** `clientConnection` of KubeSchedulerConfiguration. */
const qps = 50
const burst = 100

/** A scheduler at its start; `machine` is where its process runs, its identity in the election. */
export function newScheduler(
  machine: string,
  now: number,
  options: { readonly profile?: Profile; readonly elects?: boolean; readonly process?: SchedulerState['process'] } = {},
): SchedulerState {
  const { profile = defaultProfile, elects = true } = options
  return {
    informers: new Map(kindsOf(profile).map(kind => [kind.resource, newInformer(kind, filterOf(kind))])),
    cache: newCache(),
    queue: newQueue(),
    takenVolumes: new Map(),
    ...(elects && { election: newElection('kube-scheduler', `${machine}_${now}`) }),
    limiter: newLimiter(qps, burst, now),
    recorder: newEventRecorder(profile.name, `${profile.name}-${machine}`),
    started: false,
    since: now,
    startAt: 0,
    isBusy: false,
    timers: new Set(),
    ...(options.process && { process: options.process }),
  }
}

/** Kinds that the scheduler watches: what its plugins read, of what is served. */
export function kindsOf({ plugins }: Profile): Kind[] {
  const wanted = new Set<Kind>([
    Node,
    Namespace,
    PodDisruptionBudget,
    ...plugins.flatMap(plugin => plugin.reads ?? []),
    Pod,
  ])
  return [...wanted].filter(kind => kinds.includes(kind))
}

/** Pods that have ended take no room and need none (newPodInformer). */
function filterOf(kind: Kind): { fieldSelector?: string } {
  return kind === Pod ? { fieldSelector: 'status.phase!=Succeeded,status.phase!=Failed' } : {}
}
