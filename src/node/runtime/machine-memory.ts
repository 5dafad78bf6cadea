import type { Engine } from './engine.ts'
import { memoryAt, memoryPeak } from './meter.ts'
import type { Container, RuntimeState } from './state.ts'

/**
 * The memory of a machine: the kernel's and its services' part, and that of all containers. While all that they can come to
 * fits, nothing has to be looked at; else an event waits for the moment at which it gets short.
 */

/** Below this the kubelet is told: its hard eviction threshold, which it watches by a notification of the kernel. */
const noticeBytes = 100 * 2 ** 20

const mebibyte = 2 ** 20

/** What runs besides containers: the kernel, systemd, containerd, the kubelet. */
export function systemBytes({ memoryBytes }: RuntimeState): number {
  return Math.min(420 * mebibyte, Math.floor(memoryBytes / 5))
}

/** CPU that the same take. */
export const systemCpuMillis = 45

/** Memory that is not in use: memory.available as the kubelet computes it. */
export function availableBytes(state: RuntimeState, now: number): number {
  let used = systemBytes(state)
  for (const { meter } of state.containers.values()) used += memoryAt(meter, now)
  return state.memoryBytes - used
}

/** Sets when the machine's memory has to be looked at, after something about it has changed. */
export function considerMachine({ state, self }: Engine): void {
  if (state.memoryEvent !== undefined) self.cancel(state.memoryEvent)
  delete state.memoryEvent
  const room = state.memoryBytes - systemBytes(state)
  if (state.memoryPeak <= room - noticeBytes) {
    state.memoryLow = false
    return
  }
  const available = availableBytes(state, self.now)
  if (available >= noticeBytes) state.memoryLow = false
  const target = state.memoryLow ? room : room - noticeBytes
  const afterMs = fullAfterMs(state, target, self.now)
  if (afterMs !== undefined) state.memoryEvent = self.schedule(afterMs, 'memory')
}

/** After how many ms the containers have more than so many bytes; undefined if they never will. */
function fullAfterMs(state: RuntimeState, target: number, start: number): number | undefined {
  const growing: Container[] = []
  for (const container of state.containers.values()) {
    const { meter } = container
    if (meter.memoryGrowth > 0 && memoryAt(meter, start) < meter.memoryMost) growing.push(container)
  }
  let now = start
  for (;;) {
    let used = 0
    for (const { meter } of state.containers.values()) used += memoryAt(meter, now)
    if (used > target) return now - start
    const still = growing.filter(({ meter }) => memoryAt(meter, now) < meter.memoryMost)
    const rate = still.reduce((sum, { meter }) => sum + meter.memoryGrowth, 0) / 1_000
    if (rate === 0) return undefined
    const ends = still.map(({ meter }) => ((meter.memoryMost - memoryAt(meter, now)) * 1_000) / meter.memoryGrowth)
    now += Math.ceil(Math.min((target - used) / rate, ...ends)) + 1
  }
}

/**
 * The machine's memory is short: the kubelet is told once. When there is none left, the kernel ends the container that it
 * thinks worst of (oom_badness: the share of memory, and what the kubelet set by the Pod's QoS).
 */
export function lookAtMemory(engine: Engine): Container | undefined {
  const { state, self } = engine
  delete state.memoryEvent
  const available = availableBytes(state, self.now)
  if (available < noticeBytes && !state.memoryLow) {
    state.memoryLow = true
    self.send(state.kubelet, 0, 'memory-low')
  }
  if (available < 0) return worstOf(state, self.now)
  considerMachine(engine)
  return undefined
}

function worstOf(state: RuntimeState, now: number): Container | undefined {
  let worst: { readonly container: Container; readonly score: number } | undefined
  for (const container of state.containers.values()) {
    if (container.state !== 'running' || memoryPeak(container.meter) === 0) continue
    const score = (memoryAt(container.meter, now) / state.memoryBytes) * 1_000 + (container.config.oomScoreAdjust ?? 0)
    if (!worst || score > worst.score) worst = { container, score }
  }
  return worst?.container
}

/** The program that the kernel's log names. */
export function victimOf({ processes }: Container): string {
  const [argv0 = ''] = processes.get(1)?.argv ?? []
  return argv0.slice(argv0.lastIndexOf('/') + 1)
}
