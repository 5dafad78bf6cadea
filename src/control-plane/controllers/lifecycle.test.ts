import { describe, expect, it } from 'vitest'
import { DaemonSet } from '../../api/apps/daemonset.ts'
import { Deployment } from '../../api/apps/deployment.ts'
import { ReplicaSet } from '../../api/apps/replicaset.ts'
import { Lease } from '../../api/coordination/lease.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import { ServiceAccount } from '../../api/core/serviceaccount.ts'
import { EndpointSlice } from '../../api/discovery/endpointslice.ts'
import { deployment, labels, service } from '../../testing/builders.ts'
import { type ControlPlane, controlPlane } from '../../testing/control-plane.ts'
import { controllers } from './index.ts'

const container = { name: 'app', image: 'registry.example/web:1' }

function addNode(cluster: ControlPlane, name: string): void {
  const conditions = [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }]
  cluster.api.create(Node, { metadata: { name }, status: { conditions, capacity: { cpu: '4' } } })
}

/** Binds what is unbound and makes it run, as scheduler and kubelets would. */
function runPods(cluster: ControlPlane, node: string): void {
  for (const pod of cluster.api.list(Pod)) {
    if (pod.spec.nodeName) continue
    const { name, namespace } = pod.metadata
    const body = { metadata: { name }, target: { kind: 'Node', name: node } }
    cluster.api.send({ verb: 'create', kind: Pod, name, ...(namespace && { namespace }), subresource: 'binding', body })
  }
  let last = 1
  for (const pod of cluster.api.list(Pod)) {
    last++
    if (pod.status.podIP || pod.metadata.deletionTimestamp) continue
    const podIP = `172.16.1.${last}`
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-15T09:00:01Z' }]
    const status = { ...pod.status, phase: 'Running' as const, podIP, podIPs: [{ ip: podIP }], conditions }
    cluster.api.updateStatus(Pod, { ...pod, status })
  }
}

describe('[B1] controllers together', () => {
  it('give a new namespace its account and certificate, and empty it when it is deleted', () => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(Namespace, { metadata: { name: 'lab' } })
    cluster.runFor(1_000)
    expect(cluster.get(ServiceAccount, 'default', 'lab').metadata.uid).not.toBe('')
    const web = deployment('web', { replicas: 2 })
    cluster.api.create(Deployment, { ...web, metadata: { name: 'web', namespace: 'lab' } })
    cluster.runFor(1_000)
    expect(cluster.api.list(Pod, 'lab')).toHaveLength(2)
    cluster.api.delete(Namespace, { metadata: { name: 'lab' } })
    cluster.runFor(4_000)
    expect(cluster.api.list(Pod, 'lab')).toHaveLength(2)
    cluster.runFor(60_000)
    expect(cluster.api.find(Namespace, 'lab')).toBeUndefined()
    expect(cluster.api.list(Deployment)).toEqual([])
  })

  it('give each node a range of Pod addresses of its own, and a freed one only when the others have been used', () => {
    const cluster = controlPlane({ controllers })
    for (const name of ['n1', 'n2']) addNode(cluster, name)
    cluster.runFor(1_000)
    expect(cluster.api.list(Node).map(node => node.spec.podCIDR)).toEqual(['172.16.0.0/24', '172.16.1.0/24'])
    cluster.api.delete(Node, { metadata: { name: 'n2' } })
    cluster.runFor(1_000)
    addNode(cluster, 'n3')
    cluster.runFor(1_000)
    expect(cluster.get(Node, 'n3').spec.podCIDR).toBe('172.16.2.0/24')
  })

  it('write the Pods of a Service into its EndpointSlice, and one placeholder while there are none', () => {
    const cluster = controlPlane({ controllers })
    addNode(cluster, 'n1')
    cluster.api.create(Service, service('web'))
    cluster.runFor(1_000)
    const [placeholder, ...more] = cluster.api
      .list(EndpointSlice, 'default')
      .filter(({ metadata }) => metadata.name.startsWith('web-'))
    expect(more).toEqual([])
    expect(placeholder).toMatchObject({ endpoints: [], addressType: 'IPv4' })
    cluster.api.create(Deployment, deployment('web', { replicas: 3 }))
    cluster.runFor(1_000)
    runPods(cluster, 'n1')
    cluster.runFor(1_000)
    const slice = cluster.get(EndpointSlice, placeholder?.metadata.name ?? '')
    expect(slice.endpoints?.map(({ conditions, nodeName }) => [conditions.ready, nodeName])).toEqual([
      [true, 'n1'],
      [true, 'n1'],
      [true, 'n1'],
    ])
    expect(slice.ports).toEqual([{ name: '', port: 80, protocol: 'TCP' }])
  })

  it('divide 250 Pods among slices of a hundred', () => {
    const cluster = controlPlane({ controllers })
    addNode(cluster, 'n1')
    cluster.api.create(Service, service('web'))
    cluster.api.create(Deployment, deployment('web', { replicas: 250 }))
    cluster.runFor(60_000)
    runPods(cluster, 'n1')
    cluster.runFor(60_000)
    const slices = cluster.api.list(EndpointSlice, 'default').filter(({ metadata }) => metadata.name.startsWith('web-'))
    const sizes = slices.map(({ endpoints }) => endpoints?.length ?? 0)
    expect(sizes.reduce((a, b) => a + b)).toBe(250)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(100)
  })

  it('declare a silent node Unknown, taint it, and drive its Pods off', () => {
    const cluster = controlPlane({ controllers })
    for (const name of ['n1', 'n2']) addNode(cluster, name)
    const web = deployment('web', { replicas: 1 })
    const tolerations = ['not-ready', 'unreachable'].map(reason => ({
      key: `node.kubernetes.io/${reason}`,
      operator: 'Exists' as const,
      effect: 'NoExecute' as const,
      tolerationSeconds: 10,
    }))
    const template = { metadata: { labels }, spec: { tolerations, containers: [container] } }
    cluster.api.create(Deployment, { ...web, spec: { ...web.spec, template } })
    cluster.runFor(1_000)
    runPods(cluster, 'n1')
    const renew = (): void => {
      const renewTime = new Date(cluster.simulation.now).toISOString().replace('Z', '000Z')
      const lease = cluster.api.find(Lease, 'n2', 'kube-node-lease')
      if (lease) cluster.api.update(Lease, { ...lease, spec: { ...lease.spec, renewTime } })
      else cluster.api.create(Lease, { metadata: { name: 'n2', namespace: 'kube-node-lease' }, spec: { renewTime } })
    }
    for (let second = 0; second < 60; second += 5) {
      renew()
      cluster.runFor(5_000)
    }
    const lost = cluster.get(Node, 'n1')
    expect(lost.status.conditions?.[0]).toMatchObject({ status: 'Unknown', reason: 'NodeStatusUnknown' })
    expect(lost.spec.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual([
      'node.kubernetes.io/unreachable:NoSchedule',
      'node.kubernetes.io/unreachable:NoExecute',
    ])
    expect(cluster.get(Node, 'n2').spec.taints).toBeUndefined()
    for (let second = 0; second < 10; second += 5) {
      renew()
      cluster.runFor(5_000)
    }
    expect(cluster.events).toContain('Normal NodeNotReady: Node n1 status is now: NodeNotReady')
    expect(cluster.events.join('\n')).toMatch(/TaintManagerEviction: Marking for deletion Pod default\/web-/)
    expect(cluster.api.list(Pod).filter(pod => pod.metadata.deletionTimestamp === undefined)).toHaveLength(1)
    expect(cluster.api.list(Pod)).toHaveLength(2)
  })

  it('run a daemon on each node, also on one that joins later', () => {
    const cluster = controlPlane({ controllers })
    for (const name of ['n1', 'n2']) addNode(cluster, name)
    const template = { metadata: { labels }, spec: { containers: [container] } }
    const spec = { selector: { matchLabels: labels }, template }
    cluster.api.create(DaemonSet, { metadata: { name: 'agent', namespace: 'default' }, spec })
    cluster.runFor(1_000)
    expect(cluster.api.list(Pod)).toHaveLength(2)
    addNode(cluster, 'n3')
    cluster.runFor(1_000)
    expect(cluster.api.list(Pod)).toHaveLength(3)
    expect(cluster.get(DaemonSet, 'agent').status).toMatchObject({
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
    })
  })

  it('count a daemon as misplaced while a taint repels it, and no longer once the taint is gone', () => {
    const cluster = controlPlane({ controllers })
    addNode(cluster, 'n1')
    const template = { metadata: { labels }, spec: { containers: [container] } }
    const spec = { selector: { matchLabels: labels }, template }
    cluster.api.create(DaemonSet, { metadata: { name: 'agent', namespace: 'default' }, spec })
    cluster.runFor(1_000)
    const taint = (taints: readonly object[]): void => {
      cluster.api.patch(Node, { metadata: { name: 'n1' } }, 'merge', { spec: { taints } })
      cluster.runFor(1_000)
    }
    taint([{ key: 'lab', effect: 'NoSchedule' }])
    runPods(cluster, 'n1') // The taint wakes nobody, as the Pod may stay; its start does.
    cluster.runFor(1_000)
    const counts = (): unknown => cluster.get(DaemonSet, 'agent').status
    expect(counts()).toMatchObject({ desiredNumberScheduled: 0, numberMisscheduled: 1 })
    taint([])
    expect(counts()).toMatchObject({ desiredNumberScheduled: 1, numberMisscheduled: 0, numberReady: 1 })
  })
})

describe('[B7] garbage collector', () => {
  const start = (): ControlPlane => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(Deployment, deployment('web', { replicas: 2 }))
    cluster.runFor(1_000)
    return cluster
  }
  const web = { metadata: { name: 'web', namespace: 'default' } }

  it('deletes dependents in the background after their owner', () => {
    const cluster = start()
    cluster.api.delete(Deployment, web)
    expect(cluster.api.find(Deployment, 'web', 'default')).toBeUndefined()
    expect(cluster.api.list(ReplicaSet)).toHaveLength(1)
    cluster.runFor(1_000)
    expect(cluster.api.list(ReplicaSet)).toEqual([])
    expect(cluster.api.list(Pod)).toEqual([])
  })

  it('keeps an owner that is deleted in the foreground until its dependents are gone', () => {
    const cluster = start()
    runPods(cluster, 'n1')
    cluster.api.delete(Deployment, web, { propagationPolicy: 'Foreground' })
    cluster.runFor(1_000)
    expect(cluster.get(Deployment, 'web').metadata.finalizers).toEqual(['foregroundDeletion'])
    const pods = cluster.api.list(Pod)
    expect(pods.map(pod => pod.metadata.deletionTimestamp !== undefined)).toEqual([true, true])
    for (const pod of pods) cluster.api.delete(Pod, pod, { gracePeriodSeconds: 0 })
    cluster.runFor(1_000)
    expect(cluster.api.find(Deployment, 'web', 'default')).toBeUndefined()
  })

  it('leaves orphans when told to', () => {
    const cluster = start()
    cluster.api.delete(Deployment, web, { propagationPolicy: 'Orphan' })
    cluster.runFor(1_000)
    expect(cluster.api.find(Deployment, 'web', 'default')).toBeUndefined()
    expect(cluster.api.list(ReplicaSet).map(rs => rs.metadata.ownerReferences)).toEqual([undefined])
    expect(cluster.api.list(Pod)).toHaveLength(2)
  })

  it('deletes what comes with an owner that does not exist', () => {
    const cluster = start()
    const ownerReferences = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'gone', uid: 'no-such-uid' }]
    cluster.api.create(Pod, {
      metadata: { name: 'child', namespace: 'default', ownerReferences },
      spec: { containers: [container] },
    })
    cluster.runFor(1_000)
    expect(cluster.api.find(Pod, 'child', 'default')).toBeUndefined()
  })
})
