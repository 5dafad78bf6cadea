// Watches a cluster during a scenario and writes what it sees in the form of the recorded logs.
import { at, listAt, objectAt, textAt } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'
import { ScenarioNames } from './golden-names.ts'
import { changes, objectName, project } from './golden-projection.ts'
import type { EventLine, LogLine, Scenario, Snapshot } from './golden-scenarios.ts'

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: JsonObject
}

type RawLine =
  | { t: number; change: Change['type']; object: JsonObject; fields: JsonObject }
  | { t: number; event: JsonObject }
  | { t: number; snapshot: Snapshot }
  | { t: number; result: Json }
  | { t: number; step: Json }

/** Kinds of the cluster as a whole that the recorder watched. */
const CLUSTER_KINDS = new Set(['Node', 'Namespace', 'PersistentVolume'])
const PROGRESSING = new Set(['NewReplicaSetCreated', 'ReplicaSetUpdated', 'FoundNewReplicaSet', 'ReplicaSetCreated'])

export class ScenarioRecorder {
  private startMs: number | undefined
  private readonly raw: RawLine[] = []
  private readonly live = new Map<string, { object: JsonObject; fields: JsonObject; order: number }>()
  private readonly home: string
  private readonly namespaces: Set<string>
  private seen = 0
  readonly names = new ScenarioNames(() => this.startMs ?? 0)

  constructor(private readonly scenario: Scenario) {
    this.home = scenario.ns ?? 'lab'
    this.namespaces = new Set([this.home, ...(scenario.extra_ns ?? [])])
  }

  /** Time 0: what was there before is known but not part of the log. */
  start(nowMs: number): void {
    this.startMs = nowMs
  }

  /** One watch event, of any kind, in order of version. True when it is one of those that a scenario is about. */
  see(change: Change, nowMs: number): boolean {
    const { type, object } = change
    const kind = textAt(object, 'kind')
    if (kind === 'Event') return this.seeEvent(object, nowMs)
    if (!this.isWatched(object, kind)) return false
    if (type === 'ADDED') this.names.learn(object)
    const key = `${kind} ${textAt(object, 'metadata', 'namespace')}/${textAt(object, 'metadata', 'name')}`
    const before = this.live.get(key)
    const fields = project(object)
    const changed = before ? changes(before.fields, fields) : fields
    if (type === 'DELETED') this.live.delete(key)
    else this.live.set(key, { object, fields, order: before?.order ?? ++this.seen })
    // Heartbeats and the like change a version and none of the recorded fields.
    if (type === 'MODIFIED' && Object.keys(changed).length === 0) return false
    this.add(nowMs, t => ({ t, change: type, object, fields: changed }))
    return true
  }

  private isWatched(object: JsonObject, kind: string): boolean {
    const namespace = textAt(object, 'metadata', 'namespace')
    if (namespace !== '') return this.namespaces.has(namespace) && kind !== 'Lease'
    if (kind === 'Namespace') return this.scenario.extra_ns?.includes(textAt(object, 'metadata', 'name')) ?? false
    return CLUSTER_KINDS.has(kind)
  }

  private seeEvent(event: JsonObject, nowMs: number): boolean {
    const about = objectAt(event, 'involvedObject')
    const namespace = textAt(about, 'namespace')
    if (namespace !== '' && !this.namespaces.has(namespace) && textAt(about, 'kind') !== 'Node') return false
    if (sourceOf(event) === 'kubelet') return false
    this.add(nowMs, t => ({ t, event }))
    return true
  }

  private add(nowMs: number, line: (t: number) => RawLine): void {
    if (this.startMs !== undefined) this.raw.push(line(Math.round((nowMs - this.startMs) / 100) / 10))
  }

  step(step: Json, nowMs: number): void {
    this.add(nowMs, t => ({ t, step }))
  }

  result(result: Json, nowMs: number): void {
    this.add(nowMs, t => ({ t, result }))
  }

  /** Notes the sizes of every workload and the state of every Pod of the scenario. */
  snapshot(after: string, nowMs: number): void {
    const objects: JsonObject = {}
    for (const { object } of this.live.values()) {
      const sizes = this.sizesOf(object)
      if (sizes !== undefined) objects[objectName(object, this.home)] = sizes
    }
    this.add(nowMs, t => ({ t, snapshot: { after, objects } }))
  }

  /** Live Pods of the scenario's namespaces, in order of creation. */
  pods(): JsonObject[] {
    const pods = [...this.live.values()].filter(({ object }) => textAt(object, 'kind') === 'Pod')
    return pods.sort((a, b) => a.order - b.order).map(({ object }) => object)
  }

  /** The log, with placeholders. */
  lines(): LogLine[] {
    return this.raw.map((line): LogLine => {
      if ('event' in line) return this.eventLine(line.t, line.event)
      if ('snapshot' in line) {
        const hidden = Object.entries(line.snapshot.objects).map(
          ([name, sizes]) => [this.names.hide(name), sizes] as const,
        )
        return {
          t: line.t,
          snapshot: { after: this.names.hide(line.snapshot.after), objects: Object.fromEntries(hidden) },
        }
      }
      if ('result' in line) return { t: line.t, result: this.names.hideIn(line.result) }
      if ('step' in line) return { t: line.t, step: this.names.hideIn(line.step) }
      const o = this.names.hide(objectName(line.object, this.home))
      if (line.change === 'DELETED') return { t: line.t, o, e: line.change }
      return { t: line.t, o, e: line.change, d: objectAt(this.names.hideIn(line.fields)) }
    })
  }

  private eventLine(t: number, event: JsonObject): EventLine {
    const about = objectAt(event, 'involvedObject')
    const namespace = textAt(about, 'namespace')
    const count = at(event, 'count') ?? at(event, 'series', 'count')
    const line: EventLine = {
      t,
      event: this.names.hide(`${textAt(about, 'kind')}/${textAt(about, 'name')}`),
      type: textAt(event, 'type'),
      reason: textAt(event, 'reason'),
      message: this.names.hide(textAt(event, 'message')),
      from: sourceOf(event),
      count: typeof count === 'number' ? count : 1,
    }
    return namespace === '' || namespace === this.home ? line : { ...line, ns: namespace }
  }

  private sizesOf(object: JsonObject): Json | undefined {
    const kind = textAt(object, 'kind')
    if (kind === 'Pod') return podState(object, this.scenario.snap_nodes ?? false)
    const [spec, status] = [objectAt(object, 'spec'), objectAt(object, 'status')]
    const sizes = (from: JsonObject, names: Record<string, string>): JsonObject =>
      Object.fromEntries(Object.entries(names).map(([short, long]) => [short, from[long] ?? 0]))
    const common = { replicas: 'replicas', ready: 'readyReplicas', available: 'availableReplicas' }
    const all = { spec: spec['replicas'] ?? 0, ...sizes(status, common) }
    switch (kind) {
      case 'ReplicaSet':
        return { ...all, ...sizes(status, { terminating: 'terminatingReplicas' }) }
      case 'StatefulSet':
        return { ...all, ...sizes(status, { current: 'currentReplicas', updated: 'updatedReplicas' }) }
      case 'DaemonSet': {
        const numbers = { desired: 'desiredNumberScheduled', current: 'currentNumberScheduled', ready: 'numberReady' }
        const others = {
          updated: 'updatedNumberScheduled',
          available: 'numberAvailable',
          misscheduled: 'numberMisscheduled',
        }
        return { ...sizes(status, numbers), ...sizes(status, others) }
      }
      case 'Deployment': {
        const names = {
          updated: 'updatedReplicas',
          unavailable: 'unavailableReplicas',
          terminating: 'terminatingReplicas',
        }
        return { ...all, ...sizes(status, names), ...verdicts(status) }
      }
      default:
        return undefined
    }
  }
}

function sourceOf(event: JsonObject): string {
  return textAt(event, 'source', 'component') || textAt(event, 'reportingComponent')
}

function verdicts(status: JsonObject): JsonObject {
  const found: JsonObject = {}
  for (const condition of listAt(status, 'conditions')) {
    const [type, reason] = [textAt(condition, 'type'), textAt(condition, 'reason')]
    if (type !== 'Available' && type !== 'Progressing') continue
    found[type] =
      `${textAt(condition, 'status')}/${type === 'Progressing' && PROGRESSING.has(reason) ? 'progressing' : reason}`
  }
  return found
}

function podState(pod: JsonObject, withNode: boolean): string {
  const node = textAt(pod, 'spec', 'nodeName')
  const suffix = withNode && node !== '' ? ` on ${node}` : ''
  if (at(pod, 'metadata', 'deletionTimestamp') !== undefined) return `terminating${suffix}`
  if (node === '') return 'unscheduled'
  return `${isReady(pod) ? 'ready' : 'not-ready'}${suffix}`
}

export function isReady(pod: JsonObject): boolean {
  return listAt(pod, 'status', 'conditions').some(
    each => textAt(each, 'type') === 'Ready' && textAt(each, 'status') === 'True',
  )
}
