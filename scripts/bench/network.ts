import { LanLab } from '../../src/testing/lan-lab.ts'
import { atMost, type Row, timed } from './row.ts'

export const name = 'network'

const requests = 10_000

/** What a thousand requests a second through a node port to one of three Pods cost, in CPU seconds a virtual second. */
export function run(): Promise<Row[]> {
  const lan = new LanLab()
  lan.startProxies()
  const ports = [{ port: 80, protocol: 'TCP' as const, targetPort: 80, nodePort: 30000 }]
  lan.serve('web', ['w1', 'w2', 'w3'], { type: 'NodePort', ports })
  const { simulation } = lan
  const open = {
    ...{ from: 'workstation', protocol: 'http', host: '192.168.1.101', port: 30000 },
    ...{ http: { method: 'GET', path: '/', headers: {} }, replyTo: { component: 'client', tag: null } },
  }
  for (let i = 0; i < requests; i++) simulation.schedule('network', i, 'open', open)
  const before = simulation.handled
  const { cpuS } = timed(() => simulation.runUntil(simulation.now + requests + 1_000))
  const answered = lan.answers.filter(answer => answer.ok).length
  if (answered !== requests) throw new Error(`${answered} of ${requests} requests were answered`)
  return Promise.resolve([
    atMost('1,000 requests/s through a node port', cpuS / (requests / 1_000), 'CPU s/s', 0.1),
    { name: 'events a request', value: (simulation.handled - before) / requests, unit: 'events' },
  ])
}
