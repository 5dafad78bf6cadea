import type { Node } from './syntax.ts'

/** A running shell with all its processes: plain data, so that a checkpoint can be taken in the middle of a script. */
export interface ShellState {
  readonly processes: Map<number, ProcessState>
  readonly pipes: Map<number, Pipe>
  nextPid: number
  nextPipe: number
  /** Processes that may go on, in order. */
  ready: number[]
}

export interface Pipe {
  text: string
  writers: number
  readers: number
}

/** Where a file descriptor leads. */
export type Target =
  | { readonly type: 'terminal'; readonly stream: 'stdout' | 'stderr' }
  | { readonly type: 'pipe'; readonly pipe: number }
  | { readonly type: 'file'; readonly path: string }
  | { readonly type: 'text'; readonly pipe: number }
  | { readonly type: 'null' }

export interface ProcessState {
  readonly pid: number
  readonly parent: number | undefined
  readonly stack: Frame[]
  readonly variables: Map<string, string>
  readonly exported: Set<string>
  readonly functions: Map<string, Node>
  positional: string[]
  name: string
  cwd: string
  fds: Map<number, Target>
  status: number
  lastBackground: number
  options: { errexit: boolean; xtrace: boolean; nounset: boolean }
  /** Why it stands still. */
  waiting?: Waiting
  exited?: number
}

export type Waiting =
  | { readonly for: 'input'; readonly fd: number }
  | { readonly for: 'room'; readonly pipe: number }
  | { readonly for: 'child'; readonly pids: readonly number[] }
  | { readonly for: 'time'; readonly at: number }
  | { readonly for: 'answer' }

/** One thing that a process is in the middle of. */
export type Frame =
  | {
      readonly type: 'node'
      readonly node: Node
      index: number
      substituted: string[]
      child?: number
      saved?: SavedRedirects
      loop?: string[]
    }
  | {
      readonly type: 'program'
      readonly argv: readonly string[]
      readonly env: Readonly<Record<string, string>>
      readonly name: string
      memory: unknown
      answer: unknown
    }
  | { readonly type: 'pipeline'; readonly pids: readonly number[]; readonly negated: boolean }
  | {
      readonly type: 'function'
      readonly positional: readonly string[]
      readonly locals: Map<string, string | undefined>
    }
  | { readonly type: 'restore'; readonly fds: SavedRedirects }
  | { readonly type: 'read'; readonly names: readonly string[]; text: string; readonly fd: number }
  | { readonly type: 'source' }

export type SavedRedirects = readonly (readonly [fd: number, target: Target | undefined])[]
