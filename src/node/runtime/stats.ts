import type { ContainerStats, MachineStats } from '../cri/cri.ts'
import { availableBytes, systemCpuMillis } from './machine-memory.ts'
import { cpuMsAt, memoryAt } from './meter.ts'
import { podOf, type RuntimeState } from './state.ts'

/** What everything on the machine uses at a moment. */
export function machineStats(state: RuntimeState, now: number): MachineStats {
  const containers: ContainerStats[] = []
  let cpuMs = state.endedCpuMs + (systemCpuMillis / 1_000) * (now - state.startedAt)
  for (const container of state.containers.values()) {
    if (container.state === 'exited') continue
    const { id, config, meter, startedAt = now } = container
    const used = { cpuMs: cpuMsAt(meter, now), memoryBytes: memoryAt(meter, now) }
    cpuMs += used.cpuMs
    if (container.state === 'running') {
      containers.push({ id, name: config.name, pod: podOf(state, container), startedAt, ...used })
    }
  }
  const available = availableBytes(state, now)
  return { at: now, cpuMs, memoryBytes: state.memoryBytes - available, availableBytes: available, containers }
}
