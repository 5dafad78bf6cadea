import { idOf } from './contribution.ts'
import type { SceneItem } from './model.ts'

/** A machine as the playground knows it: what is there before, and whether or not, a Node object says so. */
export interface MachineFacts {
  readonly name: string
  readonly address: string
  readonly role: 'master' | 'worker' | 'workstation'
  readonly on: boolean
  readonly kubeletRuns: boolean
  /** Cut off from the network. */
  readonly cut: boolean
  readonly cpu: string
  readonly memory: string
  /** The lab is still being installed: what does not run yet is not broken. */
  readonly installing: boolean
}

/** A program of the control plane, or one that a Pod runs as a component of its own. */
export interface ComponentFacts {
  /** `kube-scheduler/m-k8s`. */
  readonly name: string
  readonly machine: string
  readonly alive: boolean
  readonly installing: boolean
  /** Short facts for its card: leader, revision, queue length. */
  readonly facts: Readonly<Record<string, string>>
}

/** The machine's own item: what the page shows before a Node is registered, and the truth about power and network. */
export function machineItem(machine: MachineFacts, order: number, node: SceneItem | undefined): SceneItem {
  const id = idOf.machine(machine.name)
  const facts = { role: machine.role, address: machine.address, cpu: machine.cpu, memory: machine.memory }
  const trouble = troubleOf(machine)
  if (!node) {
    const status = trouble ?? (machine.role === 'workstation' ? 'Workstation' : machine.on ? 'Booting' : 'Off')
    const tone = trouble ? 'bad' : machine.role === 'workstation' ? 'good' : machine.on ? 'busy' : 'idle'
    return {
      id,
      type: machine.role === 'workstation' ? 'workstation' : 'machine',
      name: machine.name,
      tone,
      status,
      facts,
      order,
    }
  }
  return {
    ...node,
    order,
    facts: { ...facts, ...node.facts, ...(trouble && { trouble }) },
    ...(trouble && { tone: 'bad' }),
  }
}

function troubleOf({ on, cut, kubeletRuns, role, installing }: MachineFacts): string | undefined {
  if (!on) return installing ? undefined : 'Off'
  if (cut) return 'Cut off'
  return kubeletRuns || role === 'workstation' || installing ? undefined : 'Kubelet stopped'
}

export function componentItem({ name, machine, alive, installing, facts }: ComponentFacts, order: number): SceneItem {
  return {
    id: idOf.component(name),
    type: 'component',
    name: name.split('/')[0] ?? name,
    parent: idOf.machine(machine),
    tone: alive ? 'good' : installing ? 'idle' : 'bad',
    status: alive ? 'Running' : installing ? 'Waiting' : 'Stopped',
    facts,
    order,
  }
}
