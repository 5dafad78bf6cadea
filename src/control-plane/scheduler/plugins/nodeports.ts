import { Pod } from '../../../api/core/pod.ts'
import { typed } from '../../../machinery/kind.ts'
import { definePlugin, fits, skip, unschedulable } from '../framework.ts'
import { type HostPort, podInfoOf } from '../pod-info.ts'

/** Keeps Pods that want the same port of the host apart. Models plugins/nodeports/node_ports.go. */
export const nodePorts = definePlugin<readonly HostPort[]>({
  name: 'NodePorts',
  requeueOn: ['AssignedPod/Delete', 'Node/Add'],

  /** A Pod that goes helps if it had one of the ports. */
  mayHelp({ ports }, { event, old }) {
    if (event !== 'AssignedPod/Delete' || !old) return true
    const freed = podInfoOf(typed(Pod, old)).ports
    return ports.some(port => freed.some(other => conflicts(port, other)))
  },

  sign: ({ ports }) => ports,

  preFilter: ({ ports }) => (ports.length === 0 ? skip : { notes: ports }),

  filter(_pod, { usedPorts }, wanted) {
    const taken = wanted.find(port => usedPorts.some(used => conflicts(port, used)))
    return taken ? unschedulable("node(s) didn't have free ports for the requested pod ports", { taken }) : fits
  },
})

const everywhere = '0.0.0.0'

/** The same port and protocol, on the same address or on all of them. */
function conflicts(a: HostPort, b: HostPort): boolean {
  if (a.port !== b.port || a.protocol !== b.protocol) return false
  return a.ip === b.ip || a.ip === everywhere || b.ip === everywhere
}
