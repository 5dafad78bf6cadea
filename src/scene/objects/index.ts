import type { Drawing } from '../contribution.ts'
import { claimDrawing } from './claim.ts'
import { configMapDrawing, secretDrawing } from './config.ts'
import { endpointSliceDrawing } from './endpointslice.ts'
import { ingressDrawing } from './ingress.ts'
import { listedDrawings } from './listed.ts'
import { nodeDrawing } from './node.ts'
import { podDrawing } from './pod.ts'
import { serviceDrawing } from './service.ts'
import {
  cronJobDrawing,
  daemonSetDrawing,
  deploymentDrawing,
  jobDrawing,
  replicaSetDrawing,
  replicationControllerDrawing,
  statefulSetDrawing,
} from './workload.ts'

/** Kinds that appear on the graph. */
export const drawings: readonly Drawing[] = [
  nodeDrawing,
  podDrawing,
  deploymentDrawing,
  replicaSetDrawing,
  daemonSetDrawing,
  statefulSetDrawing,
  replicationControllerDrawing,
  jobDrawing,
  cronJobDrawing,
  serviceDrawing,
  endpointSliceDrawing,
  ingressDrawing,
  claimDrawing,
  configMapDrawing,
  secretDrawing,
  ...listedDrawings,
]
