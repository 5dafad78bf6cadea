import { timestamp } from '../../machinery/time.ts'
import { type Container, podOf, type RuntimeState, type Sandbox } from './state.ts'

/** Which part of a container's log is asked for: what `kubectl logs` sends to a kubelet. */
export interface LogOptions {
  readonly previous?: boolean
  readonly timestamps?: boolean
  readonly tailLines?: number
  readonly sinceSeconds?: number
  readonly limitBytes?: number
}

export type LogResult = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly error: string }

/** The containers of a Pod that have the name, newest first: `crictl ps -a`. */
export function containersOf(state: RuntimeState, podUid: string, name: string): Container[] {
  const found: Container[] = []
  for (const container of state.containers.values()) {
    if (container.config.name === name && podOf(state, container).uid === podUid) found.push(container)
  }
  return found.sort((a, b) => b.config.attempt - a.config.attempt)
}

/** What a container wrote, in the words of the kubelet when there is nothing to show. */
export function readLog(
  state: RuntimeState,
  pod: { readonly uid: string; readonly name: string; readonly namespace: string },
  name: string,
  options: LogOptions,
  now: number,
): LogResult {
  const container = containersOf(state, pod.uid, name)[options.previous === true ? 1 : 0]
  if (!container) {
    const where = `in pod "${pod.namespace}/${pod.name}"`
    if (options.previous) return { ok: false, error: `previous terminated container "${name}" ${where} not found` }
    return { ok: false, error: `container "${name}" ${where} is waiting to start: ContainerCreating` }
  }
  const since = options.sinceSeconds === undefined ? 0 : now - options.sinceSeconds * 1_000
  let lines = container.log.filter(({ at }) => at >= since)
  if (options.tailLines !== undefined) lines = options.tailLines === 0 ? [] : lines.slice(-options.tailLines)
  const text = lines
    .map(({ at, text: line }) => `${options.timestamps ? `${logTimestamp(at)} ` : ''}${line}\n`)
    .join('')
  return { ok: true, text: options.limitBytes === undefined ? text : text.slice(0, options.limitBytes) }
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
