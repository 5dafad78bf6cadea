import { canonicalJson, Digest } from '../../sim/digest.ts'
import { type EtcdState, range } from './store.ts'

/** Sixteen hexadecimal digits that are equal when all keys, values and revisions are equal. */
export function digestOf(etcd: EtcdState): string {
  const digest = new Digest().add(String(etcd.revision))
  for (const { key, value, createRevision, modRevision, version } of range(etcd, '/registry/')) {
    digest.add(`${key}@${createRevision},${modRevision},${version}=`).add(canonicalJson(value))
  }
  return digest.toString()
}
