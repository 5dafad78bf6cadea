import type { Answer, Delivered } from '../../network/exchange.ts'
import type { Process, Program } from '../../node/runtime/program.ts'
import type { ShellProgram } from '../../shell/host.ts'

/** A program of the image that a script has started: `sh -c "… && nginx -g 'daemon off;'"`. Plain data. */
export interface OwnProgram {
  readonly name: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
  state: unknown
  readonly ports: number[]
}

/** What the shell asks its host for to start one. */
export interface OwnProgramRequest {
  readonly kind: 'program'
  readonly name: string
  readonly argv: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

export function isOwnProgramRequest(request: unknown): request is OwnProgramRequest {
  return typeof request === 'object' && request !== null && 'kind' in request && request.kind === 'program'
}

/** The program as a shell sees it: it hands over, and ends when the host says so. */
export function asCommand(name: string): ShellProgram {
  return {
    run({ answer, argv, env }) {
      if (typeof answer === 'number') return { exit: answer }
      return { wait: 'answer', request: { kind: 'program', name, argv, env } satisfies OwnProgramRequest }
    },
  }
}

/** Marks timers and requests of a program that runs below a shell. */
export interface OwnTag {
  readonly own: number
  readonly tag: unknown
}

export function isOwnTag(tag: unknown): tag is OwnTag {
  return typeof tag === 'object' && tag !== null && 'own' in tag
}

/** What a shell's process does for the programs below it. */
export interface Below {
  write(pid: number, stream: 'stdout' | 'stderr', text: string): void
  ended(pid: number, code: number): void
}

/** The process as a program below a shell sees it: its own arguments and state, everything else is the shell's. */
export function processBelow(process: Process, pid: number, own: OwnProgram, below: Below): Process {
  const write = (text: string, stream: 'stdout' | 'stderr' = 'stdout'): void => below.write(pid, stream, text)
  const { env, argv } = own
  const { workingDir, user, tty, stdin, now, host, container, pod, image, files } = process
  return {
    ...{ argv, env, workingDir, user, tty, stdin, now, host, container, pod, image, files },
    pid: process.pid + pid - 1,
    get state() {
      return own.state
    },
    set state(value) {
      own.state = value
    },
    random: () => process.random(),
    log: (line, stream) => write(`${line}\n`, stream),
    write,
    exit: code => below.ended(pid, code),
    listen(port, protocol) {
      own.ports.push(port)
      return process.listen(port, protocol)
    },
    setTimer: (delayMs, data) => process.setTimer(delayMs, { own: pid, tag: data } satisfies OwnTag),
    clearTimer: timer => process.clearTimer(timer),
    request: (url, request, tag, how) => process.request(url, request, { own: pid, tag } satisfies OwnTag, how),
    ask: (what, tag, how) => process.ask(what, { own: pid, tag } satisfies OwnTag, how),
    work: cpuMs => process.work(cpuMs),
    respond: (request, response, afterMs) => process.respond(request, response, afterMs),
    respondPayload: (request, payload, afterMs) => process.respondPayload(request, payload, afterMs),
    startComponent: (name, type, state) => process.startComponent(name, type, state),
    stopComponent: name => process.stopComponent(name),
    tell: (component, type, data) => process.tell(component, type, data),
  }
}

/** Which program below a shell has the port open that a request arrived at. */
export function listenerOf(owns: ReadonlyMap<number, OwnProgram>, { port }: Delivered): number | undefined {
  for (const [pid, { ports }] of owns) if (ports.includes(port)) return pid
  return undefined
}

/** The answer as the program that asked knows it. */
export function answerBelow(answer: Answer, { tag }: OwnTag): Answer {
  return { ...answer, tag }
}

export type OwnPrograms = Readonly<Record<string, Program>>
