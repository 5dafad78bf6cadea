import { type Engine, imageOf } from './engine.ts'
import { wantCpu } from './cpu-shares.ts'
import { findProgram } from './find-program.ts'
import { considerMachine } from './machine-memory.ts'
import { cpuMsAt, type Level, memoryPeak, reachesAfterMs, setMemory } from './meter.ts'
import { RunningProcess } from './process.ts'
import { stagedProgram } from './staged.ts'
import type { Container, Sandbox } from './state.ts'

/** What a process takes whose program says nothing of it. */
const leastBytes = 2 ** 20
/** Without an end to its growth. */
const noEnd = Number.MAX_SAFE_INTEGER

/**
 * Looks at what a container uses after one of its processes did something, and sets when its memory comes to its limit, if
 * it grows. Returns whether it is above it already.
 */
export function takeUsage(engine: Engine, container: Container, sandbox: Sandbox): boolean {
  const { self, state } = engine
  const { meter, config } = container
  const level = levelOf(engine, container, sandbox)
  const before = memoryPeak(meter)
  wantCpu(engine, container, level.cpuMillis)
  setMemory(meter, level, self.now)
  const peak = memoryPeak(meter)
  if (peak !== before || level.memoryGrowth > 0) {
    state.memoryPeak += peak - before
    considerMachine(engine)
  }
  if (meter.event !== undefined) self.cancel(meter.event)
  delete meter.event
  if (config.memoryLimitBytes === undefined) return false
  const afterMs = reachesAfterMs(meter, config.memoryLimitBytes, self.now)
  if (afterMs === undefined) return false
  if (afterMs === 0) return true
  meter.event = self.schedule(afterMs, 'memory-limit', container.id)
  return false
}

/** A container has ended: what it had is free. */
export function dropUsage(engine: Engine, container: Container): void {
  const { self, state } = engine
  const { meter } = container
  if (container.state === 'exited') return
  if (meter.event !== undefined) self.cancel(meter.event)
  delete meter.event
  const before = memoryPeak(meter)
  wantCpu(engine, container, 0)
  setMemory(meter, { cpuMillis: 0, memoryBytes: 0, memoryGrowth: 0, memoryMost: 0 }, self.now)
  meter.doneAt = Math.min(meter.doneAt, self.now)
  state.endedCpuMs += cpuMsAt(meter, self.now)
  state.memoryPeak -= before
  if (before > 0) considerMachine(engine)
}

function levelOf(engine: Engine, container: Container, sandbox: Sandbox): Level {
  let cpuMillis = 0
  let memoryBytes = 0
  let memoryGrowth = 0
  let most = 0
  for (const record of container.processes.values()) {
    const found = findProgram(imageOf(engine, container), [record.program])
    if (!found) continue
    const program = stagedProgram(container, record, found.program)
    const used = program.usage?.(new RunningProcess(engine, container, record, sandbox))
    cpuMillis += used?.cpuMillis ?? 0
    const bytes = used?.memoryBytes ?? leastBytes
    memoryBytes += bytes
    memoryGrowth += used?.memoryGrowth ?? 0
    most += used?.memoryGrowth ? (used.memoryMost ?? noEnd) : bytes
  }
  return { cpuMillis, memoryBytes, memoryGrowth, memoryMost: Math.min(most, noEnd) }
}
