import { kindOf } from '../api/index.ts'
import { changesSince as etcdChanges } from '../control-plane/etcd/history.ts'
import { type EtcdState, type KeyValue, range } from '../control-plane/etcd/store.ts'
import { type ApiObject, keyOf } from '../machinery/object.ts'
import { isApiObject } from '../control-plane/apiserver/objects.ts'

/** A change of one API object; `next` is undefined when it was deleted. */
export interface ObjectChange {
  readonly resource: string
  readonly key: string
  readonly next: ApiObject | undefined
}

export interface Changes {
  readonly changes: readonly ObjectChange[]
  /** Ask for changes since this revision next time. */
  readonly revision: number
  /** Everything there is, because nothing is known of what happened since: what is not among it is gone. */
  readonly complete: boolean
}

/**
 * What changed in etcd since a revision, newest state of each object once. Reads the store from outside the simulation, so
 * that watching a run does not alter it (decision D17).
 */
export function changesIn(etcd: EtcdState, since: number): Changes {
  const { revision } = etcd
  if (since < etcd.compacted || since === 0) {
    const changes = range(etcd, '/registry/').flatMap(entry => changeOf(entry, true))
    return { changes, revision, complete: true }
  }
  const newest = new Map<string, ObjectChange>()
  for (const { key, current, previous } of etcdChanges(etcd, since)) {
    const entry = current ?? previous
    for (const change of entry ? changeOf(entry, current !== undefined) : []) newest.set(key, change)
  }
  return { changes: [...newest.values()], revision, complete: false }
}

function changeOf({ value }: KeyValue, exists: boolean): ObjectChange[] {
  if (!isApiObject(value)) return []
  const kind = kindOf(value)
  return kind ? [{ resource: kind.resource, key: keyOf(value), next: exists ? value : undefined }] : []
}
