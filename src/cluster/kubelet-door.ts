import type { KubeletDoor } from '../control-plane/apiserver/kubelet-door.ts'
import { ApiError } from '../machinery/status.ts'
import { containerLog } from '../node/kubelet/logs.ts'
import type { KubeletState } from '../node/kubelet/state.ts'
import { streamFor } from '../node/kubelet/streams.ts'
import type { RuntimeState } from '../node/runtime/state.ts'
import type { OpenStream } from '../node/runtime/streams.ts'
import type { Simulation } from '../sim/simulation.ts'
import { type Proxied, proxyName } from './proxying.ts'

/** What the door needs to know of the way to a kubelet. */
export interface DoorOptions {
  simulation(): Simulation
  addressOf(machine: string): string
  /** Whether an API server reaches the machine. */
  isReachable(machine: string): boolean
}

/** The API server's way to the kubelets, port 10250 of every machine. */
export function kubeletDoor(options: DoorOptions): KubeletDoor {
  const { simulation } = options
  const runtimeOf = (node: string): RuntimeState => simulation().state<RuntimeState>(`runtime/${node}`)
  const kubeletOf = (node: string): KubeletState => simulation().state<KubeletState>(`kubelet/${node}`)
  return {
    logs(node, request) {
      const { namespace, pod, container } = request
      const path = `/containerLogs/${namespace}/${pod}/${container}`
      const failure = failureOf(options, node)
      if (failure) throw new ApiError('', `Get "https://${options.addressOf(node)}:10250${path}": ${failure}`)
      return containerLog(kubeletOf(node), runtimeOf(node), request, request, simulation().now)
    },

    open(node, opening, target) {
      const failure = failureOf(options, node)
      if (failure) throw new ApiError('', `error dialing backend: ${failure}`)
      const what = streamFor(kubeletOf(node), runtimeOf(node), opening)
      if ('refused' in what) return what
      const component = `runtime/${node}`
      const open: OpenStream = { target, what }
      // At once: what the client sends next must find the stream there.
      return { component, id: simulation().schedule(component, 0, 'stream-open', open) }
    },

    proxy(server, { scheme, host, port, http, timeoutMs }, target) {
      const from = server.slice(server.indexOf('/') + 1)
      const open: Proxied['open'] = { protocol: 'http', from, scheme, host, port, http }
      const proxied: Proxied = { target, open: timeoutMs === undefined ? open : { ...open, timeoutMs } }
      return { component: proxyName, id: simulation().schedule(proxyName, 0, 'proxy', proxied) }
    },
  }
}

/** Why a kubelet cannot be reached, in the words of Go's net package. */
function failureOf({ simulation, addressOf, isReachable }: DoorOptions, node: string): string | undefined {
  const isThere = isReachable(node)
  if (isThere && simulation().has(`kubelet/${node}`)) return undefined
  return `dial tcp ${addressOf(node)}:10250: connect: ${isThere ? 'connection refused' : 'no route to host'}`
}
