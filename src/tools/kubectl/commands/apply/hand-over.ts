import { isObject, type JsonObject } from '../../../../machinery/json-value.ts'
import { ApiError } from '../../../../machinery/status.ts'
import { type FieldSet, hasPath, union } from '../../../../machinery/structured-merge/field-set.ts'
import { decodeFields, encodeFields } from '../../../../machinery/structured-merge/fields-v1.ts'
import { fieldElement } from '../../../../machinery/structured-merge/path-element.ts'
import { type Info, infoPath } from '../../api/builder.ts'
import type { Query } from '../../api/client.ts'
import { at, items, textAt } from '../../unstructured.ts'
import { lastAppliedPath, writeQuery } from '../../writing.ts'
import type { ApplyContext } from './flags.ts'

/**
 * What client-side apply owned goes over to server-side apply, so that fields that are left out can go: the end of
 * applyOneObject in kubectl/pkg/cmd/apply/apply.go, with client-go/util/csaupgrade.
 */

const annotationPath = lastAppliedPath.map(fieldElement)
const maxRetries = 5

type Entry = JsonObject

/** The object after the handover; as it was when there is none, with a warning when that fails. */
export function handOver(
  context: ApplyContext,
  info: Info,
  applied: JsonObject,
  manager: string,
  again: () => JsonObject,
): JsonObject {
  const warn = (what: string, error: unknown): void => {
    if (!(error instanceof ApiError)) throw error
    context.err(
      `Warning: ${what}. This is non-fatal and will be retried next time you apply. Error: ${error.message}\n`,
    )
  }
  let object = applied
  try {
    object = keepAnnotation(context, info, object, manager)
  } catch (error) {
    const what = 'failed to migrate kubectl.kubernetes.io/last-applied-configuration for Server-Side Apply'
    warn(what, error)
    return object
  }
  try {
    const upgraded = upgrade(context, info, object, manager)
    if (!upgraded) return object
    object = upgraded
  } catch (error) {
    warn('server rejected managed fields migration to Server-Side Apply', error)
    return object
  }
  try {
    return again()
  } catch (error) {
    warn('failed to re-apply configuration after performing Server-Side Apply migration', error)
    return object
  }
}

/** The annotation gets an owner of its own, or it would go with the fields of client-side apply. */
function keepAnnotation(context: ApplyContext, info: Info, object: JsonObject, manager: string): JsonObject {
  const text = at(object, ...lastAppliedPath)
  if (manager !== 'kubectl' || typeof text !== 'string') return object
  if (entriesOf(object).some(entry => entry.operation === 'Apply' && ownsAnnotation(entry))) return object
  const { apiVersion, kind } = object
  const namespace = textAt(object, 'metadata', 'namespace')
  const metadata = {
    annotations: { [lastAppliedPath[2]]: text },
    name: textAt(object, 'metadata', 'name'),
    ...(namespace && { namespace }),
  }
  const patch = JSON.stringify({ apiVersion, kind, metadata })
  return context.client.patch(infoPath(info), 'apply', patch, writeQuery(context, 'kubectl-last-applied'))
}

/** The object with the fields of client-side apply in the hands of the applying manager; undefined if it has them. */
function upgrade(context: ApplyContext, info: Info, object: JsonObject, manager: string): JsonObject | undefined {
  const names = new Set(
    entriesOf(object).flatMap(entry =>
      entry.operation === 'Update' && ownsAnnotation(entry) ? [textAt(entry, 'manager')] : [],
    ),
  )
  const query: Query = writeQuery(context, manager)
  let current = object
  for (let attempt = 1; ; attempt++) {
    const before = entriesOf(current)
    const after = [...names].reduce((entries, name) => upgradedEntries(entries, name, manager), before)
    if (after === before) return undefined
    const resourceVersion = textAt(current, 'metadata', 'resourceVersion')
    const patch = [
      { op: 'replace', path: '/metadata/managedFields', value: after.length > 0 ? after : null },
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ]
    try {
      return context.client.patch(infoPath(info), 'json', JSON.stringify(patch), query)
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'Conflict' || attempt === maxRetries) throw error
      current = context.client.get(infoPath(info))
    }
  }
}

/** upgradedManagedFields: the list itself if there is nothing of the manager. */
function upgradedEntries(entries: readonly Entry[], csa: string, ssa: string): readonly Entry[] {
  const isOld = (entry: Entry): boolean => isOf(entry, csa, 'Update')
  const place = entries.findIndex(entry => isOf(entry, ssa, 'Apply'))
  const index = place >= 0 ? place : entries.findIndex(isOld)
  const target = entries[index]
  if (!target || !entries.some(isOld)) return entries
  const other = entries.find(entry => isOld(entry) && entry.apiVersion === target.apiVersion)
  const fields = other ? union(fieldsOf(target), fieldsOf(other)) : fieldsOf(target)
  const merged = { ...target, manager: ssa, operation: 'Apply', fieldsV1: encodeFields(fields) }
  return entries.map((entry, at) => (at === index ? merged : entry)).filter(entry => !isOld(entry))
}

function isOf(entry: Entry, manager: string, operation: string): boolean {
  return entry.manager === manager && entry.operation === operation && !entry.subresource
}

function entriesOf(object: JsonObject): readonly Entry[] {
  return items(at(object, 'metadata', 'managedFields')).filter(isObject)
}

function fieldsOf(entry: Entry): FieldSet {
  return decodeFields(entry.fieldsV1) ?? {}
}

function ownsAnnotation(entry: Entry): boolean {
  return hasPath(fieldsOf(entry), annotationPath)
}
