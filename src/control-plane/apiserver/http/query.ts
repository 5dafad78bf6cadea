import { type FieldError, forbidden, invalid, notSupported, required, tooLong } from '../../../machinery/fieldpath.ts'
import { byteLength } from '../../../machinery/go-text.ts'
import { isList } from '../../../machinery/json-value.ts'
import type { RequestOptions, Verb } from '../../../machinery/rest.ts'
import { badRequest } from '../../../machinery/status.ts'
import { textOf } from '../record.ts'
import { refuseInvalid } from '../registry/invalid.ts'

/** The query of a URL: every name with its values in order. */
export type Query = ReadonlyMap<string, readonly string[]>

export function parseQuery(text: string): Query {
  const query = new Map<string, string[]>()
  for (const part of text.split('&')) {
    if (part === '') continue
    const equals = part.indexOf('=')
    const name = unescape(equals < 0 ? part : part.slice(0, equals))
    const value = equals < 0 ? '' : unescape(part.slice(equals + 1))
    const values = query.get(name)
    if (values) values.push(value)
    else query.set(name, [value])
  }
  return query
}

function unescape(text: string): string {
  const spaced = text.replace(/\+/g, ' ')
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced
  }
}

export function firstOf(query: Query, name: string): string | undefined {
  return query.get(name)?.[0]
}

/** What is not empty, `0` or `false` is true: Convert_Slice_string_To_bool. */
export function isSet(query: Query, name: string): boolean | undefined {
  const value = firstOf(query, name)
  return value === undefined ? undefined : value !== 'false' && value !== '0'
}

function numberIn(query: Query, name: string): number | undefined {
  const value = firstOf(query, name)
  if (value === undefined || value === '') return undefined
  if (/^[-+]?[0-9]{1,19}$/.test(value)) return Number(value)
  throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
}

type Draft = { -readonly [Name in keyof RequestOptions]: RequestOptions[Name] }

/** The options that a verb takes from the query. Those of a deletion stand in its body, if it has one. */
export function optionsFor(verb: Verb, query: Query, isApply: boolean, hasBody: boolean): RequestOptions {
  const options: Draft = { managedFields: true }
  const text = (
    name: 'labelSelector' | 'fieldSelector' | 'continue' | 'resourceVersion' | 'resourceVersionMatch',
  ): void => {
    const value = firstOf(query, name)
    if (value) options[name] = value
  }
  if (verb === 'get' || verb === 'list' || verb === 'watch' || verb === 'deletecollection') {
    text('resourceVersion')
    text('resourceVersionMatch')
    text('labelSelector')
    text('fieldSelector')
    text('continue')
    const limit = numberIn(query, 'limit')
    const timeoutSeconds = numberIn(query, 'timeoutSeconds')
    if (limit !== undefined) options.limit = limit
    if (timeoutSeconds !== undefined) options.timeoutSeconds = timeoutSeconds
    if (isSet(query, 'allowWatchBookmarks')) options.allowWatchBookmarks = true
    const sendInitialEvents = isSet(query, 'sendInitialEvents')
    if (sendInitialEvents !== undefined) options.sendInitialEvents = sendInitialEvents
  }
  if (verb === 'create' || verb === 'update' || verb === 'patch') writeOptions(verb, query, isApply, options)
  if (!hasBody && (verb === 'delete' || verb === 'deletecollection')) deleteOptions(query, options)
  return options
}

const optionKinds = { create: 'CreateOptions', update: 'UpdateOptions', patch: 'PatchOptions' } as const

function writeOptions(verb: 'create' | 'update' | 'patch', query: Query, isApply: boolean, options: Draft): void {
  const errors: FieldError[] = []
  const force = isSet(query, 'force')
  const manager = firstOf(query, 'fieldManager')
  if (verb === 'patch') {
    if (isApply && !manager) errors.push(required('fieldManager', 'is required for apply patch'))
    if (!isApply && force) errors.push(forbidden('force', 'may not be specified for non-apply patch'))
  }
  if (manager && byteLength(manager) > 128) errors.push(tooLong('fieldManager', 128))
  else if (manager && /[\p{C}]/u.test(manager)) {
    errors.push(invalid('fieldManager', manager, 'should only contain printable characters'))
  }
  const dryRun = query.get('dryRun')?.filter(Boolean) ?? []
  if (dryRun.some(value => value !== 'All')) errors.push(notSupported('dryRun', dryRun, ['All']))
  const validation = firstOf(query, 'fieldValidation') ?? ''
  if (validation === 'Ignore' || validation === 'Warn' || validation === 'Strict') options.fieldValidation = validation
  else if (validation) errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']))
  refuseInvalid({ group: 'meta.k8s.io', kind: optionKinds[verb] }, '', errors)
  // What comes over HTTP is looked at, whether or not it says how.
  options.fieldValidation ??= 'Warn'
  if (dryRun.length > 0) options.dryRun = true
  if (manager) options.fieldManager = manager
  if (force) options.force = true
}

function deleteOptions(query: Query, options: Draft): void {
  const gracePeriodSeconds = numberIn(query, 'gracePeriodSeconds')
  if (gracePeriodSeconds !== undefined) options.gracePeriodSeconds = gracePeriodSeconds
  const policy = firstOf(query, 'propagationPolicy')
  if (policy === 'Orphan' || policy === 'Background' || policy === 'Foreground') options.propagationPolicy = policy
  else if (policy) refusePolicy(policy)
  const orphanDependents = isSet(query, 'orphanDependents')
  if (orphanDependents !== undefined) options.orphanDependents = orphanDependents
  setDryRun(query.get('dryRun') ?? [], options)
}

function refusePolicy(policy: string): void {
  const error = notSupported('propagationPolicy', policy, ['Foreground', 'Background', 'Orphan', 'nil'])
  refuseInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [error])
}

function setDryRun(values: readonly string[], options: Draft): void {
  const dryRun = values.filter(Boolean)
  if (dryRun.length === 0) return
  const errors = dryRun.some(value => value !== 'All') ? [notSupported('dryRun', dryRun, ['All'])] : []
  refuseInvalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors)
  options.dryRun = true
}

/** The options of a deletion from its body, which was decoded. */
export function deleteOptionsIn(body: Record<string, unknown>): RequestOptions {
  const options: Draft = {}
  const { gracePeriodSeconds, propagationPolicy: policy, orphanDependents, preconditions, dryRun } = body
  if (typeof gracePeriodSeconds === 'number') options.gracePeriodSeconds = gracePeriodSeconds
  if (policy === 'Orphan' || policy === 'Background' || policy === 'Foreground') options.propagationPolicy = policy
  else if (typeof policy === 'string' && policy) refusePolicy(policy)
  if (typeof orphanDependents === 'boolean') options.orphanDependents = orphanDependents
  if (typeof preconditions === 'object' && preconditions !== null) options.preconditions = textsIn(preconditions)
  if (isList(dryRun)) setDryRun(dryRun.map(textOf), options)
  return options
}

function textsIn(preconditions: { uid?: unknown; resourceVersion?: unknown }): {
  uid?: string
  resourceVersion?: string
} {
  const { uid, resourceVersion } = preconditions
  return { ...(typeof uid === 'string' && { uid }), ...(typeof resourceVersion === 'string' && { resourceVersion }) }
}
