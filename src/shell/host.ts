/** Files as a shell sees them: absolute paths; the same shape as a container's file system. */
export interface Files {
  read(path: string): string | undefined
  write(path: string, text: string): void
  append(path: string, text: string): void
  remove(path: string): boolean
  list(path: string): readonly string[] | undefined
  isDirectory(path: string): boolean
  makeDirectory(path: string): void
}

/** What a shell runs on: a machine, a container, the workstation. */
export interface Host {
  readonly files: Files
  /** Virtual time in ms since 1970. */
  readonly now: number
  random(): number
  /** Text for the terminal, or the container's log. */
  write(stream: 'stdout' | 'stderr', text: string): void
  /** A program by the name or path under which it is called; undefined when there is none. */
  program(name: string): ShellProgram | undefined
  /** Names of all programs, for completion and `type`. */
  programNames(): readonly string[]
  /**
   * Starts something that takes time and whose answer comes later, by `answerProcess` with this pid: a request on the
   * network, a kubectl that follows something. What it may be is between the host and its programs.
   */
  request(pid: number, request: unknown): void
  /** Nobody waits for the answer any more. */
  cancel(pid: number): void
  /** Sends a signal to a process that is not the shell's own: `kill 1` in a container. False when there is none. */
  kill?(pid: number, signal: string): boolean
  readonly hostName: string
  /** Whose commands these are: messages of busybox differ from those of GNU's. */
  readonly isBusybox?: boolean
  readonly userName: string
  readonly addresses: readonly string[]
}

/** What a program does next. */
export type Outcome =
  | { readonly exit: number }
  /** Calls the program again when there is more input, or its end. */
  | { readonly wait: 'input' }
  | { readonly wait: 'time'; readonly ms: number; readonly load?: Load }
  /** Hands `request` to the host and calls the program again with the answer. */
  | { readonly wait: 'answer'; readonly request: unknown }
  /** Runs a command and calls the program again with its CommandResult as the answer. */
  | { readonly wait: 'command'; readonly command: Command }

/** What a program uses of the machine while time passes: without it, it sleeps. */
export interface Load {
  readonly cpuMillis: number
  /** Bytes that it takes more every second. */
  readonly memoryGrowth?: number
}

/** A command that a program runs as its child: words, or a script with a name and arguments of its own. */
export interface Command {
  readonly run:
    | { readonly argv: readonly string[] }
    | { readonly script: string; readonly name: string; readonly positional: readonly string[] }
  /** The child's environment; without it, the program's own. */
  readonly env?: Readonly<Record<string, string>>
  /** What the child reads; without it, it shares the program's input. */
  readonly input?: string
  /** Whether its output comes back with the result and is not printed. */
  readonly capture?: boolean
  /** After how many ms it is ended by TERM. */
  readonly withinMs?: number
}

/** How a command of a program ended. A script that cannot be parsed ends with status 2 after bash's complaint. */
export interface CommandResult {
  readonly status: number
  readonly output: string
  readonly timedOut: boolean
}

/** Whether an answer is the result of a command. */
export function isCommandResult(answer: unknown): answer is CommandResult {
  return typeof answer === 'object' && answer !== null && 'timedOut' in answer
}

/**
 * A program as a state machine: `run` is called at the start and whenever what it waited for is there. What it has to
 * remember is plain data in `call.memory`.
 */
export interface ShellProgram {
  run(call: ProgramCall): Outcome
}

export interface ProgramCall {
  /** Name first. */
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly cwd: string
  readonly pid: number
  readonly host: Host
  /** Undefined at the first call; what the program left there afterwards. */
  memory: unknown
  /** What the host answered to the request, at the call after it. */
  readonly answer: unknown
  /** Whether stdin is a terminal. */
  readonly interactive: boolean
  /** Takes the input that has come since the last call; `ended` when no more will. */
  input(): { readonly text: string; readonly ended: boolean }
  out(text: string): void
  err(text: string): void
  /** An absolute path from one that may be relative to the working directory. */
  path(path: string): string
}
