import type { EtcdState } from '../../control-plane/etcd/store.ts'
import type { KubeletState } from '../../node/kubelet/state.ts'
import { logText } from '../../node/runtime/listing.ts'
import { type Container, podOf, type RuntimeState } from '../../node/runtime/state.ts'
import { machineStats } from '../../node/runtime/stats.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type {
  ContainerUse,
  Kept,
  MachineView,
  RunningContainer,
  RunningSandbox,
  ServiceRule,
} from '../../tools/machine/machine-view.ts'
import type { Machine } from '../topology.ts'

/** What is needed of the world to look into a machine. */
export interface ViewOptions {
  simulation(): Simulation
  readonly machines: readonly Machine[]
  isOn(machine: string): boolean
  setKubelet(machine: string, runs: boolean): void
  /** Keys of etcd with their values, as they are now. */
  etcdKeys(prefix: string): readonly Kept[]
  /** What the machine's kube-proxy has programmed. */
  rules(machine: string): readonly ServiceRule[]
  /** `iptables` or `ipvs`, as the kube-proxies are told. */
  proxyMode(): 'iptables' | 'ipvs'
  readonly podNetwork: string
  /** Masters that have an etcd, whether it runs or not. */
  readonly etcdMembers: readonly { readonly name: string; readonly address: string }[]
}

/** A machine as its own programs see it: crictl, systemctl, journalctl, etcdctl, ip, iptables. */
export function machineView(options: ViewOptions, machine: Machine): MachineView {
  const { name, address, role } = machine
  const simulation = (): Simulation => options.simulation()
  const runtime = (): RuntimeState => simulation().state(`runtime/${name}`)
  const kubelet = `kubelet/${name}`
  const hasRuntime = (): boolean => simulation().has(`runtime/${name}`)
  return {
    ...{ name, address, role, cpu: machine.cpu, memoryMiB: machine.memoryMiB },
    kubelet() {
      if (!simulation().has(kubelet)) return undefined
      return { startedAt: simulation().state<KubeletState>(kubelet).startedAt }
    },
    setKubelet: runs => options.setKubelet(name, runs),
    sandboxes: () => (hasRuntime() ? sandboxesIn(runtime()) : []),
    containers: () =>
      hasRuntime() ? [...runtime().containers.values()].map(each => containerOf(runtime(), each)) : [],
    images: () => (hasRuntime() ? [...runtime().images.values()] : []),
    use: () => (hasRuntime() ? useIn(runtime(), simulation().now) : []),
    log(id, tail) {
      const container = runtime().containers.get(id)
      const limit = tail === undefined ? {} : { tailLines: tail }
      return container ? logText(container, limit, simulation().now) : undefined
    },
    stopContainer: id => simulation().schedule(`runtime/${name}`, 0, 'kill', id),
    trace: (component, since) => traceOf(simulation(), component, since),
    etcd: () => ({
      members: options.etcdMembers.map(member => ({ ...member, alive: simulation().has(`etcd/${member.name}`) })),
      revision: simulation().state<EtcdState>('etcd').revision,
    }),
    etcdKeys: prefix => options.etcdKeys(prefix),
    rules: () => options.rules(name),
    proxyMode: () => options.proxyMode(),
    podNetwork: options.podNetwork,
    routes: () => routesFrom(options, name),
  }
}

function sandboxesIn(state: RuntimeState): readonly RunningSandbox[] {
  return [...state.sandboxes.values()].map(({ id, config, addresses, createdAt, ready }) => {
    const { name, namespace = '', uid = '' } = config.pod
    return { id, name, namespace, uid, attempt: config.attempt, addresses, createdAt, ready }
  })
}

function containerOf(state: RuntimeState, container: Container): RunningContainer {
  const { id, sandboxId, config, image, createdAt, processes } = container
  const { name: pod, namespace = '' } = podOf(state, container)
  return {
    ...{ id, sandboxId, name: config.name, attempt: config.attempt, pod, namespace, createdAt },
    ...{ image: image.name, imageId: image.imageId, state: container.state },
    ...(container.startedAt !== undefined && { startedAt: container.startedAt }),
    ...(container.finishedAt !== undefined && { finishedAt: container.finishedAt }),
    ...(container.exitCode !== undefined && { exitCode: container.exitCode }),
    processes: [...processes.values()].map(({ pid, argv }) => ({ pid, argv })),
  }
}

/** What containers use, and how much their writable layers hold: each file fills whole blocks. */
function useIn(state: RuntimeState, now: number): readonly ContainerUse[] {
  return machineStats(state, now).containers.map(({ id, cpuMs, memoryBytes }) => {
    const files = [...(state.containers.get(id)?.overlay.values() ?? [])].flatMap(text => text ?? [])
    const diskBytes = files.reduce((sum, text) => sum + Math.ceil(text.length / blockBytes) * blockBytes, blockBytes)
    return { id, cpuMs, memoryBytes, diskBytes, inodes: files.length + 1 }
  })
}

const blockBytes = 4_096

function traceOf(simulation: Simulation, component: string, since: number) {
  return simulation.trace.since(0).filter(entry => entry.by === component && entry.at >= since)
}

/** Where the Pods of the other machines are: each has a range of addresses. */
function routesFrom({ simulation, machines }: ViewOptions, own: string): readonly { cidr: string; via: string }[] {
  return machines.flatMap(({ name, address }) => {
    const runtime = `runtime/${name}`
    const cidr =
      name !== own && simulation().has(runtime) ? simulation().state<RuntimeState>(runtime).podCidr : undefined
    return cidr === undefined ? [] : [{ cidr, via: address }]
  })
}
