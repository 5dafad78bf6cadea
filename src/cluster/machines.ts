import type { Host, Listen } from '../network/exchange.ts'
import { publicDns } from '../network/outside.ts'
import type { Machine } from './topology.ts'
import { kubeletPort } from '../node/kubelet/stats.ts'
import { newKubelet } from '../node/kubelet/state.ts'
import { newRuntime, type PresentImage, type RuntimeState } from '../node/runtime/state.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'
import type { Simulation } from '../sim/simulation.ts'
import { hangUp } from './connections.ts'
import { isManifest, manifestPath, podIn } from './manifest-files.ts'
import { staticPods } from './static-pods.ts'

/** What a machine is whatever runs on it: its power and its disk. Plain data. */
export interface MachineState {
  on: boolean
  kubeletRuns: boolean
  /** Images and files that were there when the machine lost its power. */
  disk: { readonly images: readonly PresentImage[]; readonly files: ReadonlyMap<string, string> }
}

export interface MachinesState {
  readonly machines: Map<string, MachineState>
  /** Components that a container's process started, with the machine that they go down with. */
  readonly processes: Map<string, string>
}

/** The component `machines`: what a lab has under its tables. */
export const machinesDefinition: ComponentDefinition<MachinesState> = defineComponent<MachinesState>({
  type: 'machines',
  on: {},
})

/** All machines, off, with these images on their disks. */
export function newMachines(machines: readonly Machine[], images: (machine: Machine) => PresentImage[]): MachinesState {
  const states = machines.map((machine): [string, MachineState] => [
    machine.name,
    { on: machine.role === 'workstation', kubeletRuns: false, disk: { images: images(machine), files: new Map() } },
  ])
  return { machines: new Map(states), processes: new Map() }
}

/** Power, cables and kubelets of the machines of a cluster. */
export class MachineRoom {
  private readonly byName: ReadonlyMap<string, Machine>
  /** /etc/hosts of every machine: all of them by name. */
  private readonly hosts: Readonly<Record<string, string>>

  constructor(
    private readonly simulation: Simulation,
    private readonly machines: readonly Machine[],
    private readonly podNetwork: string,
  ) {
    this.byName = new Map(machines.map(machine => [machine.name, machine]))
    this.hosts = Object.freeze(Object.fromEntries(machines.map(({ name, address }) => [name, address])))
  }

  /** Connects machines that need no kubelet, such as the workstation. */
  connect(name: string): void {
    const { address } = this.machine(name)
    const dns = { server: publicDns, search: [], ndots: 1 }
    const host: Host = { name, addresses: [address], up: true, dns, hosts: this.hosts }
    this.simulation.schedule('network', 0, 'host', host)
  }

  /** Switches a machine on: its runtime and kubelet start, a master's kubelet finds its static Pods. */
  start(name: string): void {
    const state = this.state(name)
    if (state.on) return
    state.on = true
    this.connect(name)
    const { address, cpu, memoryMiB } = this.machine(name)
    const runtime = newRuntime({
      ...{ machine: name, addresses: [address], images: state.disk.images, startedAt: this.simulation.now },
      ...{ cpuMillis: cpu * 1_000, memoryBytes: (memoryMiB * 1_024 - kernelKiB) * 1_024 },
    })
    for (const [path, text] of state.disk.files) runtime.hostFiles.set(path, text)
    this.simulation.add(`runtime/${name}`, 'runtime', runtime)
    this.startKubelet(name)
  }

  /** Cuts a machine's power: everything on it is gone at once, and nobody is told. */
  stop(name: string): void {
    const state = this.state(name)
    if (!state.on) return
    const { images, hostFiles } = this.simulation.state<RuntimeState>(`runtime/${name}`)
    state.disk = { images: [...images.values()], files: new Map(hostFiles) }
    for (const [component, machine] of this.all.processes) if (machine === name) this.removeProcess(component, 'silent')
    this.simulation.remove(`runtime/${name}`)
    this.stopKubelet(name)
    this.simulation.schedule('network', 0, 'host', { name, addresses: [], up: false })
    state.on = false
  }

  startKubelet(name: string): void {
    const state = this.state(name)
    if (!state.on || state.kubeletRuns) return
    state.kubeletRuns = true
    const machine = this.machine(name)
    const kubelet = `kubelet/${name}`
    const config = {
      nodeName: name,
      addresses: [machine.address],
      cpu: String(machine.cpu),
      memory: `${machine.memoryMiB * 1024 - kernelKiB}Ki`,
    }
    this.simulation.add(kubelet, 'kubelet', newKubelet(config, this.simulation.now))
    this.simulation.schedule(kubelet, 0, 'start')
    if (machine.role !== 'master') return
    const masters = this.machines.filter(({ role }) => role === 'master')
    // Manifests are what kubeadm wrote, unless somebody has changed them since or taken them away.
    const { hostFiles } = this.simulation.state<RuntimeState>(`runtime/${name}`)
    const manifests = new Map(staticPods(machine, this.podNetwork, masters).map(pod => [manifestPath(pod), pod]))
    for (const [path, text] of hostFiles) {
      const changed = isManifest(path) ? podIn(text) : undefined
      if (changed) manifests.set(path, changed)
      if (path.endsWith('\0')) manifests.delete(path.slice(0, -1))
    }
    for (const [path, pod] of manifests) this.simulation.schedule(kubelet, 0, 'manifest', { path, pod })
  }

  /** Stops a kubelet; containers go on without it. */
  stopKubelet(name: string): void {
    this.state(name).kubeletRuns = false
    const tag = { component: `kubelet/${name}` }
    this.simulation.remove(tag.component)
    const port: Listen = { host: name, port: kubeletPort, protocol: 'tcp', tag }
    this.simulation.schedule('network', 0, 'unlisten', port)
  }

  has(name: string): boolean {
    return this.byName.has(name)
  }

  state(name: string): MachineState {
    const state = this.all.machines.get(name)
    if (!state) throw new RangeError(`there is no machine ${name}`)
    return state
  }

  /** A container's process brings a component with it. */
  addProcess(component: string, type: string, state: unknown, machine: string): void {
    this.simulation.add(component, type, state)
    this.simulation.schedule(component, 0, 'start')
    this.all.processes.set(component, machine)
  }

  /** A process takes its component away. Who was connected to it is told, unless the machine lost its power. */
  removeProcess(component: string, how: 'reset' | 'silent' = 'reset'): void {
    hangUp(this.simulation, component, how)
    this.simulation.remove(component)
    this.all.processes.delete(component)
  }

  private get all(): MachinesState {
    return this.simulation.state<MachinesState>('machines')
  }

  private machine(name: string): Machine {
    const machine = this.byName.get(name)
    if (!machine) throw new RangeError(`there is no machine ${name}`)
    return machine
  }
}

/** What the kernel keeps of a machine's memory: the labs' 3,072 MiB show as 3,003,476 KiB. */
const kernelKiB = 142_252
