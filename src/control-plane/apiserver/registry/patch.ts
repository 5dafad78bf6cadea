import type { Kind } from '../../../machinery/kind.ts'
import { type ApiObject, draftOf } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import { get } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { shown } from '../managed-fields/shown.ts'
import { keyFor } from '../resources.ts'
import { applyPatch } from './apply.ts'
import { checkName, checkNamespace, documentIn, fieldValidation, isOwnStatus } from './body.ts'
import { replace } from './update.ts'

/** PATCH: the document is applied to what is stored, and the result goes the way of an update (endpoints/handlers/patch.go). */
export function patch(call: Call): Answer {
  const { resource, namespace, etcd, request } = call
  const { kind } = resource
  const name = nameOf(call)
  if (request.patchType === 'apply') return applyPatch(call)
  const entry = get(etcd, keyFor(resource, namespace, name))
  if (!entry) throw notFound(kind, name)
  const current = shown(call, entry)
  const next = patched(call, kind, current)
  checkName(next.metadata.name, name)
  checkNamespace(next.metadata.namespace, namespace)
  return { code: 200, body: replace(call, entry, isOwnStatus(call) ? next : draftOf(next)) }
}

/** The object that the request's patch makes of another, with which it shares what the patch leaves alone. */
export function patched(call: Call, kind: Kind, current: ApiObject): ApiObject {
  const { request, server } = call
  const type = request.patchType ?? 'merge'
  if (isOwnStatus(call)) return server.decoder.merge(kind, type, current, request.body)
  const { object, warnings } = server.decoder.patch(kind, type, current, documentIn(call), fieldValidation(call))
  call.warnings.push(...warnings)
  return object
}
