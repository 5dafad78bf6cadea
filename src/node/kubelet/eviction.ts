import { podRequests } from '../../api/core/resources.ts'
import { formatQuantity, quantityOf, value } from '../../machinery/quantity.ts'
import type { ContainerStats, MachineStats } from '../cri/cri.ts'
import { callRuntime, type Kubelet, nodeEvent, podEvent } from './context.ts'
import { isCritical } from './pressure.ts'
import type { PodWorker } from './state.ts'
import { beginTermination } from './termination.ts'

/**
 * Node-pressure eviction by memory: while less is available than the hard threshold, one Pod after the other is ended, and
 * the Node says MemoryPressure until it has been well for a while. Upstream looks every ten seconds; here a look is due
 * when the runtime has noticed that memory is short, and as long as something follows from it. Models
 * pkg/kubelet/eviction/{eviction_manager,helpers}.go.
 */

/** evictionMonitoringPeriod of pkg/kubelet/kubelet.go. */
const monitoringMs = 10_000
/** eviction-pressure-transition-period. */
const transitionMs = 5 * 60_000
/** podCleanupPollFreq and podCleanupTimeout. */
const cleanupPollMs = 1_000
const cleanupTimeoutMs = 30_000
/** immediateEvictionGracePeriodSeconds. */
const graceSeconds = 1

/** Memory is short: the next look of the eviction manager will see it. */
export function memoryLow({ self, state }: Kubelet): void {
  const { pressure } = state
  if (pressure.evicting) return
  if (pressure.event !== undefined) self.cancel(pressure.event)
  const untilNextMs = monitoringMs - ((self.now - state.startedAt) % monitoringMs)
  pressure.event = self.schedule(untilNextMs, 'eviction')
}

/** A look is due: first the runtime is asked. */
export function evictionDue(kubelet: Kubelet): void {
  const { pressure } = kubelet.state
  delete pressure.event
  const { evicting } = pressure
  if (evicting && !isCleanedUp(kubelet, evicting.uid) && kubelet.self.now < evicting.until) {
    pressure.event = kubelet.self.schedule(cleanupPollMs, 'eviction')
    return
  }
  delete pressure.evicting
  callRuntime(kubelet, { call: 'ListContainerStats' }, { uid: '', purpose: 'eviction' })
}

/** synchronize: what follows from what is available. Returns whether the Node's condition has changed. */
export function synchronize(kubelet: Kubelet, stats: MachineStats): boolean {
  const { state, self } = kubelet
  const { pressure, config } = state
  const isMet = stats.availableBytes < value(config.reservedMemory)
  if (isMet) pressure.seenAt = self.now
  const until = pressure.seenAt === undefined ? 0 : pressure.seenAt + transitionMs
  const had = pressure.memory
  pressure.memory = self.now < until
  if (isMet) reclaim(kubelet, stats)
  else if (pressure.memory) pressure.event = self.schedule(until - self.now, 'eviction')
  return had !== pressure.memory
}

function reclaim(kubelet: Kubelet, stats: MachineStats): void {
  const { state, self } = kubelet
  nodeEvent(kubelet, 'Warning', 'EvictionThresholdMet', 'Attempting to reclaim memory')
  const victim = ranked(kubelet, stats).find(({ worker }) => !isCritical(worker))
  if (!victim) {
    state.pressure.event = self.schedule(monitoringMs, 'eviction')
    return
  }
  const { worker } = victim
  const message = messageFor(victim, stats, state.config.reservedMemory)
  podEvent(kubelet, worker.pod, 'Warning', 'Evicted', message)
  worker.verdict = { reason: 'Evicted', message, disruption: 'TerminationByKubelet' }
  worker.graceSeconds = graceSeconds
  beginTermination(kubelet, worker)
  state.pressure.evicting = { uid: worker.uid, until: self.now + cleanupTimeoutMs }
  state.pressure.event = self.schedule(cleanupPollMs, 'eviction')
}

function isCleanedUp({ state }: Kubelet, uid: string): boolean {
  const worker = state.workers.get(uid)
  return !worker || worker.stage === 'terminated'
}

interface Candidate {
  readonly worker: PodWorker
  readonly containers: readonly ContainerStats[]
  readonly usage: number
  readonly request: number
}

/** rankMemoryPressure: who uses more than it asked for, then the lower priority, then who is further above its request. */
function ranked({ state }: Kubelet, { containers }: MachineStats): Candidate[] {
  const byPod = new Map<string, ContainerStats[]>()
  for (const each of containers) byPod.set(each.pod.uid ?? '', [...(byPod.get(each.pod.uid ?? '') ?? []), each])
  const candidates: Candidate[] = []
  for (const worker of state.workers.values()) {
    if (worker.stage !== 'sync') continue
    const own = byPod.get(worker.uid) ?? []
    const usage = own.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)
    candidates.push({ worker, containers: own, usage, request: value(podRequests(worker.pod)['memory'] ?? '0') })
  }
  const exceeds = ({ usage, request }: Candidate): number => (usage > request ? 0 : 1)
  const priority = ({ worker }: Candidate): number => worker.pod.spec.priority ?? 0
  return candidates.sort(
    (a, b) => exceeds(a) - exceeds(b) || priority(a) - priority(b) || b.usage - b.request - (a.usage - a.request),
  )
}

/** evictionMessage: what was short, and which containers used more than they had asked for. */
function messageFor({ worker, containers }: Candidate, { availableBytes }: MachineStats, threshold: string): string {
  let message = 'The node was low on resource: memory. '
  message += `Threshold quantity: ${threshold}, available: ${bytesText(availableBytes)}. `
  for (const { name, memoryBytes } of containers) {
    const container = worker.pod.spec.containers.find(each => each.name === name)
    const request = container?.resources?.requests?.['memory'] ?? '0'
    if (!container || memoryBytes <= value(request)) continue
    message += `Container ${name} was using ${bytesText(memoryBytes)}, request is ${request}, has larger consumption of memory. `
  }
  return message
}

function bytesText(bytes: number): string {
  // Working sets are whole pages.
  return formatQuantity(quantityOf(Math.floor(Math.max(bytes, 0) / 4_096) * 4_096, 'BinarySI'))
}
