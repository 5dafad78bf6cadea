import { defineComponent, type ComponentDefinition } from '../sim/component.ts'
import type { Self } from '../sim/component.ts'
import type { Kind } from '../machinery/kind.ts'
import { type ApiObject, keyOf } from '../machinery/object.ts'
import type { Transport, UserInfo, WatchDelivery } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import { accountOf, userNamed } from './account.ts'
import { type Api, createApi, type Step, together } from './api.ts'
import { cacheOf, ownerKey } from './cache.ts'
import type { Cache, Context, ControllerDefinition, Outcome } from './controller.ts'
import { discoveryPeriodMs, rediscover } from './discovered.ts'
import { discoveredKind } from './discovered-kind.ts'
import { type ElectionState, retryPeriodMs, tryElection } from './election.ts'
import {
  expectationsMet,
  type ExpectationsState,
  expectCreation,
  expectDeletion,
  sawCreation,
  sawDeletion,
} from './expectations.ts'
import { type ChangeHandler, deliver, type InformerState, newInformer, resumeInformer } from './informer.ts'
import { type LimiterState, newLimiter } from './limiter.ts'
import { type Interest, Interests } from './interest.ts'
import { newRecorder, record, type RecorderState } from './recorder.ts'
import {
  addKey,
  backOffMs,
  doneWithKey,
  forgetFailures,
  newWorkQueue,
  takeKey,
  type WorkQueueState,
} from './workqueue.ts'

/** A process that runs controllers over shared informers, such as kube-controller-manager. Plain data. */
export interface ManagerState {
  readonly informers: Map<string, InformerState>
  readonly controllers: Map<string, ControllerState>
  readonly election?: ElectionState
  started: boolean
  /** Who is told when the leader's lease was lost: the process ends, as upstream's does. */
  readonly process?: { readonly component: string; readonly container: string }
  /** Who the process is, if one account does everything; kube-controller-manager has one for each controller. */
  readonly user?: UserInfo
}

export interface ControllerState {
  readonly queue: WorkQueueState
  readonly expectations: ExpectationsState
  readonly limiter: LimiterState
  readonly recorder: RecorderState
  readonly memory: Map<string, unknown>
  busy: number
  /** A `work` event is on its way. */
  woken: boolean
}

export interface ManagerOptions {
  readonly type: string
  readonly controllers: readonly ControllerDefinition[]
  /** How the named component reaches the API. */
  transport(component: string): Transport
  /** Requests a second and burst of each controller's client: kube-api-qps and kube-api-burst. */
  readonly qps?: number
  readonly burst?: number
}

type ManagerSelf = Self<ManagerState>

/** How long a process waits before it tries again to reach an API server (reflector back-off, simplified to its start). */
const reconnectMs = 1_000

/** State of a manager at its start; without an election it begins to work at once. */
export function newManager(
  options: Pick<ManagerOptions, 'controllers' | 'qps' | 'burst'>,
  now: number,
  election?: ElectionState,
  process?: ManagerState['process'],
  user?: UserInfo,
): ManagerState {
  const informers = new Map<string, InformerState>()
  const controllers = new Map<string, ControllerState>()
  const { qps = 20, burst = 30 } = options
  for (const controller of options.controllers) {
    if (controllers.has(controller.name)) throw new Error(`controller ${controller.name} was registered twice`)
    for (const kind of kindsOf(controller)) informers.set(kind.resource, newInformer(kind))
    controllers.set(controller.name, {
      queue: newWorkQueue(),
      expectations: new Map(),
      limiter: newLimiter(qps * (controller.rate?.qps ?? 1), burst * (controller.rate?.burst ?? 1), now),
      recorder: newRecorder(controller.name),
      memory: new Map(),
      busy: 0,
      woken: false,
    })
  }
  const given = { ...(election && { election }), ...(process && { process }), ...(user && { user }) }
  return { informers, controllers, ...given, started: false }
}

/** The component that runs controllers. Its first event is `start`. */
export function createManager(options: ManagerOptions): ComponentDefinition<ManagerState> {
  const runner = new Runner(options)
  return defineComponent<ManagerState>({
    type: options.type,
    on: {
      start: self => runner.start(self),
      elect: self => runner.elect(self),
      watch: (self, delivery: WatchDelivery) => runner.watch(self, delivery),
      connect: (self, resource: string) => runner.connect(self, resource),
      add: (self, { controller, key }: { controller: string; key: string }) => runner.add(self, controller, key),
      work: (self, controller: string) => runner.work(self, controller),
      free: (self, { controller, key }: { controller: string; key: string }) => runner.free(self, controller, key),
      tick: (self, controller: string) => runner.tick(self, controller),
      discover: self => runner.discover(self),
    },
  })
}

function kindsOf({ reconciles, owns, watches, reads }: ControllerDefinition): Kind[] {
  return [reconciles, ...(owns ?? []), ...(watches ?? []).map(watch => watch.kind), ...(reads ?? [])]
}

class Runner {
  private readonly controllers = new Map<string, ControllerDefinition>()
  private readonly interests: Interests
  private readonly kinds = new Map<string, Kind>()
  private readonly apis = new Map<string, Api>()
  /** The step that a controller is in; nothing of it is left when the step ends. */
  private readonly steps = new Map<string, Step>()

  constructor(private readonly options: ManagerOptions) {
    for (const controller of options.controllers) {
      this.controllers.set(controller.name, controller)
      for (const kind of kindsOf(controller)) this.kinds.set(kind.resource, kind)
    }
    this.interests = new Interests(options.controllers, this.kinds.values())
  }

  start(self: ManagerSelf): void {
    if (self.state.election) this.elect(self)
    else this.begin(self)
  }

  elect(self: ManagerSelf): void {
    const { election, process } = self.state
    if (!election) return
    const api = this.api(self, 'election', `system:${this.options.type}`)
    const result = tryElection(election, api, self.now)
    api.takeSpentMs()
    if (result === 'won') this.begin(self)
    if (result === 'lost') {
      if (process) self.send(process.component, 0, 'exit', { container: process.container, exitCode: 1 })
      return
    }
    self.schedule(retryPeriodMs, 'elect')
  }

  watch(self: ManagerSelf, delivery: WatchDelivery): void {
    for (const informer of self.state.informers.values()) {
      if (informer.watchId !== delivery.watchId) continue
      const goesOn = deliver(informer, this.kind(informer), delivery, this.changeHandler(self))
      if (!goesOn) self.schedule(reconnectMs, 'connect', informer.resource)
      return
    }
  }

  connect(self: ManagerSelf, resource: string): void {
    const informer = self.state.informers.get(resource)
    if (!informer || informer.watchId !== undefined) return
    const api = this.api(self, 'informers', `system:${this.options.type}`)
    const failure = attempt(() =>
      resumeInformer(informer, this.kind(informer), api, self.name, this.changeHandler(self)),
    )
    api.takeSpentMs()
    if (failure) self.schedule(reconnectMs * (1 + self.random()), 'connect', resource)
  }

  add(self: ManagerSelf, name: string, key: string): void {
    const state = this.stateOf(self, name)
    state.queue.delayed.delete(key)
    addKey(state.queue, key)
    this.wake(self, name)
  }

  work(self: ManagerSelf, name: string): void {
    const controller = this.definition(name)
    const state = this.stateOf(self, name)
    state.woken = false
    if (state.busy >= (controller.workers ?? 5)) return
    const key = takeKey(state.queue)
    if (key === undefined) return
    state.busy++
    const tookMs = this.reconcile(self, controller, state, key)
    self.schedule(tookMs, 'free', { controller: name, key })
    this.wake(self, name)
  }

  free(self: ManagerSelf, name: string, key: string): void {
    const state = this.stateOf(self, name)
    state.busy--
    doneWithKey(state.queue, key)
    this.wake(self, name)
  }

  tick(self: ManagerSelf, name: string): void {
    const controller = this.definition(name)
    const state = this.stateOf(self, name)
    this.beginStep(self, controller, state)
    const failure = attempt(() => controller.tick?.(this.context(self, controller, state, '')))
    self.record('work', {
      controller: name,
      key: '',
      result: 'done',
      tookMs: 0,
      queued: state.queue.ready.length,
      ...(failure && { error: failure.message }),
    })
    self.schedule(controller.periodMs ?? 0, 'tick', name)
  }

  /** Looks for kinds that have come or gone, for the controllers that take what there is. */
  discover(self: ManagerSelf): void {
    const { informers } = self.state
    const api = this.api(self, 'informers', `system:${this.options.type}`)
    const added = rediscover(informers, this.options.controllers, cacheOf(informers), api)
    for (const resource of added) this.connect(self, resource)
    self.schedule(discoveryPeriodMs, 'discover')
  }

  private begin(self: ManagerSelf): void {
    self.state.started = true
    for (const resource of self.state.informers.keys()) this.connect(self, resource)
    for (const [name, controller] of this.controllers) {
      if (controller.periodMs !== undefined) self.schedule(controller.periodMs, 'tick', name)
    }
    if (this.options.controllers.some(({ discovers }) => discovers)) self.schedule(discoveryPeriodMs, 'discover')
  }

  /** Works on one key and returns how long that took, in ms. */
  private reconcile(self: ManagerSelf, controller: ControllerDefinition, state: ControllerState, key: string): number {
    const step = this.beginStep(self, controller, state)
    const context = this.context(self, controller, state, key)
    const informer = self.state.informers.get(controller.reconciles.resource)
    const object = informer?.items.get(key)
    let outcome: Outcome | undefined
    const failure = attempt(() => {
      outcome = (object ? controller.reconcile(object, context) : controller.removed?.(key, context)) ?? undefined
    })
    if (!object) state.expectations.delete(key)
    const tookMs = step.passedMs
    const retries = state.queue.failures.get(key) ?? 0
    const giveUp = failure !== undefined && retries >= (controller.maxRetries ?? Infinity)
    const { intervalMs } = controller
    if (failure && !giveUp && intervalMs === undefined) {
      this.addAfter(self, controller.name, key, tookMs + backOffMs(state.queue, key))
    } else forgetFailures(state.queue, key)
    const againMs = object && intervalMs !== undefined ? tookMs + intervalMs : outcome?.requeueAfterMs
    if (againMs !== undefined) this.addAfter(self, controller.name, key, againMs)
    self.record('work', {
      controller: controller.name,
      key,
      result: failure ? 'retried' : againMs === undefined ? 'done' : 'requeued',
      tookMs,
      queued: state.queue.ready.length,
      ...(failure && { error: failure.message }),
    })
    return tookMs
  }

  /** The step of a controller, begun anew: its requests wait for tokens of the client's rate limiter. */
  private beginStep(self: ManagerSelf, { name }: ControllerDefinition, state: ControllerState): Step {
    const step = this.stepOf(self, name)
    step.passedMs = 0
    step.limiter = { tokens: state.limiter, now: self.now }
    return step
  }

  private stepOf(self: ManagerSelf, name: string): Step {
    const id = `${self.name} ${name}`
    let step = this.steps.get(id)
    if (!step) this.steps.set(id, (step = { passedMs: 0 }))
    return step
  }

  private addAfter(self: ManagerSelf, name: string, key: string, delayMs: number): void {
    const { queue } = this.stateOf(self, name)
    const at = self.now + delayMs
    const waiting = queue.delayed.get(key)
    if (waiting && waiting.at <= at) return
    if (waiting) self.cancel(waiting.event)
    queue.delayed.set(key, { event: self.schedule(delayMs, 'add', { controller: name, key }), at })
  }

  private wake(self: ManagerSelf, name: string): void {
    const state = this.stateOf(self, name)
    if (state.woken || state.queue.ready.length === 0) return
    if (state.busy >= (this.definition(name).workers ?? 5)) return
    state.woken = true
    self.schedule(0, 'work', name)
  }

  private changeHandler(self: ManagerSelf): ChangeHandler {
    const cache = cacheOf(self.state.informers)
    return (kind, old, next) => {
      for (const interest of this.interests.in(kind)) this.notice(self, interest, cache, kind, old, next)
    }
  }

  /** Puts the keys that a change concerns into one controller's queue. */
  private notice(
    self: ManagerSelf,
    { controller, owns, watches }: Interest,
    cache: Cache,
    kind: Kind,
    old: ApiObject | undefined,
    next: ApiObject | undefined,
  ): void {
    const state = this.stateOf(self, controller.name)
    const object = next ?? old
    if (!object) return
    if (kind === controller.reconciles && (controller.concerns?.(old, next) ?? true)) {
      if (controller.intervalMs === undefined || !next) addKey(state.queue, keyOf(object))
      else this.addAfter(self, controller.name, keyOf(object), controller.intervalMs)
    }
    if (owns) {
      const owners = self.state.informers.get(controller.reconciles.resource)?.items
      const before = old && ownerKey(controller.reconciles, owners, old)
      const after = next && ownerKey(controller.reconciles, owners, next)
      if (after && !before) sawCreation(state.expectations, after)
      // A child counts as deleted when its deletion begins, as ReplicaSet's deletePod handler has it.
      const going = !next || next.metadata.deletionTimestamp !== undefined
      if (before && old && going) sawDeletion(state.expectations, before, old.metadata.uid)
      if (before !== undefined) addKey(state.queue, before)
      if (after !== undefined && after !== before) addKey(state.queue, after)
    }
    for (const watch of watches) {
      for (const key of watch.keys(old, next, cache, state.memory)) addKey(state.queue, key)
    }
    this.wake(self, controller.name)
  }

  private context(self: ManagerSelf, controller: ControllerDefinition, state: ControllerState, key: string): Context {
    const step = this.stepOf(self, controller.name)
    const api = this.api(self, controller.name, accountOf(controller), step)
    // Events are sent by a broadcaster of their own: they cost the worker nothing.
    const events = this.api(self, `${controller.name} events`, accountOf(controller), step, true)
    return {
      api,
      cache: cacheOf(self.state.informers),
      now: self.now,
      key,
      memory: state.memory,
      random: () => self.random(),
      together: run => together(step, run),
      event: (object, type, reason, message) => record(state.recorder, events, self.now, object, type, reason, message),
      enqueue: (other, afterMs) => {
        if (afterMs !== undefined) return this.addAfter(self, controller.name, other, afterMs)
        addKey(state.queue, other)
        this.wake(self, controller.name)
      },
      expectations: {
        met: owner => expectationsMet(state.expectations, keyOf(owner), self.now),
        creation: owner => expectCreation(state.expectations, keyOf(owner), self.now),
        deletion: (owner, child) => expectDeletion(state.expectations, keyOf(owner), child.metadata.uid, self.now),
      },
    }
  }

  private api(self: ManagerSelf, purpose: string, name: string, step?: Step, follows?: boolean): Api {
    const id = `${self.name} ${purpose}`
    let api = this.apis.get(id)
    if (!api) {
      const user = self.state.user ?? userNamed(name)
      const userAgent = `${this.options.type}/v1.36.2 (linux/amd64) kubernetes/${purpose}`
      api = createApi(this.options.transport(self.name), { user, userAgent }, step, follows)
      this.apis.set(id, api)
    }
    return api
  }

  private definition(name: string): ControllerDefinition {
    const controller = this.controllers.get(name)
    if (!controller) throw new Error(`there is no controller ${name}`)
    return controller
  }

  private stateOf(self: ManagerSelf, name: string): ControllerState {
    const state = self.state.controllers.get(name)
    if (!state) throw new Error(`controller ${name} has no state`)
    return state
  }

  private kind({ resource, discovered }: InformerState): Kind {
    const kind = discovered ? discoveredKind(discovered) : this.kinds.get(resource)
    if (!kind) throw new Error(`${resource} is not watched`)
    return kind
  }
}
