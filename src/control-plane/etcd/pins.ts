import { rangeAt } from './history.ts'
import type { EtcdState, KeyValue } from './store.ts'

/**
 * A revision that somebody still looks at. Kube-proxies and other pure followers hold a revision instead of a copy
 * (DESIGN.md, D9); one that was cut off must find its revision after compaction, too.
 */
export interface Pin {
  readonly prefix: string
  readonly revision: number
  holders: number
  /** What was there at the revision: kept when the history forgets it, by the key's revision then. */
  snapshot: readonly KeyValue[] | undefined
}

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
