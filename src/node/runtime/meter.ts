/**
 * What a container has used, counted so that nothing has to tick: a level that holds since a moment, and the work of
 * requests as a queue that empties at the container's pace. Everything is read by asking for a time. Models what cgroup v2
 * counts (cpu.stat, memory.current) and what CFS quotas do.
 */
export interface Meter {
  /** When steady use was counted last, and how many ms of one core it had cost by then. */
  at: number
  steadyMs: number
  /** CPU that its processes would use all the time if it was there, up to the limit. */
  wantedMillis: number
  /** CPU that is used all the time; and while requests are worked on, which get a share in any case. */
  cpuMillis: number
  cpuMillisBesides: number
  /** ms of one core that all requests cost. */
  workMs: number
  /** When the last of them is done, at `pace` cores. */
  doneAt: number
  pace: number
  /** What it had of memory at a moment, and how that goes on. */
  memorySince: number
  memoryBytes: number
  memoryGrowth: number
  memoryMost: number
  /** The event that looks at the memory when growth has come to the limit. */
  event?: number
}

/** How much a container wants from now on: the sum over its processes. */
export interface Level {
  readonly cpuMillis: number
  readonly memoryBytes: number
  readonly memoryGrowth: number
  readonly memoryMost: number
}

/** cpu.cfs_period_us: a container may use its quota of so many ms at once. */
const periodMs = 100
/** What steady use leaves to requests, when it takes all that there is. */
const leastShare = 0.05

export function newMeter(now: number): Meter {
  return {
    ...{ at: now, steadyMs: 0, wantedMillis: 0, cpuMillis: 0, cpuMillisBesides: 0, workMs: 0, doneAt: now, pace: 1 },
    ...{ memorySince: now, memoryBytes: 0, memoryGrowth: 0, memoryMost: 0 },
  }
}

/**
 * Sets what CPU is used from now on: `cpuMillis` all the time, and `mostMillis` with requests, which is the container's
 * limit or its part of a machine that has too much to do.
 */
export function setCpu(meter: Meter, cpuMillis: number, mostMillis: number, now: number): void {
  const backlogMs = backlog(meter, now)
  meter.steadyMs = steadyUntil(meter, now)
  meter.at = now
  meter.cpuMillis = Math.min(cpuMillis, mostMillis)
  meter.cpuMillisBesides = Math.min(cpuMillis, mostMillis * (1 - leastShare))
  meter.pace = (mostMillis - meter.cpuMillisBesides) / 1_000
  if (backlogMs > 0) meter.doneAt = now + backlogMs / meter.pace
}

export function setMemory(meter: Meter, { memoryBytes, memoryGrowth, memoryMost }: Level, now: number): void {
  meter.memorySince = now
  meter.memoryBytes = memoryBytes
  meter.memoryGrowth = memoryGrowth
  meter.memoryMost = Math.max(memoryMost, memoryBytes)
}

/**
 * Adds the work of a request, in ms of one core, and returns after how many ms it is done: one core does no more than a
 * ms of work in a ms, and what is beyond the quota waits for the next periods.
 */
export function addWork(meter: Meter, cpuMs: number, now: number): number {
  meter.steadyMs = steadyUntil(meter, now)
  meter.at = now
  meter.workMs += cpuMs
  meter.doneAt = Math.max(meter.doneAt, now) + cpuMs / meter.pace
  return Math.max(cpuMs, meter.doneAt - now - periodMs)
}

/** CPU time used until a moment, in ms of one core. */
export function cpuMsAt(meter: Meter, now: number): number {
  return steadyUntil(meter, now) + meter.workMs - backlog(meter, now)
}

export function memoryAt(meter: Meter, now: number): number {
  if (meter.memoryGrowth === 0) return meter.memoryBytes
  const grown = meter.memoryBytes + (meter.memoryGrowth * (now - meter.memorySince)) / 1_000
  return Math.min(Math.round(grown), meter.memoryMost)
}

/** What the memory comes to if nothing happens any more. */
export function memoryPeak({ memoryBytes, memoryGrowth, memoryMost }: Meter): number {
  return memoryGrowth > 0 ? memoryMost : memoryBytes
}

/** After how many ms the memory will be above an amount; undefined if it never will. */
export function reachesAfterMs(meter: Meter, bytes: number, now: number): number | undefined {
  if (memoryPeak(meter) <= bytes) return undefined
  const missing = bytes - memoryAt(meter, now)
  return missing < 0 ? 0 : Math.ceil((missing * 1_000) / meter.memoryGrowth) + 1
}

function steadyUntil({ steadyMs, cpuMillis, cpuMillisBesides, at, doneAt }: Meter, now: number): number {
  const besidesMs = Math.min(Math.max(doneAt - at, 0), now - at)
  return steadyMs + (cpuMillisBesides * besidesMs + cpuMillis * (now - at - besidesMs)) / 1_000
}

function backlog({ doneAt, pace }: Meter, now: number): number {
  return Math.max(0, doneAt - now) * pace
}
