import { type Api, createApi } from '../../client/api.ts'
import { cacheOf } from '../../client/cache.ts'
import { retryPeriodMs, tryElection } from '../../client/election.ts'
import { deliver, resumeInformer } from '../../client/informer.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { Transport, WatchDelivery } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import { type ComponentDefinition, defineComponent, type Self } from '../../sim/component.ts'
import { scheduleOne } from './attempt.ts'
import { bind, type Binding } from './binding.ts'
import { takeIn } from './changes.ts'
import { finishSeries, seriesEndMs } from './event-recorder.ts'
import { type StatusWrite, writeStatus } from './failure.ts'
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
  const profile = options.profile ?? defaultProfile
  const kinds = new Map<string, Kind>(kindsOf(profile).map(kind => [kind.resource, kind]))
  const apis = new Map<string, Api>()

  const apiFor = (self: SchedulerSelf, purpose: string): Api => {
    const id = `${self.name} ${purpose}`
    let api = apis.get(id)
    if (!api) {
      const userAgent = `kube-scheduler/v1.36.2 (linux/amd64) kubernetes/${purpose}`
      apis.set(id, (api = createApi(options.transport(self.name), { user, userAgent })))
    }
    return api
  }

  const runOf = (self: SchedulerSelf): Run => ({
    self,
    profile,
    api: apiFor(self, 'scheduler'),
    events: apiFor(self, 'events'),
    objects: cacheOf(self.state.informers),
  })

  const connect = (self: SchedulerSelf, resource: string): void => {
    const informer = self.state.informers.get(resource)
    const kind = kinds.get(resource)
    if (!informer || !kind || informer.watchId !== undefined) return
    const run = runOf(self)
    const failure = attempt(() =>
      resumeInformer(informer, kind, run.api, self.name, (changed, old, next) => takeIn(run, changed, old, next)),
    )
    if (failure) self.schedule(reconnectMs * (1 + self.random()), 'connect', resource)
    wake(run)
  }

  const begin = (self: SchedulerSelf): void => {
    self.state.started = true
    for (const resource of self.state.informers.keys()) connect(self, resource)
  }

  const elect = (self: SchedulerSelf): void => {
    const { election, process } = self.state
    if (!election) return begin(self)
    const result = tryElection(election, apiFor(self, 'leader-election'), self.now)
    if (result === 'won') begin(self)
    if (result === 'lost') {
      self.state.started = false
      if (process) self.send(process.component, 0, 'exit', { container: process.container, exitCode: 1 })
      return
    }
    self.schedule(retryPeriodMs, 'elect')
  }

  const timer = (type: string, action: (run: Run) => void) => (self: SchedulerSelf) => {
    self.state.timers.delete(type)
    const run = runOf(self)
    action(run)
    wake(run)
  }

  return defineComponent<SchedulerState>({
    type: 'kube-scheduler',
    on: {
      start: elect,
      elect,
      connect,
      watch(self, delivery: WatchDelivery) {
        const run = runOf(self)
        for (const [resource, informer] of self.state.informers) {
          const kind = kinds.get(resource)
          if (!kind || informer.watchId !== delivery.watchId) continue
          const isOpen = deliver(informer, kind, delivery, (changed, old, next) => takeIn(run, changed, old, next))
          if (!isOpen) self.schedule(reconnectMs, 'connect', resource)
          break
        }
        wake(run)
      },
      cycle(self) {
        if (!self.state.started) return
        const run = runOf(self)
        self.schedule(scheduleOne(run), 'free')
      },
      free(self) {
        self.state.isBusy = false
        wake(runOf(self))
      },
      bind(self, binding: Binding) {
        const run = runOf(self)
        bind(run, binding)
        startTimer(self, 'finishSeries', seriesEndMs)
        wake(run)
      },
      writeStatus(self, write: StatusWrite) {
        writeStatus(runOf(self), write)
        startTimer(self, 'finishSeries', seriesEndMs)
      },
      flushBackOff: timer('flushBackOff', ({ self }) => flushBackOff(self.state.queue, self.now)),
      flushUnschedulable: timer('flushUnschedulable', ({ self }) => flushUnschedulable(self.state.queue, self.now)),
      finishSeries(self) {
        self.state.timers.delete('finishSeries')
        const { events } = runOf(self)
        finishSeries(self.state.recorder, events, self.now)
        if (self.state.recorder.written.size > 0) startTimer(self, 'finishSeries', seriesEndMs)
      },
    },
  })
}
