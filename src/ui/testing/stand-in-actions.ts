import type { ApplyAnswer, Fault, Input } from '../../protocol/messages.ts'
import type { StandInWorld } from './stand-in-world.ts'

const api = 'component/kube-apiserver'

interface Manifest {
  readonly kind: string
  readonly name: string
  readonly replicas: number
  readonly type: string
}

/** Plays an input on the make-believe cluster. */
export function play(world: StandInWorld, input: Input): ApplyAnswer | undefined {
  if (input.type === 'apply') return apply(world, input.yaml)
  if (input.type === 'fault') fault(world, input.fault)
  if (input.type === 'delete') remove(world, input.resource, input.name)
  if (input.type === 'request') request(world, input.count, input.intervalMs)
  return undefined
}

function apply(world: StandInWorld, yaml: string): ApplyAnswer {
  const wrong = yaml.split('\n').findIndex(line => line.includes('replica:'))
  if (wrong >= 0) {
    const message = 'strict decoding error: unknown field "spec.replica"'
    return { lines: [], errors: [{ message, line: wrong + 1, column: 3, document: 0 }] }
  }
  const lines = yaml
    .split(/^---$/m)
    .map(read)
    .filter(manifest => manifest.name !== '')
    .map(manifest => {
      world.mark('input', `apply ${manifest.name}`)
      world.move('control', 'workstation', api, 8, `PATCH ${manifest.kind} ${manifest.name}`)
      world.after(9, () => {
        world.move('control', api, 'component/etcd', 4, 'put')
        create(world, manifest)
      })
      return `${manifest.kind.toLowerCase()}/${manifest.name} created`
    })
  return { lines, errors: [] }
}

function read(text: string): Manifest {
  const field = (name: string) => new RegExp(`^ *${name}: *"?([\\w.-]+)`, 'm').exec(text)?.[1] ?? ''
  const name = /metadata:\s*\n\s+name: *([\w.-]+)/.exec(text)?.[1] ?? ''
  return { kind: field('kind'), name, replicas: Number(field('replicas') || 1), type: field('type') || 'ClusterIP' }
}

function create(world: StandInWorld, manifest: Manifest): void {
  if (manifest.kind === 'Deployment') deployment(world, manifest)
  if (manifest.kind === 'Pod') pod(world, manifest.name, undefined)
  if (manifest.kind === 'Service') service(world, manifest)
  if (manifest.kind === 'Ingress') ingress(world, manifest)
}

function deployment(world: StandInWorld, { name, replicas }: Manifest): void {
  const id = `workload/deployment-${name}`
  const hash = world.suffix(10)
  const set = `workload/rs-${name}-${hash}`
  const base = { type: 'workload', namespace: 'default' } as const
  const facts = { ready: `0/${replicas}`, revision: '1' }
  const kinds = { kind: 'Deployment', resource: 'deployments.apps' }
  world.put({ ...base, ...kinds, id, name, tone: 'busy', status: 'Progressing', facts })
  world.move('watch', api, 'component/kube-controller-manager', 5, 'Deployment added')
  world.after(30, () => {
    world.move('control', 'component/kube-controller-manager', api, 5, 'POST replicasets')
    const kinds = { kind: 'ReplicaSet', resource: 'replicasets.apps' }
    world.put({ ...base, ...kinds, id: set, name: `${name}-${hash}`, tone: 'busy', status: `0/${replicas}`, facts })
    world.relate('owns', id, set)
  })
  for (let index = 0; index < replicas; index++) {
    world.after(60 + index * 4, () => {
      world.move('control', 'component/kube-controller-manager', api, 5, 'POST pods')
      pod(world, `${name}-${hash}-${world.suffix(5)}`, set)
    })
  }
  for (let ready = 1; ready <= replicas; ready++) {
    world.after(2600 + ready * 120, () => {
      const isDone = ready === replicas
      const facts = { ready: `${ready}/${replicas}`, revision: '1' }
      world.change(id, { tone: isDone ? 'good' : 'busy', status: isDone ? 'Available' : 'Progressing', facts })
      world.change(set, { facts, status: facts.ready, tone: isDone ? 'good' : 'busy' })
    })
  }
}

let next = 0

function pod(world: StandInWorld, name: string, owner: string | undefined): void {
  const id = `pod/${name}`
  const base = { id, type: 'pod', kind: 'Pod', resource: 'pods', name, namespace: 'default' } as const
  const facts = { ready: '0/1', image: 'nginx' }
  world.put({ ...base, tone: 'busy', status: 'Pending', facts })
  if (owner) world.relate('owns', owner, id)
  world.move('watch', api, 'component/kube-scheduler', 5, 'Pod added')
  const machine = world.workers[next++ % world.workers.length] ?? 'w1-k8s'
  world.after(220, () => {
    world.move('control', 'component/kube-scheduler', api, 5, `bind to ${machine}`)
    world.change(id, { parent: `machine/${machine}`, status: 'ContainerCreating' })
    world.relate('runs', `machine/${machine}`, id)
    world.move('watch', api, `component/${machine}/kubelet`, 6, 'Pod assigned')
  })
  world.after(2400 + (next % 5) * 90, () => {
    const facts = { ready: '1/1', image: 'nginx', restarts: '0', address: `172.16.${next}.7` }
    world.change(id, { tone: 'good', status: 'Running', facts })
    world.move('control', `component/${machine}/kubelet`, api, 5, 'PATCH pod status')
    for (const item of world.items.values()) if (item.type === 'service') world.relate('selects', item.id, id, true)
  })
}

function service(world: StandInWorld, { name, type }: Manifest): void {
  const id = `service/${name}`
  const facts = {
    type,
    address: '10.96.12.4',
    ports: type === 'NodePort' ? '80:30000/TCP' : '80/TCP',
    endpoints: '3/3',
  }
  const base = { id, type: 'service', kind: 'Service', resource: 'services', name, namespace: 'default' } as const
  world.put({ ...base, tone: 'good', status: type, facts })
  if (type !== 'ClusterIP') world.relate('exposes', 'outside', id)
  for (const item of world.items.values()) {
    if (item.type === 'pod' && item.namespace === 'default') world.relate('selects', id, item.id, item.tone === 'good')
    if (item.type === 'ingress') world.relate('routes', item.id, id)
  }
}

function ingress(world: StandInWorld, { name }: Manifest): void {
  const id = `ingress/${name}`
  const facts = { class: 'nginx', hosts: '*', paths: '/, /hn', address: '192.168.1.101' }
  const kinds = { kind: 'Ingress', resource: 'ingresses.networking.k8s.io' }
  world.put({ ...kinds, id, type: 'ingress', name, namespace: 'default', tone: 'good', status: 'nginx', facts })
  world.relate('exposes', 'outside', id)
  for (const item of world.items.values()) if (item.type === 'service') world.relate('routes', id, item.id)
}

function fault(world: StandInWorld, { what, target }: Fault): void {
  world.mark('fault', `${what} ${target}`)
  if (what === 'kill-container') {
    const id = `pod/${target}`
    const before = world.items.get(id)
    world.change(id, { tone: 'bad', status: 'Error' })
    world.after(900, () => {
      if (before) world.change(id, { tone: 'good', status: 'Running', facts: { ...before.facts, restarts: '1' } })
    })
    return
  }
  const isDown = what === 'stop-machine' || what === 'stop-kubelet' || what === 'cut-network'
  const id = `machine/${target}`
  const { trouble: _, ...facts } = world.items.get(id)?.facts ?? {}
  const words: Readonly<Record<string, string>> = {
    'stop-machine': 'Off',
    'cut-network': 'Cut off',
    'stop-kubelet': 'Kubelet stopped',
  }
  const trouble = words[what]
  world.change(id, { facts: trouble === undefined ? facts : { ...facts, trouble } })
  world.after(isDown ? 40_000 : 1_000, () => {
    world.change(id, { tone: isDown ? 'bad' : 'good', status: isDown ? 'NotReady' : 'Ready' })
    if (isDown) world.mark('warning', `${target} NotReady`)
  })
  if (isDown) world.change(id, { tone: 'bad' })
}

function remove(world: StandInWorld, resource: string, name: string): void {
  const item = [...world.items.values()].find(each => each.resource === resource && each.name === name)
  if (!item) return
  world.mark('input', `delete ${name}`)
  world.change(item.id, { tone: 'busy', status: 'Terminating' })
  world.after(1_500, () => {
    world.remove(item.id)
  })
}

function request(world: StandInWorld, count: number, intervalMs: number): void {
  for (let index = 0; index < count; index++) {
    world.after(index * intervalMs, () => {
      send(world, index)
    })
  }
}

function send(world: StandInWorld, index: number): void {
  const service = [...world.items.values()].find(item => item.type === 'service')
  const pods = [...world.items.values()].filter(item => item.type === 'pod' && item.namespace === 'default')
  const pod = pods[index % Math.max(1, pods.length)]
  if (!service || !pod) return
  world.move('request', 'outside', service.id, 3, 'GET /')
  world.after(4, () => {
    world.move('request', service.id, pod.id, 3, 'GET /')
  })
  world.after(9, () => {
    world.move('response', pod.id, service.id, 3, '200')
  })
  world.after(13, () => {
    world.move('response', service.id, 'outside', 3, '200')
  })
}
