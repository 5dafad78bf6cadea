// Reads the recorded scenarios (golden/behaviour/README.md, "scenarios/"): inputs, manifests, one run's log, what is expected.
import { goldenJson, goldenNames, goldenText } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'

export interface Taint {
  key: string
  value?: string
  effect: string
}
export interface ScenarioNode {
  name: string
  cpu?: string
  memory?: string
  pods?: string
  labels?: Record<string, string>
  taints?: Taint[]
}

/** How the containers of an image behave; times in seconds. */
export interface ImageBehaviour {
  start?: number
  ready?: number
  stop?: number
  stopcode?: number
  exit?: { code: number; after: number; codes_by_index?: Record<string, number>; once?: boolean }
  pull?: 'fail'
  /** Nothing happens by itself until a step or the driver does it. */
  step?: boolean
  /** The driver never makes such pods ready. */
  never?: boolean
}

export type NodeAction = 'heartbeat-stop' | 'heartbeat-start' | 'not-ready' | 'ready' | 'add' | 'delete'
export type PodAction = 'start' | 'ready' | 'not-ready' | 'crash' | 'exit' | 'stop' | 'force'
export interface PodStep extends JsonObject {
  name: string
  do: PodAction
}
export interface Drive {
  first?: string
  max?: number
  order?: 'stop-first' | 'stop-only'
  snap?: boolean
}

/** One input; exactly one of the actions is there. */
export interface ScenarioStep {
  /** Seconds after the start; without it, right after the previous step. */
  at?: number
  kubectl?: string
  show?: boolean
  fail_ok?: boolean
  api?: { method: string; path: string; body?: Json }
  node?: ScenarioNode & { do: NodeAction }
  pod?: PodStep
  drive?: Drive
  settle?: number
  snapshot?: string
  load?: { app: string; cpu?: string; memory?: string }
  'set-status'?: JsonObject
  owned?: JsonObject[]
  component?: JsonObject
}

export interface Scenario {
  id: string
  title: string
  nodes: ScenarioNode[]
  steps: ScenarioStep[]
  /** The whole scenario is driven step by step. */
  drive?: 'step'
  images?: Record<string, ImageBehaviour>
  default_image?: ImageBehaviour
  duration?: number
  /** The namespace of the scenario; `lab` when not said. */
  ns?: string
  extra_ns?: string[]
  setup?: string[]
  setup_wait?: number
  /** The start was at this second of a minute. */
  align?: number
  metrics?: boolean
  snap_nodes?: boolean
  /** Real template hashes behind `<hash1>` …. */
  hashes?: Record<string, string>
}

export interface ObjectLine {
  t: number
  o: string
  e: 'ADDED' | 'MODIFIED' | 'DELETED'
  d?: JsonObject
}
export interface EventLine {
  t: number
  event: string
  type: string
  reason: string
  message: string
  from: string
  count: number
  ns?: string
}
export interface Snapshot {
  after: string
  objects: JsonObject
  /** Pods counted by state, `ready Pod/web-<hash1>-<r>`. */
  pods?: Record<string, number>
}
export type LogLine =
  ObjectLine | EventLine | { t: number; snapshot: Snapshot } | { t: number; step: Json } | { t: number; result: Json }

export interface ExpectedEvent {
  about: string
  type: string
  reason: string
  message: string
  from: string
  count: number | number[]
  ns?: string
}
export interface ExpectedObject {
  /** Path → the values it had, one after the other. */
  stable?: Record<string, Json[]>
  /** Path → the sequences seen (null: the path was absent), or a sentence when the whole object was in some runs only. */
  varies?: Record<string, (Json[] | null)[]> | string
}
export interface Expectation {
  objects: Record<string, ExpectedObject>
  events: ExpectedEvent[]
  eventsCounted: ExpectedEvent[]
  eventsVary: ExpectedEvent[]
  trace?: Snapshot[]
  traceNote?: string
  /** Whole traces of several runs, where they differed. */
  traceVaries?: Snapshot[][]
}

export interface ScenarioRecording {
  scenario: Scenario
  /** The manifests by name: the working directory of the commands. */
  files: Record<string, string>
  log: LogLine[]
  expect: Expectation
}

const FOLDER = ['behaviour', 'scenarios']

export function scenarioIds(): string[] {
  return goldenNames(...FOLDER)
}

export function readScenario(id: string): ScenarioRecording {
  const names = goldenNames(...FOLDER, id).filter(name => name.endsWith('.yaml'))
  const log = goldenText(...FOLDER, id, 'log.jsonl')
    .split('\n')
    .filter(Boolean)
  return {
    scenario: goldenJson<Scenario>(...FOLDER, id, 'scenario.json'),
    files: Object.fromEntries(names.map(name => [name, goldenText(...FOLDER, id, name)])),
    log: log.map((line): LogLine => JSON.parse(line)),
    expect: goldenJson<Expectation>(...FOLDER, id, 'expect.json'),
  }
}

/** Kinds that a scenario needs: those of its manifests and of the objects that appear in it, sorted. */
export function kindsOfScenario({ files, expect }: ScenarioRecording): string[] {
  const manifests = Object.values(files).flatMap(text =>
    [...text.matchAll(/^kind: (\w+)/gm)].map(found => found[1] ?? ''),
  )
  const seen = Object.keys(expect.objects).map(name => name.split('/')[0] ?? '')
  return [...new Set([...manifests, ...seen])].sort()
}

/** The Node objects of a scenario, with what its nodes do not say filled in. Status is Ready; the caller keeps it so. */
export function nodeObject(node: ScenarioNode, index: number): JsonObject {
  const { name, cpu = '4', memory = '8Gi', pods = '110', labels = {}, taints } = node
  const wellKnown = { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' }
  const podCIDR = `172.16.${index + 1}.0/24`
  const resources = { cpu, memory, pods }
  const addresses = [
    { type: 'InternalIP', address: `192.168.1.${101 + index}` },
    { type: 'Hostname', address: name },
  ]
  const spec: JsonObject = { podCIDR, podCIDRs: [podCIDR] }
  if (taints)
    spec['taints'] = taints.map(({ key, value, effect }) => ({ key, effect, ...(value !== undefined && { value }) }))
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { ...wellKnown, ...labels } },
    spec,
    status: { capacity: resources, allocatable: resources, addresses },
  }
}

/** How an image behaves; a scenario that says nothing was recorded with one second to start. */
export function behaviourOf(scenario: Scenario, image: string): ImageBehaviour {
  return scenario.images?.[image] ?? scenario.default_image ?? { start: 1, stop: 1 }
}
