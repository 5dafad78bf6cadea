import type { Fault, Input } from '../../protocol/messages.ts'
import type { Mark, Motion, Relation, SceneDelta, SceneItem, Tone } from '../../scene/model.ts'

/**
 * A make-believe cluster for trying the page without the engine: things appear in a plausible order and pretend to
 * work. Nothing here knows Kubernetes; it only has to look right on the graph.
 */
export const worldStart = Date.UTC(2026, 0, 15, 9, 0, 0)

interface Planned {
  readonly at: number
  readonly order: number
  readonly act: () => void
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

export class StandInWorld {
  now = worldStart
  readonly items = new Map<string, SceneItem>()
  readonly relations = new Map<string, Relation>()
  readonly #plan: Planned[] = []
  #changed = new Set<string>()
  #removed: string[] = []
  #rewired: Relation[] = []
  #unwired: string[] = []
  #motions: Motion[] = []
  #marks: Mark[] = []
  #count = 0
  #random = 7
  readonly workers: string[]

  constructor(workers: number) {
    this.workers = Array.from({ length: workers }, (_, index) => `w${index + 1}-k8s`)
    this.#plan.push({
      at: worldStart,
      order: 0,
      act: () => {
        this.#boot()
      },
    })
  }

  /** Runs everything that is due until then. */
  runTo(at: number): void {
    for (let next = this.#next(at); next; next = this.#next(at)) {
      this.now = next.at
      next.act()
    }
    this.now = Math.max(this.now, at)
  }

  /** Runs the next thing that is due, and gives its time. */
  step(): number {
    const next = this.#next(Infinity)
    if (next) {
      this.now = next.at
      next.act()
    }
    return this.now
  }

  get booted(): boolean {
    return [...this.items.values()].filter(item => item.type === 'pod' && item.tone === 'good').length > 8
  }

  /** What changed since this was last asked. */
  takeDelta(reset: boolean): SceneDelta {
    const all = [...this.items.values()]
    const delta: SceneDelta = {
      reset,
      items: reset ? all : all.filter(item => this.#changed.has(item.id)),
      removedItems: reset ? [] : this.#removed,
      relations: reset ? [...this.relations.values()] : this.#rewired,
      removedRelations: reset ? [] : this.#unwired,
      motions: this.#motions,
      marks: this.#marks,
    }
    this.#changed = new Set()
    this.#removed = []
    this.#rewired = []
    this.#unwired = []
    this.#motions = []
    this.#marks = []
    return delta
  }

  after(ms: number, act: () => void): void {
    const planned = { at: this.now + ms, order: this.#count++, act }
    // Kept in order by insertion: sorting for every step would cost more than the page that is to be measured.
    let index = this.#plan.length
    while (index > 0 && (this.#plan[index - 1]?.at ?? 0) > planned.at) index--
    this.#plan.splice(index, 0, planned)
  }

  put(item: Omit<SceneItem, 'order'>): void {
    const order = this.items.get(item.id)?.order ?? this.#count++
    this.items.set(item.id, { ...item, order })
    this.#changed.add(item.id)
  }

  change(id: string, change: Partial<SceneItem>): void {
    const item = this.items.get(id)
    if (item) this.put({ ...item, ...change })
  }

  remove(id: string): void {
    if (!this.items.delete(id)) return
    this.#removed.push(id)
    for (const relation of this.relations.values()) {
      if (relation.from !== id && relation.to !== id) continue
      this.relations.delete(relation.id)
      this.#unwired.push(relation.id)
    }
  }

  relate(type: Relation['type'], from: string, to: string, live?: boolean): void {
    const relation: Relation = { id: `${type}:${from}:${to}`, type, from, to, ...(live === undefined ? {} : { live }) }
    this.relations.set(relation.id, relation)
    this.#rewired.push(relation)
  }

  mark(type: Mark['type'], label: string): void {
    this.#marks.push({ at: this.now, type, label })
  }

  move(flow: Motion['flow'], from: string, to: string, ms: number, label: string, tone: Tone = 'good'): void {
    const trace = this.#count++
    this.#motions.push({ id: `m${trace}`, flow, from, to, startAt: this.now, endAt: this.now + ms, label, tone, trace })
  }

  find(resource: string, name: string): SceneItem | undefined {
    return [...this.items.values()].find(item => item.resource === resource && item.name === name)
  }

  suffix(length: number): string {
    let text = ''
    while (text.length < length) {
      this.#random = (this.#random * 48271) % 2147483647
      text += letters[this.#random % letters.length] ?? 'b'
    }
    return text
  }

  #next(until: number): Planned | undefined {
    const next = this.#plan[0]
    return next && next.at <= until ? this.#plan.shift() : undefined
  }

  #boot(): void {
    this.put({ id: 'outside', type: 'outside', name: 'outside', tone: 'idle', status: '', facts: {} })
    this.put({ id: 'workstation', type: 'workstation', name: 'workstation', tone: 'idle', status: '', facts: {} })
    this.#machine('m-k8s', '192.168.1.10', 'master')
    this.workers.forEach((name, index) => {
      this.#machine(name, `192.168.1.${101 + index}`, 'worker')
    })
    const components = ['etcd', 'kube-apiserver', 'kube-scheduler', 'kube-controller-manager']
    components.forEach((name, index) => {
      this.after(120 + index * 260, () => {
        this.component('m-k8s', name, 'busy', 'Starting')
      })
      this.after(700 + index * 260, () => {
        this.component('m-k8s', name, 'good', 'Running')
      })
    })
    for (const [index, name] of ['m-k8s', ...this.workers].entries()) {
      this.after(400 + index * 150, () => {
        this.component(name, 'kubelet', 'good', 'Running')
      })
      this.after(1500 + index * 180, () => {
        this.change(`machine/${name}`, { tone: 'good', status: 'Ready' })
        this.move('control', `component/${name}/kubelet`, api, 4, 'PATCH node status')
        this.systemPod(name, `kube-proxy-${this.suffix(5)}`)
        this.systemPod(name, `calico-node-${this.suffix(5)}`)
      })
    }
    this.after(2300, () => {
      this.systemPod(this.workers[0] ?? 'm-k8s', `coredns-${this.suffix(5)}`)
    })
    this.after(2350, () => {
      this.systemPod(this.workers[1] ?? 'm-k8s', `coredns-${this.suffix(5)}`)
    })
    this.after(2600, () => {
      this.mark('normal', 'cluster is up')
    })
    this.after(3000, () => {
      this.#heartbeat()
    })
  }

  #machine(name: string, address: string, role: string): void {
    const facts = { role, address, cpu: '2', memory: '2Gi' }
    const resource = 'nodes'
    this.put({
      id: `machine/${name}`,
      type: 'machine',
      kind: 'Node',
      resource,
      name,
      tone: 'busy',
      status: 'NotReady',
      facts,
    })
  }

  component(machine: string, name: string, tone: Tone, status: string): void {
    const facts: Record<string, string> = {}
    if (name === 'etcd') facts['revision'] = String(400 + this.#count)
    if (name === 'kube-apiserver') facts['requests'] = '12/s'
    if (name === 'kube-scheduler') facts['queue'] = '0'
    if (name === 'kube-controller-manager') facts['leader'] = 'leader'
    const id = machine === 'm-k8s' && name !== 'kubelet' ? `component/${name}` : `component/${machine}/${name}`
    this.put({ id, type: 'component', name, parent: `machine/${machine}`, tone, status, facts })
  }

  systemPod(machine: string, name: string): void {
    const id = `pod/${name}`
    const base = { id, type: 'pod', kind: 'Pod', resource: 'pods', name, namespace: 'kube-system' } as const
    const facts = { ready: '0/1', restarts: '0', address: `172.16.${this.#count % 200}.3` }
    this.put({ ...base, parent: `machine/${machine}`, tone: 'busy', status: 'ContainerCreating', facts })
    this.after(600, () => {
      this.change(id, { tone: 'good', status: 'Running', facts: { ...facts, ready: '1/1' } })
    })
  }

  #heartbeat(): void {
    for (const name of this.workers.slice(0, 8)) {
      this.after(Number(name.charCodeAt(1)) * 7, () => {
        if (this.items.get(`machine/${name}`)?.tone === 'bad') return
        this.move('control', `component/${name}/kubelet`, api, 6, 'PUT lease')
        this.after(6, () => {
          this.move('control', api, 'component/etcd', 3, 'put')
        })
      })
    }
    this.after(10_000, () => {
      this.#heartbeat()
    })
  }
}

const api = 'component/kube-apiserver'

/** What an input is called on the timeline. */
export function inputLabel(input: Input): string {
  if (input.type === 'fault') return faultLabel(input.fault)
  if (input.type === 'shell') return input.line
  if (input.type === 'apply') return 'kubectl apply'
  if (input.type === 'delete') return `delete ${input.name}`
  return input.type
}

function faultLabel(fault: Fault): string {
  return `${fault.what} ${fault.target}`
}
