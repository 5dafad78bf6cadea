import { describe, expect, it } from 'vitest'
import { Deployment } from '../api/apps/deployment.ts'
import { controlPlane } from '../testing/control-plane.ts'
import { controllers } from '../control-plane/controllers/index.ts'
import { Pod } from '../api/core/pod.ts'
import { Service } from '../api/core/service.ts'
import { keyOf, type ApiObject } from '../machinery/object.ts'
import type { Kind } from '../machinery/kind.ts'
import { motionOf, markOf } from './motions.ts'
import { newScene, type ObjectChange, updateScene } from './scene.ts'

const machine = {
  name: 'w1-k8s',
  address: '192.168.1.101',
  role: 'worker' as const,
  on: true,
  kubeletRuns: true,
  cut: false,
  cpu: '2',
  memory: '2560Mi',
  installing: false,
}
const infrastructure = { machines: [machine], components: [] }

function changeOf(kind: Kind, object: ApiObject, exists = true): ObjectChange {
  return { resource: kind.resource, key: keyOf(object), next: exists ? object : undefined }
}

/** A Deployment of two Pods behind a Service, as the API server and the controllers made them. */
function world(): { changes: ObjectChange[]; pods: Pod[] } {
  const cluster = controlPlane({ controllers })
  const labels = { app: 'web' }
  cluster.api.create(Service, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: labels, ports: [{ port: 80 }] },
  })
  cluster.api.create(Deployment, {
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  })
  cluster.runFor(5_000)
  cluster.markReady(Pod)
  cluster.runFor(5_000)
  const pods = cluster.api.list(Pod, 'default')
  const changes = [
    ...pods.map(pod => changeOf(Pod, pod)),
    ...cluster.api.list(Deployment, 'default').map(object => changeOf(Deployment, object)),
    ...cluster.api.list(Service, 'default').map(object => changeOf(Service, object)),
  ]
  return { changes, pods }
}

describe('[J1] scene', () => {
  it('tells the page everything once, and afterwards only what changed', () => {
    const { changes, pods } = world()
    const scene = newScene()
    const first = updateScene(scene, changes, infrastructure)
    const types = new Set(first.items.map(item => item.type))
    expect([...types].sort()).toEqual(['machine', 'outside', 'pod', 'service', 'workload'])
    expect(first.items.filter(item => item.type === 'pod')).toHaveLength(2)
    expect(updateScene(scene, changes, infrastructure)).toEqual({
      items: [],
      removedItems: [],
      relations: [],
      removedRelations: [],
    })

    const [pod] = pods
    if (!pod) throw new Error('there is no Pod')
    const failed = { ...pod, status: { ...pod.status, phase: 'Failed' as const, reason: 'Evicted' } }
    const second = updateScene(scene, [changeOf(Pod, failed)], infrastructure)
    expect(second.items).toMatchObject([{ id: `pod/${pod.metadata.uid}`, status: 'Evicted', tone: 'bad' }])
    const third = updateScene(scene, [changeOf(Pod, pod, false)], infrastructure)
    expect(third.removedItems).toEqual([`pod/${pod.metadata.uid}`])
    expect(third.removedRelations).toHaveLength(1)
  })

  it('keeps an object in its place among its siblings as long as it lives, and gives another to its successor', () => {
    const { changes, pods } = world()
    const scene = newScene()
    updateScene(scene, changes, infrastructure)
    const [pod] = pods
    if (!pod) throw new Error('there is no Pod')
    const before = scene.items.get(`pod/${pod.metadata.uid}`)?.order
    updateScene(scene, [changeOf(Pod, { ...pod, metadata: { ...pod.metadata, labels: { app: 'x' } } })], infrastructure)
    expect(scene.items.get(`pod/${pod.metadata.uid}`)?.order).toBe(before)
    updateScene(scene, [changeOf(Pod, pod, false)], infrastructure)
    const successor = { ...pod, metadata: { ...pod.metadata, uid: 'another' } }
    updateScene(scene, [changeOf(Pod, successor)], infrastructure)
    expect(scene.items.get('pod/another')?.order).toBeGreaterThan(before ?? Infinity)
  })

  it('says what is wrong with a machine whatever its Node says', () => {
    const scene = newScene()
    const statusOf = (change: Partial<typeof machine>): unknown => {
      updateScene(scene, [], { machines: [{ ...machine, ...change }], components: [] })
      const { tone, status } = scene.items.get('machine/w1-k8s') ?? {}
      return { tone, status }
    }
    expect(statusOf({})).toEqual({ tone: 'busy', status: 'Booting' })
    expect(statusOf({ on: false })).toEqual({ tone: 'bad', status: 'Off' })
    expect(statusOf({ on: false, installing: true })).toEqual({ tone: 'idle', status: 'Off' })
    expect(statusOf({ cut: true })).toEqual({ tone: 'bad', status: 'Cut off' })
    expect(statusOf({ kubeletRuns: false })).toEqual({ tone: 'bad', status: 'Kubelet stopped' })
  })
})

describe('[A14] motions', () => {
  const entry = { seq: 7, at: 1000, by: 'kube-apiserver/m-k8s' }
  const target = { resource: 'pods', namespace: 'default', name: 'web' }
  const request = { verb: 'create', target, user: 'x', userAgent: 'y', stages: [] }

  it('shows a request from whoever asked to the server that answered, and none that came from nowhere', () => {
    const data = { ...request, code: 201, from: 'kube-scheduler/m-k8s' }
    expect(motionOf({ ...entry, type: 'request', data })).toMatchObject({
      flow: 'control',
      from: 'component/kube-scheduler/m-k8s',
      to: 'component/kube-apiserver/m-k8s',
      label: 'create pods/web',
      tone: 'good',
      trace: 7,
    })
    expect(motionOf({ ...entry, type: 'request', data: { ...data, from: 'kubelet/w1-k8s', code: 409 } })).toMatchObject(
      {
        from: 'machine/w1-k8s',
        tone: 'warning',
      },
    )
    expect(motionOf({ ...entry, type: 'request', data: { ...request, code: 201 } })).toBeUndefined()
    const byHand = { ...request, code: 201, userAgent: 'kubectl/v1.36.2 (linux/amd64) kubernetes/abc' }
    expect(motionOf({ ...entry, type: 'request', data: byHand })?.from).toBe('machine/workstation')
  })

  it('marks inputs and faults on the timeline and nothing else', () => {
    expect(markOf({ ...entry, type: 'input', data: { number: 1, what: 'apply web.yaml' } })).toMatchObject({
      type: 'input',
      label: 'apply web.yaml',
    })
    expect(markOf({ ...entry, type: 'fault', data: { what: 'stop-machine', target: 'w1-k8s' } })).toMatchObject({
      type: 'fault',
      label: 'stop-machine w1-k8s',
    })
    expect(markOf({ ...entry, type: 'probe', data: {} })).toBeUndefined()
  })
})
