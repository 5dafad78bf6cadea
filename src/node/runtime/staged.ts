import type { Behaviour } from '../../api/core/behaviour-annotations.ts'
import type { Delivered, HttpResponse } from '../../network/exchange.ts'
import type { Process, Program } from './program.ts'
import type { Container, ProcessRecord, StagedRecord } from './state.ts'

/**
 * A container whose Pod says by annotations how it behaves (api/core/podbehaviour.ts): around what the image's program
 * does, or in its place. What it has been through is in `container.staged`.
 */
export function stagedProgram(container: Container, record: ProcessRecord, program: Program): Program {
  const { behaviour } = container.config
  const { staged } = container
  return behaviour && staged && record.pid === 1 ? staging(behaviour, staged, program) : program
}

export function newStaged(now: number, { startMs = 0, readyMs = 0 }: Behaviour): StagedRecord {
  return { begun: false, readyAt: now + startMs + readyMs, served: 0, delayMs: 0, ports: [] }
}

/** Marks timers of the staging: others are the program's. */
interface StagedTimer {
  readonly staged: 'begin' | 'crash' | 'log'
}

function staging(behaviour: Behaviour, staged: StagedRecord, program: Program): Program {
  const { startMs = 0, ports = [], latencyMs = 0, cpuPerRequestMs = 0 } = behaviour
  const begin = (process: Process): void => {
    staged.begun = true
    program.start?.(process)
    for (const port of ports) if (process.listen(port) === undefined) staged.ports.push(port)
    writeLog(process, behaviour)
    const { crashAfterMs, exitCode } = behaviour
    if (crashAfterMs !== undefined) process.setTimer(crashAfterMs, { staged: 'crash' } satisfies StagedTimer)
    else if (exitCode !== undefined) process.exit(exitCode)
  }
  return {
    ...program,
    start(process) {
      if (startMs > 0) process.setTimer(startMs, { staged: 'begin' } satisfies StagedTimer)
      else begin(process)
    },
    timer(process, data) {
      if (!isStagedTimer(data)) return program.timer?.(process, data)
      if (data.staged === 'begin') begin(process)
      else if (data.staged === 'log') writeLog(process, behaviour)
      else process.exit(behaviour.exitCode ?? 1)
    },
    serve(process, request) {
      staged.served++
      const afterMs = latencyMs + (cpuPerRequestMs > 0 ? process.work(cpuPerRequestMs) : 0)
      const own = ownAnswer(behaviour, staged, process, request)
      staged.delayMs = 0
      if (own) return process.respond(request, own, afterMs)
      staged.delayMs = afterMs
      program.serve?.(process, request)
    },
    usage(process) {
      const used = staged.begun ? program.usage?.(process) : undefined
      const { cpuMillis = used?.cpuMillis ?? 0, memoryBytes = used?.memoryBytes ?? 2 ** 20 } = behaviour
      const { memoryGrowth = 0, memoryPerRequest = 0, memoryMost } = behaviour
      const secondsUp = (process.now - (staged.readyAt - (behaviour.readyMs ?? 0))) / 1_000
      const grown = memoryBytes + Math.max(0, memoryGrowth * secondsUp) + memoryPerRequest * staged.served
      return {
        cpuMillis: staged.begun ? cpuMillis : 0,
        memoryBytes: Math.round(Math.min(grown, Math.max(memoryMost ?? grown, memoryBytes))),
        ...(staged.begun && memoryGrowth > 0 && { memoryGrowth }),
        ...(memoryMost !== undefined && { memoryMost }),
      }
    },
  }
}

function writeLog(process: Process, { log = [], logEveryMs }: Behaviour): void {
  for (const line of log) process.log(line)
  if (logEveryMs) process.setTimer(logEveryMs, { staged: 'log' } satisfies StagedTimer)
}

/** What is answered in the program's place: not ready yet, a staged answer, or one at a port that only the stage has. */
function ownAnswer(
  { responseStatus, responseBody }: Behaviour,
  { readyAt, ports }: StagedRecord,
  process: Process,
  request: Delivered,
): HttpResponse | undefined {
  if (!request.http) return undefined
  if (process.now < readyAt) return text(503, 'not ready\n')
  const isStaged = responseStatus !== undefined || responseBody !== undefined
  if (!isStaged && !ports.includes(request.port)) return undefined
  return text(responseStatus ?? 200, responseBody ?? `${process.pod.name}\n`)
}

function text(status: number, body: string): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/plain', 'Content-Length': String(body.length) }, body }
}

function isStagedTimer(data: unknown): data is StagedTimer {
  return typeof data === 'object' && data !== null && 'staged' in data
}
