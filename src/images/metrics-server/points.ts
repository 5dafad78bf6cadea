/**
 * What metrics-server has scraped: the last two points of everything, from which it computes what is used. Models
 * pkg/storage/{node,pod,types}.go and the decoder of pkg/scraper/client/resource. Plain data.
 */
export interface Point {
  /** When it was measured, in ms since 1970; 0 while it is not known. */
  at: number
  startedAt: number
  cpuSeconds: number
  memoryBytes: number
}

export interface Storage {
  nodes: Map<string, Point>
  nodesBefore: Map<string, Point>
  /** By `namespace/name`, then by container. */
  pods: Map<string, Map<string, Point>>
  podsBefore: Map<string, Map<string, Point>>
}

/** What one round of scraping brought. */
export interface Batch {
  readonly nodes: Map<string, Point>
  readonly pods: Map<string, Map<string, Point>>
}

/** A container younger than this has no use worth telling (freshContainerMinMetricsResolution). */
const freshMs = 10_000

export function newStorage(): Storage {
  return { nodes: new Map(), nodesBefore: new Map(), pods: new Map(), podsBefore: new Map() }
}

export function newBatch(): Batch {
  return { nodes: new Map(), pods: new Map() }
}

const line = /^(\w+)(?:\{([^}]*)\})? ([0-9.e+-]+)(?: (\d+))?$/

/** Reads what a kubelet answered at `/metrics/resource` into a batch. */
export function decode(text: string, node: string, batch: Batch): void {
  for (const row of text.split('\n')) {
    if (row.startsWith('#')) continue
    const [, name = '', labels = '', amount = '', time] = line.exec(row) ?? []
    if (name === 'node_cpu_usage_seconds_total' || name === 'node_memory_working_set_bytes') {
      put(pointIn(batch.nodes, node), name, Number(amount), time)
      continue
    }
    if (!name.startsWith('container_')) continue
    const { container = '', namespace = '', pod = '' } = labelsIn(labels)
    const key = `${namespace}/${pod}`
    let containers = batch.pods.get(key)
    if (!containers) batch.pods.set(key, (containers = new Map()))
    put(pointIn(containers, container), name, Number(amount), time)
  }
}

function put(point: Point, name: string, amount: number, time: string | undefined): void {
  if (time !== undefined) point.at = Number(time)
  if (name.endsWith('cpu_usage_seconds_total')) point.cpuSeconds = amount
  else if (name.endsWith('memory_working_set_bytes')) point.memoryBytes = amount
  else if (name.endsWith('start_time_seconds')) point.startedAt = amount * 1_000
}

function pointIn(points: Map<string, Point>, key: string): Point {
  let point = points.get(key)
  if (!point) points.set(key, (point = { at: 0, startedAt: 0, cpuSeconds: 0, memoryBytes: 0 }))
  return point
}

function labelsIn(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = '', value = '']) => [name, value]))
}

/** Takes a batch in: the last points become those before, if the container is still the same. */
export function storeBatch(storage: Storage, batch: Batch, resolutionMs: number): void {
  const nodesBefore = new Map<string, Point>()
  for (const [name, point] of batch.nodes) {
    const last = storage.nodes.get(name)
    if (last && point.at > last.at) nodesBefore.set(name, last)
  }
  const podsBefore = new Map<string, Map<string, Point>>()
  for (const [key, containers] of batch.pods) {
    const before = new Map<string, Point>()
    for (const [name, point] of containers) {
      const ageMs = point.at - point.startedAt
      const last = storage.pods.get(key)?.get(name)
      if (ageMs >= freshMs && ageMs < resolutionMs) before.set(name, { ...point, at: point.startedAt, cpuSeconds: 0 })
      else if (last && point.startedAt < last.at && point.at > last.at) before.set(name, last)
    }
    if (before.size > 0) podsBefore.set(key, before)
  }
  storage.nodes = batch.nodes
  storage.nodesBefore = nodesBefore
  storage.pods = batch.pods
  storage.podsBefore = podsBefore
}

/** Whether there is anything to tell of a machine and of a container (Ready of pkg/storage/storage.go). */
export function isReady({ nodesBefore, podsBefore }: Storage): boolean {
  return nodesBefore.size !== 0 || podsBefore.size !== 0
}

/** What was used between two points. */
export interface Used {
  readonly nanoCores: number
  readonly memoryBytes: number
  readonly at: number
  readonly windowMs: number
}

/** Undefined when the counter went back: something restarted in between. */
export function usedBetween(before: Point, last: Point): Used | undefined {
  const windowMs = last.at - before.at
  if (windowMs <= 0 || last.cpuSeconds < before.cpuSeconds || last.memoryBytes === 0) return undefined
  const nanoCores = ((last.cpuSeconds - before.cpuSeconds) / (windowMs / 1_000)) * 1e9
  return { nanoCores: Math.round(nanoCores), memoryBytes: last.memoryBytes, at: last.at, windowMs }
}
