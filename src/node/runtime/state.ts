import type { ObjectRef } from '../../machinery/evidence.ts'
import type { WatchTarget } from '../../machinery/rest.ts'
import type { ContainerConfig, SandboxConfig } from '../cri/cri.ts'
import type { Meter } from './meter.ts'

/** The container runtime of one machine: images, sandboxes, containers, processes and files, all plain data. */
export interface RuntimeState {
  readonly machine: string
  /** Who is told what happens to containers. */
  readonly kubelet: string
  /** The machine's own addresses: Pods of the host network use them. */
  readonly addresses: readonly string[]
  /** What a pull gets through, in bytes of compressed layers a second. */
  readonly pullBytesPerSecond: number
  podCidr?: string
  /** The address that was given last, as host-local IPAM remembers it: the next Pod gets the next one. */
  lastAddress?: string
  readonly leases: Map<string, string>
  /** Images on this machine, by complete name. */
  readonly images: Map<string, PresentImage>
  /** Pulls under way: complete name → ids of the calls that wait for it. */
  readonly pulls: Map<string, number[]>
  readonly sandboxes: Map<string, Sandbox>
  readonly containers: Map<string, Container>
  /** Files of volumes, by volume id and path below its root. */
  readonly volumes: Map<string, Map<string, string>>
  /** Files of the machine that anybody wrote, by absolute path. */
  readonly hostFiles: Map<string, string>
  /** Ports that are open, by host and port: two processes of one host cannot share one. */
  readonly ports: Map<string, { container: string; pid: number }>
  /** Open connections to containers, by their ids. */
  readonly streams: Map<number, Stream>
  readonly startedAt: number
  /** CPU time of containers that have ended, in ms of one core. */
  endedCpuMs: number
  /** What the machine has. */
  readonly cpuMillis: number
  readonly memoryBytes: number
  /** CPU that all containers want together; whether that is more than there is. */
  cpuWanted: number
  cpuShort: boolean
  /** The most memory that the running containers can come to without doing anything. */
  memoryPeak: number
  /** The event that looks at the machine's memory when it may be short. */
  memoryEvent?: number
  /** The kubelet knows that memory is short. */
  memoryLow: boolean
  networkReady: boolean
  bootId?: string
  nextPid: number
}

export interface PresentImage {
  readonly name: string
  /** `docker.io/library/nginx@sha256:…`: what a Pod's status calls imageID. */
  readonly imageId: string
  readonly sizeBytes: number
  readonly user?: number | string
}

export interface Sandbox {
  readonly id: string
  readonly config: SandboxConfig
  readonly addresses: readonly string[]
  readonly createdAt: number
  ready: boolean
}

export interface Container {
  readonly id: string
  readonly sandboxId: string
  readonly config: ContainerConfig
  readonly image: PresentImage
  readonly createdAt: number
  state: 'created' | 'running' | 'exited'
  startedAt?: number
  finishedAt?: number
  exitCode?: number
  reason?: string
  message?: string
  readonly processes: Map<number, ProcessRecord>
  readonly meter: Meter
  /** The number of its main process on the machine. */
  hostPid?: number
  /** Set when annotations of the Pod say how it behaves (staged.ts). */
  staged?: StagedRecord
  /** What the container wrote over its image; null where it removed a file of the image. */
  readonly overlay: Map<string, string | null>
  /** The newest lines of stdout and stderr. */
  log: LogLine[]
  /** The call that waits for the container to stop, and the event that kills it. */
  stopping?: { calls: number[]; killEvent: number; killAt: number }
}

/** What a staged container has been through. */
export interface StagedRecord {
  /** The program itself has begun: before, only time passes. */
  begun: boolean
  readonly readyAt: number
  served: number
  /** How much later than the program says its answers go out. */
  delayMs: number
  /** Ports that are open only because the annotations say so. */
  readonly ports: number[]
}

export interface ProcessRecord {
  readonly pid: number
  /** Name of the program in its image, as `findProgram` found it. */
  readonly program: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  state: unknown
  /** Numbers of the events that will ring. */
  readonly timers: Set<number>
  readonly ports: string[]
  /** Set while a handler runs that ended the process. */
  exit?: number
  /** Set for a process that `exec` started: where its output goes. */
  readonly exec?: ExecRecord
  /** What was written since the last end of a line, by stream. */
  readonly partial: { stdout: string; stderr: string }
}

export interface ExecRecord {
  /** The call that waits for the command, for ExecSync. */
  readonly call?: number
  /** The stream that carries its input and output. */
  readonly stream?: number
  readonly tty?: boolean
  readonly stdin?: boolean
  output: string
}

/** A connection to a container or to a Pod's ports (machinery/streams.ts). */
export type Stream = ExecStream | AttachStream | LogStream | PortForwardStream

interface OpenedStream {
  readonly id: number
  readonly target: WatchTarget
  readonly tty: boolean
}

export interface ExecStream extends OpenedStream {
  readonly kind: 'exec'
  readonly container: string
  pid?: number
  /** What was typed at the terminal and not entered yet. */
  line: string
}

export interface AttachStream extends OpenedStream {
  readonly kind: 'attach'
  readonly container: string
  readonly stdin: boolean
  line: string
}

export interface LogStream extends OpenedStream {
  readonly kind: 'log'
  readonly container: string
  readonly timestamps: boolean
  bytesLeft?: number
}

export interface PortForwardStream extends OpenedStream {
  readonly kind: 'port-forward'
  readonly sandbox: string
}

export interface LogLine {
  readonly at: number
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}

export interface RuntimeOptions {
  readonly machine: string
  readonly addresses: readonly string[]
  readonly pullBytesPerSecond?: number
  readonly cpuMillis?: number
  readonly memoryBytes?: number
  readonly startedAt?: number
  /** Images that are there from the start. */
  readonly images?: readonly PresentImage[]
}

/** 25 MB/s: a fast line and a registry near by. */
const defaultPullBytesPerSecond = 25_000_000

/** A runtime with nothing running. */
export function newRuntime(options: RuntimeOptions): RuntimeState {
  return {
    machine: options.machine,
    kubelet: `kubelet/${options.machine}`,
    addresses: options.addresses,
    pullBytesPerSecond: options.pullBytesPerSecond ?? defaultPullBytesPerSecond,
    leases: new Map(),
    images: new Map((options.images ?? []).map(image => [image.name, image])),
    pulls: new Map(),
    sandboxes: new Map(),
    containers: new Map(),
    volumes: new Map(),
    hostFiles: new Map(),
    ports: new Map(),
    streams: new Map(),
    startedAt: options.startedAt ?? 0,
    endedCpuMs: 0,
    cpuMillis: options.cpuMillis ?? 2_000,
    memoryBytes: options.memoryBytes ?? 4 * 2 ** 30,
    cpuWanted: 0,
    cpuShort: false,
    memoryPeak: 0,
    memoryLow: false,
    networkReady: false,
    nextPid: 1000,
  }
}

/** The Pod that a container belongs to. */
export function podOf(state: RuntimeState, container: Container): ObjectRef {
  const sandbox = state.sandboxes.get(container.sandboxId)
  return sandbox?.config.pod ?? { resource: 'pods', name: '', namespace: '' }
}
