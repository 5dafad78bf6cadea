import { kinds } from '../api/index.ts'
import { schema } from '../api/schema.ts'
import { type Api, createApi } from '../client/api.ts'
import { createManager, type ManagerState } from '../client/controllers.ts'
import { controllers } from '../control-plane/controllers/index.ts'
import type { ElectionState } from '../client/election.ts'
import { createScheduler } from '../control-plane/scheduler/scheduler.ts'
import type { SchedulerState } from '../control-plane/scheduler/state.ts'
import { serveHttp } from '../control-plane/apiserver/http/handler.ts'
import type { HttpConnection, HttpRequest, HttpResponse, HttpStream } from '../control-plane/apiserver/http/message.ts'
import { type ApiServer, createApiServer } from '../control-plane/apiserver/server.ts'
import type { ApiServerState } from '../control-plane/apiserver/state.ts'
import { digestOf } from '../control-plane/etcd/digest.ts'
import { createEtcd, type EtcdState } from '../control-plane/etcd/store.ts'
import { images } from '../images/index.ts'
import { metricsServerImages } from '../images/metrics-server/image.ts'
import { createInformers, type Informers } from '../node/metrics/informers.ts'
import { imageRegistry } from '../images/registry.ts'
import type { WatchTarget } from '../machinery/rest.ts'
import { attempt } from '../machinery/status.ts'
import { isReachable } from '../network/links.ts'
import { machineOf, type NetworkState } from '../network/state.ts'
import { createKubelet } from '../node/kubelet/kubelet.ts'
import { followersName } from '../node/proxy/followers.ts'
import type { Image } from '../node/runtime/image.ts'
import { createRuntime } from '../node/runtime/runtime.ts'
import type { RuntimeState } from '../node/runtime/state.ts'
import { machineStats } from '../node/runtime/stats.ts'
import { type ComponentDefinition, defineComponent } from '../sim/component.ts'
import { Simulation } from '../sim/simulation.ts'
import { addonsFor } from './addons/kubeadm.ts'
import { calicoManifest } from './addons/calico.ts'
import { calicoRoles } from './addons/calico-roles.ts'
import { ingressNginxManifest } from './addons/ingress-nginx.ts'
import { parseManifest } from './addons/manifest.ts'
import { type Changes, changesIn } from './changes.ts'
import { loseWatches } from './connections.ts'
import { applyFault, type Fault } from './faults.ts'
import { administrator, createKubeadm, type KubeadmState, newKubeadm } from './kubeadm.ts'
import { programsOf } from './bare.ts'
import { kubeletDoor } from './kubelet-door.ts'
import { MachineRoom, machinesDefinition, newMachines } from './machines.ts'
import { metricsDoor } from './metrics-door.ts'
import { type Networking, networking } from './networking.ts'
import { imagesOnDisk } from './prepared-images.ts'
import { homeFiles } from './terminal/home-files.ts'
import { keysIn, proxyModeIn } from './terminal/looking.ts'
import { machineDoors } from './terminal/machine-doors.ts'
import { withPeer } from './terminal/handshake.ts'
import { Terminals } from './terminal/terminals.ts'
import { type Machine, machinesOf, podNetworkOf, type Topology } from './topology.ts'
import { proxies, proxyName } from './proxying.ts'
import { pickServer, type Surroundings, transportFor } from './transport.ts'
import { type Visit, visitor } from './visitor.ts'

export interface ClusterOptions {
  readonly seed: number
  readonly topology: Topology
  /** Virtual time at the start, in ms since 1970. */
  readonly startMs: number
  /** Component types of those who build on a cluster (terminals). */
  readonly definitions?: readonly ComponentDefinition<never>[]
}

/** Programs of a master that have a card of their own. */
const controlPlane = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
const installer = 'kubeadm/installer'

/** A machine as somebody standing before it sees it. */
export interface MachineView extends Machine {
  readonly on: boolean
  readonly kubeletRuns: boolean
  /** Cut off from the network. */
  readonly cut: boolean
}

/** A program of the control plane on a machine. */
export interface ComponentView {
  readonly name: string
  readonly machine: string
  readonly alive: boolean
  /** What it says of itself in a word or two: etcd's revision, who leads, how much waits. */
  readonly facts: Readonly<Record<string, string>>
}

/** The workstation's way into the cluster: where people type. */
const workstation = 'workstation'

/** Machines put together: a control plane, workers, a network between them and somebody who installs it all. */
export class Cluster {
  readonly simulation: Simulation
  readonly machines: readonly Machine[]
  readonly masters: readonly Machine[]
  readonly room: MachineRoom
  /** The administrator's client, on the workstation. */
  readonly api: Api
  /** Shells on the workstation. */
  readonly terminals: Terminals
  private readonly topology: Topology
  private readonly podNetwork: string
  private readonly apiServer: ApiServer
  private readonly networking: Networking
  private readonly surroundings: Surroundings

  constructor({ seed, topology, startMs, definitions = [] }: ClusterOptions) {
    this.machines = machinesOf(topology)
    this.masters = this.machines.filter(machine => machine.role === 'master')
    this.topology = topology
    this.podNetwork = podNetworkOf(topology)
    this.apiServer = this.createApiServer()
    this.networking = networking({
      simulation: () => this.simulation,
      apiServer: this.apiServer,
      transport: component => transportFor(this.surroundings, component),
      isConnected: machine => this.masters.some(({ name }) => isReachable(this.network, machine, name)),
      linksChanged: () => loseWatches(this.surroundings),
    })
    const server = `https://${this.masters[0]?.address ?? ''}:6443`
    this.terminals = new Terminals({
      simulation: () => this.simulation,
      http: (request, target) => this.http(withPeer(request, this.simulation.now), target),
      isListening: () => !attempt(() => void pickServer(this.surroundings, workstation, 'GET', '/')),
      closeWatch: watchId => this.stopWatch(watchId),
      machines: machineDoors({
        simulation: () => this.simulation,
        machines: this.machines,
        server,
        podNetwork: this.podNetwork,
        etcdMembers: this.masters,
        isOn: machine => this.room.state(machine).on,
        setKubelet: (machine, runs) => (runs ? this.room.startKubelet(machine) : this.room.stopKubelet(machine)),
        isReachable: (from, to) => isReachable(this.network, from, to),
        etcdKeys: prefix => keysIn(this.etcd, prefix),
        rules: machine => this.networking.rules(machine),
        proxyMode: () => proxyModeIn(this.api),
      }),
      server,
      files: homeFiles,
    })
    const own = [...this.definitions(), ...this.terminals.definitions]
    this.simulation = new Simulation({ seed, startMs, definitions: [...own, ...definitions] })
    this.room = new MachineRoom(this.simulation, this.machines, this.podNetwork)
    this.surroundings = {
      simulation: this.simulation,
      apiServer: this.apiServer,
      masters: this.masters,
      machineOf: component => this.machineOf(component),
      isReachable: (from, to) => isReachable(this.network, from, to),
    }
    const identity = { user: administrator, userAgent: 'kubectl/v1.36.2 (linux/amd64)' }
    this.api = createApi(transportFor(this.surroundings, workstation), identity)
    this.begin()
  }

  /** Whether the installation is over: all machines have joined and every system Pod is ready. */
  isBooted(): boolean {
    return this.simulation.state<KubeadmState>(installer).step === 'done'
  }

  /** Equal for clusters whose etcd holds the same at the same revision. */
  digest(): string {
    return digestOf(this.etcd)
  }

  /** What changed since an etcd revision; 0 asks for everything. */
  changesSince(revision: number): Changes {
    return changesIn(this.etcd, revision)
  }

  /** The machines, whether or not an API object says so. */
  machineViews(): MachineView[] {
    const { cuts } = this.network
    return this.machines.map(machine => {
      const { on, kubeletRuns } = this.room.state(machine.name)
      return { ...machine, on, kubeletRuns, cut: cuts.has(machine.name) }
    })
  }

  /** What a machine has used so far, and uses now; undefined while nothing runs on it. */
  machineUse(name: string): { readonly cpuMs: number; readonly memoryBytes: number } | undefined {
    const runtime = `runtime/${name}`
    if (!this.simulation.has(runtime)) return undefined
    return machineStats(this.simulation.state<RuntimeState>(runtime), this.simulation.now)
  }

  componentViews(): ComponentView[] {
    return this.masters.flatMap(({ name: machine }) =>
      controlPlane.map(program => {
        const name = `${program}/${machine}`
        const alive = this.simulation.has(name)
        return { name, machine, alive, facts: alive ? this.factsOf(program, name) : {} }
      }),
    )
  }

  /**
   * Sends an HTTP request to the API from a machine (default: the workstation). Throws ApiError when no server can be
   * reached. A watch needs a target: the component that gets its deliveries.
   */
  http(request: HttpRequest, target?: WatchTarget, from = workstation): HttpResponse | HttpStream | HttpConnection {
    const server = pickServer(this.surroundings, from, request.method, request.path)
    return serveHttp(this.apiServer.server, server, { source: this.addressOf(from), ...request }, target)
  }

  /** Ends a watch that was opened by `http`. */
  stopWatch(watchId: number): void {
    transportFor(this.surroundings, workstation).stopWatch(watchId)
  }

  /** Breaks or mends something. Throws RangeError when there is no such thing. */
  applyFault(fault: Fault): void {
    applyFault(this.simulation, this.room, fault)
  }

  /** Sends requests as the page's load generator does. */
  visit(visit: Visit): void {
    this.simulation.schedule('visitor', 0, 'visit', visit)
  }

  private get etcd(): EtcdState {
    return this.simulation.state('etcd')
  }

  private get network(): NetworkState {
    return this.simulation.state('network')
  }

  private definitions(): ComponentDefinition<never>[] {
    const transport = (component: string): ReturnType<typeof transportFor> => transportFor(this.surroundings, component)
    const named = (role: Machine['role']): string[] =>
      this.machines.filter(machine => machine.role === role).map(({ name }) => name)
    const host = {
      addComponent: (name: string, type: string, state: unknown): void =>
        this.room.addProcess(name, type, state, this.machineOf(name)),
      removeComponent: (name: string): void => this.room.removeProcess(name),
    }
    return [
      defineComponent<EtcdState>({ type: 'etcd', on: {} }),
      defineComponent<object>({ type: 'etcd-member', on: { start: () => undefined } }),
      machinesDefinition,
      visitor,
      proxies,
      this.apiServer.definition,
      ...this.networking.definitions,
      createManager({ type: 'kube-controller-manager', controllers, transport }),
      createScheduler({ transport }),
      createRuntime({ images: imageRegistry([...images, ...this.networking.images, ...this.metricsServer()]), host }),
      createInformers(transport),
      createKubelet({ transport: machine => transport(`kubelet/${machine}`) }),
      createKubeadm({
        masters: named('master'),
        workers: named('worker'),
        addons: addonsFor(this.masters[0]?.address ?? '', this.podNetwork),
        network: parseManifest(`${calicoManifest}---\n${calicoRoles}`),
        extras: parseManifest(ingressNginxManifest),
        transport,
        startMachine: name => this.room.start(name),
      }),
    ]
  }

  private begin(): void {
    const { simulation, machines, room } = this
    this.networking.begin()
    this.terminals.begin()
    simulation.add('etcd', 'etcd', createEtcd())
    simulation.add('visitor', 'visitor', {})
    simulation.add(proxyName, 'proxies', {})
    simulation.add('machines', 'machines', newMachines(machines, imagesOnDisk))
    room.connect(workstation)
    const { components } = this.topology
    if (components) {
      this.startAlone(components)
      return
    }
    const workers = machines.filter(machine => machine.role === 'worker').map(machine => machine.name)
    simulation.add(installer, 'kubeadm', newKubeadm(workers))
    simulation.schedule(installer, 0, 'start')
  }

  /** A control plane without machines: its programs run on the first master as if somebody had started them by hand. */
  private startAlone(components: readonly string[]): void {
    const { simulation, room } = this
    const master = this.masters[0]?.name ?? ''
    room.connect(master)
    simulation.add(installer, 'kubeadm', { ...newKubeadm([]), step: 'bare' })
    simulation.schedule(installer, 1, 'start')
    for (const { name, type, state } of programsOf(components, master, simulation.now)) {
      room.addProcess(`${name}/${master}`, type, state, master)
    }
  }

  /** A component's machine: that which its name ends in, or that of the Pod whose uid it ends in. */
  private machineOf(component: string): string {
    if (component === followersName) return this.runningMaster()
    const place = component.slice(component.indexOf('/') + 1)
    if (this.room.has(place)) return place
    const host = this.network.hosts.get(`pod/${place}`)
    return host ? machineOf(host) : workstation
  }

  /** Followers are everywhere; the one watch that they share is where an API server is. */
  private runningMaster(): string {
    const running = this.masters.find(({ name }) => this.simulation.has(`kube-apiserver/${name}`))
    return (running ?? this.masters[0])?.name ?? workstation
  }

  private createApiServer(): ApiServer {
    return createApiServer({
      kinds,
      schema,
      etcd: () => this.etcd,
      etcdFailure: () => (this.hasQuorum() ? undefined : 'etcdserver: request timed out'),
      authentication: { nobody: null },
      isAlive: component => this.simulation.has(component),
      addressOf: component => (component === undefined ? '::1' : this.addressOf(this.machineOf(component))),
      advertiseAddress: this.machines[0]?.address ?? '',
      aggregated: metricsDoor({
        simulation: () => this.simulation,
        isReachable: (from, to) => isReachable(this.network, from, to),
      }),
      kubelet: kubeletDoor({
        simulation: () => this.simulation,
        addressOf: name => this.machines.find(machine => machine.name === name)?.address ?? '',
        isReachable: name => this.masters.some(master => isReachable(this.network, master.name, name)),
      }),
    })
  }

  private metricsServer(): readonly Image[] {
    return metricsServerImages({
      stateOf: component => (this.simulation.has(component) ? this.simulation.state<Informers>(component) : undefined),
    })
  }

  private addressOf(machine: string): string {
    return this.machines.find(({ name }) => name === machine)?.address ?? ''
  }

  private factsOf(program: string, name: string): Record<string, string> {
    if (program === 'etcd') return { revision: String(this.etcd.revision) }
    if (program === 'kube-apiserver') {
      return { watches: String(this.simulation.state<ApiServerState>(name).watches.size) }
    }
    if (program === 'kube-scheduler') {
      const { election } = this.simulation.state<SchedulerState>(name)
      return { role: roleIn(election) }
    }
    const { election, controllers: running } = this.simulation.state<ManagerState>(name)
    let queued = 0
    for (const { queue } of running.values()) queued += queue.ready.length
    return { role: roleIn(election), queued: String(queued) }
  }

  /** More than half of the members run. */
  private hasQuorum(): boolean {
    const alive = this.masters.filter(({ name }) => this.simulation.has(`etcd/${name}`)).length
    return alive * 2 > this.masters.length
  }
}

/** Whether a process does its work or waits until the one that does is gone. */
function roleIn(election: ElectionState | undefined): string {
  return election?.leading === false ? 'standby' : 'leader'
}
