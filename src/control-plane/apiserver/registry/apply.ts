import { conflict, notFound } from '../../../machinery/status.ts'
import { get } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { applyRequest } from '../managed-fields/apply-config.ts'
import { ownersIn } from '../managed-fields/ledger.ts'
import { fieldManagerFor } from '../managed-fields/manager-of-resource.ts'
import { inVersion, storedObject } from '../objects.ts'
import { keyFor } from '../resources.ts'
import { checkName, checkNamespace, newDraft } from './body.ts'
import { createDraft } from './create.ts'
import { replace } from './update.ts'

/** PATCH with an applied configuration: creates what is not there, and merges by who owns what (endpoints/handlers/patch.go). */
export function applyPatch(call: Call): Answer {
  const { resource, namespace, etcd, request, server } = call
  const { kind } = resource
  const name = nameOf(call)
  const { subresource = '' } = request
  const entry = get(etcd, keyFor(resource, namespace, name))
  if (!entry && subresource !== '') throw notFound(kind, name)
  const live = entry && inVersion(resource, storedObject(entry))
  const manager = fieldManagerFor(server, resource, subresource)
  const { draft, owners } = applyRequest(call, manager, live, ownersIn(server, resource, entry?.ledger))
  const { metadata } = draft
  if (!live && metadata.uid) {
    const why = `uid mismatch: the provided object specified uid ${metadata.uid}, and no existing object was found`
    throw conflict(kind, name, why)
  }
  checkNamespace(metadata.namespace, namespace)
  checkName(metadata.name, name)
  call.note = { owners }
  if (entry) return { code: 200, body: replace(call, entry, draft) }
  // The version of an object that is not there yet is not looked at.
  metadata.resourceVersion = ''
  return { code: 201, body: createDraft(call, newDraft(draft, kind, namespace)) }
}
