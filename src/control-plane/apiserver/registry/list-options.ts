import { type FieldError, forbidden, notSupported } from '../../../machinery/fieldpath.ts'
import type { FieldSelector } from '../../../machinery/fields.ts'
import { parseFieldSelector } from '../../../machinery/fields.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { Selector } from '../../../machinery/labels.ts'
import { parseSelector } from '../../../machinery/labels-parser.ts'
import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import type { Parsed } from '../../../machinery/parsed.ts'
import type { RequestOptions } from '../../../machinery/rest.ts'
import { ApiError, badRequest } from '../../../machinery/status.ts'
import { refuseInvalid } from './invalid.ts'

export interface Selectors {
  readonly labels: Selector
  readonly fields: FieldSelector
}

/** Texts of selectors → what they say. A memo: parsing again would give the same. */
const labelSelectors = new Map<string, Parsed<Selector>>()

const everything: Selectors = deepFreeze({ labels: [], fields: [] })

/** The selectors of a list or watch. Throws for what cannot be understood or is not selectable. */
export function selectorsOf(kind: Kind, { labelSelector, fieldSelector }: RequestOptions): Selectors {
  if (!labelSelector && !fieldSelector) return everything
  return { labels: labelsIn(labelSelector ?? ''), fields: fieldsIn(kind, fieldSelector ?? '') }
}

function labelsIn(text: string): Selector {
  let parsed = labelSelectors.get(text)
  if (!parsed) {
    if (labelSelectors.size > 10_000) labelSelectors.clear()
    labelSelectors.set(text, (parsed = deepFreeze(parseSelector(text))))
  }
  if (parsed.error !== undefined) throw badRequest(parsed.error)
  return parsed.value
}

function fieldsIn(kind: Kind, text: string): FieldSelector {
  const { value, error } = parseFieldSelector(text)
  if (error !== undefined) throw badRequest(error)
  for (const { field } of value) if (!isSelectable(kind, field)) throw badRequest(notSelectable(kind, field))
  return deepFreeze(value)
}

function isSelectable(kind: Kind, field: string): boolean {
  return field === 'metadata.name' || field === 'metadata.namespace' || field in (kind.selectableFields ?? {})
}

function notSelectable(kind: Kind, field: string): string {
  if (kind.selectableFields) return `field label not supported: ${field}`
  return `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"`
}

/** The value of a selectable field, '' where there is none. */
export function readField(kind: Kind, object: ApiObject, field: string): string {
  if (field === 'metadata.name') return object.metadata.name
  if (field === 'metadata.namespace') return object.metadata.namespace ?? ''
  return kind.selectableFields?.[field]?.(object) ?? ''
}

const matchPolicies = ['Exact', 'NotOlderThan', '']

/** ValidateListOptions of apis/meta/internalversion/validation. */
export function checkListOptions(options: RequestOptions, isWatch: boolean): void {
  const errors = isWatch || options.sendInitialEvents !== undefined ? watchErrors(options, isWatch) : []
  if (errors.length === 0) errors.push(...matchErrors(options))
  refuseInvalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors)
}

function matchErrors({ resourceVersion = '', resourceVersionMatch = '', ...options }: RequestOptions): FieldError[] {
  if (!resourceVersionMatch || options.sendInitialEvents !== undefined) return []
  const errors: FieldError[] = []
  const field = 'resourceVersionMatch'
  if (!resourceVersion) {
    errors.push(forbidden(field, 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
  }
  if (options.continue) errors.push(forbidden(field, 'resourceVersionMatch is forbidden when continue is provided'))
  if (!matchPolicies.includes(resourceVersionMatch)) {
    errors.push(notSupported(field, resourceVersionMatch, matchPolicies))
  }
  if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
    errors.push(forbidden(field, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  return errors
}

function watchErrors(options: RequestOptions, isWatch: boolean): FieldError[] {
  const { sendInitialEvents, resourceVersionMatch = '' } = options
  if (!isWatch) return [forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list')]
  if (sendInitialEvents === undefined) {
    if (!resourceVersionMatch) return []
    return [
      forbidden(
        'resourceVersionMatch',
        'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided',
      ),
    ]
  }
  const errors: FieldError[] = []
  if (resourceVersionMatch !== 'NotOlderThan') {
    const why = 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'
    errors.push(forbidden('resourceVersionMatch', why))
    if (resourceVersionMatch) errors.push(notSupported('resourceVersionMatch', resourceVersionMatch, ['NotOlderThan']))
  }
  if (options.continue) errors.push(forbidden('continue', 'sendInitialEvents is forbidden with continue'))
  return errors
}

/** The revision of a list's resourceVersion. Throws for what is no number or lies in the future. */
export function checkReadVersion(resourceVersion: string, newest: number): number {
  const revision = parseVersion(resourceVersion, 'invalid resource version: ')
  if (revision <= newest) return revision
  const details = {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  }
  const text = `Timeout: Too large resource version: ${resourceVersion}, current: ${newest}`
  throw new ApiError('Timeout', text, details)
}

/** storage.ParseResourceVersion. */
export function parseVersion(resourceVersion: string, prefix: string): number {
  if (!resourceVersion) return 0
  if (/^[0-9]{1,16}$/.test(resourceVersion)) return Number(resourceVersion)
  const why = `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`
  const text = `${prefix}resourceVersion: Invalid value: ${JSON.stringify(resourceVersion)}: ${why}`
  throw prefix ? badRequest(text) : new ApiError('', text)
}
