import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { conflict, notFound } from '../../../machinery/status.ts'
import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'
import { get, type KeyValue } from '../../etcd/store.ts'
import { attributesOf, mutate, validate } from '../admission/admit.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { inVersion, isApiObject, storedObject } from '../objects.ts'
import { fieldsOf, isFields } from '../record.ts'
import { keepsOwners, noteOwners } from '../managed-fields/note.ts'
import { asPlanned, shown } from '../managed-fields/shown.ts'
import { keyFor } from '../resources.ts'
import { bodyOf, checkName, checkNamespace, isOwnStatus, newDraft, revisionIn } from './body.ts'
import { createDraft } from './create.ts'
import { removeDuringUpdate, shouldDeleteDuringUpdate } from './delete.ts'
import { changesContent, countsGenerations } from './generation.ts'
import { hooksOf } from './hooks.ts'
import { refuseInvalid } from './invalid.ts'
import { validateMeta, validateMetaUpdate } from './metadata.ts'
import { strategyOf } from './subresource-strategies.ts'
import { store } from './store-object.ts'
import { createsOnUpdate, needsResourceVersion, validatedWhole } from './strategies.ts'

const modified = 'the object has been modified; please apply your changes to the latest version and try again'
const validated = Object.freeze({ stage: 'validation', verdict: 'valid' } as const)
const unchanged = Object.freeze({ stage: 'storage', verdict: 'unchanged' } as const)

/** PUT (endpoints/handlers/update.go). */
export function update(call: Call): Answer {
  const { resource, namespace, etcd, request } = call
  const { kind } = resource
  const name = nameOf(call)
  const body = statusBody(call) ?? bodyOf(call, kind)
  const { metadata } = body
  checkName(metadata.name, name)
  checkNamespace(metadata.namespace, namespace)
  const entry = get(etcd, keyFor(resource, namespace, name))
  if (!entry) {
    if (request.subresource || !createsOnUpdate.has(resource.name)) throw notFound(kind, name)
    const draft = newDraft(body, kind, namespace)
    draft.metadata.name = name
    return { code: 201, body: createDraft(call, draft) }
  }
  const stored = storedObject(entry)
  if (metadata.uid && metadata.uid !== stored.metadata.uid) throw uidConflict(call, entry, metadata.uid)
  return { code: 200, body: replace(call, entry, body) }
}

/** Puts a draft in the place of an object, after all that the pipeline has to say: registry/store.go, Update. */
export function replace(call: Call, entry: KeyValue, body: ApiObject): ApiObject {
  const { resource, namespace } = call
  const { kind } = resource
  const old = inVersion(resource, storedObject(entry))
  const isStatus = isOwnStatus(call)
  const draft = isStatus ? statusDraft(body, old) : newDraft(body, kind, namespace)
  draft.metadata.name ||= old.metadata.name
  if (!isStatus) kind.defaults?.(draft)
  noteOwners(call, draft, entry)
  const attributes = attributesOf(call, 'UPDATE', old.metadata.name, old)
  mutate(call, draft, attributes)
  checkVersion(call, draft, old)
  prepare(call, kind, draft, old)
  const settled = call.server.decoder.settle(kind, draft, old, isStatus)
  validateUpdate(call, kind, settled, old)
  validate(call, settled, attributes)
  return finish(call, entry, settled, old)
}

/** The body of a status update of one of our own components: it is brought into form when it is put in place. */
function statusBody(call: Call): ApiObject | undefined {
  const { body } = call.request
  return isOwnStatus(call) && isApiObject(body) ? body : undefined
}

/**
 * Status updates of our own components share the spec with what is stored. Of metadata and status themselves there are
 * copies, which strategies may change; what is in them is settled afterwards.
 */
function statusDraft(body: ApiObject, old: ApiObject): ApiObject {
  const { status } = fieldsOf(body)
  const draft = { ...old, metadata: { ...body.metadata }, status: isFields(status) ? { ...status } : status }
  return draft
}

function finish(call: Call, entry: KeyValue, settled: ApiObject, old: ApiObject): ApiObject {
  if (shouldDeleteDuringUpdate(call, settled, old)) {
    if (!call.options.dryRun) removeDuringUpdate(call, entry, settled)
    return asPlanned(call, settled)
  }
  if (settled === old && keepsOwners(call, entry)) {
    call.stages.push(unchanged)
    return shown(call, entry)
  }
  return call.options.dryRun ? asPlanned(call, settled) : store(call, entry.key, settled, entry)
}

/** Optimistic concurrency. The draft then carries the version of the object that it replaces. */
function checkVersion({ resource }: Call, draft: ApiObject, old: ApiObject): void {
  const { kind } = resource
  const { metadata } = draft
  const version = revisionIn(metadata.resourceVersion)
  if (version === 0 && (kind.needsResourceVersion ?? needsResourceVersion.has(resource.name))) {
    const error = invalid('metadata.resourceVersion', 0, 'must be specified for an update')
    refuseInvalid({ group: kind.group, kind: kind.plural }, metadata.name, [error])
  }
  if (version !== 0 && String(version) !== old.metadata.resourceVersion) {
    throw conflict(kind, metadata.name, modified)
  }
  metadata.resourceVersion = old.metadata.resourceVersion
}

/** rest.BeforeUpdate without its validation: what an update cannot change is put back. */
function prepare(call: Call, kind: Kind, draft: ApiObject, old: ApiObject): void {
  const { metadata } = draft
  const context = { now: call.self.now, user: call.request.user, random: () => call.self.random() }
  const special = strategyOf(call)
  if (old.metadata.generation === undefined) delete metadata.generation
  else metadata.generation = old.metadata.generation
  if (call.request.subresource === 'status') {
    keepAllBut('status', draft, old)
    kind.prepareForStatusUpdate?.(draft, old, context)
  } else if (special) {
    special.prepare(draft, old, call)
    countGeneration(kind, draft, old)
  } else {
    if (kind.subresources?.includes('status')) keep('status', draft, old)
    hooksOf(call.resource.name).beforeUpdate?.(draft, old, call)
    kind.prepareForUpdate?.(draft, old, context)
    countGeneration(kind, draft, old)
  }
  metadata.uid ||= old.metadata.uid
  metadata.creationTimestamp = old.metadata.creationTimestamp
  if (old.metadata.deletionTimestamp) metadata.deletionTimestamp = old.metadata.deletionTimestamp
  else delete metadata.deletionTimestamp
  if (old.metadata.deletionGracePeriodSeconds === undefined) delete metadata.deletionGracePeriodSeconds
  else metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds
}

function countGeneration(kind: Kind, draft: ApiObject, old: ApiObject): void {
  const { generation } = old.metadata
  if (!countsGenerations(kind, draft) || draft.metadata.generation !== generation) return
  if (changesContent(draft, old)) draft.metadata.generation = (generation ?? 0) + 1
}

function keep(field: string, draft: ApiObject, old: ApiObject): void {
  if (!isFields(draft)) return
  const before = fieldsOf(old)[field]
  if (before === undefined) Reflect.deleteProperty(draft, field)
  else draft[field] = before
}

function keepAllBut(field: string, draft: ApiObject, old: ApiObject): void {
  for (const name of new Set([...Object.keys(draft), ...Object.keys(old)])) {
    if (name !== field && name !== 'metadata') keep(name, draft, old)
  }
}

function validateUpdate(call: Call, kind: Kind, draft: ApiObject, old: ApiObject): void {
  const special = strategyOf(call)
  const metaErrors = validateMetaUpdate(draft.metadata, old.metadata)
  // Upstream checks metadata in BeforeUpdate and again in the kind's own strategy: causes come twice.
  const errors: FieldError[] = [...metaErrors, ...metaErrors]
  if (call.request.subresource === 'status') errors.push(...(kind.validateStatusUpdate?.(draft, old) ?? []))
  else {
    const wrong = draft.metadata === old.metadata ? [] : validateMeta(draft.metadata, kind)
    errors.push(...wrong, ...(validatedWhole.has(kind.resource) ? wrong : []))
    errors.push(...(kind.validate?.(draft, old) ?? []))
    errors.push(...((special ? special.validate(draft, old) : kind.validateUpdate?.(draft, old)) ?? []))
  }
  refuseInvalid(kind, draft.metadata.name, errors)
  if (kind.warnings) call.warnings.push(...kind.warnings(draft, old))
  call.stages.push(validated)
}

function uidConflict({ resource: { kind } }: Call, entry: KeyValue, uid: string): Error {
  const { metadata } = storedObject(entry)
  const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${metadata.uid}`
  const text = `StorageError: invalid object, Code: 4, Key: ${entry.key}, ResourceVersion: 0, AdditionalErrorMsg: ${why}`
  return conflict(kind, metadata.name, text)
}
