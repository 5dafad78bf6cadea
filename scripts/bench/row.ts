/** One figure. With a bar it is held to it: `most` is an upper limit, `least` a lower one. */
export interface Row {
  name: string
  value: number
  unit: string
  bar?: number
  ok?: boolean
}

/** A file of scripts/bench/ exports these two. */
export interface BenchCase {
  name: string
  /** Takes minutes: measured only when it is named. */
  isLong?: boolean
  run(): Promise<Row[]>
}

/** A figure that must not exceed its bar. */
export function atMost(name: string, value: number, unit: string, bar: number): Row {
  return { name, value, unit, bar, ok: value <= bar }
}

/** A figure that must reach its bar. */
export function atLeast(name: string, value: number, unit: string, bar: number): Row {
  return { name, value, unit, bar, ok: value >= bar }
}

/** The middle of several runs: one run that shared the processor with something else does not move it. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** CPU and wall seconds of one call, and what it returned. */
export function timed<T>(work: () => T): { cpuS: number; wallS: number; result: T } {
  const cpu = process.cpuUsage()
  const began = performance.now()
  const result = work()
  const wallS = (performance.now() - began) / 1000
  const { user, system } = process.cpuUsage(cpu)
  return { cpuS: (user + system) / 1e6, wallS, result }
}

/** The medians of `times` runs of the same work. */
export function medianOf(times: number, work: () => unknown): { cpuS: number; wallS: number } {
  const runs = Array.from({ length: times }, () => timed(work))
  return { cpuS: median(runs.map(run => run.cpuS)), wallS: median(runs.map(run => run.wallS)) }
}
