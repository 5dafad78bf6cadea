import { aggregate, type FieldError, invalid, notSupported } from './fieldpath.ts'
import { compareBytes, quote } from './go-text.ts'
import type { Parsed } from './parsed.ts'
import { isLabelValue, isQualifiedName } from './validation.ts'

/**
 * Label selectors: apimachinery/pkg/labels/selector.go and LabelSelectorAsSelector of apis/meta/v1/helpers.go. The
 * parser of the string form is in labels-parser.ts.
 */

export type Labels = Readonly<Record<string, string>>

/** selection.Operator. */
export type Operator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt'

export interface Requirement {
  readonly key: string
  readonly operator: Operator
  readonly values: readonly string[]
}

/** All requirements must hold; the empty selector matches everything. */
export type Selector = readonly Requirement[]

/** metav1.LabelSelector, as objects carry it. */
export interface LabelSelector {
  readonly matchLabels?: Labels
  readonly matchExpressions?: readonly LabelSelectorRequirement[]
}

export interface LabelSelectorRequirement {
  readonly key: string
  readonly operator: string
  readonly values?: readonly string[]
}

const none: Labels = {}

/** Whether labels match a selector that an object carries. No selector at all matches nothing, an empty one everything. */
export function matches(selector: LabelSelector | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false
  const { matchLabels, matchExpressions } = selector
  if (matchLabels && !matchesSet(matchLabels, labels)) return false
  if (!matchExpressions) return true
  for (const expression of matchExpressions) {
    if (!meetsExpression(expression, labels ?? none)) return false
  }
  return true
}

/** Whether labels contain a set: the selectors of Services and ReplicationControllers, nodeSelector. */
export function matchesSet(set: Labels, labels: Labels | undefined): boolean {
  for (const key in set) if (labels?.[key] !== set[key]) return false
  return true
}

// Types are asked for because every object inherits a `constructor`, which is a label key like any other.
function meetsExpression({ key, operator, values }: LabelSelectorRequirement, labels: Labels): boolean {
  const value = labels[key]
  switch (operator) {
    case 'In':
      return value !== undefined && values !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values?.includes(value)
    case 'Exists':
      return typeof value === 'string'
    case 'DoesNotExist':
      return typeof value !== 'string'
    default:
      return false
  }
}

/** Whether labels match a parsed selector. */
export function matchesSelector(selector: Selector, labels: Labels | undefined): boolean {
  for (const requirement of selector) if (!meets(requirement, labels ?? none)) return false
  return true
}

function meets({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels[key]
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value)
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value)
    case 'exists':
      return typeof value === 'string'
    case '!':
      return typeof value !== 'string'
    case 'gt':
    case 'lt':
      return value !== undefined && comparesTo(operator, value, values[0])
  }
}

function comparesTo(operator: 'gt' | 'lt', value: string, bound: string | undefined): boolean {
  if (bound === undefined || !isInt64(value) || !isInt64(bound)) return false
  return operator === 'gt' ? BigInt(value) > BigInt(bound) : BigInt(value) < BigInt(bound)
}

/** Whether strconv.ParseInt(text, 10, 64) takes it. (BigInt does not know a leading plus, so that is refused, too.) */
export function isInt64(text: string): boolean {
  if (!/^-?[0-9]+$/.test(text)) return false
  return text.length < 19 || BigInt.asIntN(64, BigInt(text)) === BigInt(text)
}

const operators: readonly Operator[] = ['in', 'notin', '=', '==', '!=', 'gt', 'lt', 'exists', '!']

/** What is wrong with a requirement: NewRequirement. */
export function requirementErrors({ key, operator, values }: Requirement): FieldError[] {
  const errors: FieldError[] = []
  const keyError = labelKeyError('key', key)
  if (keyError) errors.push(keyError)
  errors.push(...valueErrors(operator, values))
  values.forEach((value, i) => {
    const messages = isLabelValue(value)
    if (messages.length > 0) errors.push(invalid(`values[${i}][${key}]`, value, messages.join('; ')))
  })
  return errors
}

/** One error for a key that is no label key, at a path. */
export function labelKeyError(path: string, key: string): FieldError | undefined {
  const messages = isQualifiedName(key)
  return messages.length > 0 ? invalid(path, key, messages.join('; ')) : undefined
}

function valueErrors(operator: Operator, values: readonly string[]): FieldError[] {
  const refuse = (detail: string): FieldError[] => [invalid('values', values, detail)]
  switch (operator) {
    case 'in':
    case 'notin':
      return values.length === 0 ? refuse("for 'in', 'notin' operators, values set can't be empty") : []
    case '=':
    case '==':
    case '!=':
      return values.length === 1 ? [] : refuse('exact-match compatibility requires one single value')
    case 'exists':
    case '!':
      return values.length === 0 ? [] : refuse('values set must be empty for exists and does not exist')
    case 'gt':
    case 'lt':
      return [
        ...(values.length === 1 ? [] : refuse("for 'Gt', 'Lt' operators, exactly one value is required")),
        ...values.flatMap((value, i) =>
          isInt64(value)
            ? []
            : [invalid(`values[${i}]`, value, "for 'Gt', 'Lt' operators, the value must be an integer")],
        ),
      ]
    default:
      return [notSupported('operator', operator, operators)]
  }
}

const expressionOperators = new Map<string, Operator>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
])

/** The requirements of an object's selector, sorted by key; undefined (no selector) matches nothing. */
export function selectorOf(selector: LabelSelector): Parsed<Selector> {
  const requirements: Requirement[] = []
  for (const [key, value] of Object.entries(selector.matchLabels ?? none)) {
    requirements.push({ key, operator: '=', values: [value] })
  }
  for (const { key, operator: written, values } of selector.matchExpressions ?? []) {
    const operator = expressionOperators.get(written)
    if (!operator) return { error: `${quote(written)} is not a valid label selector operator` }
    requirements.push({ key, operator, values: values ?? [] })
  }
  for (const requirement of requirements) {
    const errors = requirementErrors(requirement)
    if (errors.length > 0) return { error: aggregate(errors) }
  }
  return { value: sorted(requirements) }
}

/** A selector that demands every label of a set. */
export function selectorOfSet(set: Labels | undefined): Selector {
  return sorted(Object.entries(set ?? none).map(([key, value]) => ({ key, operator: '=', values: [value] })))
}

/** Requirements in the order of their keys. */
export function sorted(requirements: readonly Requirement[]): Selector {
  return [...requirements].sort((a, b) => compareBytes(a.key, b.key))
}

const infixes: Record<Operator, string> = {
  '=': '=',
  '==': '==',
  '!=': '!=',
  in: ' in ',
  notin: ' notin ',
  gt: '>',
  lt: '<',
  exists: '',
  '!': '',
}

/** The string form: `app=web,tier in (a,b),!old`. */
export function formatSelector(selector: Selector): string {
  return selector.map(formatRequirement).join(',')
}

function formatRequirement({ key, operator, values }: Requirement): string {
  if (operator === 'exists') return key
  if (operator === '!') return `!${key}`
  const list = [...values].sort(compareBytes).join(',')
  return `${key}${infixes[operator]}${operator === 'in' || operator === 'notin' ? `(${list})` : list}`
}

/** An object's selector as columns print it, `<none>` if it is absent or empty: metav1.FormatLabelSelector. */
export function formatLabelSelector(selector: LabelSelector | undefined): string {
  if (!selector) return '<none>'
  const { value, error } = selectorOf(selector)
  return error === undefined ? formatSelector(value) || '<none>' : '<error>'
}

/** `a=1,b=2`, sorted, or `<none>`: labels.FormatLabels. */
export function formatLabels(labels: Labels | undefined): string {
  return formatSet(labels) || '<none>'
}

/** `a=1,b=2`, sorted: labels.Set.String. */
export function formatSet(labels: Labels | undefined): string {
  const keys = Object.keys(labels ?? none).sort(compareBytes)
  return keys.map(key => `${key}=${labels?.[key]}`).join(',')
}
