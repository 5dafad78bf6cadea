import type { FoundContainer, FoundPod } from '../cri/cri.ts'
import { timestamp } from '../../machinery/time.ts'
import { type Container, type LogLine, podOf, type RuntimeState, type Sandbox } from './state.ts'

/** Which part of a container's log is asked for: what `kubectl logs` sends to a kubelet. */
export interface LogOptions {
  readonly previous?: boolean
  readonly timestamps?: boolean
  readonly tailLines?: number
  readonly sinceSeconds?: number
  readonly limitBytes?: number
}

/** The containers of a Pod that have the name, newest first: `crictl ps -a`. */
export function containersOf(state: RuntimeState, podUid: string, name: string): Container[] {
  const found: Container[] = []
  for (const container of state.containers.values()) {
    if (container.config.name === name && podOf(state, container).uid === podUid) found.push(container)
  }
  return found.sort((a, b) => b.config.attempt - a.config.attempt)
}

/** What a container wrote, or the one of its name before it; undefined when there is no such container. */
export function readLog(
  state: RuntimeState,
  podUid: string,
  name: string,
  isPrevious: boolean,
  options: LogOptions,
  now: number,
): string | undefined {
  const container = containersOf(state, podUid, name)[isPrevious ? 1 : 0]
  return container && logText(container, options, now)
}

/** The part of a container's log that is asked for. */
export function logText(container: Container, options: LogOptions, now: number): string {
  const since = options.sinceSeconds === undefined ? 0 : now - options.sinceSeconds * 1_000
  let lines = container.log.filter(({ at }) => at >= since)
  if (options.tailLines !== undefined) lines = options.tailLines === 0 ? [] : lines.slice(-options.tailLines)
  const text = lines.map(line => logLine(line, options.timestamps === true)).join('')
  return options.limitBytes === undefined ? text : text.slice(0, options.limitBytes)
}

/** A line as it is sent. */
export function logLine({ at, text }: LogLine, timestamps: boolean): string {
  return `${timestamps ? `${logTimestamp(at)} ` : ''}${text}\n`
}

/** RFC 3339 with nanoseconds, as container logs have it. */
function logTimestamp(ms: number): string {
  const fraction = String(Math.floor((ms % 1_000) * 1_000_000)).padStart(9, '0')
  return `${timestamp(ms).slice(0, -1)}.${fraction}Z`
}

/** Sandboxes in the order in which they were made: `crictl pods`. */
export function sandboxesOf(state: RuntimeState): Sandbox[] {
  return [...state.sandboxes.values()]
}

/** What runs on the machine at a moment, in all: CPU and memory of its containers are its programs' business. */
export function runningContainers(state: RuntimeState): Container[] {
  return [...state.containers.values()].filter(container => container.state === 'running')
}

/** Every Pod that has a sandbox here, with its containers: the newest sandbox of each. */
export function foundPods(state: RuntimeState): FoundPod[] {
  const byUid = new Map<string, FoundPod>()
  for (const { id, config, addresses, ready } of state.sandboxes.values()) {
    const uid = config.pod.uid ?? ''
    const older = byUid.get(uid)?.containers ?? []
    const sandbox = Object.freeze({ id, addresses, attempt: config.attempt, ready })
    byUid.set(uid, { uid, sandbox, containers: [...older, ...containersIn(state, id)] })
  }
  return [...byUid.values()]
}

function containersIn(state: RuntimeState, sandboxId: string): FoundContainer[] {
  const found: FoundContainer[] = []
  for (const container of state.containers.values()) {
    if (container.sandboxId !== sandboxId) continue
    const { id, config, image, startedAt, finishedAt, exitCode, reason, message } = container
    found.push({
      ...{ id, name: config.name, attempt: config.attempt, state: container.state },
      ...{ image: image.name, imageId: image.imageId },
      ...(startedAt !== undefined && { startedAt }),
      ...(finishedAt !== undefined && { finishedAt }),
      ...(exitCode !== undefined && { exitCode }),
      ...(reason !== undefined && { reason }),
      ...(message !== undefined && { message }),
    })
  }
  return found
}
