import type { Drawing } from '../contribution.ts'
import { endpointSliceDrawing } from './endpointslice.ts'
import { ingressDrawing } from './ingress.ts'
import { nodeDrawing } from './node.ts'
import { podDrawing } from './pod.ts'
import { serviceDrawing } from './service.ts'
import { daemonSetDrawing, deploymentDrawing, replicaSetDrawing } from './workload.ts'

/** Kinds that appear on the graph. */
export const drawings: readonly Drawing[] = [
  nodeDrawing,
  podDrawing,
  deploymentDrawing,
  replicaSetDrawing,
  daemonSetDrawing,
  serviceDrawing,
  endpointSliceDrawing,
  ingressDrawing,
]
