import { changeAt, compactedError, futureError } from './history.ts'
import { fillPins } from './pins.ts'
import { chunkLength, type EtcdState } from './store.ts'

/** Forgets what was before a revision. Keys as they are at that revision can still be read. */
export function compact(etcd: EtcdState, revision: number): void {
  if (revision <= etcd.compacted) throw compactedError()
  if (revision > etcd.revision) throw futureError()
  fillPins(etcd, revision)
  for (let at = etcd.compacted + 1; at <= revision; at++) etcd.bytesInUse -= changeAt(etcd, at).previous?.bytes ?? 0
  etcd.skipped += revision - etcd.compacted
  etcd.compacted = revision
  const full = Math.min(Math.floor(etcd.skipped / chunkLength), etcd.chunks.length)
  etcd.chunks.splice(0, full)
  etcd.skipped -= full * chunkLength
}
