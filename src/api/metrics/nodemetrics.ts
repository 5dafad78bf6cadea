import { defineKind } from '../../machinery/kind.ts'
import type { ObjectMeta } from '../../machinery/object.ts'

/** What one machine used of CPU and memory over a window. */
export interface NodeMetrics {
  apiVersion: string
  kind: string
  metadata: ObjectMeta
  /** The end of the window. */
  timestamp: string
  window: string
  usage: Record<string, string>
}

export const NodeMetrics = defineKind<NodeMetrics>({
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  kind: 'NodeMetrics',
  plural: 'nodes',
  singular: '',
  namespaced: false,
  verbs: ['get', 'list'],
  // Columns of metrics-server's own tables (pkg/api/table.go).
  columns: [
    { name: 'Name', cell: ({ metadata }) => metadata.name },
    { name: 'cpu', cell: ({ usage }) => usage['cpu'] ?? '' },
    { name: 'memory', cell: ({ usage }) => usage['memory'] ?? '' },
    { name: 'Window', cell: ({ window }) => window },
  ],
})
