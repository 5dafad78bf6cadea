import { defineKind } from '../../machinery/kind.ts'
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
  namespaced: true,
  verbs: ['get', 'list'],
})
