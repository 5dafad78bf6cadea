import { describe, expect, it } from 'vitest'
import { isReady, Pod } from '../api/core/pod.ts'
import { isEvidence } from '../machinery/evidence.ts'
import { Cluster } from './cluster.ts'
import { defaultTopology } from './topology.ts'

function booted(): Cluster {
  const cluster = new Cluster({ seed: 1, topology: defaultTopology, startMs: Date.UTC(2026, 0, 15, 9) })
  for (let i = 0; i < 300 && !cluster.isBooted(); i++) run(cluster, 1_000)
  expect(cluster.isBooted()).toBe(true)
  return cluster
}

function run(cluster: Cluster, ms: number): void {
  cluster.simulation.runUntil(cluster.simulation.now + ms)
}

function start(cluster: Cluster, name: string, nodeName: string): void {
  const containers = [{ name: 'web', image: 'nginx' }]
  cluster.api.create(Pod, { metadata: { name, namespace: 'default' }, spec: { nodeName, containers } })
}

function runs(cluster: Cluster, name: string): boolean {
  const pod = cluster.api.find(Pod, name, 'default')
  return pod !== undefined && isReady(pod)
}

describe('[J8] watches', () => {
  it('of a node that is cut off bring nothing until it is back', () => {
    const cluster = booted()
    cluster.applyFault({ what: 'cut-network', target: 'w1-k8s' })
    run(cluster, 100)
    const { trace } = cluster.simulation
    const cutAt = trace.end
    start(cluster, 'web', 'w1-k8s')
    run(cluster, 120_000)
    const told = trace.since(cutAt).flatMap(entry => (isEvidence(entry, 'watch') ? [entry.data.to] : []))
    expect(told).toContain('kubelet/w2-k8s')
    expect(told).not.toContain('kubelet/w1-k8s')
    cluster.applyFault({ what: 'mend-network', target: 'w1-k8s' })
    run(cluster, 60_000)
    expect(runs(cluster, 'web')).toBe(true)
  })

  it.each(['kill', 'power'] as const)('are taken up again after the API server was away (%s)', how => {
    const cluster = booted()
    if (how === 'kill') {
      cluster.applyFault({ what: 'kill-container', target: 'kube-apiserver-m-k8s', namespace: 'kube-system' })
      run(cluster, 30_000)
    } else {
      cluster.applyFault({ what: 'stop-machine', target: 'm-k8s' })
      run(cluster, 5_000)
      cluster.applyFault({ what: 'start-machine', target: 'm-k8s' })
      run(cluster, 120_000)
    }
    start(cluster, 'web', 'w2-k8s')
    run(cluster, 60_000)
    expect(runs(cluster, 'web')).toBe(true)
  })
})
