import type { KubeletDoor } from '../control-plane/apiserver/kubelet-door.ts'
import { ApiError } from '../machinery/status.ts'
import { containerLog } from '../node/kubelet/logs.ts'
import type { KubeletState } from '../node/kubelet/state.ts'
import type { RuntimeState } from '../node/runtime/state.ts'
import type { Simulation } from '../sim/simulation.ts'

/** What the door needs to know of the way to a kubelet. */
export interface DoorOptions {
  simulation(): Simulation
  addressOf(machine: string): string
  /** Whether an API server reaches the machine. */
  isReachable(machine: string): boolean
}

/** The API server's way to the kubelets, port 10250 of every machine. */
export function kubeletDoor({ simulation, addressOf, isReachable }: DoorOptions): KubeletDoor {
  return {
    logs(node, request) {
      const kubelet = `kubelet/${node}`
      if (!isReachable(node) || !simulation().has(kubelet)) {
        const { namespace, pod, container } = request
        const address = `${addressOf(node)}:10250`
        const url = `https://${address}/containerLogs/${namespace}/${pod}/${container}`
        const why = isReachable(node) ? 'connect: connection refused' : 'connect: no route to host'
        throw new ApiError('', `Get "${url}": dial tcp ${address}: ${why}`)
      }
      const runtime = simulation().state<RuntimeState>(`runtime/${node}`)
      return containerLog(simulation().state<KubeletState>(kubelet), runtime, request, request, simulation().now)
    },
  }
}
