import { describe, expect, it } from 'vitest'
import { Deployment } from '../api/apps/deployment.ts'
import { Service } from '../api/core/service.ts'
import { Ingress } from '../api/networking/ingress.ts'
import { isEvidence } from '../machinery/evidence.ts'
import { Cluster } from './cluster.ts'
import type { Fault } from './faults.ts'
import { defaultTopology } from './topology.ts'

const nodePort = 'http://192.168.1.103:30000/'
const ingress = 'http://192.168.1.103:30100/'

/** The lab of the seed notes with four echo-hname Pods behind a node port and an Ingress. */
class Lab {
  readonly cluster = new Cluster({ seed: 1, topology: defaultTopology, startMs: Date.UTC(2026, 0, 15, 9) })

  constructor() {
    for (let i = 0; i < 300 && !this.cluster.isBooted(); i++) this.run(1)
    const { api } = this.cluster
    const [name, namespace] = ['np-pods', 'default']
    const labels = { app: name }
    const containers = [{ name: 'echo', image: 'sysnet4admin/echo-hname' }]
    const template = { metadata: { labels }, spec: { containers } }
    api.create(Deployment, {
      metadata: { name, namespace },
      spec: { replicas: 4, selector: { matchLabels: labels }, template },
    })
    const ports = [{ port: 80, protocol: 'TCP' as const, targetPort: 80, nodePort: 30000 }]
    api.create(Service, {
      metadata: { name: 'np-svc', namespace },
      spec: { type: 'NodePort', selector: labels, ports },
    })
    const backend = { service: { name: 'np-svc', port: { number: 80 } } }
    const rules = [{ http: { paths: [{ path: '/', pathType: 'Prefix' as const, backend }] } }]
    api.create(Ingress, { metadata: { name, namespace }, spec: { rules } })
    this.run(60)
  }

  run(seconds: number): void {
    const { simulation } = this.cluster
    simulation.runUntil(simulation.now + seconds * 1_000)
  }

  break(fault: Fault): void {
    this.cluster.applyFault(fault)
  }

  /** How ten visits of a URL ended, each way once. */
  visit(url: string): unknown[] {
    const { trace } = this.cluster.simulation
    const from = trace.end
    this.cluster.visit({ from: 'outside', url, count: 10, intervalMs: 100 })
    this.run(12)
    const ends = trace.since(from).flatMap(entry => {
      if (!isEvidence(entry, 'exchange') || entry.data.phase === 'begin' || entry.data.from !== 'outside') return []
      return [entry.data.status ?? entry.data.error]
    })
    expect(ends).toHaveLength(10)
    return [...new Set(ends)]
  }
}

describe('[B7] a Service', () => {
  it('is served while nodes and masters come and go, and stops when its Pods do', () => {
    const lab = new Lab()
    expect([lab.visit(nodePort), lab.visit(ingress)]).toEqual([[200], [200]])
    lab.break({ what: 'stop-machine', target: 'w1-k8s' })
    lab.run(400)
    expect([lab.visit(nodePort), lab.visit(ingress)]).toEqual([[200], [200]])
    lab.break({ what: 'start-machine', target: 'w1-k8s' })
    lab.break({ what: 'stop-machine', target: 'm-k8s' })
    expect([lab.visit(nodePort), lab.visit(ingress)]).toEqual([[200], [200]])
    lab.break({ what: 'start-machine', target: 'm-k8s' })
    lab.run(180)
    expect([lab.visit(nodePort), lab.visit(ingress)]).toEqual([[200], [200]])
    lab.cluster.api.delete(Deployment, { metadata: { name: 'np-pods', namespace: 'default' } })
    lab.run(60)
    expect([lab.visit(nodePort), lab.visit(ingress)]).toEqual([['connection refused'], [503]])
  })

  it('of a node that is cut off is served on by the others when its Pods have moved', () => {
    const lab = new Lab()
    lab.break({ what: 'cut-network', target: 'w2-k8s' })
    lab.run(400)
    expect(lab.visit(nodePort)).toEqual([200])
    expect(lab.visit('http://192.168.1.102:30000/')).toEqual(['connect timed out'])
    lab.break({ what: 'mend-network', target: 'w2-k8s' })
    lab.run(120)
    expect(lab.visit('http://192.168.1.102:30000/')).toEqual([200])
  })
})
