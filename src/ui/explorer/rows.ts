import type { SceneItem } from '../../scene/model.ts'
import { isSystem } from '../graph/members.ts'
import { inNamespace } from '../selection.ts'

export interface Section {
  readonly id: string
  /** A kind's plural as kubectl says it, or the key of a heading of ours. */
  readonly title: string
  readonly items: readonly SceneItem[]
  /** Started folded: the cluster's own upkeep. */
  readonly isSystem: boolean
}

/** Kinds that a reader looks for first, in this order; others follow by name. */
const kindOrder = [
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'CronJob',
  'Pod',
  'Service',
  'Ingress',
  'ConfigMap',
  'Secret',
]

/** The scene as a list: nodes and control plane first, then objects by kind, then what keeps the cluster going. */
export function sectionsOf(
  items: Iterable<SceneItem>,
  text: string,
  namespace: string | undefined,
): readonly Section[] {
  const wanted = text.trim().toLowerCase()
  const passing = [...items]
    .filter(item => item.name.toLowerCase().includes(wanted) && inNamespace(item, namespace))
    .sort((a, b) => a.order - b.order)
  const machines = passing.filter(item => item.type === 'machine')
  const components = passing.filter(item => item.type === 'component' && item.name !== 'kubelet')
  const objects = passing.filter(
    item => item.kind !== undefined && item.type !== 'machine' && item.type !== 'namespace',
  )
  const sections: Section[] = [
    { id: 'machines', title: 'machines', items: machines, isSystem: false },
    { id: 'components', title: 'components', items: components, isSystem: false },
    ...byKind(objects.filter(item => !isSystem(item))),
    { id: 'system', title: 'system', items: objects.filter(isSystem), isSystem: true },
  ]
  return sections.filter(section => section.items.length > 0)
}

function byKind(objects: readonly SceneItem[]): Section[] {
  const groups = new Map<string, SceneItem[]>()
  for (const item of objects) {
    const kind = item.kind ?? ''
    const group = groups.get(kind)
    if (group) group.push(item)
    else groups.set(kind, [item])
  }
  const rank = (kind: string) => (kindOrder.includes(kind) ? kindOrder.indexOf(kind) : kindOrder.length)
  return [...groups]
    .sort(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([kind, items]) => ({ id: kind, title: plural(kind), items, isSystem: false }))
}

function plural(kind: string): string {
  if (/(s|x|ch)$/.test(kind)) return `${kind}es`
  return kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`
}

/** Namespaces that anything lies in, in alphabetical order. */
export function namespacesOf(items: Iterable<SceneItem>): readonly string[] {
  const names = new Set<string>()
  for (const item of items) {
    if (item.namespace !== undefined) names.add(item.namespace)
    if (item.type === 'namespace') names.add(item.name)
  }
  return [...names].sort()
}
