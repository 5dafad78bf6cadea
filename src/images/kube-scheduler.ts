import { newScheduler } from '../control-plane/scheduler/state.ts'
import { controlPlaneImage, processOf } from './control-plane.ts'

/** The scheduler: kill its container and no Pod finds a node. */
export const kubeSchedulerImage = controlPlaneImage('kube-scheduler', 'v1.36.2', {
  type: 'kube-scheduler',
  ports: [10_259],
  sizeBytes: 17_400_000,
  memoryBytes: 24 * 2 ** 20,
  cpuMillis: 4,
  state: process => newScheduler(process.host.node, process.now, { process: processOf(process) }),
})
