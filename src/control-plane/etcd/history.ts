import { ApiError } from '../../machinery/status.ts'
import { type Change, chunkLength, type EtcdState, get, type KeyValue, range, revisionOf } from './store.ts'

/** Changes after a revision, oldest first. Throws when some of them are forgotten. */
export function changesSince(etcd: EtcdState, revision: number): Change[] {
  checkRevision(etcd, revision + 1)
  const changes: Change[] = []
  for (let next = revision + 1; next <= etcd.revision; next++) changes.push(changeAt(etcd, next))
  return changes
}

/** The change that made a revision. It must not be compacted. */
export function changeAt(etcd: EtcdState, revision: number): Change {
  const index = revision - etcd.compacted - 1 + etcd.skipped
  const chunk = etcd.chunks[Math.floor(index / chunkLength)] ?? etcd.tail
  const change = chunk[index % chunkLength]
  if (!change) throw new Error(`the history holds no revision ${revision}`)
  return change
}

/** A key as it was at a revision. */
export function getAt(etcd: EtcdState, key: string, revision: number): KeyValue | undefined {
  checkRevision(etcd, revision)
  let entry = get(etcd, key)
  for (let at = etcd.revision; at > revision && (entry?.modRevision ?? Infinity) > revision; at--) {
    const change = changeAt(etcd, at)
    if (change.key === key) entry = change.previous
  }
  return entry
}

/** Keys that start with `prefix` as they were at a revision, in order. */
export function rangeAt(etcd: EtcdState, prefix: string, revision: number): KeyValue[] {
  checkRevision(etcd, revision)
  const newest = range(etcd, prefix)
  if (revisionOf(etcd, prefix) <= revision) return newest
  const entries = new Map(newest.map(entry => [entry.key, entry]))
  for (let at = etcd.revision; at > revision; at--) {
    const { key, previous } = changeAt(etcd, at)
    if (!key.startsWith(prefix)) continue
    if (previous) entries.set(key, previous)
    else entries.delete(key)
  }
  return [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
}

function checkRevision(etcd: EtcdState, revision: number): void {
  if (revision < etcd.compacted) throw compactedError()
  if (revision > etcd.revision + 1) throw futureError()
}

export function compactedError(): ApiError {
  return new ApiError('', 'etcdserver: mvcc: required revision has been compacted')
}

export function futureError(): ApiError {
  return new ApiError('', 'etcdserver: mvcc: required revision is a future revision')
}
