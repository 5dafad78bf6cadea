// Compares what a server or kubectl said with a recording in which placeholders stand for what differs from run to run.
// The placeholders and what they stand for: golden/api/README.md.
import { canonical, isObject } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'

/** One difference: where, what the recording says, what came. */
export interface Mismatch {
  path: string
  expected: string
  got: string
}

/** Readable lines for a failing test; long values are cut, since the path says where to look. */
export function describeMismatches(mismatches: readonly Mismatch[], most = 20): string {
  const lines = mismatches.slice(0, most).map(m => `${m.path}\n    expected ${m.expected}\n    got      ${m.got}`)
  if (mismatches.length > most) lines.push(`… and ${mismatches.length - most} more`)
  return lines.join('\n')
}

const PATTERNS: Record<string, string> = {
  uid: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  rv: '\\d+',
  time: '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d+)?(?:Z|[+-]\\d\\d:\\d\\d)',
  rand5: '[bcdfghjklmnpqrstvwxz2456789]{5}',
  clusterip: '\\d+\\.\\d+\\.\\d+\\.\\d+',
  nodeport: '3[0-2]\\d{3}',
  continue: '[\\w+/=-]+',
  token: '[\\w-]+\\.[\\w-]+\\.[\\w-]+',
  hash: '[0-9A-Fa-f]+',
  ptr: '0x[0-9a-f]+',
  server: '[^\\s"/]+',
  age: '(?:\\d+[smhdy])+',
  seconds: '\\d+(?:\\.\\d+)?',
  object: '[\\s\\S]+',
  gitCommit: '\\w+',
  gitTreeState: '\\w+',
  goVersion: '\\S+',
  platform: '\\S+',
}
/** Placeholders that may stand in place of a number. */
const NUMERIC = /^<(?:nodeport|seconds)>$/
const PLACEHOLDER = new RegExp(`<(?:(uid|rv):(\\d+)|(${Object.keys(PATTERNS).join('|')}))>`, 'g')

interface Template {
  pattern: RegExp
  /** `uid:1`, `time` …: one for each capturing group. */
  names: string[]
}
const templates = new Map<string, Template>()

function templateOf(expected: string): Template {
  const known = templates.get(expected)
  if (known) return known
  const names: string[] = []
  let source = ''
  let from = 0
  for (const found of expected.matchAll(PLACEHOLDER)) {
    const kind = found[1] ?? found[3] ?? ''
    names.push(found[2] === undefined ? kind : `${kind}:${found[2]}`)
    source += `${escape(expected.slice(from, found.index))}(${PATTERNS[kind]})`
    from = found.index + found[0].length
  }
  const template = { pattern: new RegExp(`^${source}${escape(expected.slice(from))}$`), names }
  templates.set(expected, template)
  return template
}

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/**
 * What the numbered placeholders of one case stand for. One value has one number and one number one value, so a write
 * that should change nothing but makes a new version is noticed, and so is a write that should make one and does not.
 */
export class Bindings {
  private readonly values = new Map<string, string>()
  private readonly owners = new Map<string, string>()

  bind(name: string, value: string): boolean {
    if (!name.includes(':')) {
      this.values.set(name, value)
      return true
    }
    const kind = name.slice(0, name.indexOf(':'))
    const known = this.values.get(name)
    if (known !== undefined) return known === value
    const owner = this.owners.get(`${kind} ${value}`)
    if (owner !== undefined) return false
    this.values.set(name, value)
    this.owners.set(`${kind} ${value}`, name)
    return true
  }

  /** The value bound so far; for an unnumbered placeholder the latest one. */
  get(name: string): string | undefined {
    return this.values.get(name)
  }

  /**
   * Text of a request with the values of earlier responses in place of placeholders. A number that no response has
   * named yet is one that the case made up: an old version, or a uid that nobody has.
   */
  fill(text: string): string {
    return text.replace(PLACEHOLDER, (whole, kind: string | undefined, number: string | undefined) => {
      const name = whole.slice(1, -1)
      const known = this.values.get(name)
      if (known !== undefined || kind === undefined || number === undefined) return known ?? whole
      const made = kind === 'rv' ? number : `00000000-0000-0000-0000-${number.padStart(12, '0')}`
      this.bind(name, made)
      return made
    })
  }

  copy(): Bindings {
    const copy = new Bindings()
    for (const [name, value] of this.values) copy.values.set(name, value)
    for (const [value, name] of this.owners) copy.owners.set(value, name)
    return copy
  }

  take(other: Bindings): void {
    for (const [name, value] of other.values) this.values.set(name, value)
    for (const [value, name] of other.owners) this.owners.set(value, name)
  }
}

export interface MatchOptions {
  /** Leave `metadata.managedFields` out on both sides. */
  dropManagedFields?: boolean
  /** The server put several findings in no fixed order. */
  anyOrder?: boolean
}

/** Compares two texts; in `expected` placeholders match any value of their kind. */
export function matchText(expected: string, actual: string, bindings: Bindings): string | undefined {
  if (expected === actual) return undefined
  const template = templateOf(expected)
  if (template.names.length === 0) return 'differs'
  const found = template.pattern.exec(actual)
  if (!found) return 'differs'
  for (const [index, name] of template.names.entries()) {
    const value = found[index + 1] ?? ''
    if (!bindings.bind(name, value)) return `<${name}> stands for ${bindings.get(name) ?? 'another value'} elsewhere`
  }
  return undefined
}

/** All differences between a recorded value and ours, with the path of each. Absent and null are different. */
export function matchJson(
  expected: Json | undefined,
  actual: Json | undefined,
  bindings: Bindings,
  path = '',
  options: MatchOptions = {},
): Mismatch[] {
  const differs = (): Mismatch[] => [{ path: path || '.', expected: show(expected), got: show(actual) }]
  if (typeof expected === 'string') {
    const text = typeof actual === 'number' && NUMERIC.test(expected) ? String(actual) : actual
    if (typeof text !== 'string') return differs()
    if (options.anyOrder && /\.(?:message|reason)$/.test(path)) return matchParts(expected, text, bindings, path)
    const why = matchText(expected, text, bindings)
    if (!why) return []
    return [{ path: path || '.', expected: show(expected), got: show(text) + (why === 'differs' ? '' : ` (${why})`) }]
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return differs()
    const unordered = isSet(path, options) || isConflictList(expected)
    return (unordered ? matchSet : matchList)(expected, actual, bindings, path, options)
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return differs()
    return matchMembers(expected, actual, bindings, path, options)
  }
  return expected === actual ? [] : differs()
}

function isSet(path: string, options: MatchOptions): boolean {
  if (/\.managedFields$|\.status\.(?:nonR|r)esourceRules$/.test(path)) return true
  return options.anyOrder === true && /\.causes$/.test(path)
}

/** Conflicts of several managers come in the order of a Go map, which is none. */
function isConflictList(items: Json[]): boolean {
  return items.length > 0 && items.every(item => isObject(item) && item.reason === 'FieldManagerConflict')
}

function matchMembers(
  expected: JsonObject,
  actual: JsonObject,
  bindings: Bindings,
  path: string,
  options: MatchOptions,
) {
  const mismatches: Mismatch[] = []
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    if (key === 'managedFields' && options.dropManagedFields && path.endsWith('metadata')) continue
    const here = /^[\w$-]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
    mismatches.push(...matchJson(expected[key], actual[key], bindings, here, options))
  }
  return mismatches
}

function matchList(expected: Json[], actual: Json[], bindings: Bindings, path: string, options: MatchOptions) {
  const mismatches: Mismatch[] = []
  for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
    mismatches.push(...matchJson(expected[index], actual[index], bindings, `${path}[${index}]`, options))
  }
  return mismatches
}

/** Each recorded item takes the first of ours that fits; what is left over is compared in order, to show the difference. */
function matchSet(
  expected: Json[],
  actual: Json[],
  bindings: Bindings,
  path: string,
  options: MatchOptions,
): Mismatch[] {
  const left = [...actual]
  const unmatched: Json[] = []
  for (const item of expected) {
    const place = left.findIndex(candidate => {
      const trial = bindings.copy()
      if (matchJson(item, candidate, trial, path, options).length > 0) return false
      bindings.take(trial)
      return true
    })
    if (place < 0) unmatched.push(item)
    else left.splice(place, 1)
  }
  return matchList(unmatched, left, bindings, path, options)
}

/** Sentences of a message whose findings may come in any order: the parts must be the same. */
export function matchParts(expected: string, actual: string, bindings: Bindings, path: string): Mismatch[] {
  const parts = (text: string) =>
    text
      .split(/[[\],\n]+/)
      .map(part => part.trim())
      .filter(part => part !== '')
  const missing = matchSet(parts(expected), parts(actual), bindings, '', {})
  return missing.length === 0 ? [] : [{ path, expected: show(expected), got: show(actual) }]
}

/** A value for a person: cut in the middle of nowhere rather than filling the screen. */
export function show(value: Json | undefined): string {
  const text = value === undefined ? '(absent)' : canonical(value)
  return text.length > 400 ? `${text.slice(0, 400)}… (${text.length} characters)` : text
}

/** Compares printed text and points at the first line that differs. */
export function matchOutput(expected: string, actual: string, bindings: Bindings, path: string): Mismatch[] {
  if (matchText(expected, actual, bindings) === undefined) return []
  const wanted = expected.split('\n')
  const got = actual.split('\n')
  for (let line = 0; line < Math.max(wanted.length, got.length); line++) {
    const [want, have] = [wanted[line], got[line]]
    if (want !== undefined && have !== undefined && matchText(want, have, bindings.copy()) === undefined) continue
    return [{ path: `${path} line ${line + 1}`, expected: show(want), got: show(have) }]
  }
  return [{ path, expected: show(expected), got: show(actual) }]
}
