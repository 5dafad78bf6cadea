import type { NodeVerdict } from '../machinery/evidence.ts'
import type { SceneDelta } from '../scene/model.ts'
import type { StoryStep } from '../scene/story/story.ts'
import type { Explanation, Text } from '../scene/why/explanation.ts'

/**
 * Messages between the page and a session. The page sends requests, each with an id that its reply carries; the session
 * sends frames by itself, at most one a display frame (DESIGN.md, D11). Everything is structured-cloneable plain data.
 */

/** How a cluster is built: enough, together with the seed and the inputs, to build it again (D10). */
export interface Topology {
  readonly preset: string
  readonly masters: number
  readonly workers: number
  /** CPUs and memory of each worker. */
  readonly workerCpu: number
  readonly workerMemoryMiB: number
  /** Only these programs of a control plane, and no machines: `apiserver`, `controller-manager`, `scheduler`. */
  readonly components?: readonly string[]
}

/** What a user does to the cluster; logged with its virtual time, so that a run can be repeated. */
export type Input =
  | { readonly type: 'apply'; readonly yaml: string; readonly fileName?: string; readonly dryRun?: boolean }
  | { readonly type: 'shell'; readonly terminal: string; readonly line: string }
  | { readonly type: 'interrupt'; readonly terminal: string }
  /** Text for the program that runs in a terminal: lines that it reads, or keys as they are pressed. */
  | { readonly type: 'type'; readonly terminal: string; readonly text: string }
  /** The editor that a terminal's program had opened was closed; without a text nothing was saved. */
  | { readonly type: 'edited'; readonly terminal: string; readonly text?: string }
  | { readonly type: 'delete'; readonly resource: string; readonly namespace?: string; readonly name: string }
  | {
      readonly type: 'request'
      readonly from: string
      readonly url: string
      readonly count: number
      readonly intervalMs: number
    }
  | { readonly type: 'fault'; readonly fault: Fault }
  /** A request of a client outside, over HTTP. What goes on after the answer (a watch, exec) has a number. */
  | { readonly type: 'http'; readonly request: OutsideRequest; readonly connection?: number }
  /** What a client outside sends on an open connection. */
  | { readonly type: 'stream'; readonly connection: number; readonly message: OutsideMessage }

export interface OutsideRequest {
  readonly method: string
  /** Path with query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string
  /** Whose certificate the client has shown. */
  readonly certificate?: { readonly user: string; readonly groups: readonly string[]; readonly fingerprint?: string }
}

export type OutsideMessage =
  /** Without text there will be no more. */
  | { readonly send: 'input'; readonly text?: string }
  | { readonly send: 'resize'; readonly columns: number; readonly rows: number }
  /** To a forwarded port: a request, or without one an attempt to connect. */
  | { readonly send: 'request'; readonly tag: number; readonly port: number; readonly http?: ForwardedRequest }
  | { readonly send: 'close' }

export interface ForwardedRequest {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

export type Fault =
  | { readonly what: 'stop-machine' | 'start-machine' | 'stop-kubelet' | 'start-kubelet'; readonly target: string }
  | { readonly what: 'cut-network' | 'mend-network'; readonly target: string; readonly other?: string }
  | {
      readonly what: 'kill-container'
      readonly target: string
      readonly namespace: string
      readonly container?: string
    }

export interface LoggedInput {
  readonly at: number
  readonly input: Input
}

/** Version of SessionRecord's form. A record with a higher one was made by a newer page. */
export const recordFormat = 1

/** The portable form of a session: a link, a file and IndexedDB hold this. */
export interface SessionRecord {
  readonly format: number
  readonly engine: string
  readonly seed: number
  readonly topology: Topology
  readonly inputs: readonly LoggedInput[]
  /** Virtual time at which it was saved. */
  readonly at: number
  /** Digest of etcd at that time: whoever opens the record can tell whether it came to the same state. */
  readonly digest?: string
}

export type Ask =
  /** Starts the session anew: a fresh one, or one that was saved or shared. */
  | { readonly ask: 'open'; readonly record: SessionRecord; readonly paused?: boolean }
  | { readonly ask: 'input'; readonly input: Input }
  | { readonly ask: 'play' }
  | { readonly ask: 'pause' }
  /** Handles the next event, or runs so many ms. */
  | { readonly ask: 'step'; readonly ms?: number }
  | { readonly ask: 'speed'; readonly speed: number }
  /** Goes to a virtual time in the past or future. Inputs later than that are kept until something new is done. */
  | { readonly ask: 'seek'; readonly at: number }
  /** The record of the session as it is now, with its digest if somebody is going to compare. */
  | { readonly ask: 'save'; readonly digest?: boolean }
  | { readonly ask: 'digest' }
  /** One object, as `kubectl get -o yaml` gives it, what describe prints, and its Events. */
  | { readonly ask: 'object'; readonly resource: string; readonly namespace?: string; readonly name: string }
  /** Why an object is as it is. */
  | { readonly ask: 'why'; readonly resource: string; readonly namespace?: string; readonly name: string }
  /** What a node's Pods ask for, may have and use. */
  | { readonly ask: 'allocation'; readonly name: string }
  /** How the scheduler judged the nodes when it looked at a Pod last; nothing when the trace has forgotten. */
  | { readonly ask: 'placement'; readonly namespace: string; readonly name: string }
  /** What happened to an object, step by step, as far as the trace goes back. */
  | { readonly ask: 'story'; readonly resource: string; readonly namespace?: string; readonly name: string }
  /** Runs until the next thing happens to an object, and pauses; gives up after a virtual while. */
  | { readonly ask: 'next'; readonly resource: string; readonly namespace?: string; readonly name: string }
  /** Any read of the API, by path, as an HTTP client does it. */
  | { readonly ask: 'api'; readonly path: string; readonly accept?: string }
  /** What applying these documents would change: a unified diff for each. */
  | { readonly ask: 'diff'; readonly yaml: string }
  /** Trace entries from a number on. */
  | { readonly ask: 'trace'; readonly since: number; readonly limit: number }
  /** Completions of a shell line at its end. */
  | { readonly ask: 'complete'; readonly terminal: string; readonly line: string }

export interface AskMessage {
  readonly id: number
  readonly ask: Ask
}

/** An answer; `ok: false` carries a text for people. */
export type Reply = { readonly id: number } & (
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: string }
)

/** Replies' values by what was asked. */
export interface Answers {
  /** `same` says whether a record that holds a digest came to the state that it was saved in. */
  open: { readonly at: number; readonly same?: boolean }
  input: ApplyAnswer | undefined
  play: undefined
  pause: undefined
  step: { readonly at: number }
  speed: undefined
  seek: { readonly at: number }
  save: SessionRecord
  digest: string
  object: ObjectAnswer
  why: readonly WhyAnswer[]
  allocation: AllocationAnswer
  placement: PlacementAnswer | undefined
  story: StoryAnswer
  /** `found` says whether something happened. */
  next: { readonly at: number; readonly found: boolean }
  api: { readonly status: number; readonly contentType: string; readonly body: string }
  diff: { readonly text: string; readonly errors: readonly ApplyError[] }
  trace: { readonly entries: readonly TraceLine[]; readonly next: number }
  complete: readonly string[]
}

export interface ApplyAnswer {
  /** What kubectl would print, a line an object. */
  readonly lines: readonly string[]
  readonly errors: readonly ApplyError[]
}

/** Where a document was wrong. Lines count from 1 in the text that was sent. */
export interface ApplyError {
  readonly message: string
  readonly line?: number
  readonly column?: number
  readonly document: number
}

export interface ObjectAnswer {
  readonly yaml: string
  readonly describe: string
  readonly events: readonly EventLine[]
}

/** A node's resources in thousandths of a CPU and in bytes. */
export interface AllocationAnswer {
  readonly at: number
  readonly cpu: Share
  readonly memory: Share
  readonly pods: { readonly count: number; readonly most: number }
  /** CPU that the machine has used since it was started, in ms; absent while it is off. */
  readonly usedCpuMs?: number
  readonly usedMemory?: number
}

export interface Share {
  readonly allocatable: number
  readonly requested: number
  readonly limited: number
}

/** The scheduler's verdict on every node: first those that could take the Pod, the best first. */
export interface PlacementAnswer {
  readonly at: number
  /** The node that was chosen, if one was. */
  readonly node?: string
  readonly verdicts: readonly NodeVerdict[]
}

/** `begins` is said when the trace has forgotten something: the virtual time of the oldest entry that it still has. */
export interface StoryAnswer {
  readonly steps: readonly StoryStep[]
  readonly begins?: number
}

/** One thing to say about why an object is as it is, the components' words for it, and perhaps what mends it. */
export type WhyAnswer = Omit<Explanation, 'fix'> & { readonly fix?: FixAnswer }

export interface FixAnswer {
  readonly text: Text
  readonly command: string
  /** What to apply, and what that changes as `kubectl diff` prints it. */
  readonly yaml?: string
  readonly diff?: string
}

export interface EventLine {
  readonly at: number
  readonly type: string
  readonly reason: string
  readonly message: string
  readonly count: number
  readonly from: string
}

export interface TraceLine {
  readonly seq: number
  readonly at: number
  readonly by: string
  readonly type: string
  readonly data: unknown
}

/** What the session sends by itself. */
export interface Frame {
  readonly now: number
  /** Start of the session and the furthest that it has been. */
  readonly start: number
  readonly end: number
  readonly playing: boolean
  readonly speed: number
  /** Virtual seconds per real second reached lately; below `speed` when the cluster is too big for it. */
  readonly reachedSpeed: number
  readonly scene: SceneDelta
  /** Output of terminals since the last frame. */
  readonly terminals: readonly TerminalOutput[]
  /** The API server answers and all system Pods run. */
  readonly booted: boolean
}

export interface TerminalOutput {
  readonly terminal: string
  readonly text: string
  /** The command has ended and the prompt is due. */
  readonly done?: { readonly exitCode: number; readonly prompt: string }
  /** What the program that runs reads now: lines, or keys as they are pressed. Without it, nothing. */
  readonly reads?: 'line' | 'keys'
  /** A file that the program wants edited. */
  readonly edit?: { readonly file: string; readonly text: string }
}

export type SessionMessage =
  | { readonly type: 'frame'; readonly frame: Frame }
  | { readonly type: 'reply'; readonly reply: Reply }
  /** Our own bug stopped the session; `record` lets it be opened again. */
  | { readonly type: 'crashed'; readonly error: string; readonly record: SessionRecord }
