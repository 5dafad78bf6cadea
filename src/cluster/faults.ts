import type { RuntimeState } from '../node/runtime/state.ts'
import type { Simulation } from '../sim/simulation.ts'
import type { MachineRoom } from './machines.ts'

/** Something that is broken on purpose, or mended. */
export type Fault =
  | { readonly what: 'stop-machine' | 'start-machine' | 'stop-kubelet' | 'start-kubelet'; readonly target: string }
  | { readonly what: 'cut-network' | 'mend-network'; readonly target: string; readonly other?: string }
  | {
      readonly what: 'kill-container'
      readonly target: string
      readonly namespace: string
      readonly container?: string
    }

/** Breaks or mends something now. Throws RangeError when there is no such thing. */
export function applyFault(simulation: Simulation, room: MachineRoom, fault: Fault): void {
  switch (fault.what) {
    case 'stop-machine':
      room.stop(fault.target)
      break
    case 'start-machine':
      room.start(fault.target)
      break
    case 'stop-kubelet':
      room.stopKubelet(fault.target)
      break
    case 'start-kubelet':
      room.startKubelet(fault.target)
      break
    case 'cut-network':
    case 'mend-network': {
      const link = { a: fault.target, ...(fault.other !== undefined && { b: fault.other }) }
      // The network leaves the evidence itself.
      simulation.schedule('network', 0, fault.what === 'cut-network' ? 'cut' : 'mend', link)
      return
    }
    case 'kill-container':
      killContainers(simulation, fault.namespace, fault.target, fault.container)
  }
  simulation.trace.record(simulation.now, 'room', 'fault', { what: fault.what, target: fault.target })
}

/** Sends KILL to the containers of a Pod, or to one of them, as somebody with a root shell on the machine would. */
function killContainers(simulation: Simulation, namespace: string, pod: string, container: string | undefined): void {
  let killed = 0
  for (const runtime of simulation.namesOf('runtime')) {
    const { containers, sandboxes } = simulation.state<RuntimeState>(runtime)
    for (const { id, sandboxId, state, config } of containers.values()) {
      const owner = sandboxes.get(sandboxId)?.config.pod
      if (owner?.name !== pod || owner.namespace !== namespace || state !== 'running') continue
      if (container !== undefined && config.name !== container) continue
      simulation.schedule(runtime, 0, 'kill', id)
      killed++
    }
  }
  if (killed === 0) throw new RangeError(`Pod ${namespace}/${pod} has no such running container`)
}
