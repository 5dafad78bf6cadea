import type { Answer, Delivered, HttpRequest, HttpResponse, OpenExchange } from '../../network/exchange.ts'

/**
 * What a process does: a state machine, as DESIGN.md's D1 asks. `state` is plain data; handlers may change it. A program
 * that has nothing to do just lives until a signal ends it.
 */
export interface Program<State = unknown> {
  /** The process' state at its start. Called once, before `start`. */
  init(process: Process<State>): State
  /** The process begins: it listens, logs, sets timers, or exits at once. */
  start?(process: Process<State>): void
  /** A timer set by `process.setTimer` rings. */
  timer?(process: Process<State>, data: unknown): void
  /** Somebody's request arrives at a port that this process listens on. */
  serve?(process: Process<State>, request: Delivered): void
  /** The answer to a request that this process sent. */
  answer?(process: Process<State>, answer: Answer): void
  /** A signal other than KILL. Default: TERM and INT end the process with 128 + number, others are ignored. */
  signal?(process: Process<State>, signal: 'TERM' | 'INT' | 'HUP' | 'QUIT' | 'USR1'): void
  /** Text typed into the process' stdin (attach, `exec -i`). */
  input?(process: Process<State>, text: string): void
  /** There will be no more input. */
  endOfInput?(process: Process<State>): void
  /** CPU and memory that the process uses from now on. Default: nearly nothing. */
  usage?(process: Process<State>): Usage
  /** The process is gone, however it ended: a control-plane program takes its component away here. */
  stopped?(process: Process<State>): void
}

/**
 * What a process uses from now on, until a handler of its program has run again: so nothing has to tick for a process that
 * only sits there, or grows.
 */
export interface Usage {
  /** CPU that it wants all the time. What single requests cost comes on top (`Process.work`). */
  readonly cpuMillis: number
  readonly memoryBytes: number
  /** How many bytes it takes more every second. */
  readonly memoryGrowth?: number
  /** Where that ends. */
  readonly memoryMost?: number
}

/** How a client sends a request: its patience, and what led it to the address. */
export type RequestOptions = Pick<OpenExchange, 'timeoutMs' | 'connectTimeoutMs' | 'via'>

/** What a client sends that is not HTTP. */
export type Question = Pick<OpenExchange, 'protocol' | 'host' | 'port' | 'payload'>

/** A process as its program sees it: what an operating system offers. */
export interface Process<State = unknown> {
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly workingDir: string
  readonly user: number
  readonly pid: number
  /** Whether somebody sits at a terminal: `-t`. */
  readonly tty: boolean
  /** Whether input can come: `-i`. */
  readonly stdin: boolean
  state: State
  /** Virtual time in ms since 1970. */
  readonly now: number
  readonly host: { readonly name: string; readonly addresses: readonly string[]; readonly node: string }
  /** The container it runs in. */
  readonly container: { readonly id: string; readonly name: string; readonly restartCount: number }
  readonly pod: { readonly name: string; readonly namespace: string; readonly uid: string }
  /** The image it was started from: one image file serves all tags of its repository. */
  readonly image: { readonly repository: string; readonly tag: string }
  readonly files: FileSystem
  random(): number
  /** Writes a line to stdout or stderr: `kubectl logs` prints it. */
  log(line: string, stream?: 'stdout' | 'stderr'): void
  /** Writes text as it is; a container's log has it when its line is complete. */
  write(text: string, stream?: 'stdout' | 'stderr'): void
  exit(code: number): void
  /** Opens a port on the Pod's addresses. Returns the kernel's words when it is taken. */
  listen(port: number, protocol?: 'tcp' | 'udp'): string | undefined
  setTimer(delayMs: number, data?: unknown): number
  clearTimer(timer: number): void
  /** Sends an HTTP request; the answer comes to `answer`, with the tag. Without a timeout, TCP's patience decides. */
  request(url: string, request: Partial<HttpRequest>, tag?: unknown, how?: RequestOptions): void
  /** Sends something that is not HTTP: a DNS question, or a `tcp` handshake. The answer comes to `answer`. */
  ask(what: Question, tag?: unknown, how?: RequestOptions): void
  /**
   * Uses CPU time, in ms of one core. Returns after how many ms that is done: later than it takes when the container has
   * more to do than its limit allows.
   */
  work(cpuMs: number): number
  respond(request: Delivered, response: HttpResponse, afterMs?: number): void
  /** Answers a request of another protocol. */
  respondPayload(request: Delivered, payload: unknown, afterMs?: number): void
  /** Starts and ends a component of the simulation whose life is that of this process (control-plane programs). */
  startComponent(name: string, type: string, state: unknown): void
  stopComponent(name: string): void
  /** Sends an event to a component: how a program sets up what its machine's kernel and network do (kube-proxy, CNI). */
  tell(component: string, type: string, data: unknown): void
}

/** A container's file system: the image's files, what the container wrote, and its volumes. Paths are absolute. */
export interface FileSystem {
  /** The file's text, or undefined when there is none. */
  read(path: string): string | undefined
  write(path: string, text: string): void
  append(path: string, text: string): void
  /** Returns whether there was something to remove. */
  remove(path: string): boolean
  /** Names in a directory, sorted, or undefined when there is no such directory. */
  list(path: string): readonly string[] | undefined
  isDirectory(path: string): boolean
  makeDirectory(path: string): void
}
