// Reads the recorded kubectl sessions (golden/behaviour/README.md, "kubectl/") and runs them: printing against a loaded
// world, byte for byte, and living sessions, normalised.
import { parse } from 'yaml'

import { normalise } from './golden/behaviour/normalise.mjs'
import { goldenFiles, goldenJson, goldenNames, isObject } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'
import { show } from './golden-match.ts'
import type { Mismatch } from './golden-match.ts'

export interface RecordedOutput {
  /** null: interrupted. */
  code: number | null
  stdout: string
  stderr: string
}

export interface SessionStep extends RecordedOutput {
  cmd: string
  /** The clock when it was run, RFC 3339. */
  now: string
  stdin?: string
  env?: Record<string, string>
  /** Interrupted after that long. */
  seconds?: number
  meanwhile?: { after: number; cmd: string }[]
  anyOrder?: boolean
  /** What another run printed. */
  alsoSeen?: Partial<RecordedOutput>
  /** What was removed from the recorded output: `descriptions` of explain, or `descriptions and examples` of help. */
  cut?: string
}

export type SetupStep = string | { sleep: number } | { status: JsonObject } | { event: JsonObject }

export interface KubectlRecording {
  id: string
  title: string
  setup: SetupStep[]
  steps: SessionStep[]
  /** How containers of an image behave, as in scenarios; not said: start 0.4 s, stop 0.3 s. */
  images: Record<string, JsonObject>
  /** What the metrics API serves; without it there is none. */
  metrics: Json | undefined
  nodes: JsonObject[]
  /** Only for `world-*`: every object of the cluster, while nothing changed. */
  state: JsonObject[] | undefined
  /** The working directory of the commands. */
  files: Record<string, string>
}

/** The clock at which every session starts. */
export const SESSION_START = Date.UTC(2026, 0, 15, 9)

export function kubectlSessions(): KubectlRecording[] {
  return goldenNames('behaviour', 'kubectl').map(readSession)
}

export function readSession(id: string): KubectlRecording {
  const folder = ['behaviour', 'kubectl', id]
  const names = goldenNames(...folder)
  const session = goldenJson<Partial<KubectlRecording> & { steps: SessionStep[] }>(...folder, 'session.json')
  const objects = (name: string) => (names.includes(name) ? goldenJson<JsonObject[]>(...folder, name) : undefined)
  return {
    id,
    title: session.title ?? id,
    setup: session.setup ?? [],
    steps: session.steps,
    images: session.images ?? {},
    metrics: session.metrics,
    nodes: objects('nodes.json') ?? [],
    state: objects('state.json'),
    files: goldenFiles(...folder, 'files'),
  }
}

export interface CommandOptions {
  stdin: string | undefined
  env: Record<string, string>
  files: Record<string, string>
  /** Interrupt the command after that long. */
  seconds: number | undefined
  /** Commands that run in the background, seconds after the start of this one. */
  meanwhile: { after: number; cmd: string }[]
}

/** A kubectl against a cluster whose objects are put in place and left alone. */
export interface KubectlWorld {
  load(state: JsonObject[]): void
  setClock(ms: number): void
  run(commandLine: string, options: CommandOptions): RecordedOutput
}

/** A kubectl against a living cluster, empty at first, whose clock starts at SESSION_START. */
export interface KubectlSession {
  createNodes(nodes: JsonObject[]): void
  advanceTo(ms: number): void
  run(commandLine: string, options: CommandOptions): RecordedOutput
  setStatus?(status: JsonObject): void
  writeEvent?(event: JsonObject): void
}

export interface StepResult {
  cmd: string
  mismatches: Mismatch[]
}

/** Printing alone: the recorded state is loaded once, the clock follows the steps, output is compared byte for byte. */
export function runWorld(recording: KubectlRecording, world: KubectlWorld): StepResult[] {
  const state = recording.state ?? []
  world.load([...state, ...customObjects(recording, state)])
  return recording.steps.map(step => {
    world.setClock(Date.parse(step.now))
    return { cmd: step.cmd, mismatches: compareOutput(step, world.run(step.cmd, optionsOf(step, recording)), exact) }
  })
}

/** Custom resources are not in the recorded state: those that the session prints whole are taken from there. */
export function customObjects({ steps }: KubectlRecording, state: readonly JsonObject[]): JsonObject[] {
  const definitions = state.filter(({ kind }) => kind === 'CustomResourceDefinition')
  const kinds = definitions.map(({ spec }) => (isObject(spec) && isObject(spec.names) ? spec.names.kind : undefined))
  return steps.flatMap(({ cmd, stdout }) => {
    const printed: Json = /^kubectl get \S+ \S+ -o yaml$/.test(cmd) ? parse(stdout ?? '') : null
    return isObject(printed) && kinds.includes(printed.kind) ? [printed] : []
  })
}

/** A living session: nodes, setup, steps; output is normalised on both sides and compared. */
export function runSession(recording: KubectlRecording, session: KubectlSession): StepResult[] {
  let clock = SESSION_START
  const advance = (ms: number): void => {
    clock = Math.max(clock, ms)
    session.advanceTo(clock)
  }
  session.createNodes(recording.nodes)
  for (const step of recording.setup) {
    if (typeof step === 'string') session.run(step, optionsOf({}, recording))
    else if ('sleep' in step) advance(clock + step.sleep * 1000)
    else if ('status' in step) session.setStatus?.(step.status)
    else session.writeEvent?.(step.event)
  }
  return recording.steps.map(step => {
    advance(Date.parse(step.now))
    return {
      cmd: step.cmd,
      mismatches: compareOutput(step, session.run(step.cmd, optionsOf(step, recording)), normalise),
    }
  })
}

function optionsOf(step: Partial<SessionStep>, recording: KubectlRecording): CommandOptions {
  const { stdin, env = {}, seconds, meanwhile = [] } = step
  return { stdin, env, seconds, meanwhile, files: recording.files }
}

const exact = (text: string): string => text

/** Compares what a step printed with the recording, and with what another run printed where runs differed. */
export function compareOutput(step: SessionStep, ours: RecordedOutput, form: (text: string) => string): Mismatch[] {
  const plain = compareWith(step, step, ours, form)
  if (plain.length === 0 || !step.alsoSeen) return plain
  const also = { code: step.code, stdout: step.stdout, stderr: step.stderr, ...step.alsoSeen }
  return compareWith(step, also, ours, form).length === 0 ? [] : plain
}

function compareWith(
  step: SessionStep,
  recorded: RecordedOutput,
  ours: RecordedOutput,
  form: (text: string) => string,
) {
  const mismatches: Mismatch[] = []
  if (recorded.code !== ours.code) {
    mismatches.push({ path: `${step.cmd}: exit code`, expected: String(recorded.code), got: String(ours.code) })
  }
  const prepare = (text: string): string => {
    const kept = step.cut ? withoutProse(text) : text
    return step.anyOrder ? unordered(form(kept)) : form(kept)
  }
  for (const stream of ['stdout', 'stderr'] as const) {
    mismatches.push(...compareLines(prepare(recorded[stream]), prepare(ours[stream]), `${step.cmd}: ${stream}`))
  }
  return mismatches
}

function compareLines(expected: string, actual: string, path: string): Mismatch[] {
  if (expected === actual) return []
  const [wanted, got] = [expected.split('\n'), actual.split('\n')]
  const line = wanted.findIndex((each, index) => each !== got[index])
  const place = line < 0 ? wanted.length : line
  return [{ path: `${path} line ${place + 1}`, expected: show(wanted[place]), got: show(got[place]) }]
}

/** Lines, and items in a line, in an order that does not depend on how they came. */
function unordered(text: string): string {
  const items = (line: string) =>
    line
      .split(/[\s,]+/)
      .sort()
      .join(' ')
  return text.split('\n').map(items).sort().join('\n')
}

const SECTION = /^(?:Aliases|Examples|Available Commands|.* Commands|Options|Usage|The following options.*):$/
const EXPLAIN_LINE = /^(?:GROUP|KIND|VERSION|FIELD|FIELDS|DESCRIPTION|ENUM)\b|^\s+\S+\t<|^\s+enum: /

/**
 * The skeleton of help and of explain: section names, commands, flags, fields and types. Descriptions and examples are
 * upstream's prose; the recordings do not hold them and neither side is asked for them.
 */
export function withoutProse(text: string): string {
  const lines = text.split('\n')
  if (/^(?:GROUP|KIND): /.test(text)) return lines.filter(line => EXPLAIN_LINE.test(line)).join('\n')
  const start = lines.findIndex(line => SECTION.test(line))
  if (start < 0) return text
  const kept: string[] = []
  let section = ''
  for (const line of lines.slice(start)) {
    if (SECTION.test(line)) section = line
    const isProse = (section === 'Examples:' && line !== section && !/^\S/.test(line)) || /^(?:\t| {8})/.test(line)
    if (!isProse && line.trim() !== '') kept.push(line)
  }
  return kept.join('\n')
}
