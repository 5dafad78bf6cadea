import { assert } from '../../../machinery/assert.ts'
import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import { ApiError } from '../../../machinery/status.ts'
import { type EtcdState, type KeyValue, put, remove } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { leaseFor } from '../event-lease.ts'
import { ledgerFor } from '../managed-fields/note.ts'
import { dressed } from '../managed-fields/shown.ts'
import { publish } from '../watch/publish.ts'

/**
 * Writes an object under its key as the next revision and tells the watchers. Returns what is stored, which carries
 * the revision as its resourceVersion.
 */
export function store(call: Call, key: string, draft: ApiObject, existing: KeyValue | undefined): ApiObject {
  const { etcd, resource } = call
  call.at = storage
  checkEtcd(call)
  // The draft's metadata may be that of the stored object, which is frozen.
  const metadata = { ...draft.metadata, resourceVersion: nextVersion(etcd) }
  const object = deepFreeze({ ...draft, metadata })
  const toStore = resource.conversion ? deepFreeze(resource.conversion.toStored(object)) : object
  const ledger = ledgerFor(call, existing, toStore)
  const entry = put(etcd, key, toStore, existing?.modRevision ?? 0, leaseFor(call), ledger)
  assert(entry, 'nothing happened between the read and the write')
  call.revision = entry.modRevision
  call.stages.push(written)
  publish(call.server, call.self, call.request.sentAfterMs ?? 0)
  return dressed(call, object, ledger)
}

/** The resourceVersion of what is written next. */
export function nextVersion({ revision }: EtcdState): string {
  return String(revision + 1)
}

/** Removes an object for good. Returns it with the revision of its deletion. */
export function erase(call: Call, existing: KeyValue, object: ApiObject): ApiObject {
  checkEtcd(call)
  assert(remove(call.etcd, existing.key, existing.modRevision), 'nothing happened between the read and the deletion')
  call.revision = call.etcd.revision
  call.stages.push(removed)
  publish(call.server, call.self, call.request.sentAfterMs ?? 0)
  return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(call.etcd.revision) } })
}

/** Refuses what needs a quorum of etcd while there is none. */
export function checkEtcd({ server }: Call): void {
  const failure = server.options.etcdFailure?.()
  if (failure !== undefined) throw new ApiError('', failure)
}

const storage = Object.freeze({ stage: 'storage', verdict: 'failed' } as const)
const written = Object.freeze({ stage: 'storage', verdict: 'written' } as const)
const removed = Object.freeze({ stage: 'storage', verdict: 'deleted' } as const)
