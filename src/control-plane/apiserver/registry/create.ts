import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject, ObjectMeta } from '../../../machinery/object.ts'
import { alreadyExists, ApiError, badRequest } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { get } from '../../etcd/store.ts'
import { attributesOf, mutate, validate } from '../admission/admit.ts'
import type { Answer, Call } from '../call.ts'
import { storedObject } from '../objects.ts'
import { noteOwners } from '../managed-fields/note.ts'
import { asPlanned } from '../managed-fields/shown.ts'
import { keyFor } from '../resources.ts'
import { bodyOf, newDraft } from './body.ts'
import { countsGenerations } from './generation.ts'
import { hooksOf } from './hooks.ts'
import { refuseInvalid } from './invalid.ts'
import { validateMeta, validatePathName } from './metadata.ts'
import { generateName, newUid } from './names.ts'
import { checkEtcd, nextVersion, store } from './store-object.ts'

/** How often a generated name that is taken is made anew (registry/store.go). */
const generateAttempts = 8

const validated = Object.freeze({ stage: 'validation', verdict: 'valid' } as const)

/** POST: decode, default, mutating admission, prepare and validate, validating admission, storage (registry/store.go, Create). */
export function create(call: Call): Answer {
  const { resource, namespace, request } = call
  const { kind } = resource
  const body = bodyOf(call, kind)
  if (kind.namespaced && !namespace) throw badRequest('an empty namespace may not be set during creation')
  const draft = newDraft(body, kind, namespace)
  if (request.name && draft.metadata.name !== request.name) draft.metadata.name ||= request.name
  return { code: 201, body: createDraft(call, draft) }
}

/** Creates what a draft says. Serves PUTs that create, too. */
export function createDraft(call: Call, draft: ApiObject): ApiObject {
  const { self, resource } = call
  const { kind } = resource
  const { metadata } = draft
  const version = takeVersion(metadata)
  kind.defaults?.(draft)
  fillSystemFields(call, draft)
  noteOwners(call, draft, undefined)
  const attributes = attributesOf(call, 'CREATE', metadata.name || '', undefined)
  mutate(call, draft, attributes)
  const hooks = hooksOf(resource.name)
  hooks.beforeCreate?.(draft, call)
  const isGenerated = !metadata.name && Boolean(metadata.generateName)
  if (isGenerated) metadata.name = generateName(metadata.generateName ?? '', () => self.random())
  if (countsGenerations(kind, draft)) metadata.generation = 1
  else delete metadata.generation
  kind.prepareForCreate?.(draft, { now: self.now, user: call.request.user, random: () => self.random() })
  validateNew(call, kind, draft)
  validate(call, draft, attributes)
  if (version && version !== '0') throw new ApiError('', 'resourceVersion should not be set on objects to be created')
  return storeNew(call, draft, isGenerated)
}

/** A new object has no version yet, whatever its author thinks. */
function takeVersion(metadata: Partial<ObjectMeta>): string | undefined {
  const { resourceVersion } = metadata
  delete metadata.resourceVersion
  return resourceVersion
}

/** FillObjectMetaSystemFields, and what a client cannot set. */
function fillSystemFields({ self }: Call, { metadata }: ApiObject): void {
  delete metadata.deletionTimestamp
  delete metadata.deletionGracePeriodSeconds
  metadata.creationTimestamp = timestamp(self.now)
  metadata.uid = newUid(() => self.random())
}

function validateNew(call: Call, kind: Kind, draft: ApiObject): void {
  const errors = validateMeta(draft.metadata, kind)
  if (kind.validate) errors.push(...kind.validate(draft))
  if (kind.validateCreate) errors.push(...kind.validateCreate(draft))
  refuseInvalid(kind, draft.metadata.name, errors)
  refuseInvalid(kind, draft.metadata.name, validatePathName(draft.metadata))
  if (kind.warnings) call.warnings.push(...kind.warnings(draft, undefined))
  call.stages.push(validated)
}

function storeNew(call: Call, draft: ApiObject, isGenerated: boolean): ApiObject {
  const { resource, etcd, self, options, server, request } = call
  const { metadata } = draft
  // Objects made from one template share what their bodies share. (Items that were taken over are the body's already.)
  const template = resource.kind.hasLongLists ? undefined : request.body
  checkEtcd(call)
  for (let attempts = 1; ; attempts++) {
    const key = keyFor(resource, metadata.namespace, metadata.name)
    const existing = get(etcd, key)
    if (!existing) {
      // Of a dry run nothing is stored, so there is no version.
      if (!options.dryRun) metadata.resourceVersion = nextVersion(etcd)
      const settled = server.decoder.settle(resource.kind, draft, template)
      return options.dryRun ? asPlanned(call, settled) : store(call, key, settled, undefined)
    }
    if (!isGenerated || attempts === generateAttempts) throw taken(call, storedObject(existing))
    metadata.name = generateName(metadata.generateName ?? '', () => self.random())
  }
}

function taken({ resource: { kind } }: Call, { metadata }: ApiObject): ApiError {
  const error = alreadyExists(kind, metadata.name)
  if (!metadata.deletionTimestamp) return error
  return new ApiError('AlreadyExists', `object is being deleted: ${error.message}`, error.details)
}
