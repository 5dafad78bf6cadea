/** What the programs of a machine see of it. All of it is read when it is asked for. */
export interface MachineView {
  readonly name: string
  readonly address: string
  readonly role: 'master' | 'worker' | 'workstation'
  readonly cpu: number
  readonly memoryMiB: number
  /** The kubelet's process; undefined when it does not run. */
  kubelet(): { readonly startedAt: number } | undefined
  setKubelet(runs: boolean): void
  sandboxes(): readonly RunningSandbox[]
  containers(): readonly RunningContainer[]
  images(): readonly { readonly name: string; readonly imageId: string; readonly sizeBytes: number }[]
  /** What the running containers use. */
  use(): readonly ContainerUse[]
  /** What a container wrote; undefined when there is no such container. */
  log(id: string, tail: number | undefined): string | undefined
  stopContainer(id: string): void
  /** What a component of this machine has recorded since a moment, oldest first. */
  trace(component: string, since: number): readonly Recorded[]
  etcd(): { readonly members: readonly EtcdMember[]; readonly revision: number }
  etcdKeys(prefix: string): readonly Kept[]
  rules(): readonly ServiceRule[]
  /** How the machine's kube-proxy works. */
  proxyMode(): 'iptables' | 'ipvs'
  /** All Pods' addresses are in here. */
  readonly podNetwork: string
  /** The ways to other machines' Pods. */
  routes(): readonly { readonly cidr: string; readonly via: string }[]
}

export interface RunningSandbox {
  readonly id: string
  readonly name: string
  readonly namespace: string
  readonly uid: string
  readonly attempt: number
  readonly addresses: readonly string[]
  readonly createdAt: number
  readonly ready: boolean
}

export interface RunningContainer {
  readonly id: string
  readonly sandboxId: string
  readonly name: string
  readonly attempt: number
  readonly pod: string
  readonly namespace: string
  readonly image: string
  readonly imageId: string
  readonly state: 'created' | 'running' | 'exited'
  readonly createdAt: number
  readonly startedAt?: number
  readonly finishedAt?: number
  readonly exitCode?: number
  readonly processes: readonly { readonly pid: number; readonly argv: readonly string[] }[]
}

export interface ContainerUse {
  readonly id: string
  /** CPU time since its start, in ms of one core. */
  readonly cpuMs: number
  readonly memoryBytes: number
  /** What it wrote over its image. */
  readonly diskBytes: number
  readonly inodes: number
}

export interface Recorded {
  readonly at: number
  readonly type: string
  readonly data: unknown
}

export interface EtcdMember {
  readonly name: string
  readonly address: string
  readonly alive: boolean
}

/** A key of etcd. Values are JSON here; the real ones are protobuf. */
export interface Kept {
  readonly key: string
  readonly value: string
  readonly revision: number
}

/** One port of a Service as a kube-proxy has programmed it. */
export interface ServiceRule {
  /** `default/web:http`. */
  readonly name: string
  readonly protocol: 'tcp' | 'udp' | 'sctp'
  readonly clusterIp: string
  readonly port: number
  readonly nodePort?: number
  readonly externalIps: readonly string[]
  /** `172.16.1.2:80`. */
  readonly endpoints: readonly string[]
  /** Those that traffic from outside may use, when that is not all. */
  readonly localEndpoints?: readonly string[]
  readonly affinitySeconds?: number
}
