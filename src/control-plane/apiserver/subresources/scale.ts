import type { Scale } from '../../../api/generated/autoscaling.v1.ts'
import { invalid } from '../../../machinery/fieldpath.ts'
import type { ScaleMapping } from '../../../machinery/kind.ts'
import { type ApiObject, deepFreeze, draftOf } from '../../../machinery/object.ts'
import { badRequest, notFound } from '../../../machinery/status.ts'
import { get, type KeyValue } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { inVersion, storedObject } from '../objects.ts'
import { bodyOf, checkNamespace } from '../registry/body.ts'
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
  return write(call, found, bodyOf(call, scaleKind))
}

export function patchScale(call: Call): Answer {
  const found = find(call)
  return write(call, found, patched(call, scaleKind, scaleOf(found.object, found.mapping)))
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

function write(call: Call, { entry, object, mapping }: Found, { metadata, ...scale }: ApiObject): Answer {
  const name = object.metadata.name
  if (metadata.name && metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
  }
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
  return { code: 200, body: scaleOf(replace({ ...call, request }, entry, body), mapping) }
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
