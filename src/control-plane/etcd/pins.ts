import { rangeAt } from './history.ts'
import type { EtcdState, KeyValue } from './store.ts'

/** Keeps a revision of a prefix readable until it is unpinned as often as it was pinned. */
export function pin(etcd: EtcdState, prefix: string, revision: number): void {
  const name = nameOf(prefix, revision)
  const known = etcd.pins.get(name)
  if (known) known.holders++
  else etcd.pins.set(name, { prefix, revision, holders: 1, snapshot: undefined })
}

export function unpin(etcd: EtcdState, prefix: string, revision: number): void {
  const name = nameOf(prefix, revision)
  const known = etcd.pins.get(name)
  if (known && --known.holders === 0) etcd.pins.delete(name)
}

/** As rangeAt, but a pinned revision can be read for ever. */
export function readPinned(etcd: EtcdState, prefix: string, revision: number): readonly KeyValue[] {
  return etcd.pins.get(nameOf(prefix, revision))?.snapshot ?? rangeAt(etcd, prefix, revision)
}

/** Copies what is pinned before a compaction forgets it. */
export function fillPins(etcd: EtcdState, revision: number): void {
  for (const pinned of etcd.pins.values()) {
    if (pinned.revision >= revision || pinned.snapshot) continue
    pinned.snapshot = Object.freeze(rangeAt(etcd, pinned.prefix, pinned.revision))
  }
}

function nameOf(prefix: string, revision: number): string {
  return `${prefix}@${revision}`
}
