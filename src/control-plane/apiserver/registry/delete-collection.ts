import { deepFreeze } from '../../../machinery/object.ts'
import type { Answer, Call } from '../call.ts'
import { listPage } from './list.ts'
import { remove } from './delete.ts'

/** DELETE of a collection: every object that the selectors choose, one after the other (registry/store.go, DeleteCollection). */
export function deleteCollection(call: Call): Answer {
  const { resource, options, self, request } = call
  const { items, revision } = listPage(call)
  const { preconditions: _, ...each } = options
  for (const { metadata } of items) {
    const { name, namespace } = metadata
    remove({ ...call, self, namespace, options: each, request: { ...request, name, ...(namespace && { namespace }) } })
  }
  const { apiVersion, listKind } = resource.kind
  return {
    code: 200,
    body: deepFreeze({ apiVersion, kind: listKind, metadata: { resourceVersion: String(revision) }, items }),
  }
}
