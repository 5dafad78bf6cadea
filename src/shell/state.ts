import type { Load } from './host.ts'
import type { Node } from './syntax.ts'

/** A running shell with all its processes: plain data, so that a checkpoint can be taken in the middle of a script. */
export interface ShellState {
  readonly processes: Map<number, ProcessState>
  readonly pipes: Map<number, Pipe>
  nextPid: number
  nextPipe: number
  /** Processes that may go on, in order. */
  ready: number[]
  /** The pipe that the shell's own input comes through, when somebody can type or send it any. */
  readonly stdin?: number
  /** Whose words it uses: bash's, or those of a plain sh (dash, busybox' ash). */
  readonly dialect: 'bash' | 'sh'
  /** Whether that is a terminal. */
  readonly tty: boolean
  /** What `$$` has above our own number of a process. */
  readonly pidOffset: number
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
  options: { errexit: boolean; xtrace: boolean; nounset: boolean; pipefail: boolean }
  /** Why it stands still. */
  waiting?: Waiting
  exited?: number
  /** How its complaints begin, if not with its name: `bash: line 1`. */
  complainsAs?: string
  /** `exit` was called, or what `exec` put in the shell's place has ended. */
  leaving?: boolean
  /** Commands for signals and for the end, by name: TERM, INT, EXIT. */
  traps: Map<string, string>
  /** Signals that have come and whose traps have not been run. */
  readonly pending: string[]
  /** What `alias` made, by name. */
  readonly aliases: Map<string, string>
}

export type Waiting =
  | { readonly for: 'input'; readonly fd: number }
  | { readonly for: 'room'; readonly pipe: number }
  | { readonly for: 'child'; readonly pids: readonly number[]; readonly until?: number }
  /** `load` is what it uses meanwhile, since a moment, if it does not sleep. */
  | { readonly for: 'time'; readonly at: number; readonly load?: Load; readonly since?: number }
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
      /** Its alias has been put in. */
      aliased?: boolean
    }
  | {
      readonly type: 'program'
      readonly argv: readonly string[]
      readonly env: Readonly<Record<string, string>>
      readonly name: string
      memory: unknown
      answer: unknown
      child?: ProgramChild
    }
  | {
      readonly type: 'pipeline'
      readonly pids: readonly number[]
      readonly negated: boolean
      /** The builtin `wait`: a trapped signal ends it. */
      readonly interruptible?: boolean
    }
  /** What `exec` started is above: when it has ended, so has the process. */
  | { readonly type: 'exec' }
  /** A trap's commands are above: afterwards the status is what it was. */
  | { readonly type: 'trap'; readonly status: number }
  | {
      readonly type: 'function'
      readonly positional: readonly string[]
      readonly locals: Map<string, string | undefined>
    }
  | { readonly type: 'restore'; readonly fds: SavedRedirects }
  | { readonly type: 'read'; readonly names: readonly string[]; text: string; readonly fd: number }
  | { readonly type: 'source' }

/** A command that a program waits for. */
export interface ProgramChild {
  readonly pid: number
  /** Under which descriptor its output is read, if it is wanted. */
  readonly output?: number
  /** When it is ended at the latest. */
  until?: number
  timedOut: boolean
}

export type SavedRedirects = readonly (readonly [fd: number, target: Target | undefined])[]
