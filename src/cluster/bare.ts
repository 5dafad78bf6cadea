import { newManager } from '../client/controllers.ts'
import { newElection } from '../client/election.ts'
import { initialState } from '../control-plane/apiserver/state.ts'
import { controllers } from '../control-plane/controllers/index.ts'
import { newScheduler } from '../control-plane/scheduler/state.ts'

/** A program of the control plane as a component: its name without the machine, its type, its state at the start. */
export interface BareProgram {
  readonly name: string
  readonly type: string
  readonly state: unknown
}

/** Programs that can run without machines: `kube-apiserver` as one starts it from a source tree, beside an etcd. */
export const bareComponents: readonly string[] = ['apiserver', 'controller-manager', 'scheduler']

/** What runs when only some programs of a control plane are wanted. Throws RangeError for names that are none. */
export function programsOf(components: readonly string[], machine: string, now: number): BareProgram[] {
  const unknown = components.find(name => !bareComponents.includes(name))
  if (unknown !== undefined) {
    throw new RangeError(`there is no component ${unknown}: choose of ${bareComponents.join(', ')}`)
  }
  const programs: BareProgram[] = [
    { name: 'etcd', type: 'etcd-member', state: {} },
    { name: 'kube-apiserver', type: 'apiserver', state: initialState() },
  ]
  if (components.includes('controller-manager')) {
    const election = newElection('kube-controller-manager', `${machine}_bare`)
    const state = newManager({ controllers }, now, election)
    programs.push({ name: 'kube-controller-manager', type: 'kube-controller-manager', state })
  }
  if (components.includes('scheduler')) {
    programs.push({ name: 'kube-scheduler', type: 'kube-scheduler', state: newScheduler(machine, now) })
  }
  return programs
}
