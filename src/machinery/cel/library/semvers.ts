import type { Parsed } from '../../parsed.ts'
import { quote } from '../../go-text.ts'
import { traversalCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, global, member } from '../functions.ts'
import { boolType, intType, stringType, struct } from '../cel-type.ts'
import { Opaque, type Result } from '../values.ts'

/** A semantic version: blang/semver/v4. */
interface Semver {
  readonly numbers: readonly [major: bigint, minor: bigint, patch: bigint]
  readonly pre: readonly string[]
  readonly build: readonly string[]
}

type SemverValue = Opaque<Semver>

const semverType = struct('kubernetes.Semver')
const two = [semverType, semverType]

function parse(text: string): Parsed<Semver> {
  if (text === '') return { error: 'Version string empty' }
  const parts = /^([^.]*)\.([^.]*)\.(.*)$/s.exec(text)
  if (!parts) return { error: 'No Major.Minor.Patch elements found' }
  const [, major = '', minor = '', rest = ''] = parts
  const plus = rest.indexOf('+')
  const beforeBuild = plus < 0 ? rest : rest.slice(0, plus)
  const dash = beforeBuild.indexOf('-')
  const patch = dash < 0 ? beforeBuild : beforeBuild.slice(0, dash)
  for (const [name, number] of [
    ['major', major],
    ['minor', minor],
    ['patch', patch],
  ]) {
    const why = wrongNumber(name ?? '', number ?? '')
    if (why !== undefined) return { error: why }
  }
  const pre = dash < 0 ? [] : beforeBuild.slice(dash + 1).split('.')
  const build = plus < 0 ? [] : rest.slice(plus + 1).split('.')
  const why =
    pre.map(wrongPre).find(each => each !== undefined) ?? build.map(wrongBuild).find(each => each !== undefined)
  if (why !== undefined) return { error: why }
  return { value: { numbers: [BigInt(major), BigInt(minor), BigInt(patch)], pre, build } }
}

function wrongNumber(name: string, text: string): string | undefined {
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`
  if (!/^\d+$/.test(text)) {
    if (name === 'patch' || text !== '') return `Invalid character(s) found in ${name} number ${quote(text)}`
    return `strconv.ParseUint: parsing "": invalid syntax`
  }
  return text.length > 1 && text.startsWith('0')
    ? `${title} number must not contain leading zeroes ${quote(text)}`
    : undefined
}

function wrongPre(text: string): string | undefined {
  if (text === '') return 'Prerelease is empty'
  if (!/^[0-9A-Za-z-]+$/.test(text)) return `Invalid character(s) found in prerelease ${quote(text)}`
  if (/^0\d+$/.test(text)) return `Numeric PreRelease version must not contain leading zeroes ${quote(text)}`
  return undefined
}

function wrongBuild(text: string): string | undefined {
  if (text === '') return 'Build meta data is empty'
  return /^[0-9A-Za-z-]+$/.test(text) ? undefined : `Invalid character(s) found in build meta data ${quote(text)}`
}

/** `v1.2` as `1.2.0`: semverlib.go, normalizeAndParse. */
function parseLoosely(text: string): Parsed<Semver> {
  const [, first = '', second, third] = /^v?([^.]*)(?:\.([^.]*)(?:\.(.*))?)?$/s.exec(text) ?? []
  const parts = [first, second, third].filter(part => part !== undefined)
  const last = parts.at(-1) ?? ''
  if (parts.length < 3 && /[+-]/.test(last)) {
    return { error: 'short version cannot contain PreRelease/Build meta data' }
  }
  const trimmed = parts.map(part => (part.length > 1 ? part.replace(/^0+(?=\d)/, '').replace(/^0+$/, '0') : part))
  while (trimmed.length < 3) trimmed.push('0')
  return parse(trimmed.join('.'))
}

function compare(a: Semver, b: Semver): number {
  for (const i of [0, 1, 2] as const) {
    if (a.numbers[i] !== b.numbers[i]) return a.numbers[i] > b.numbers[i] ? 1 : -1
  }
  if (a.pre.length === 0 || b.pre.length === 0) return Math.sign(b.pre.length - a.pre.length)
  for (const [i, part] of a.pre.entries()) {
    const other = b.pre[i]
    if (other === undefined) return 1
    const order = comparePre(part, other)
    if (order !== 0) return order
  }
  return a.pre.length < b.pre.length ? -1 : 0
}

function comparePre(a: string, b: string): number {
  const [left, right] = [a, b].map(part => (/^\d+$/.test(part) ? BigInt(part) : undefined))
  if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0
  if (left !== undefined) return -1
  if (right !== undefined) return 1
  return a < b ? -1 : a > b ? 1 : 0
}

function semver(text: string, loosely = false): Result {
  const { value, error } = loosely ? parseLoosely(text) : parse(text)
  if (value === undefined) return fail(error)
  return new Opaque(semverType, value, `${value.numbers.join('.')}-${value.pre.join('.')}`)
}

function isSemver(text: string, loosely = false): Result {
  return (loosely ? parseLoosely(text) : parse(text)).error === undefined
}

function order(a: SemverValue, b: SemverValue): number {
  return compare(a.value, b.value)
}

/** apiserver/pkg/cel/library/semverlib.go, version 1. */
export const semvers: readonly FunctionDeclaration[] = [
  define(
    'semver',
    global([stringType], semverType, semver, traversalCost),
    global([stringType, boolType], semverType, semver, traversalCost),
  ),
  define(
    'isSemver',
    global([stringType], boolType, isSemver, traversalCost),
    global([stringType, boolType], boolType, isSemver, traversalCost),
  ),
  define(
    'isGreaterThan',
    member(two, boolType, (a: SemverValue, b: SemverValue) => order(a, b) > 0),
  ),
  define(
    'isLessThan',
    member(two, boolType, (a: SemverValue, b: SemverValue) => order(a, b) < 0),
  ),
  define(
    'compareTo',
    member(two, intType, (a: SemverValue, b: SemverValue) => BigInt(order(a, b))),
  ),
  ...['major', 'minor', 'patch'].map((name, i) =>
    define(
      name,
      member([semverType], intType, ({ value }: SemverValue) => value.numbers[i] ?? 0n),
    ),
  ),
]
