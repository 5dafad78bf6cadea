import { deepFreeze } from '../../../machinery/object.ts'
import type { Answer, Call } from '../call.ts'
import { listPage } from './list.ts'
import { remove } from './delete.ts'

/** What one deletion takes, in ms: the next one waits for it (deleteCollectionWorkers: 1). */
const deletionMs = 5

/** DELETE of a collection: every object that the selectors choose, one after the other (registry/store.go, DeleteCollection). */
export function deleteCollection(call: Call): Answer {
  const { resource, options, self, request } = call
  const { items, revision } = listPage(call)
  const { preconditions: _, ...each } = options
  const { sentAfterMs: begunMs = 0 } = request
  for (const [index, { metadata }] of items.entries()) {
    const { name, namespace } = metadata
    const sentAfterMs = begunMs + index * deletionMs
    const single = { ...request, sentAfterMs, name, ...(namespace && { namespace }) }
    remove({ ...call, self, namespace, options: each, request: single })
  }
  const { apiVersion, listKind } = resource.kind
  return {
    code: 200,
    body: deepFreeze({ kind: listKind, apiVersion, metadata: { resourceVersion: String(revision) }, items }),
  }
}
