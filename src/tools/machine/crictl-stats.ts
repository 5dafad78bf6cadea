import type { Outcome, ProgramCall } from '../../shell/host.ts'
import { columns } from './columns.ts'
import type { ContainerUse, MachineView } from './machine-view.ts'

/** How long it measures (`--seconds`). */
const defaultSeconds = 1

/** What was used when it began to measure. */
interface Memory {
  readonly at: number
  readonly before: readonly ContainerUse[]
}

/** `crictl stats`: what containers use, measured over a second (cri-tools/cmd/crictl/stats.go). */
export function containerStats(view: MachineView, call: ProgramCall): Outcome {
  const words = call.argv.slice(call.argv.indexOf('stats') + 1)
  const [wanted = ''] = words.filter(word => !word.startsWith('-'))
  const { memory } = call
  if (!isMemory(memory)) {
    call.memory = { at: call.host.now, before: view.use() } satisfies Memory
    return { wait: 'time', ms: defaultSeconds * 1_000 }
  }
  const names = new Map(view.containers().map(({ id, name }) => [id, name]))
  const old = new Map(memory.before.map(each => [each.id, each]))
  const rows = view
    .use()
    .filter(({ id }) => id.startsWith(wanted))
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, cpuMs, memoryBytes, diskBytes, inodes }) => {
      const percent = (100 * (cpuMs - (old.get(id)?.cpuMs ?? cpuMs))) / Math.max(call.host.now - memory.at, 1)
      return [
        ...[id.slice(0, 13), names.get(id) ?? '', percent.toFixed(2), humanSize(memoryBytes), humanSize(diskBytes)],
        ...[String(inodes), '0B'],
      ]
    })
  call.out(columns([['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES', 'SWAP'], ...rows], 4))
  return { exit: 0 }
}

/** Four digits and a unit of thousands, as docker's units package writes sizes. */
function humanSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let [size, unit] = [bytes, 0]
  while (size >= 1_000 && unit < units.length - 1) [size, unit] = [size / 1_000, unit + 1]
  return `${Number(size.toPrecision(4))}${units[unit] ?? ''}`
}

function isMemory(memory: unknown): memory is Memory {
  return typeof memory === 'object' && memory !== null && 'before' in memory
}
