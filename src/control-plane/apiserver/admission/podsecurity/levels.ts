import type { PodSpec } from '../../../../api/generated/core.v1.ts'
import { type FieldError, invalid } from '../../../../machinery/fieldpath.ts'
import { baseline } from './baseline.ts'
import { restricted } from './restricted.ts'
import type { Check, Violation } from './wording.ts'

export type Level = 'privileged' | 'baseline' | 'restricted'
export type Mode = 'enforce' | 'audit' | 'warn'

/** A level at a version: `restricted:latest`. */
export interface Policy {
  readonly level: Level
  readonly version: string
}

const prefix = 'pod-security.kubernetes.io/'
const modes: readonly Mode[] = ['enforce', 'audit', 'warn']
const levels: readonly Level[] = ['privileged', 'baseline', 'restricted']

type Labels = Readonly<Record<string, string>> | undefined

/** What a namespace's labels ask for in a mode. A wrong level counts as restricted, a wrong version as the latest. */
export function policyOf(labels: Labels, mode: Mode): Policy {
  const wanted = labels?.[prefix + mode]
  const version = labels?.[`${prefix}${mode}-version`]
  const level = wanted === undefined ? 'privileged' : (levels.find(each => each === wanted) ?? 'restricted')
  return { level, version: version !== undefined && isVersion(version) ? version : 'latest' }
}

/** What is wrong with a namespace's labels. */
export function labelErrors(labels: Labels): FieldError[] {
  const errors: FieldError[] = []
  for (const mode of modes) {
    const key = prefix + mode
    const level = labels?.[key]
    if (level !== undefined && !levels.some(each => each === level)) {
      errors.push(invalid(`metadata.labels[${key}]`, level, `must be one of ${levels.join(', ')}`))
    }
    const version = labels?.[`${key}-version`]
    if (version !== undefined && !isVersion(version)) {
      errors.push(invalid(`metadata.labels[${key}-version]`, version, 'must be "latest" or "v1.x"'))
    }
  }
  return errors
}

function isVersion(text: string): boolean {
  return text === 'latest' || /^v1\.(0|[1-9]\d*)$/.test(text)
}

export function isStricter(next: Policy, old: Policy): boolean {
  return levels.indexOf(next.level) > levels.indexOf(old.level)
}

export function nameOf({ level, version }: Policy): string {
  return `${level}:${version}`
}

const replaced = new Set(restricted.map(([, , instead]) => instead))
const checks: Readonly<Record<Level, readonly Check[]>> = {
  privileged: [],
  baseline: baseline.map(([, check]) => check),
  restricted: [
    ...baseline.filter(([id]) => !replaced.has(id)).map(([, check]) => check),
    ...restricted.map(([, check]) => check),
  ],
}

/** Everything that a Pod does against a level. */
export function violations(spec: PodSpec, { level }: Policy): Violation[] {
  return checks[level].flatMap(check => check(spec) ?? [])
}

/** `reason (detail), reason (detail)`. */
export function describe(found: readonly Violation[]): string {
  return found.map(({ reason, detail }) => (detail === undefined ? reason : `${reason} (${detail})`)).join(', ')
}
