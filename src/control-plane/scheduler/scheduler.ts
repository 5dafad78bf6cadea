import { type Api, createApi } from '../../client/api.ts'
import { cacheOf } from '../../client/cache.ts'
import { retryPeriodMs, tryElection } from '../../client/election.ts'
import { type ChangeHandler, deliver, resumeInformer } from '../../client/informer.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { Transport, WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import { scheduleOne } from './attempt.ts'
import { bind, type Binding } from './binding.ts'
import { takeIn } from './changes.ts'
import { finishSeries, seriesEndMs } from './event-recorder.ts'
import { type StatusWrite, writeStatus } from './failure.ts'
import { clearNomination, evict, type Eviction, type Nominee } from './preemption/eviction.ts'
import { flushBackOff, flushUnschedulable } from './queue.ts'
import { startTimer, wake } from './requeue.ts'
import { defaultProfile, kindsOf, type Profile, type Run, type SchedulerState } from './state.ts'

export interface SchedulerOptions {
  /** How the named component reaches the API. */
  transport(component: string): Transport
  readonly profile?: Profile
}

type SchedulerSelf = Self<SchedulerState>

/** How long the process waits before it tries again to reach an API server. */
const reconnectMs = 1_000

const user = { name: 'system:kube-scheduler', groups: ['system:authenticated'] }

/** The component that finds nodes for Pods, `kube-scheduler/<machine>`. Its first event is `start`. */
export function createScheduler(options: SchedulerOptions): ComponentDefinition<SchedulerState> {
  const process = new Process(options)
  return defineComponent<SchedulerState>({
    type: 'kube-scheduler',
    on: {
      start: self => process.elect(self),
      elect: self => process.elect(self),
      connect: (self, resource: string) => process.connect(self, resource),
      watch: (self, delivery: WatchDelivery) => process.watch(self, delivery),
      cycle: self => process.cycle(self),
      free(self) {
        self.state.isBusy = false
        wake(process.run(self))
      },
      bind: (self, binding: Binding) => process.write(self, run => bind(run, binding)),
      writeStatus: (self, write: StatusWrite) => process.write(self, run => writeStatus(run, write)),
      evict: (self, eviction: Eviction) => process.write(self, run => evict(run, eviction)),
      clearNomination: (self, pod: Nominee) => process.write(self, run => clearNomination(run, pod)),
      flushBackOff: self =>
        process.tick(self, 'flushBackOff', ({ queue }) => {
          flushBackOff(queue, self.now)
        }),
      flushUnschedulable: self =>
        process.tick(self, 'flushUnschedulable', ({ queue }) => {
          flushUnschedulable(queue, self.now)
        }),
      finishSeries: self =>
        process.tick(self, 'finishSeries', ({ recorder }) => {
          finishSeries(recorder, process.run(self).events, self.now)
          if (recorder.written.size > 0) startTimer(self, 'finishSeries', seriesEndMs)
        }),
    },
  })
}

/** Connects the parts of the scheduler with the API server and the clock. */
class Process {
  private readonly profile: Profile
  private readonly kinds: ReadonlyMap<string, Kind>
  private readonly apis = new Map<string, Api>()

  constructor(private readonly options: SchedulerOptions) {
    this.profile = options.profile ?? defaultProfile
    this.kinds = new Map(kindsOf(this.profile).map(kind => [kind.resource, kind]))
  }

  run(self: SchedulerSelf): Run {
    return {
      self,
      profile: this.profile,
      api: this.api(self, 'scheduler'),
      events: this.api(self, 'events'),
      objects: cacheOf(self.state.informers),
    }
  }

  /** Tries to become or stay the leader; only the leader schedules. */
  elect(self: SchedulerSelf): void {
    const { election, process } = self.state
    if (!election) return this.begin(self)
    const result = tryElection(election, this.api(self, 'leader-election'), self.now)
    if (result === 'won') this.begin(self)
    if (result === 'lost') {
      self.state.started = false
      if (process) self.send(process.component, 0, 'exit', { container: process.container, exitCode: 1 })
      return
    }
    self.schedule(retryPeriodMs, 'elect')
  }

  connect(self: SchedulerSelf, resource: string): void {
    const informer = self.state.informers.get(resource)
    const kind = this.kinds.get(resource)
    if (!informer || !kind || informer.watchId !== undefined) return
    const run = this.run(self)
    const failure = attempt(() => resumeInformer(informer, kind, run.api, self.name, handlerOf(run)))
    if (failure) self.schedule(reconnectMs * (1 + self.random()), 'connect', resource)
    wake(run)
  }

  watch(self: SchedulerSelf, delivery: WatchDelivery): void {
    const run = this.run(self)
    for (const [resource, informer] of self.state.informers) {
      const kind = this.kinds.get(resource)
      if (!kind || informer.watchId !== delivery.watchId) continue
      if (!deliver(informer, kind, delivery, handlerOf(run))) self.schedule(reconnectMs, 'connect', resource)
      break
    }
    wake(run)
  }

  cycle(self: SchedulerSelf): void {
    if (self.state.started) self.schedule(scheduleOne(this.run(self)), 'free')
  }

  /** Does something that waited for the rate limiter. */
  write(self: SchedulerSelf, action: (run: Run) => void): void {
    const run = this.run(self)
    action(run)
    startTimer(self, 'finishSeries', seriesEndMs)
    wake(run)
  }

  /** Does periodic work that is due. */
  tick(self: SchedulerSelf, type: string, action: (state: SchedulerState) => void): void {
    self.state.timers.delete(type)
    action(self.state)
    wake(this.run(self))
  }

  private begin(self: SchedulerSelf): void {
    self.state.started = true
    for (const resource of self.state.informers.keys()) this.connect(self, resource)
  }

  private api(self: SchedulerSelf, purpose: string): Api {
    const id = `${self.name} ${purpose}`
    let api = this.apis.get(id)
    if (!api) {
      const userAgent = `kube-scheduler/v1.36.2 (linux/amd64) kubernetes/${purpose}`
      this.apis.set(id, (api = createApi(this.options.transport(self.name), { user, userAgent })))
    }
    return api
  }
}

function handlerOf(run: Run): ChangeHandler {
  return (kind, old, next) => takeIn(run, kind, old, next)
}
