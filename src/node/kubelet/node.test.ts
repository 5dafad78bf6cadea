import { describe, expect, it } from 'vitest'
import { Lease } from '../../api/coordination/lease.ts'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'
import { newRuntime } from '../runtime/state.ts'
import { newKubelet } from './state.ts'

const cniConfig = '/etc/cni/net.d/10-lab.conflist'
const notReady =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady ' +
  'message:Network plugin returns error: cni plugin not initialized'

describe('[A8] kubelet: its node', () => {
  it('registers its Node as the recordings show one', () => {
    const lab = new NodeLab({ config: { memory: '3003476Ki' } })
    lab.runFor(11_000)
    const { metadata, status } = lab.node()
    expect(metadata.labels).toEqual({
      'beta.kubernetes.io/arch': 'amd64',
      'beta.kubernetes.io/os': 'linux',
      'kubernetes.io/arch': 'amd64',
      'kubernetes.io/hostname': 'w1',
      'kubernetes.io/os': 'linux',
    })
    expect(status.capacity).toEqual({
      cpu: '2',
      'ephemeral-storage': '31811408Ki',
      'hugepages-2Mi': '0',
      memory: '3003476Ki',
      pods: '110',
    })
    expect(status.allocatable?.memory).toBe('2901076Ki')
    expect(status.addresses).toEqual([
      { type: 'InternalIP', address: '192.168.1.101' },
      { type: 'Hostname', address: 'w1' },
    ])
    expect(status.nodeInfo).toMatchObject({
      kubeletVersion: 'v1.36.2',
      osImage: 'Ubuntu 24.04.3 LTS',
      containerRuntimeVersion: 'containerd://2.1.4',
    })
    expect(status.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message])).toEqual([
      ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
      ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
      ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
      ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
    ])
    expect(lab.events('w1')).toContain('Normal Starting: Starting kubelet.')
    expect(lab.events('w1')).toContain('Normal NodeReady: Node w1 status is now: NodeReady')
  })

  it('renews its Lease every ten seconds and reports an unchanged status every five minutes', () => {
    const lab = new NodeLab()
    lab.runFor(20_000)
    const beats = new Set<string>()
    const reports = new Set<string>()
    for (let second = 0; second < 1_200; second++) {
      lab.runFor(1_000)
      beats.add(lab.api.get(Lease, 'w1', 'kube-node-lease').spec?.renewTime ?? '')
      reports.add(lab.node().status.conditions?.[0]?.lastHeartbeatTime ?? '')
    }
    expect(beats.size).toBeGreaterThan(110)
    expect(beats.size).toBeLessThanOrEqual(121)
    expect(reports.size).toBe(5)
    expect(lab.api.get(Lease, 'w1', 'kube-node-lease').spec).toMatchObject({
      holderIdentity: 'w1',
      leaseDurationSeconds: 40,
    })
  })

  it('says that it is ready with its next look when the node controller has given it up', () => {
    const lab = new NodeLab()
    lab.runFor(60_000)
    const ready = (): string | undefined => lab.node().status.conditions?.find(({ type }) => type === 'Ready')?.status
    const patch = { status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } }
    lab.api.patch(Node, { metadata: { name: 'w1' } }, 'strategic', patch, 'status')
    expect(ready()).toBe('Unknown')
    lab.runFor(10_500)
    expect(ready()).toBe('True')
  })

  it('[A11] is not ready until a network plugin is there; Pods wait, those of the host network do not', () => {
    const lab = new NodeLab({ network: false })
    const containers = [{ name: 'nginx', image: 'nginx:1.14' }]
    lab.run('web', { containers })
    lab.run('host', { hostNetwork: true, containers })
    lab.runFor(20_000)
    expect(lab.node().status.conditions?.at(-1)).toMatchObject({
      ...{ type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: notReady },
    })
    expect(lab.pod('host').status).toMatchObject({ phase: 'Running', podIP: '192.168.1.101' })
    expect(lab.pod('web').status.phase).toBe('Pending')
    expect(lab.events('web')).toEqual([`Warning NetworkNotReady: network is not ready: ${notReady}`])

    lab.simulation.schedule('runtime/w1', 0, 'host-file', { path: cniConfig, text: '{}' })
    lab.runFor(12_000)
    expect(lab.pod('web').status).toMatchObject({ phase: 'Running', podIP: '172.16.1.2' })
    expect(lab.node().status.conditions?.at(-1)).toMatchObject({ type: 'Ready', status: 'True' })
  })

  it('refuses a Pod that does not fit, whoever bound it', () => {
    const lab = new NodeLab()
    const resources = { requests: { cpu: '1500m' } }
    lab.run('fits', { containers: [{ name: 'main', image: 'nginx:1.14', resources }] })
    lab.run('late', { containers: [{ name: 'main', image: 'nginx:1.14', resources }] })
    lab.runFor(5_000)
    const why = "Node didn't have enough resource: cpu, requested: 1500, used: 1500, capacity: 2000"
    expect(lab.pod('fits').status.phase).toBe('Running')
    expect(lab.pod('late').status).toMatchObject({
      phase: 'Failed',
      reason: 'OutOfcpu',
      message: `Pod was rejected: ${why}`,
    })
    expect(lab.events('late')).toEqual([`Warning OutOfcpu: ${why}`])

    lab.api.delete(Pod, lab.pod('fits'))
    lab.runFor(5_000)
    lab.run('next', { containers: [{ name: 'main', image: 'nginx:1.14', resources }] })
    lab.runFor(5_000)
    expect(lab.pod('next').status.phase).toBe('Running')
  })

  it('goes on without the API server and tells it everything when it is back', () => {
    const lab = new NodeLab({ images: [tools] })
    const command = ['ends', '0', '10']
    lab.run('task', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'lab/tools:1', command }] })
    lab.runFor(5_000)
    lab.setServer(false)
    lab.runFor(30_000)
    expect([...lab.runtime().containers.values()].map(({ state }) => state)).toEqual(['exited'])
    lab.setServer(true)
    expect(lab.pod('task').status.phase).toBe('Running')
    lab.runFor(15_000)
    expect(lab.pod('task').status.phase).toBe('Succeeded')
  })

  it('finds what happened while its process was away', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    const state = lab.simulation.state('kubelet/w1')
    lab.simulation.remove('kubelet/w1')
    const [container] = lab.runtime().containers.keys()
    lab.simulation.schedule('runtime/w1', 0, 'exit', { container, exitCode: 3 })
    lab.runFor(10_000)
    expect(lab.pod('web').status.containerStatuses?.[0]?.restartCount).toBe(0)

    lab.simulation.add('kubelet/w1', 'kubelet', state)
    lab.simulation.schedule('kubelet/w1', 0, 'start')
    lab.runFor(5_000)
    const [status] = lab.pod('web').status.containerStatuses ?? []
    expect(status).toMatchObject({ ready: true, restartCount: 1, lastState: { terminated: { exitCode: 3 } } })
  })

  it('takes over what runs when it knows nothing any more, and ends what nobody wants', () => {
    const lab = new NodeLab({ images: [tools] })
    const containers = [{ name: 'nginx', image: 'nginx:1.14' }]
    for (const name of ['kept', 'gone']) lab.run(name, { containers })
    const command = ['ends', '5', '1']
    lab.run('crashing', { containers: [{ name: 'main', image: 'lab/tools:1', command }] })
    lab.runFor(6_500)
    const { status } = lab.pod('kept')
    lab.simulation.remove('kubelet/w1')
    lab.api.delete(Pod, lab.pod('gone'), { gracePeriodSeconds: 0 })
    const restarts = lab.pod('crashing').status.containerStatuses?.[0]?.restartCount ?? 0
    expect(restarts).toBeGreaterThan(0)
    lab.runFor(5_000)

    const state = newKubelet({ nodeName: 'w1', addresses: ['192.168.1.101'] }, lab.simulation.now)
    lab.simulation.add('kubelet/w1', 'kubelet', state)
    lab.simulation.schedule('kubelet/w1', 0, 'start')
    lab.runFor(4_000)
    expect(lab.pod('kept').status).toEqual(status)
    const crashing = lab.pod('crashing').status.containerStatuses?.[0]
    expect(crashing?.restartCount).toBe(restarts + 1)
    expect(crashing?.lastState.terminated).toMatchObject({ exitCode: 5 })
    const pods = [...lab.runtime().sandboxes.values()].map(({ config }) => config.pod.name)
    expect(pods).toEqual(['kept', 'crashing'])
  })

  it('starts the Pods of its node again after the machine was started anew', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    const command = ['ends', '1', '2']
    lab.run('task', { restartPolicy: 'Never', containers: [{ name: 'main', image: 'lab/tools:1', command }] })
    lab.runFor(10_000)
    const ended = lab.pod('task').status
    expect(ended.phase).toBe('Failed')
    const nginx = [...lab.runtime().containers.values()].find(({ config }) => config.name === 'nginx')
    lab.simulation.schedule('runtime/w1', 0, 'exit', { container: nginx?.id, exitCode: 3 })
    lab.runFor(2_000)
    expect(lab.pod('web').status.containerStatuses?.[0]?.restartCount).toBe(1)
    for (const name of ['kubelet/w1', 'runtime/w1']) lab.simulation.remove(name)
    lab.runFor(5_000)
    const addresses = ['192.168.1.101']
    lab.simulation.add('runtime/w1', 'runtime', newRuntime({ machine: 'w1', addresses }))
    lab.simulation.add('kubelet/w1', 'kubelet', newKubelet({ nodeName: 'w1', addresses }, lab.simulation.now))
    lab.simulation.schedule('runtime/w1', 0, 'host-file', { path: cniConfig, text: '{}' })
    lab.simulation.schedule('kubelet/w1', 0, 'start')
    lab.runFor(20_000)

    expect(lab.events('web')).toContain('Normal SandboxChanged: Pod sandbox changed, it will be killed and re-created.')
    const [status] = lab.pod('web').status.containerStatuses ?? []
    expect(status).toMatchObject({
      ready: true,
      restartCount: 2,
      lastState: { terminated: { exitCode: 255, reason: 'Unknown' } },
    })
    expect(lab.pod('task').status).toEqual(ended)
    const { bootID } = lab.node().status.nodeInfo
    expect(lab.events('w1')).toContain(`Warning Rebooted: Node w1 has been rebooted, boot id: ${bootID}`)
    lab.api.delete(Pod, lab.pod('task'))
    lab.runFor(2_000)
    expect(lab.find('task')).toBeUndefined()
  })
})

describe('[A8] kubelet: static Pods', () => {
  const manifest = {
    path: '/etc/kubernetes/manifests/etcd.yaml',
    pod: {
      metadata: { name: 'etcd', namespace: 'default' },
      spec: { hostNetwork: true, containers: [{ name: 'etcd', image: 'ghcr.io/lab/etcd:3' }] },
    },
  }

  it('runs them without an API server and shows them in it later', () => {
    const lab = new NodeLab()
    lab.setServer(false)
    lab.simulation.schedule('kubelet/w1', 0, 'manifest', manifest)
    lab.runFor(20_000)
    expect([...lab.runtime().containers.values()].map(({ state }) => state)).toEqual(['running'])

    lab.setServer(true)
    lab.runFor(20_000)
    const { metadata, status } = lab.pod('etcd-w1')
    expect(status).toMatchObject({ phase: 'Running', podIP: '192.168.1.101' })
    expect(metadata.ownerReferences).toMatchObject([{ kind: 'Node', name: 'w1', controller: true }])
    expect(metadata.annotations).toMatchObject({
      'kubernetes.io/config.source': 'file',
      'kubernetes.io/config.mirror': metadata.annotations?.['kubernetes.io/config.hash'],
    })
  })

  it('makes a new mirror when somebody deletes it, without touching the container', () => {
    const lab = new NodeLab()
    lab.simulation.schedule('kubelet/w1', 0, 'manifest', manifest)
    lab.runFor(20_000)
    const before = lab.pod('etcd-w1')
    lab.api.delete(Pod, before)
    lab.runFor(2_000)
    const after = lab.pod('etcd-w1')
    expect(after.metadata.uid).not.toBe(before.metadata.uid)
    expect(after.status.containerStatuses?.[0]?.containerID).toBe(before.status.containerStatuses?.[0]?.containerID)
    expect(after.status.phase).toBe('Running')
  })

  it('ends them when their manifest is gone', () => {
    const lab = new NodeLab()
    lab.simulation.schedule('kubelet/w1', 0, 'manifest', manifest)
    lab.runFor(20_000)
    lab.simulation.schedule('kubelet/w1', 0, 'manifest', { path: manifest.path })
    lab.runFor(5_000)
    expect(lab.find('etcd-w1')).toBeUndefined()
    expect(lab.runtime().containers.size).toBe(0)
  })
})
