import { atMost, type Row, timed } from './row.ts'
import { booted, deploy, heapMB } from './cluster.ts'

export const name = 'scale'

export const isLong = true

/** The largest clusters that the project promises: `npm run bench -- scale`. */
const sizes = [{ pods: 30_000, nodes: 1_000, cpuBar: 60, heapBar: 1_024 }]

/** What a large cluster costs while nothing happens in it, and while it starts a Pod for every place it has. */
export function run(): Promise<Row[]> {
  const rows: Row[] = []
  for (const { pods, nodes, cpuBar, heapBar } of sizes) {
    const boot = timed(() => booted(nodes))
    const cluster = boot.result
    rows.push({ name: `installing ${nodes} nodes`, value: boot.cpuS, unit: 'CPU s' })
    const idle = timed(() => cluster.simulation.runUntil(cluster.simulation.now + 60_000))
    rows.push(atMost(`${nodes} idle nodes`, (100 * idle.cpuS) / 60, '% of a core', 5))
    const { cpuS, wallS } = timed(() => deploy(cluster, pods))
    const label = `${pods} Pods on ${nodes} nodes`
    rows.push(atMost(label, cpuS, 'CPU s', cpuBar))
    rows.push({ name: `${label}, wall`, value: wallS, unit: 's' })
    rows.push(atMost(`${label}, heap`, heapMB(), 'MB', heapBar))
  }
  return Promise.resolve(rows)
}
