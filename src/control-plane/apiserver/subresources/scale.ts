import type { Scale } from '../../../api/generated/autoscaling.v1.ts'
import { invalid } from '../../../machinery/fieldpath.ts'
import type { ScaleMapping } from '../../../machinery/kind.ts'
import { type ApiObject, deepFreeze, draftOf } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import type { Owners } from '../../../machinery/structured-merge/owners.ts'
import { fieldElement } from '../../../machinery/structured-merge/path-element.ts'
import { timestamp } from '../../../machinery/time.ts'
import { get, type KeyValue } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { applyRequest } from '../managed-fields/apply-config.ts'
import { type FieldManager, ownersAfterUpdate } from '../managed-fields/field-manager.ts'
import { ownersIn } from '../managed-fields/ledger.ts'
import { managerName } from '../managed-fields/manager-name.ts'
import { fieldManagerFor } from '../managed-fields/manager-of-resource.ts'
import { ownersOfScale, ownersOfScaled, type ReplicasPath } from '../managed-fields/scale-owners.ts'
import { mindsOwners, withOwners } from '../managed-fields/shown.ts'
import { inVersion, storedObject } from '../objects.ts'
import { bodyOf, checkName, checkNamespace } from '../registry/body.ts'
import { refuseInvalid } from '../registry/invalid.ts'
import { patched } from '../registry/patch.ts'
import { replace } from '../registry/update.ts'
import { fieldsOf } from '../record.ts'
import { keyFor } from '../resources.ts'
import { scaleKind } from './scale-kind.ts'

/** `scale`: the number of replicas of whatever can be scaled (apps/deployment/storage, ScaleREST). */
export function getScale(call: Call): Answer {
  const { object, mapping } = find(call)
  return { code: 200, body: scaleOf(object, mapping) }
}

export function updateScale(call: Call): Answer {
  const found = find(call)
  const scale = bodyOf(call, scaleKind)
  return write(call, found, scale, ownersAfterScaling(call, found, scale))
}

export function patchScale(call: Call): Answer {
  const found = find(call)
  const live = scaleOf(found.object, found.mapping)
  const scaleOwners = ownersOfScale(ownersOf(call, found), pathIn(found))
  if (call.request.patchType === 'apply') {
    const { draft, owners } = applyRequest(call, managerOf(call), live, scaleOwners)
    return write(call, found, draft, owners)
  }
  const scale = patched(call, scaleKind, mindsOwners(call) ? withOwners(live, scaleOwners) : live)
  return write(call, found, scale, ownersAfterScaling(call, found, scale))
}

function managerOf({ server, resource }: Call): FieldManager {
  return fieldManagerFor(server, resource, 'scale', scaleKind)
}

function ownersOf({ server, resource }: Call, { entry }: Found): Owners {
  return ownersIn(server, resource, entry.ledger)
}

/** Who owns the number after an update, in the words of the Scale. */
function ownersAfterScaling(call: Call, found: Found, scale: ApiObject): Owners {
  const { server, self } = call
  const live = scaleOf(found.object, found.mapping)
  const author = { manager: managerName(call), time: timestamp(self.now) }
  const owners = ownersOfScale(ownersOf(call, found), pathIn(found))
  const { managedFields: _, ...metadata } = scale.metadata
  const next = server.decoder.settle(scaleKind, draftOf({ ...scale, metadata }), live)
  return ownersAfterUpdate(managerOf(call), live, next, owners, author)
}

/** Where the object has the number, in its own version: others are not scaled. */
function pathIn({ object, mapping }: Found): ReplicasPath {
  const path = (mapping.path ?? ['spec', 'replicas']).map(fieldElement)
  return apiVersion => (apiVersion === object.apiVersion ? path : undefined)
}

interface Found {
  readonly entry: KeyValue
  readonly object: ApiObject
  readonly mapping: ScaleMapping<ApiObject>
}

function find(call: Call): Found {
  const { resource, namespace, etcd } = call
  const name = nameOf(call)
  const { scale: mapping } = resource.kind
  const entry = get(etcd, keyFor(resource, namespace, name))
  if (!entry || !mapping) throw notFound(resource.kind, name)
  return { entry, object: inVersion(resource, storedObject(entry)), mapping }
}

function write(call: Call, found: Found, { metadata, ...scale }: ApiObject, scaleOwners: Owners): Answer {
  const { entry, object, mapping } = found
  const name = object.metadata.name
  checkName(metadata.name, name)
  checkNamespace(metadata.namespace, call.namespace)
  const { replicas = 0 } = fieldsOf(fieldsOf(scale).spec)
  const wanted = typeof replicas === 'number' ? replicas : 0
  if (wanted < 0) {
    const error = invalid('spec.replicas', wanted, 'must be greater than or equal to 0')
    refuseInvalid({ group: 'autoscaling', kind: 'Scale' }, name, [error])
  }
  const scaled = mapping.withReplicas(object, wanted)
  const resourceVersion = metadata.resourceVersion || object.metadata.resourceVersion
  const body = draftOf({ ...scaled, metadata: { ...scaled.metadata, resourceVersion } })
  const { subresource: _, ...request } = call.request
  const owners = ownersOfScaled(ownersOf(call, found), scaleOwners, object.apiVersion, pathIn(found))
  return { code: 200, body: scaleOf(replace({ ...call, request, note: { owners } }, entry, body), mapping) }
}

function scaleOf(object: ApiObject, mapping: ScaleMapping<ApiObject>): Scale {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata
  const replicas = mapping.replicas(object)
  const selector = mapping.selector(object)
  return deepFreeze({
    apiVersion: 'autoscaling/v1',
    kind: 'Scale',
    metadata: { name, ...(namespace !== undefined && { namespace }), uid, resourceVersion, creationTimestamp },
    spec: replicas === 0 ? {} : { replicas },
    status: { replicas: mapping.statusReplicas(object), ...(selector && { selector }) },
  })
}
