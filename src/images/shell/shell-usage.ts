import type { Usage } from '../../node/runtime/program.ts'
import type { ShellState } from '../../shell/state.ts'

const mebibyte = 2 ** 20

/** What a shell uses with all that it has started: a script that never waits takes a core, `tail /dev/zero` all memory. */
export function shellUsage(
  { shell, busyRuns }: { readonly shell: ShellState; readonly busyRuns: number },
  now: number,
  below: readonly Usage[],
): Usage {
  let cpuMillis = busyRuns > 0 ? 1_000 : 0
  let memoryBytes = mebibyte
  let memoryGrowth = 0
  for (const { waiting } of shell.processes.values()) {
    if (waiting?.for !== 'time' || !waiting.load) continue
    const { load, since = now } = waiting
    cpuMillis += load.cpuMillis
    memoryGrowth += load.memoryGrowth ?? 0
    memoryBytes += Math.round(((load.memoryGrowth ?? 0) * (now - since)) / 1_000)
  }
  for (const used of below) {
    cpuMillis += used.cpuMillis
    memoryBytes += used.memoryBytes
    memoryGrowth += used.memoryGrowth ?? 0
  }
  return { cpuMillis, memoryBytes, ...(memoryGrowth > 0 && { memoryGrowth }) }
}
