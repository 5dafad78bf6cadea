import type {
  Answer,
  Delivered,
  HttpRequest,
  HttpResponse,
  Listen,
  OpenExchange,
  Respond,
} from '../../network/exchange.ts'
import { type Engine, imageOf } from './engine.ts'
import { fileSystem } from './files.ts'
import { findProgram } from './find-program.ts'
import { addWork } from './meter.ts'
import { stagedProgram } from './staged.ts'
import { hostFileChanged } from './host-files.ts'
import type { FileSystem, Process, Program, Question, RequestOptions } from './program.ts'
import { parseReference } from './reference.ts'
import { writeLog } from './log.ts'
import { sandboxFile } from './sandbox-files.ts'
import { show, showToAttached, showToFollowers } from './stream-output.ts'
import type { Container, ProcessRecord, Sandbox } from './state.ts'

/** Data of the event `timer`: a process' timer rings. */
export interface TimerEvent {
  readonly container: string
  readonly pid: number
  readonly data: unknown
}

/** What comes back with the answer to a request of a process. */
export interface AnswerTag {
  readonly container: string
  readonly pid: number
  readonly tag: unknown
}

/** A process as its program sees it: made anew for every call of the program, over records that are plain data. */
export class RunningProcess implements Process {
  constructor(
    readonly engine: Engine,
    readonly owner: Container,
    readonly record: ProcessRecord,
    private readonly sandbox: Sandbox,
  ) {}

  get program(): Program {
    const program = findProgram(imageOf(this.engine, this.owner), [this.record.program])
    if (!program) throw new Error(`program ${this.record.program} has left its image`)
    return stagedProgram(this.owner, this.record, program.program)
  }

  get argv(): readonly string[] {
    return this.record.argv
  }

  get env(): Readonly<Record<string, string>> {
    return this.record.env
  }

  get workingDir(): string {
    return this.owner.config.workingDir ?? imageOf(this.engine, this.owner).workingDir ?? '/'
  }

  get user(): number {
    const { user } = this.owner.image
    return this.owner.config.user ?? (typeof user === 'number' ? user : 0)
  }

  get pid(): number {
    return this.record.pid
  }

  get tty(): boolean {
    return this.record.exec ? this.record.exec.tty === true : this.owner.config.tty
  }

  get stdin(): boolean {
    const { exec } = this.record
    return exec ? exec.tty === true || exec.stdin === true : this.owner.config.stdin
  }

  get state(): unknown {
    return this.record.state
  }

  set state(value: unknown) {
    this.record.state = value
  }

  get now(): number {
    return this.engine.self.now
  }

  get host(): Process['host'] {
    const { machine } = this.engine.state
    return { name: this.sandbox.config.hostname, addresses: this.sandbox.addresses, node: machine }
  }

  get container(): Process['container'] {
    const { id, config } = this.owner
    return { id, name: config.name, restartCount: config.attempt }
  }

  get pod(): Process['pod'] {
    const { name, namespace = '', uid = '' } = this.sandbox.config.pod
    return { name, namespace, uid }
  }

  get image(): Process['image'] {
    const parsed = parseReference(this.owner.image.name)
    if (!parsed.ok) return { repository: this.owner.image.name, tag: '' }
    return { repository: parsed.reference.repository, tag: parsed.reference.tag ?? '' }
  }

  get files(): FileSystem {
    const changed = (path: string): void => hostFileChanged(this.engine, path)
    const files = fileSystem(this.engine.state, this.owner, imageOf(this.engine, this.owner), changed)
    return { ...files, read: path => files.read(path) ?? sandboxFile(this.sandbox, path) }
  }

  random(): number {
    return this.engine.self.random()
  }

  log(line: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    this.write(`${line}\n`, stream)
  }

  write(text: string, stream: 'stdout' | 'stderr' = 'stdout'): void {
    const { exec, partial } = this.record
    if (exec) {
      if (exec.call !== undefined) exec.output += text
      const open = exec.stream === undefined ? undefined : this.engine.state.streams.get(exec.stream)
      if (open) show(this.engine, open, stream, text)
      return
    }
    const isHeard = this.engine.state.streams.size > 0
    if (isHeard) showToAttached(this.engine, this.owner.id, stream, text)
    const lines = `${partial[stream]}${text}`.split('\n')
    partial[stream] = lines.pop() ?? ''
    for (const line of lines) this.addToLog(line, stream)
  }

  /** A last line without an end is a line of the log as well. */
  flush(): void {
    const { exec, partial } = this.record
    if (exec) return
    for (const stream of ['stdout', 'stderr'] as const) {
      if (partial[stream]) this.addToLog(partial[stream], stream)
      partial[stream] = ''
    }
  }

  private addToLog(text: string, stream: 'stdout' | 'stderr'): void {
    const line = { at: this.now, stream, text }
    writeLog(this.owner, line)
    if (this.engine.state.streams.size > 0) showToFollowers(this.engine, this.owner.id, line)
  }

  exit(code: number): void {
    this.record.exit ??= code
  }

  listen(port: number, protocol: 'tcp' | 'udp' = 'tcp'): string | undefined {
    const host = networkHost(this.engine, this.sandbox)
    const key = `${host} ${port}/${protocol}`
    if (this.engine.state.ports.has(key)) return 'Address already in use'
    this.engine.state.ports.set(key, { container: this.owner.id, pid: this.pid })
    this.record.ports.push(key)
    const tag = { component: this.engine.self.name, container: this.owner.id }
    const data: Listen = { host, port, protocol, tag }
    this.engine.self.send('network', 0, 'listen', data)
    return undefined
  }

  setTimer(delayMs: number, data?: unknown): number {
    const event: TimerEvent = { container: this.owner.id, pid: this.pid, data }
    const timer = this.engine.self.schedule(delayMs, 'timer', event)
    this.record.timers.add(timer)
    return timer
  }

  clearTimer(timer: number): void {
    if (this.record.timers.delete(timer)) this.engine.self.cancel(timer)
  }

  request(url: string, request: Partial<HttpRequest>, tag?: unknown, how: RequestOptions = {}): void {
    const target = parseUrl(url)
    const { host, port, scheme } = target
    const http = { method: 'GET', path: target.path, headers: {}, ...request }
    this.open({ protocol: 'http', host, port, scheme, http, ...how }, tag)
  }

  ask(what: Question, tag?: unknown, how: RequestOptions = {}): void {
    this.open({ ...what, ...how }, tag)
  }

  private open(what: Omit<OpenExchange, 'from' | 'replyTo'>, tag: unknown): void {
    const replyTag: AnswerTag = { container: this.owner.id, pid: this.pid, tag }
    const replyTo = { component: this.engine.self.name, tag: replyTag }
    const open: OpenExchange = { ...what, from: networkHost(this.engine, this.sandbox), replyTo }
    this.engine.self.send('network', 0, 'open', open)
  }

  work(cpuMs: number): number {
    return addWork(this.owner.meter, cpuMs, this.now)
  }

  respond(request: Delivered, http: HttpResponse, afterMs = 0): void {
    const laterMs = this.record.pid === 1 ? (this.owner.staged?.delayMs ?? 0) : 0
    this.sendResponse({ exchange: request.exchange, afterMs: afterMs + laterMs, http })
  }

  respondPayload(request: Delivered, payload: unknown, afterMs = 0): void {
    this.sendResponse({ exchange: request.exchange, afterMs, payload })
  }

  startComponent(name: string, type: string, state: unknown): void {
    this.engine.host.addComponent(name, type, state)
  }

  stopComponent(name: string): void {
    this.engine.host.removeComponent(name)
  }

  tell(component: string, type: string, data: unknown): void {
    this.engine.self.send(component, 0, type, data)
  }

  private sendResponse(response: Respond): void {
    this.engine.self.send('network', 0, 'respond', response)
  }
}

/** The host under which the network knows a sandbox: Pods of the host network are their machine. */
export function networkHost(engine: Engine, sandbox: Sandbox): string {
  return sandbox.config.hostNetwork ? engine.state.machine : `pod/${sandbox.config.pod.uid ?? sandbox.id}`
}

function parseUrl(url: string): { scheme: 'http' | 'https'; host: string; port: number; path: string } {
  const match = /^(?:(https?):\/\/)?(\[[^\]]*\]|[^/:?#]+)(?::(\d+))?([^#]*)/.exec(url)
  const scheme = match?.[1] === 'https' ? 'https' : 'http'
  const rest = match?.[4] ?? ''
  return {
    scheme,
    host: match?.[2] ?? url,
    port: match?.[3] === undefined ? (scheme === 'https' ? 443 : 80) : Number(match[3]),
    path: rest.startsWith('/') ? rest : `/${rest}`,
  }
}

/** The answer to a request that a process sent, with the process' own tag. */
export function ownAnswer(answer: Answer, tag: AnswerTag): Answer {
  return { ...answer, tag: tag.tag }
}
