import type { Relation, SceneItem } from '../../scene/model.ts'

/**
 * Which things of a scene are drawn, and where they belong. What is not drawn by itself has a stand-in: a ReplicaSet is
 * a line on its Deployment's card, the mirror Pod of a static control-plane Pod is its component.
 */
export interface Members {
  readonly outside: readonly SceneItem[]
  readonly workstation: readonly SceneItem[]
  readonly masters: readonly SceneItem[]
  readonly workers: readonly SceneItem[]
  readonly workloads: readonly SceneItem[]
  readonly ingresses: readonly SceneItem[]
  readonly services: readonly SceneItem[]
  /** Claims, and the ConfigMaps and Secrets that a Pod mounts. */
  readonly volumes: readonly SceneItem[]
  /** Pods that no machine has yet. */
  readonly queue: readonly SceneItem[]
  /** By machine. */
  readonly components: ReadonlyMap<string, readonly SceneItem[]>
  readonly pods: ReadonlyMap<string, readonly SceneItem[]>
  readonly chips: ReadonlyMap<string, readonly SceneItem[]>
  /** Hidden item → the drawn item that shows it. */
  readonly standIns: ReadonlyMap<string, string>
  readonly podCount: number
}

/** Components with a card of their own, in their order from left to right; the others are chips. */
export const cardComponents = [
  'etcd',
  'kube-apiserver',
  'kube-scheduler',
  'kube-controller-manager',
  'cloud-controller-manager',
]

const systemNamespaces = /^(kube-.+|calico-.+|tigera-operator|metallb-system)$/

/** Whether something belongs to the cluster's own upkeep, and is drawn small. */
export function isSystem(item: SceneItem): boolean {
  return item.namespace !== undefined && systemNamespaces.test(item.namespace)
}

/** Sorts a scene into what is drawn where. Everything comes out in the order of creation. */
export function sortMembers(items: Iterable<SceneItem>, relations: Iterable<Relation>): Members {
  const wires = [...relations]
  const ordered = [...items].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  const byId = new Map(ordered.map(item => [item.id, item]))
  const owner = ownersOf(wires, byId)
  const mounted = new Set(wires.filter(wire => wire.type === 'mounts').map(wire => wire.to))
  const components = groupBy(
    ordered.filter(item => item.type === 'component' && isCard(item)),
    item => item.parent,
  )
  const machines = ordered.filter(item => item.type === 'machine')
  const masters = new Set(machines.filter(isMaster).map(item => item.id))
  const standIns = new Map<string, string>()
  const chips: SceneItem[] = ordered.filter(item => item.type === 'component' && !isCard(item))
  const pods: SceneItem[] = []
  const queue: SceneItem[] = []
  const workloads: SceneItem[] = []
  for (const item of ordered) {
    if (item.type === 'pod') {
      const component = shownBy(item, components)
      if (component) standIns.set(item.id, component.id)
      else if (item.parent === undefined || !byId.has(item.parent)) queue.push(item)
      else if (isSystem(item) || masters.has(item.parent)) chips.push(item)
      else pods.push(item)
    } else if (item.type === 'workload') {
      const above = owner.get(item.id)
      if (above) standIns.set(item.id, above)
      else if (!isSystem(item)) workloads.push(item)
    }
  }
  return {
    outside: ordered.filter(item => item.type === 'outside'),
    workstation: ordered.filter(item => item.type === 'workstation'),
    masters: machines.filter(item => masters.has(item.id)),
    workers: machines.filter(item => !masters.has(item.id)),
    workloads,
    ingresses: ordered.filter(item => item.type === 'ingress'),
    services: ordered.filter(item => item.type === 'service' && !isSystem(item)),
    volumes: ordered.filter(
      item => !isSystem(item) && (item.type === 'volume' || (item.type === 'config' && mounted.has(item.id))),
    ),
    queue,
    components,
    pods: groupBy(pods, item => item.parent),
    chips: groupBy(chips, item => item.parent),
    standIns,
    podCount: pods.length,
  }
}

/** Whether a machine carries the control plane, and is drawn above. */
export function isMaster(machine: SceneItem): boolean {
  return machine.facts['role'] === 'master'
}

function isCard(item: SceneItem): boolean {
  return cardComponents.includes(item.name)
}

/** `kube-apiserver-m-k8s` on m-k8s is the mirror Pod of the component kube-apiserver there. */
function shownBy(pod: SceneItem, components: ReadonlyMap<string, readonly SceneItem[]>): SceneItem | undefined {
  if (pod.parent === undefined || pod.namespace !== 'kube-system') return undefined
  return components.get(pod.parent)?.find(component => pod.name.startsWith(`${component.name}-`))
}

/** The topmost workload above each workload, through `owns` relations. */
function ownersOf(relations: Iterable<Relation>, byId: ReadonlyMap<string, SceneItem>): ReadonlyMap<string, string> {
  const above = new Map<string, string>()
  for (const relation of relations) {
    if (relation.type !== 'owns') continue
    if (byId.get(relation.from)?.type === 'workload' && byId.get(relation.to)?.type === 'workload') {
      above.set(relation.to, relation.from)
    }
  }
  return new Map([...above].map(([id]) => [id, topOf(id, above)]))
}

function topOf(id: string, above: ReadonlyMap<string, string>): string {
  const seen = new Set([id])
  let top = id
  for (let next = above.get(id); next !== undefined && !seen.has(next); next = above.get(next)) {
    seen.add(next)
    top = next
  }
  return top
}

function groupBy(
  items: readonly SceneItem[],
  keyOf: (item: SceneItem) => string | undefined,
): Map<string, SceneItem[]> {
  const groups = new Map<string, SceneItem[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}
