import type { Status } from '../../machinery/status.ts'
import { streamSuccess } from '../../machinery/streams.ts'
import type { Listen } from '../../network/exchange.ts'
import type { ContainerChange, SystemOom } from '../cri/cri.ts'
import { about, type Engine, imageOf, reply } from './engine.ts'
import { fileSystem } from './files.ts'
import { findProgram } from './find-program.ts'
import { lastLog } from './log.ts'
import { lookAtMemory, victimOf } from './machine-memory.ts'
import { networkHost, RunningProcess } from './process.ts'
import type { Program } from './program.ts'
import { newStaged } from './staged.ts'
import { type Container, podOf, type ProcessRecord, type Sandbox } from './state.ts'
import { endListeners, endStream } from './stream-output.ts'
import { dropUsage, takeUsage } from './usage.ts'

/** Numbers of the signals that matter here. */
const signalNumbers: Readonly<Record<string, number>> = { HUP: 1, INT: 2, QUIT: 3, KILL: 9, USR1: 10, TERM: 15 }

type Signal = 'TERM' | 'INT' | 'HUP' | 'QUIT' | 'USR1'
const catchable: readonly string[] = ['TERM', 'INT', 'HUP', 'QUIT', 'USR1']

/** How a process ended. */
interface End {
  readonly exitCode: number
  readonly reason?: 'OOMKilled' | 'StartError'
  readonly message?: string
}

/** The process that a container was made for. */
export const mainPid = 1

/**
 * Starts a container's main process. Returns why it could not, in runc's words: the container then counts as ended with
 * code 128, as containerd reports it.
 */
export function startContainer(engine: Engine, container: Container): string | undefined {
  const { self, state } = engine
  const image = imageOf(engine, container)
  const command = container.config.command ?? image.entrypoint ?? []
  // A command in the Pod drops the image's arguments as well.
  const defaultArgs = container.config.command === undefined ? (image.command ?? []) : []
  const argv = [...command, ...(container.config.args ?? defaultArgs)]
  container.startedAt = self.now
  const found = findProgram(image, argv)
  if (!found) {
    const file = argv[0] ?? ''
    const why = file.includes('/') ? `stat ${file}: no such file or directory` : `executable file not found in $PATH`
    const message =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
      `unable to start container process: error during container init: exec: "${file}": ${why}: unknown`
    endContainer(engine, container, { exitCode: 128, reason: 'StartError', message })
    return message
  }
  container.state = 'running'
  const { behaviour } = container.config
  if (behaviour) container.staged = newStaged(self.now, behaviour)
  const env = { ...image.env, ...container.config.env }
  const record = newProcess(container, mainPid, found.name, argv, env)
  evidence(engine, container, 'started')
  container.hostPid = state.nextPid++
  begin(engine, container, record)
  return undefined
}

/** Runs a command in a container that runs: what `exec` does. Returns why it could not. */
export function execInContainer(
  engine: Engine,
  container: Container,
  argv: readonly string[],
  exec: Omit<NonNullable<ProcessRecord['exec']>, 'output'>,
): { pid: number } | { error: string } {
  const main = container.processes.get(mainPid)
  if (container.state !== 'running' || !main) return { error: `container ${container.id} is not running` }
  const found = findProgram(imageOf(engine, container), argv)
  if (!found) {
    const [file = ''] = argv
    return {
      error: `OCI runtime exec failed: exec failed: unable to start container process: exec: "${file}": executable file not found in $PATH: unknown`,
    }
  }
  const pid = engine.state.nextPid++
  const record = newProcess(container, pid, found.name, argv, main.env, { ...exec, output: '' })
  begin(engine, container, record)
  return { pid }
}

function newProcess(
  container: Container,
  pid: number,
  program: string,
  argv: readonly string[],
  env: Readonly<Record<string, string>>,
  exec?: ProcessRecord['exec'],
): ProcessRecord {
  const record: ProcessRecord = {
    ...{ pid, program, state: undefined, timers: new Set<number>(), ports: [], partial: { stdout: '', stderr: '' } },
    argv: Object.isFrozen(argv) ? argv : Object.freeze([...argv]),
    env: Object.freeze(env),
    ...(exec && { exec }),
  }
  container.processes.set(pid, record)
  return record
}

function begin(engine: Engine, container: Container, record: ProcessRecord): void {
  invoke(engine, container, record, (program, process) => {
    process.state = program.init(process)
    program.start?.(process)
  })
}

/** Lets a process' program do something, and afterwards whatever follows from it: its end, or its death by memory. */
export function invoke(
  engine: Engine,
  container: Container,
  record: ProcessRecord,
  action: (program: Program, process: RunningProcess) => void,
): void {
  const process = new RunningProcess(engine, container, record, sandboxOf(engine, container))
  const { program } = process
  action(program, process)
  if (record.exit !== undefined) endProcess(engine, container, record, { exitCode: record.exit })
  checkUsage(engine, container)
}

/** Looks at what a container uses now. With more memory than its limit it is ended as a whole (memory.oom.group). */
export function checkUsage(engine: Engine, container: Container): void {
  if (container.state === 'running' && takeUsage(engine, container, sandboxOf(engine, container)))
    outOfMemory(engine, container)
}

function outOfMemory(engine: Engine, container: Container): void {
  endContainer(engine, container, { exitCode: 137, reason: 'OOMKilled' })
}

/** The machine's memory may be short, or at its end: then somebody has to go. */
export function checkMachineMemory(engine: Engine): void {
  const victim = lookAtMemory(engine)
  if (!victim) return
  const { self, state } = engine
  const pid = victim.hostPid ?? 0
  self.send(state.kubelet, 0, 'system-oom', { process: victimOf(victim), pid } satisfies SystemOom)
  outOfMemory(engine, victim)
}

/** Sends a signal to the main process of a container. */
export function signalContainer(engine: Engine, container: Container, name: string): void {
  const record = container.processes.get(mainPid)
  if (!record) return
  evidence(engine, container, 'signal', { signal: name })
  const number = signalNumbers[name] ?? 15
  if (!isCatchable(name)) {
    endContainer(engine, container, { exitCode: 128 + number })
    return
  }
  invoke(engine, container, record, (program, process) => {
    if (program.signal) program.signal(process, name)
    else if (name === 'TERM' || name === 'INT') process.exit(128 + number)
  })
}

function isCatchable(name: string): name is Signal {
  return catchable.includes(name)
}

/** Asks a container to stop: its stop signal now, KILL when its time is up. The call is answered when it has ended. */
export function stopContainer(engine: Engine, container: Container, call: number, timeoutSeconds: number): void {
  if (container.state !== 'running') {
    reply(engine, call, about(engine, 5))
    return
  }
  const killAt = engine.self.now + timeoutSeconds * 1_000
  const { stopping } = container
  if (stopping) {
    stopping.calls.push(call)
    if (killAt >= stopping.killAt) return
    engine.self.cancel(stopping.killEvent)
    stopping.killAt = killAt
    stopping.killEvent = engine.self.schedule(timeoutSeconds * 1_000, 'kill', container.id)
    return
  }
  const killEvent = engine.self.schedule(timeoutSeconds * 1_000, 'kill', container.id)
  container.stopping = { calls: [call], killEvent, killAt }
  const signal = container.config.stopSignal ?? imageOf(engine, container).stopSignal ?? 'TERM'
  signalContainer(engine, container, signal.replace(/^SIG/, ''))
}

/** The grace period is over. */
export function killContainer(engine: Engine, container: Container): void {
  if (container.state === 'running') signalContainer(engine, container, 'KILL')
}

function endProcess(engine: Engine, container: Container, record: ProcessRecord, end: End): void {
  if (record.pid === mainPid) {
    endContainer(engine, container, end)
    return
  }
  release(engine, container, record)
  const { exec } = record
  if (exec?.call !== undefined)
    reply(engine, exec.call, about(engine, 20), { exitCode: end.exitCode, output: exec.output })
  const stream = exec?.stream === undefined ? undefined : engine.state.streams.get(exec.stream)
  if (stream) endStream(engine, stream, exitStatus(record.argv, end.exitCode))
}

/** How a command's end is reported: remotecommand's v4 protocol (kubelet/pkg/cri/streaming/remotecommand/exec.go). */
function exitStatus(argv: readonly string[], exitCode: number): Status {
  if (exitCode === 0) return streamSuccess
  const error = `error executing command [${argv.join(' ')}], exit code ${exitCode}`
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${error}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  }
}

/** Takes back all that a process holds, and lets its program clean up. */
function release(engine: Engine, container: Container, record: ProcessRecord): void {
  const process = new RunningProcess(engine, container, record, sandboxOf(engine, container))
  for (const timer of record.timers) engine.self.cancel(timer)
  record.timers.clear()
  for (const port of record.ports) close(engine, container, port)
  process.program.stopped?.(process)
  process.flush()
  container.processes.delete(record.pid)
}

function close(engine: Engine, container: Container, key: string): void {
  engine.state.ports.delete(key)
  const [host = '', rest = ''] = key.split(' ')
  const [port, protocol] = rest.split('/')
  const data: Listen = {
    host,
    port: Number(port),
    protocol: protocol === 'udp' ? 'udp' : 'tcp',
    tag: { component: engine.self.name, container: container.id },
  }
  engine.self.send('network', 0, 'unlisten', data)
}

/** The main process is gone, and with it every other one. */
export function endContainer(engine: Engine, container: Container, end: End): void {
  const { self } = engine
  const others = [...container.processes.values()].sort((a, b) => b.pid - a.pid)
  for (const record of others) {
    if (record.pid !== mainPid) endProcess(engine, container, record, { exitCode: 137 })
  }
  const main = container.processes.get(mainPid)
  if (main) release(engine, container, main)
  if (engine.state.streams.size > 0) endListeners(engine, container.id)
  dropUsage(engine, container)
  container.state = 'exited'
  container.finishedAt = self.now
  container.exitCode = end.exitCode
  container.reason = end.reason ?? (end.exitCode === 0 ? 'Completed' : 'Error')
  if (end.message !== undefined) container.message = end.message
  evidence(engine, container, 'exited', { exitCode: end.exitCode })
  report(engine, container)
  const { stopping } = container
  if (!stopping) return
  self.cancel(stopping.killEvent)
  delete container.stopping
  for (const call of stopping.calls) reply(engine, call, about(engine, 15))
}

/** Tells the kubelet what became of a container. One that was only created is no news. */
export function report(engine: Engine, container: Container): void {
  const { state, config, startedAt, finishedAt, id, message, exitCode = 0 } = container
  if (state === 'created') return
  const files = fileSystem(engine.state, container, imageOf(engine, container), () => undefined)
  const terminationMessage = state === 'exited' ? files.read(config.terminationMessagePath) : undefined
  const change: ContainerChange = {
    containerId: id,
    name: config.name,
    pod: podOf(engine.state, container),
    state,
    startedAt: startedAt ?? engine.self.now,
    ...(state === 'exited' && { exitCode, reason: reasonOf(container) }),
    ...(finishedAt !== undefined && { finishedAt }),
    ...(message !== undefined && { message }),
    ...(terminationMessage !== undefined && { terminationMessage }),
    ...(exitCode !== 0 && container.log.length > 0 && { lastLog: lastLog(container) }),
  }
  engine.self.send(engine.state.kubelet, 0, 'container', Object.freeze(change))
}

function reasonOf({ reason, exitCode }: Container): NonNullable<ContainerChange['reason']> {
  if (reason === 'OOMKilled' || reason === 'StartError') return reason
  return exitCode === 0 ? 'Completed' : 'Error'
}

function sandboxOf(engine: Engine, container: Container): Sandbox {
  const sandbox = engine.state.sandboxes.get(container.sandboxId)
  if (!sandbox) throw new Error(`container ${container.id} has lost its sandbox`)
  return sandbox
}

/** The host of a container on the network. */
export function hostOf(engine: Engine, container: Container): string {
  return networkHost(engine, sandboxOf(engine, container))
}

function evidence(
  engine: Engine,
  container: Container,
  what: 'started' | 'signal' | 'exited',
  more: { signal?: string; exitCode?: number } = {},
): void {
  const pod = podOf(engine.state, container)
  engine.self.record('process', { node: engine.state.machine, pod, container: container.config.name, what, ...more })
}
