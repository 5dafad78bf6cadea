import { assert } from '../../machinery/assert.ts'
import { ApiError } from '../../machinery/status.ts'
import type { Ledger } from '../../machinery/structured-merge/ledger.ts'
import { sizeDifference, sizeOf } from './size.ts'

/** A key at one revision: mvccpb.KeyValue. The value is a frozen object instead of bytes. */
export interface KeyValue {
  readonly key: string
  readonly value: object
  readonly createRevision: number
  readonly modRevision: number
  /** How often the key was written since it was created. */
  readonly version: number
  /** About the size of key and value as JSON. */
  readonly bytes: number
  /** The lease that the key goes with, or 0. */
  readonly lease: number
  /** The value's managedFields, which are kept beside it because hardly anybody reads them. */
  readonly ledger: Ledger | undefined
}

/** One revision of the history: a put, or a deletion when `current` is absent. */
export interface Change {
  readonly revision: number
  readonly key: string
  readonly current: KeyValue | undefined
  readonly previous: KeyValue | undefined
}

/** Keys of one sort: all that have the same first part after `/registry/`. */
export interface Bucket {
  readonly entries: Map<string, KeyValue>
  /** The keys in order, sorted when somebody asks; undefined after a key came or went. */
  keys: readonly string[] | undefined
  /** The last revision that touched one of the keys. */
  revision: number
}

export interface Lease {
  readonly id: number
  readonly expiresAt: number
  readonly keys: Set<string>
}

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

/**
 * The replicated store of an etcd cluster, as plain data. Every write is a revision of its own, so that revision
 * `compacted + 1 + i` is entry `i` of the history.
 */
export interface EtcdState {
  revision: number
  /** Revisions up to this one are forgotten. */
  compacted: number
  readonly buckets: Map<string, Bucket>
  /** Full chunks of the history: frozen, so that a checkpoint shares them. */
  readonly chunks: (readonly Change[])[]
  /** The newest changes. */
  tail: Change[]
  /** How many changes at the start of the first chunk are compacted already. */
  skipped: number
  /** Bytes of all keys and of the history that is still kept. */
  bytesInUse: number
  /** Size of the database file: it does not shrink before it is defragmented. */
  databaseBytes: number
  readonly quotaBytes: number
  /** Raised when the quota is reached: nothing can be put until it is disarmed. */
  noSpace: boolean
  nextLease: number
  readonly leases: Map<number, Lease>
  /** What slow followers still look at. */
  readonly pins: Map<string, Pin>
  /** API servers that are told of changes: their component names. */
  readonly followers: Set<string>
}

/** 512 MiB: what a tab can hold (2 GiB in etcd). */
const defaultQuotaBytes = 512 * 1024 * 1024

export const chunkLength = 256

export function createEtcd(options: { quotaBytes?: number } = {}): EtcdState {
  return {
    revision: 1,
    compacted: 1,
    buckets: new Map(),
    chunks: [],
    tail: [],
    skipped: 0,
    bytesInUse: 0,
    databaseBytes: 0,
    quotaBytes: options.quotaBytes ?? defaultQuotaBytes,
    noSpace: false,
    nextLease: 1,
    leases: new Map(),
    pins: new Map(),
    followers: new Set(),
  }
}

export function get(etcd: EtcdState, key: string): KeyValue | undefined {
  return etcd.buckets.get(bucketName(key))?.entries.get(key)
}

/** Keys that start with `prefix`, in order, at the newest revision; `after` is the last key not wanted. */
export function range(etcd: EtcdState, prefix: string, after = '', limit = Infinity): KeyValue[] {
  const found: KeyValue[] = []
  for (const bucket of bucketsOf(etcd, prefix)) {
    const keys = sortedKeys(bucket)
    const from = position(keys, after > prefix ? after : prefix)
    for (let i = from; i < keys.length && found.length < limit; i++) {
      const key = keys[i]
      if (key === undefined || !key.startsWith(prefix)) break
      const entry = bucket.entries.get(key)
      if (entry && key !== after) found.push(entry)
    }
  }
  return found
}

/** The newest revision that changed a key which starts with the prefix, or any other key of its sort. */
export function revisionOf(etcd: EtcdState, prefix: string): number {
  let revision = 0
  for (const bucket of bucketsOf(etcd, prefix)) revision = Math.max(revision, bucket.revision)
  return revision
}

/**
 * Writes a key if its last revision is the expected one (0: the key must not be there; left out: whatever it is).
 * Returns undefined when it is not. Throws when the quota is reached.
 */
export function put(
  etcd: EtcdState,
  key: string,
  value: object,
  expected?: number,
  lease = 0,
  ledger?: Ledger,
): KeyValue | undefined {
  assert(Object.isFrozen(value), 'what is stored is frozen')
  const bucket = bucketFor(etcd, key)
  const previous = bucket.entries.get(key)
  if (expected !== undefined && (previous?.modRevision ?? 0) !== expected) return undefined
  const bytes = previous ? previous.bytes + sizeDifference(previous.value, value) : key.length + sizeOf(value)
  checkSize(bytes)
  checkQuota(etcd, bytes)
  const revision = etcd.revision + 1
  const current: KeyValue = Object.freeze({
    key,
    value,
    createRevision: previous?.createRevision ?? revision,
    modRevision: revision,
    version: (previous?.version ?? 0) + 1,
    bytes,
    lease,
    ledger,
  })
  bucket.entries.set(key, current)
  if (!previous) bucket.keys = undefined
  moveLease(etcd, key, previous?.lease ?? 0, lease)
  etcd.bytesInUse += bytes
  append(etcd, bucket, { revision, key, current, previous })
  return current
}

/** Deletes a key if its last revision is the expected one. Works on a full database, too. */
export function remove(etcd: EtcdState, key: string, expected?: number): boolean {
  const bucket = bucketFor(etcd, key)
  const previous = bucket.entries.get(key)
  if (!previous || (expected !== undefined && previous.modRevision !== expected)) return false
  bucket.entries.delete(key)
  bucket.keys = undefined
  moveLease(etcd, key, previous.lease, 0)
  append(etcd, bucket, { revision: etcd.revision + 1, key, current: undefined, previous })
  return true
}

/** Gives the space of what was compacted back: `etcdctl defrag`. */
export function defragment(etcd: EtcdState): void {
  etcd.databaseBytes = etcd.bytesInUse
}

/** Takes the alarm back: `etcdctl alarm disarm`. It is raised again by the next put if there is still no space. */
export function disarm(etcd: EtcdState): void {
  etcd.noSpace = false
}

/** `--max-request-bytes`, and what a client of etcd sends at most. */
const maxRequestBytes = 1.5 * 1024 * 1024
const maxSendBytes = 2 * 1024 * 1024

function checkSize(bytes: number): void {
  if (bytes <= maxRequestBytes) return
  if (bytes <= maxSendBytes) throw new ApiError('', 'etcdserver: request is too large')
  const why = `trying to send message larger than max (${bytes} vs. ${maxSendBytes})`
  throw new ApiError('', `rpc error: code = ResourceExhausted desc = ${why}`)
}

function checkQuota(etcd: EtcdState, bytes: number): void {
  if (Math.max(etcd.databaseBytes, etcd.bytesInUse + bytes) > etcd.quotaBytes) etcd.noSpace = true
  if (etcd.noSpace) throw new ApiError('', 'etcdserver: mvcc: database space exceeded')
}

function append(etcd: EtcdState, bucket: Bucket, change: Change): void {
  etcd.revision = change.revision
  bucket.revision = change.revision
  etcd.tail.push(Object.freeze(change))
  if (etcd.tail.length === chunkLength) {
    etcd.chunks.push(Object.freeze(etcd.tail))
    etcd.tail = []
  }
  if (etcd.bytesInUse > etcd.databaseBytes) etcd.databaseBytes = etcd.bytesInUse
}

function moveLease(etcd: EtcdState, key: string, from: number, to: number): void {
  if (from === to) return
  etcd.leases.get(from)?.keys.delete(key)
  etcd.leases.get(to)?.keys.add(key)
}

const root = '/registry/'

/** `pods` of `/registry/pods/default/web`. */
function bucketName(key: string): string {
  const end = key.indexOf('/', root.length)
  return end < 0 ? key.slice(root.length) : key.slice(root.length, end)
}

function bucketFor(etcd: EtcdState, key: string): Bucket {
  const name = bucketName(key)
  let bucket = etcd.buckets.get(name)
  if (!bucket) etcd.buckets.set(name, (bucket = { entries: new Map(), keys: undefined, revision: 0 }))
  return bucket
}

function bucketsOf(etcd: EtcdState, prefix: string): Bucket[] {
  if (prefix.indexOf('/', root.length) > 0) {
    const bucket = etcd.buckets.get(bucketName(prefix))
    return bucket ? [bucket] : []
  }
  const names = [...etcd.buckets.keys()].filter(name => `${root}${name}/`.startsWith(prefix)).sort()
  return names.flatMap(name => etcd.buckets.get(name) ?? [])
}

/** Ten thousand Events are written for every time that somebody lists them: order is made on reading. */
function sortedKeys(bucket: Bucket): readonly string[] {
  bucket.keys ??= Object.freeze([...bucket.entries.keys()].sort())
  return bucket.keys
}

/** Where a key is or would be among sorted keys. */
function position(keys: readonly string[], key: string): number {
  let low = 0
  let high = keys.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] ?? '') < key) low = middle + 1
    else high = middle
  }
  return low
}
