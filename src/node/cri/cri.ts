import type { Behaviour } from '../../api/core/behaviour-annotations.ts'
import type { ObjectRef } from '../../machinery/evidence.ts'
import type { HostPort } from '../../network/exchange.ts'

/**
 * The Container Runtime Interface: what the kubelet of a machine asks of its runtime. A call is the event `cri` to
 * `runtime/<machine>`; its result comes back as the event `cri-result` to `kubelet/<machine>` when it is done.
 * Containers that end, or start to run, are reported at once as the event `container` (evented PLEG).
 * Modelled on k8s.io/cri-api; fields that nothing here uses are left out.
 */
export type CriCall =
  | { readonly call: 'RunPodSandbox'; readonly sandbox: SandboxConfig }
  | { readonly call: 'StopPodSandbox'; readonly sandboxId: string }
  | { readonly call: 'RemovePodSandbox'; readonly sandboxId: string }
  | { readonly call: 'ImageStatus'; readonly image: string }
  | { readonly call: 'PullImage'; readonly image: string; readonly pod: ObjectRef }
  | { readonly call: 'RemoveImage'; readonly image: string }
  | { readonly call: 'CreateContainer'; readonly sandboxId: string; readonly container: ContainerConfig }
  | { readonly call: 'StartContainer'; readonly containerId: string }
  | { readonly call: 'StopContainer'; readonly containerId: string; readonly timeoutSeconds: number }
  | { readonly call: 'RemoveContainer'; readonly containerId: string }
  | {
      readonly call: 'ExecSync'
      readonly containerId: string
      readonly command: readonly string[]
      readonly timeoutSeconds: number
    }
  /** Whether the runtime and its network are ready; later changes come as the event `runtime-status`. */
  | { readonly call: 'Status' }
  /** All that the runtime has: what a kubelet asks when it starts. */
  | { readonly call: 'ListContainers' }
  /** What the machine and its containers use. The machine's part is cAdvisor's, not the runtime's, in life. */
  | { readonly call: 'ListContainerStats' }
  /** The addresses that Pods of this machine get. */
  | { readonly call: 'UpdateRuntimeConfig'; readonly podCidr: string }
  /** Not CRI but the kubelet's own disk: the files of a volume, replaced as a whole (ConfigMaps, Secrets, tokens …). */
  | { readonly call: 'WriteVolume'; readonly volumeId: string; readonly files: Readonly<Record<string, string>> }
  | { readonly call: 'RemoveVolume'; readonly volumeId: string }

export interface SandboxConfig {
  readonly pod: ObjectRef
  readonly hostname: string
  readonly hostNetwork: boolean
  readonly dns?: { readonly server: string; readonly search: readonly string[]; readonly ndots: number }
  readonly hosts?: Readonly<Record<string, string>>
  /** Ports of the machine that lead to the Pod. */
  readonly hostPorts?: readonly HostPort[]
  readonly attempt: number
}

export interface ContainerConfig {
  readonly name: string
  readonly image: string
  readonly command?: readonly string[]
  readonly args?: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly workingDir?: string
  readonly mounts: readonly Mount[]
  /** How often a container of this name was started before in its Pod. */
  readonly attempt: number
  readonly user?: number
  /** Signal that asks the process to end, without SIG; the image's own or TERM if left out. */
  readonly stopSignal?: string
  readonly cpuLimitMillis?: number
  /** Its weight among the containers of the machine: 1,024 for each CPU that it asked for. */
  readonly cpuShares?: number
  readonly memoryLimitBytes?: number
  /** How willingly the kernel ends it when the machine has no memory left. */
  readonly oomScoreAdjust?: number
  /** What annotations of the Pod say of how it behaves. */
  readonly behaviour?: Behaviour
  readonly terminationMessagePath: string
  readonly tty: boolean
  readonly stdin: boolean
  /** Whoever is attached first and leaves takes the input with him. */
  readonly stdinOnce?: boolean
}

export interface Mount {
  readonly containerPath: string
  readonly readOnly: boolean
  readonly subPath?: string
  readonly source: { readonly volumeId: string } | { readonly hostPath: string }
}

/** Data of the event `cri`. `id` is the kubelet's own and comes back with the result. */
export interface CriRequest {
  readonly id: number
  readonly request: CriCall
}

/** Data of the event `cri-result`. */
export type CriResult = { readonly id: number } & (
  { readonly ok: true; readonly value: CriValue } | { readonly ok: false; readonly error: string }
)

export interface CriValue {
  readonly sandboxId?: string
  readonly addresses?: readonly string[]
  readonly containerId?: string
  readonly imageId?: string
  readonly imageBytes?: number
  /** User that the image's processes run as, when the container names none. */
  readonly imageUser?: number | string
  readonly status?: RuntimeStatus
  readonly pods?: readonly FoundPod[]
  readonly stats?: MachineStats
  readonly exitCode?: number
  readonly output?: string
}

/** A Pod's sandbox and containers as the runtime has them. */
export interface FoundPod {
  readonly uid: string
  readonly sandbox: {
    readonly id: string
    readonly addresses: readonly string[]
    readonly attempt: number
    readonly ready: boolean
  }
  readonly containers: readonly FoundContainer[]
}

export interface FoundContainer {
  readonly id: string
  readonly name: string
  readonly attempt: number
  readonly image: string
  readonly imageId: string
  readonly state: 'created' | 'running' | 'exited'
  readonly startedAt?: number
  readonly finishedAt?: number
  readonly exitCode?: number
  readonly reason?: string
  readonly message?: string
}

/** Data of the event `runtime-status` to the kubelet, and what the call `Status` answers. */
export interface RuntimeStatus {
  readonly networkReady: boolean
  /** Another one after every start of the machine (the kernel's, in life): 32 hexadecimal digits. */
  readonly bootId: string
  /** Why the network is not ready, as the CNI plugin says it. */
  readonly message: string
}

/** Data of the event `container` to the kubelet: a container changed without having been asked to. */
export interface ContainerChange {
  readonly containerId: string
  readonly name: string
  readonly pod: ObjectRef
  readonly state: 'running' | 'exited'
  readonly exitCode?: number
  readonly signal?: number
  readonly reason?: 'OOMKilled' | 'Error' | 'Completed' | 'StartError'
  readonly message?: string
  readonly startedAt: number
  readonly finishedAt?: number
  /** Text of the termination message file at the end. */
  readonly terminationMessage?: string
  /** The end of the log: what a container that left no message says, if its policy is FallbackToLogsOnError. */
  readonly lastLog?: string
}

/** What a machine and its containers use at a moment; CPU time is counted since their start. */
export interface MachineStats {
  readonly at: number
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly availableBytes: number
  readonly containers: readonly ContainerStats[]
}

export interface ContainerStats {
  readonly id: string
  readonly name: string
  readonly pod: ObjectRef
  readonly startedAt: number
  readonly cpuMs: number
  readonly memoryBytes: number
}

/** Data of the event `system-oom` to the kubelet: the kernel had to end something. */
export interface SystemOom {
  readonly process: string
  readonly pid: number
}
