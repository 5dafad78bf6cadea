import { matchesFields, requiredValue } from '../../../machinery/fields.ts'
import { matchesSelector } from '../../../machinery/labels.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { ApiError, badRequest } from '../../../machinery/status.ts'
import { rangeAt } from '../../etcd/history.ts'
import { get, type KeyValue, range } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { mindsOwners, shown } from '../managed-fields/shown.ts'
import { inVersion, storedObject } from '../objects.ts'
import { keyFor } from '../resources.ts'
import {
  checkListOptions,
  checkReadVersion,
  parseVersion,
  readField,
  type Selectors,
  selectorsOf,
} from './list-options.ts'
import { decodeToken, encodeToken } from './continue-token.ts'

export interface Page {
  readonly items: ApiObject[]
  readonly revision: number
  /** The continue token, when there is more. */
  readonly next?: string
  readonly remaining?: number
}

/** One page of a list: selectors, limit, continue and versions (storage/etcd3/store.go, GetList; cacher.go). */
export function listPage(call: Call): Page {
  const { resource, namespace, options, etcd } = call
  checkListOptions(options, false)
  const selectors = selectorsOf(resource.kind, options)
  const prefix = namespace ? `${resource.prefix}${namespace}/` : resource.prefix
  const limit = options.limit !== undefined && options.limit > 0 ? options.limit : Infinity
  const token = options.continue ? readToken(call, prefix) : undefined
  const revision = token ? token.revision : pageRevision(call)
  const entries = entriesAt(call, prefix, revision, selectors, token !== undefined)
  const items: ApiObject[] = []
  const minds = mindsOwners(call)
  let index = token ? after(entries, token.start) : 0
  for (; index < entries.length && items.length < limit; index++) {
    const entry = entries[index]
    if (!entry) break
    const object = inVersion(resource, storedObject(entry))
    if (isSelected(call, selectors, object)) items.push(minds ? shown(call, entry) : object)
  }
  const at = revision === 0 ? etcd.revision : revision
  const last = entries[index - 1]
  if (index >= entries.length || !last) return { items, revision: at }
  const next = encodeToken({ revision: at, start: last.key.slice(prefix.length) })
  // With selectors nobody knows how many more there are.
  const isSelective = selectors.labels.length > 0 || selectors.fields.length > 0
  return { items, revision: at, next, ...(!isSelective && { remaining: entries.length - index }) }
}

export function isSelected({ resource: { kind } }: Call, { labels, fields }: Selectors, object: ApiObject): boolean {
  if (labels.length > 0 && !matchesSelector(labels, object.metadata.labels)) return false
  return fields.length === 0 || matchesFields(fields, field => readField(kind, object, field))
}

/** The revision that is read: 0 for the newest. */
function pageRevision({ options, etcd }: Call): number {
  const { resourceVersion = '', resourceVersionMatch, limit } = options
  if (!resourceVersion) return 0
  const revision = checkReadVersion(resourceVersion, etcd.revision)
  if (resourceVersionMatch === 'Exact') return revision
  // Without a policy a limit makes the version exact (the legacy rule).
  return resourceVersionMatch === undefined && limit ? revision : 0
}

function entriesAt(
  { etcd, resource, namespace }: Call,
  prefix: string,
  revision: number,
  { fields }: Selectors,
  isContinued: boolean,
): KeyValue[] {
  const name = requiredValue(fields, 'metadata.name')
  if (revision === 0 || revision === etcd.revision) {
    if (name === undefined || (resource.kind.namespaced && !namespace)) return range(etcd, prefix)
    const entry = get(etcd, keyFor(resource, namespace, name))
    return entry ? [entry] : []
  }
  if (revision < etcd.compacted) throw isContinued ? expiredToken() : expired()
  return rangeAt(etcd, prefix, revision)
}

function after(entries: readonly KeyValue[], start: string): number {
  const index = entries.findIndex(({ key }) => key > start)
  return index < 0 ? entries.length : index
}

function readToken({ options }: Call, prefix: string): { revision: number; start: string } {
  const { revision, start } = decodeToken(options.continue ?? '')
  if (options.resourceVersion && parseVersion(options.resourceVersion, 'invalid resource version: ') !== 0) {
    throw badRequest('specifying resource version is not allowed when using continue')
  }
  return { revision, start: prefix + start }
}

function expired(): ApiError {
  return new ApiError('Expired', 'The resourceVersion for the provided list is too old.')
}

function expiredToken(): ApiError {
  const text =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
    'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
    'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
    'deleted between the time the first chunk was returned and now may show up in the list.'
  return new ApiError('Expired', text)
}
