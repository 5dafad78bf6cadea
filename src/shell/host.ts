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
  readonly hostName: string
  readonly userName: string
  readonly addresses: readonly string[]
}

/** What a program does next. */
export type Outcome =
  | { readonly exit: number }
  /** Calls the program again when there is more input, or its end. */
  | { readonly wait: 'input' }
  | { readonly wait: 'time'; readonly ms: number }
  /** Hands `request` to the host and calls the program again with the answer. */
  | { readonly wait: 'answer'; readonly request: unknown }

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
