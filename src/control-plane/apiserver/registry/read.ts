import { deepFreeze } from '../../../machinery/object.ts'
import { notFound } from '../../../machinery/status.ts'
import { get as getKey } from '../../etcd/store.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { shown } from '../managed-fields/shown.ts'
import { keyFor } from '../resources.ts'
import { listPage } from './list.ts'
import { checkReadVersion } from './list-options.ts'
import { checkEtcd } from './store-object.ts'

const read = Object.freeze({ stage: 'storage', verdict: 'read' } as const)

/** GET of one object. */
export function get(call: Call): Answer {
  const { resource, namespace, etcd, options } = call
  const name = nameOf(call)
  // A version of 0 is served from the watch cache, which needs no quorum.
  if (options.resourceVersion === undefined) checkEtcd(call)
  else checkReadVersion(options.resourceVersion, etcd.revision)
  const entry = getKey(etcd, keyFor(resource, namespace, name))
  if (!entry) throw notFound(resource.kind, name)
  call.stages.push(read)
  return { code: 200, body: shown(call, entry) }
}

/** GET of a collection. */
export function list(call: Call): Answer {
  if (call.options.resourceVersion === undefined) checkEtcd(call)
  const { items, revision, next, remaining } = listPage(call)
  call.stages.push(read)
  const metadata = {
    resourceVersion: String(revision),
    ...(next !== undefined && { continue: next }),
    ...(remaining !== undefined && { remainingItemCount: remaining }),
  }
  const { apiVersion, listKind } = call.resource.kind
  return { code: 200, body: deepFreeze({ kind: listKind, apiVersion, metadata, items }) }
}
