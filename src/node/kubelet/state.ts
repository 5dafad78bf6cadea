import type { Lease } from '../../api/coordination/lease.ts'
import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import type { PodStatus } from '../../api/generated/core.v1.ts'
import type { NewObject } from '../../client/api.ts'
import { type InformerState, newInformer } from '../../client/informer.ts'
import { type LimiterState, newLimiter } from '../../client/limiter.ts'
import { newRecorder, type RecorderState } from '../../client/recorder.ts'
import { deepFreeze } from '../../machinery/object.ts'
import type { FoundPod, MachineStats } from '../cri/cri.ts'
import type { BackOff } from './backoff.ts'

/** What a kubelet is started with: its flags, its configuration file and the machine it finds itself on. */
export interface KubeletConfig {
  readonly nodeName: string
  readonly addresses: readonly string[]
  /** Quantities, as a Node's capacity shows them. */
  readonly cpu: string
  readonly memory: string
  readonly ephemeralStorage: string
  /** What is kept from Pods: hard eviction threshold of memory (100Mi) unless said otherwise. */
  readonly reservedMemory: string
  readonly maxPods: number
  readonly labels: Readonly<Record<string, string>>
  readonly taints: readonly { readonly key: string; readonly value?: string; readonly effect: NodeTaintEffect }[]
  readonly clusterDns: string
  readonly clusterDomain: string
  readonly version: string
  readonly osImage: string
  readonly kernelVersion: string
  readonly containerRuntimeVersion: string
  /** How often the node's status is looked at, and reported when nothing changed, in seconds. */
  readonly statusUpdateSeconds: number
  readonly statusReportSeconds: number
  readonly leaseDurationSeconds: number
}

type NodeTaintEffect = 'NoSchedule' | 'NoExecute' | 'PreferNoSchedule'

/** A kubelet: what it knows of its node and of its Pods. Plain data. */
export interface KubeletState {
  readonly config: KubeletConfig
  readonly startedAt: number
  readonly runtime: string
  /** Pods bound to this node, its Node, and Services (for environment variables; started when first needed). */
  readonly pods: InformerState
  readonly node: InformerState
  readonly services: InformerState
  /** ConfigMaps and Secrets that Pods here use, each watched by its name. */
  readonly objects: Map<string, ObjectWatch>
  readonly workers: Map<string, PodWorker>
  /** Calls of the runtime that have not been answered. */
  readonly calls: Map<number, Call>
  nextCall: number
  readonly recorder: RecorderState
  /** The client's rate limiter: kube-api-qps 50, kube-api-burst 100. */
  readonly limiter: LimiterState
  /** Image pulls happen one after the other (serializeImagePulls). */
  readonly pulls: PullQueue
  /** Images seen here, by imageID: for the Node's status and for who they run as. */
  readonly images: Map<string, SeenImage>
  /** The range of the Pods' addresses that the runtime was told. */
  podCidr?: string
  bootId: string
  networkReady: boolean
  networkMessage: string
  registered: boolean
  readonly nodeStatus: NodeReport
  /** What the eviction manager has seen and is about to do. */
  readonly pressure: Pressure
  /** What `/stats/summary` told last: rates are told since then. */
  lastStats?: MachineStats
  lease?: Lease
  /** Sums of what the admitted Pods ask for. */
  readonly used: { cpuMillis: number; memoryBytes: number; pods: number }
  /** Static Pods, by the manifest's path. */
  readonly manifests: Map<string, Pod>
  nextProbe: number
  /** What the runtime had when this process began; undefined until it has answered. Pods take theirs from it. */
  readonly found: Map<string, FoundPod>
  knowsRuntime: boolean
  /** Manifests that were read before the runtime had answered. */
  readonly manifestsRead: ManifestEvent[]
}

/** Data of the event `manifest`: a file of the manifest directory appeared, changed or (no pod) went. */
export interface ManifestEvent {
  readonly path: string
  readonly pod?: NewObject<Pod>
}

export interface SeenImage {
  /** Names under which it was pulled. */
  readonly names: readonly string[]
  readonly sizeBytes: number
  readonly user?: number | string
}

export interface NodeReport {
  /** The event that looks at the status next, and when. */
  event?: number
  at: number
  reportedAt: number
  /** Conditions by type as Events last told them. */
  readonly told: Map<string, string>
}

export interface Pressure {
  /** What the Node's condition MemoryPressure says. */
  memory: boolean
  /** When memory was below the threshold last. */
  seenAt?: number
  /** The event that looks next. */
  event?: number
  /** The Pod that is being evicted, and until when that is waited for. */
  evicting?: { readonly uid: string; readonly until: number }
}

export interface ObjectWatch {
  readonly informer: InformerState
  /** Uids of the Pods that use it. */
  readonly users: Set<string>
}

export interface PullQueue {
  current?: Pull
  readonly waiting: Pull[]
}

export interface Pull {
  readonly uid: string
  readonly container: string
  readonly image: string
  readonly askedAt: number
  startedAt: number
}

/** What a call of the runtime was for, so that its answer finds its way. */
export interface Call {
  readonly uid: string
  readonly purpose: Purpose
  readonly container?: string
  readonly probe?: string
  /** The request that waits for the answer. */
  readonly asked?: { readonly exchange: number; readonly path: string }
  readonly call: string
  readonly at: number
}

export type Purpose = 'step' | 'kill' | 'end' | 'probe' | 'pull' | 'hook' | 'stats' | 'eviction' | 'none'

export interface PodWorker {
  readonly uid: string
  pod: Pod
  /** Where the Pod comes from: the API, or a manifest on the machine. */
  readonly source: 'api' | 'file'
  stage: 'sync' | 'terminating' | 'terminated'
  readonly startTime: string
  readonly addedAt: number
  sandbox?: SandboxRecord
  sandboxAttempts: number
  readonly containers: Map<string, ContainerRecord>
  /** Ids of containers that have ended and are kept for their logs. */
  readonly dead: string[]
  /** The pull that the present pass waits for. */
  pull?: Pull
  /** Why a container could not be started lately: what its waiting state says. */
  readonly reasons: Map<string, { readonly reason: string; readonly message: string }>
  readonly restarts: Map<string, BackOff>
  readonly pulls: Map<string, BackOff>
  /** What the API was told last, or is about to be told. */
  status?: PodStatus
  /** What the API has, as far as this kubelet knows. */
  sent?: PodStatus
  /** What shows a static Pod in the API. */
  mirror?: Pod
  /** A status waits for tokens of the rate limiter or for the server. */
  statusEvent?: number
  /** The API's status is to be compared with this kubelet's. */
  reconcile?: boolean
  pass?: Pass
  /** Something happened while a pass was under way: another one follows. */
  again: boolean
  /** The event that starts the next pass, when one is due by time. */
  retry?: number
  volumes: 'none' | 'failing' | 'mounted'
  mountBackOffMs: number
  mountingSince?: number
  /** Keys of ConfigMaps and Secrets that the Pod uses. */
  readonly refs: Set<string>
  readonly probes: Map<string, ProbeWorker>
  /** Containers being stopped. */
  readonly kills: Map<string, Kill>
  /** How long the Pod may take to end, in seconds; only ever shortened. */
  graceSeconds?: number
  terminatingSince?: number
  /** Why the kubelet itself ended the Pod. */
  verdict?: {
    readonly reason: string
    readonly message: string
    /** The reason of the condition DisruptionTarget. */
    readonly disruption?: string
  }
  admitted: boolean
  /** The API was told to forget the Pod. */
  removed?: boolean
  /** The API object is gone. */
  deleted: boolean
}

/** One run of syncPod: every container is tried at most once. */
export interface Pass {
  readonly attempted: Set<string>
  failed: boolean
  changed: boolean
  /** When the earliest back-off ends. */
  retryAt?: number
  step?: Step
}

/** What the pass waits for. */
export interface Step {
  readonly at: 'sandbox' | 'image' | 'pull' | 'create' | 'start' | 'hook' | 'kill' | 'stop-sandbox'
  readonly container?: string
  readonly call?: number
}

export interface SandboxRecord {
  readonly id: string
  readonly addresses: readonly string[]
  readonly attempt: number
  ready: boolean
}

export interface ContainerRecord {
  id?: string
  readonly attempt: number
  readonly image: string
  /** The image as the Pod named it when the container was made. */
  readonly specImage?: string
  imageId: string
  imageUser?: number | string
  state: 'starting' | 'created' | 'running' | 'exited'
  startedAt?: number
  finishedAt?: number
  exitCode?: number
  reason?: string
  message?: string
  /** How the container before this one ended. */
  readonly last?: Termination
  /** Why it is being stopped, while it is. */
  failedProbe?: 'liveness' | 'startup'
}

export interface Termination {
  readonly exitCode: number
  readonly reason?: string
  readonly message?: string
  readonly startedAt?: number
  readonly finishedAt?: number
  readonly id?: string
}

export interface Kill {
  readonly stage: 'hook' | 'stop'
  readonly deadline: number
  readonly event?: number
}

export interface ProbeWorker {
  readonly type: 'startup' | 'liveness' | 'readiness'
  readonly container: string
  /** Number by which events and answers find this worker; a new one for every container id. */
  number: number
  containerId?: string
  /** Last result that counts: undefined is unknown. */
  result?: boolean
  lastRaw?: boolean
  run: number
  onHold: boolean
  event?: number
  /** The probe that is under way. */
  asked?: { readonly at: number; readonly timeout: number }
}

const defaults: Omit<KubeletConfig, 'nodeName' | 'addresses'> = {
  cpu: '2',
  memory: '4Gi',
  ephemeralStorage: '31811408Ki',
  reservedMemory: '100Mi',
  maxPods: 110,
  labels: {},
  taints: [],
  clusterDns: '10.96.0.10',
  clusterDomain: 'cluster.local',
  version: 'v1.36.2',
  osImage: 'Ubuntu 24.04.3 LTS',
  kernelVersion: '6.8.0-79-generic',
  containerRuntimeVersion: 'containerd://2.1.4',
  statusUpdateSeconds: 10,
  statusReportSeconds: 300,
  leaseDurationSeconds: 40,
}

/** A kubelet that is about to start. */
export function newKubelet(
  config: Partial<KubeletConfig> & Pick<KubeletConfig, 'nodeName' | 'addresses'>,
  now: number,
): KubeletState {
  const { nodeName } = config
  return {
    config: deepFreeze({ ...defaults, ...config }),
    startedAt: now,
    runtime: `runtime/${nodeName}`,
    pods: newInformer(Pod, { fieldSelector: `spec.nodeName=${nodeName}` }),
    node: newInformer(Node, { fieldSelector: `metadata.name=${nodeName}` }),
    services: newInformer(Service),
    objects: new Map(),
    workers: new Map(),
    calls: new Map(),
    nextCall: 1,
    recorder: newRecorder('kubelet', nodeName),
    limiter: newLimiter(50, 100, now),
    pulls: { waiting: [] },
    images: new Map(),
    bootId: '',
    networkReady: false,
    networkMessage: 'Network plugin returns error: cni plugin not initialized',
    registered: false,
    pressure: { memory: false },
    nodeStatus: { at: 0, reportedAt: 0, told: new Map() },
    used: { cpuMillis: 0, memoryBytes: 0, pods: 0 },
    manifests: new Map(),
    nextProbe: 1,
    found: new Map(),
    knowsRuntime: false,
    manifestsRead: [],
  }
}
