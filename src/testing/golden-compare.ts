// Holds a log against what a scenario expects: sequences of values, counted events, and the driver's trace.
// How to read the expectation: golden/behaviour/README.md, "expect.json".
import { canonical, isObject, mapTexts } from './golden-json.ts'
import type { Json } from './golden-json.ts'
import { show } from './golden-match.ts'
import type { Mismatch } from './golden-match.ts'
import type { EventLine, Expectation, ExpectedEvent, ExpectedObject, LogLine, Snapshot } from './golden-scenarios.ts'

/** Path → the values it had, one after the other, repeats left out. */
export type Sequences = Map<string, Json[]>

export interface CompareOptions {
  /** Fields that the cluster under test does not have yet: not demanded and not objected to. */
  ignore?: (object: string, path: string) => boolean
  /** Events that the cluster under test does not write yet, by the component they come from. */
  ignoreEventsFrom?: ReadonlySet<string>
}

/** All differences between a log and what its scenario expects. */
export function compareScenario(
  expected: Expectation,
  log: readonly LogLine[],
  options: CompareOptions = {},
): Mismatch[] {
  return [
    ...compareObjects(expected, sequencesOf(log), options),
    ...compareEvents(expected, log, options),
    ...compareTrace(expected, log),
  ]
}

/** The kubelet writes these; they follow from the image behaviours and are not expected. */
const KUBELET = /^status\.(?:phase|qosClass|podIP|container |condition (?!PodScheduled|DisruptionTarget))/
/** Kinds of which an object that no run had is a fault; others are furniture. */
const COUNTED =
  /^(?:Pod|ReplicaSet|Deployment|StatefulSet|DaemonSet|ControllerRevision|Job|CronJob|ReplicationController|EndpointSlice|Endpoints|PersistentVolumeClaim)\//

/** The name of an object that was refused, which no object ever had and no placeholder stands for. */
const refusedName = /-[bcdfghjklmnpqrstvwxz2456789]{5}(?=" is forbidden)/g

/** `web-<hash1>-<r3>` → `web-<hash1>-<r>`: which of interchangeable objects it is does not matter. */
function anonymous(text: string): string {
  return text.replace(/<r\d+>/g, '<r>').replace(refusedName, '-<r>')
}

/** A value without times and without the identity of interchangeable objects. */
function form(value: Json): string {
  return canonical(
    mapTexts(value, text => anonymous(text.replace(/^t[+-]-?\d+$/, '<time>').replace(/<t[+-]-?\d+>/g, '<time>'))),
  )
}

export function sequencesOf(log: readonly LogLine[]): Map<string, Sequences> {
  const objects = new Map<string, Sequences>()
  for (const line of log) {
    if (!('o' in line)) continue
    const paths = objects.get(line.o) ?? new Map<string, Json[]>()
    objects.set(line.o, paths)
    if (line.e !== 'MODIFIED') push(paths, 'exists', line.e === 'ADDED')
    for (const [path, value] of Object.entries(line.d ?? {})) push(paths, path, value)
  }
  return objects
}

function push(paths: Sequences, path: string, value: Json): void {
  const sequence = paths.get(path) ?? []
  paths.set(path, sequence)
  const last = sequence.at(-1)
  if (last === undefined || form(last) !== form(value)) sequence.push(value)
}

function compareObjects(expected: Expectation, ours: Map<string, Sequences>, options: CompareOptions): Mismatch[] {
  const mismatches: Mismatch[] = []
  const groups = new Set([...Object.keys(expected.objects), ...ours.keys()].map(anonymous))
  for (const group of groups) {
    const wanted = Object.entries(expected.objects).filter(([name]) => anonymous(name) === group)
    const had = [...ours].filter(([name]) => anonymous(name) === group)
    mismatches.push(...compareGroup(group, wanted, had, options))
  }
  return mismatches
}

/** Interchangeable objects are paired so that as few as possible differ; the rest is reported. */
function compareGroup(
  group: string,
  wanted: [string, ExpectedObject][],
  had: [string, Sequences][],
  options: CompareOptions,
): Mismatch[] {
  const certain = wanted.filter(([, object]) => typeof object.varies !== 'string')
  const optional = wanted.length - certain.length
  const differences = certain.map(([name, object]) =>
    had.map(([, paths]) => compareObject(name, object, paths, options)),
  )
  const pairs = pairUp(differences.map(row => row.map(found => found.length)))
  const mismatches: Mismatch[] = []
  for (const [index, [name, object]] of certain.entries()) {
    const pair = pairs[index]
    if (pair !== undefined) mismatches.push(...(differences[index]?.[pair] ?? []))
    else if (object.stable?.['exists']) mismatches.push({ path: name, expected: 'to exist', got: '(absent)' })
  }
  const left = had.filter((_, index) => !pairs.includes(index)).slice(optional)
  if (COUNTED.test(group)) {
    for (const [name] of left) mismatches.push({ path: name, expected: '(absent)', got: 'an object that no run had' })
  }
  return mismatches
}

/**
 * The column for each row: as many free pairings (cost 0) as can be had, found by augmenting paths, then the cheapest
 * for what is left. Undefined where there are fewer columns than rows.
 */
function pairUp(costs: number[][]): (number | undefined)[] {
  const rowOf = new Map<number, number>()
  const claim = (row: number, tried: Set<number>): boolean => {
    for (const [column, cost] of (costs[row] ?? []).entries()) {
      if (cost > 0 || tried.has(column)) continue
      tried.add(column)
      const holder = rowOf.get(column)
      if (holder !== undefined && !claim(holder, tried)) continue
      rowOf.set(column, row)
      return true
    }
    return false
  }
  for (const row of costs.keys()) claim(row, new Set())
  const columns: (number | undefined)[] = costs.map((_, row) => [...rowOf].find(([, holder]) => holder === row)?.[0])
  for (const [row, column] of columns.entries()) {
    if (column !== undefined) continue
    const free = [...(costs[row] ?? []).entries()].filter(([candidate]) => !columns.includes(candidate))
    columns[row] = free.sort(([, a], [, b]) => a - b)[0]?.[0]
  }
  return columns
}

function compareObject(name: string, expected: ExpectedObject, ours: Sequences, options: CompareOptions): Mismatch[] {
  const mismatches: Mismatch[] = []
  const known = new Set<string>()
  const ignored = (path: string) => options.ignore?.(name, path) ?? false
  const ourPaths = new Map([...ours].map(([path, values]) => [anonymous(path), values]))
  for (const [path, values] of Object.entries(expected.stable ?? {})) {
    known.add(anonymous(path))
    const sequence = ours.get(path) ?? ourPaths.get(anonymous(path)) ?? []
    if (ignored(path) || form(sequence) === form(values)) continue
    mismatches.push({ path: `${name} ${path}`, expected: show(values), got: show(sequence) })
  }
  const varies = isVarying(expected.varies) ? expected.varies : {}
  for (const [path, sequences] of Object.entries(varies)) {
    known.add(anonymous(path))
    const demanded = commonEnd(sequences)
    const last = (ours.get(path) ?? ourPaths.get(anonymous(path)))?.at(-1)
    if (ignored(path) || demanded === undefined || (last !== undefined && form(last) === form(demanded))) continue
    mismatches.push({ path: `${name} ${path} (last value)`, expected: show(demanded), got: show(last) })
  }
  for (const [path, values] of ourPaths) {
    if (known.has(path) || KUBELET.test(path) || ignored(path)) continue
    mismatches.push({ path: `${name} ${path}`, expected: '(no such field)', got: show(values) })
  }
  return mismatches
}

function isVarying(varies: ExpectedObject['varies']): varies is Record<string, (Json[] | null)[]> {
  return typeof varies === 'object'
}

/** The last value of a field that took several ways, if all of them end alike. */
function commonEnd(sequences: (Json[] | null)[]): Json | undefined {
  const ends = sequences.map(sequence => sequence?.at(-1))
  const [first] = ends
  return first !== undefined && ends.every(end => end !== undefined && form(end) === form(first)) ? first : undefined
}

interface CountedEvent {
  text: string
  count: number
}

function eventText(event: Omit<ExpectedEvent, 'count'>): string {
  const message = event.message.replace(/^(Successfully assigned \S+ to )\S+$/, '$1<node>')
  const about = event.ns ? `${event.about} (${event.ns})` : event.about
  return form(`${event.type} ${event.reason} ${about}: ${message} [${event.from}]`)
}

/** Events of a log: for the same words the last count, as the recorder took it; then summed over interchangeable names. */
export function countEvents(log: readonly LogLine[]): CountedEvent[] {
  const last = new Map<string, EventLine>()
  for (const line of log) {
    if ('event' in line)
      last.set(canonical([line.event, line.type, line.reason, line.message, line.from, line.ns ?? '']), line)
  }
  const sums = new Map<string, number>()
  for (const event of last.values()) {
    const text = eventText({ ...event, about: event.event })
    sums.set(text, (sums.get(text) ?? 0) + event.count)
  }
  return [...sums].map(([text, count]) => ({ text, count }))
}

function compareEvents(expected: Expectation, log: readonly LogLine[], options: CompareOptions): Mismatch[] {
  const mismatches: Mismatch[] = []
  const from = (event: { from: string }) => options.ignoreEventsFrom?.has(event.from) ?? false
  const counted = log.filter(line => !('event' in line) || !from(line))
  const ours = new Map(countEvents(counted).map(({ text, count }) => [text, count]))
  const wanted = expected.eventsCounted.filter(event => !from(event))
  for (const event of wanted) {
    const text = eventText(event)
    const counts = [event.count].flat()
    const count = ours.get(text) ?? 0
    if (!counts.includes(count)) {
      mismatches.push({ path: `event ${text}`, expected: `${counts.join(' or ')} times`, got: `${count} times` })
    }
    ours.delete(text)
  }
  const seenSometimes = new Set([...expected.eventsVary, ...expected.events].map(eventText))
  for (const [text, count] of ours) {
    if (!seenSometimes.has(text)) {
      mismatches.push({ path: `event ${text}`, expected: '(no run had it)', got: `${count} times` })
    }
  }
  return mismatches
}

function compareTrace(expected: Expectation, log: readonly LogLine[]): Mismatch[] {
  const ours = log.flatMap(line => ('snapshot' in line ? [line.snapshot] : []))
  const wanted = expected.trace ? [expected.trace] : (expected.traceVaries ?? [])
  const found = wanted.map(trace => compareSnapshots(trace, ours))
  return found.sort((a, b) => a.length - b.length)[0] ?? []
}

/** The first step at which the sizes part, since everything after it follows from it. */
function compareSnapshots(wanted: readonly Snapshot[], ours: readonly Snapshot[]): Mismatch[] {
  for (let index = 0; index < Math.max(wanted.length, ours.length); index++) {
    const [want, have] = [wanted[index], ours[index]]
    const path = `trace[${index}] after ${want?.after ?? have?.after ?? ''}`
    if (!want || !have) {
      return [{ path, expected: want ? show(form(want.after)) : '(end)', got: have ? show(form(have.after)) : '(end)' }]
    }
    const [expected, got] = [counted(want), counted(have)]
    const parts = [...new Set([...Object.keys(expected), ...Object.keys(got)])].filter(
      part => form(expected[part] ?? null) !== form(got[part] ?? null),
    )
    if (parts.length > 0) {
      return parts.map(part => ({ path: `${path}: ${part}`, expected: show(expected[part]), got: show(got[part]) }))
    }
  }
  return []
}

/** A snapshot with its Pods counted by state instead of named. */
function counted({ after, objects, pods }: Snapshot): Record<string, Json> {
  const counts: Record<string, number> = { ...pods }
  const flat: Record<string, Json> = { after: anonymous(after) }
  for (const [name, state] of Object.entries(objects)) {
    if (isObject(state)) flat[name] = state
    else counts[anonymous(`${state} ${name}`)] = (counts[anonymous(`${state} ${name}`)] ?? 0) + 1
  }
  return { ...flat, pods: counts }
}
