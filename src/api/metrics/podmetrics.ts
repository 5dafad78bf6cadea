import { defineKind } from '../../machinery/kind.ts'
import { add, formatQuantity, type QuantityLike } from '../../machinery/quantity.ts'
import type { ObjectMeta } from '../../machinery/object.ts'

/** What one Pod used of CPU and memory over a window, container for container. */
export interface PodMetrics {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  /** The end of the window. */
  timestamp: string
  /** Its length: `15.068s`. */
  window: string
  containers: ContainerMetrics[]
}

export interface ContainerMetrics {
  name: string
  /** Quantities by resource: `cpu` and `memory`. */
  usage: Record<string, string>
}

export const PodMetrics = defineKind<PodMetrics>({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'PodMetrics',
  plural: 'pods',
  singular: '',
  namespaced: true,
  verbs: ['get', 'list'],
  columns: [
    { name: 'Name', cell: ({ metadata }) => metadata.name },
    { name: 'cpu', cell: ({ containers }) => total(containers, 'cpu') },
    { name: 'memory', cell: ({ containers }) => total(containers, 'memory') },
    { name: 'Window', cell: ({ window }) => window },
  ],
})

function total(containers: readonly ContainerMetrics[], resource: string): string {
  return formatQuantity(containers.reduce<QuantityLike>((sum, { usage }) => add(sum, usage[resource] ?? '0'), '0'))
}
