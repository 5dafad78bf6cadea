import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attempt } from '../../machinery/status.ts'
import { copyState } from '../../sim/checkpoint.ts'
import { compact } from './compaction.ts'
import { digestOf } from './digest.ts'
import { changesSince, getAt, rangeAt } from './history.ts'
import { expireLeases, grant, nextExpiry } from './lease.ts'
import { pin, readPinned, unpin } from './pins.ts'
import { sizeDifference, sizeOf } from './size.ts'
import { createEtcd, defragment, disarm, type EtcdState, get, put, range, remove } from './store.ts'

const keys = [
  '/registry/pods/a/x',
  '/registry/pods/a/y',
  '/registry/pods/b/x',
  '/registry/minions/n',
  '/registry/podsets/a/x',
]
const prefixes = ['/registry/', '/registry/pods/', '/registry/pods/a/', '/registry/pod', '/registry/none/']

type Step = { key: string; value?: number }
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ key: fc.constantFrom(...keys), value: fc.nat(9) }),
  fc.record({ key: fc.constantFrom(...keys) }),
)

/** What a store is in the simplest words: all of its states, one after the other. */
class Model {
  states: Map<string, number>[] = [new Map()]

  apply({ key, value }: Step): void {
    const last = this.states[this.states.length - 1] ?? new Map<string, number>()
    if (value === undefined && !last.has(key)) return
    const next = new Map(last)
    if (value === undefined) next.delete(key)
    else next.set(key, value)
    this.states.push(next)
  }

  at(index: number, prefix: string): [string, number][] {
    const state = this.states[index] ?? new Map<string, number>()
    return [...state].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1))
  }
}

const first = 1
const apply = (etcd: EtcdState, { key, value }: Step): void => {
  if (value === undefined) remove(etcd, key)
  else put(etcd, key, Object.freeze({ value }))
}
const plain = (entries: readonly { key: string; value: object }[]): unknown[] =>
  entries.map(({ key, value }) => [key, Reflect.get(value, 'value')])

describe('[A4] etcd store', () => {
  it('holds at every revision what a plain list of states holds, before and after compaction', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat(60), (steps, where) => {
        const etcd = createEtcd()
        const model = new Model()
        for (const each of steps) {
          apply(etcd, each)
          model.apply(each)
        }
        expect(etcd.revision).toBe(first + model.states.length - 1)
        const compacted = first + Math.min(where, model.states.length - 1)
        if (compacted > first) compact(etcd, compacted)
        for (const prefix of prefixes) {
          expect(plain(range(etcd, prefix))).toEqual(model.at(model.states.length - 1, prefix))
          for (let revision = compacted; revision <= etcd.revision; revision++) {
            const expected = model.at(revision - first, prefix)
            expect(plain(rangeAt(etcd, prefix, revision))).toEqual(expected)
            for (const key of keys) {
              const entry = getAt(etcd, key, revision)
              expect(entry && plain([entry])[0]).toEqual(model.at(revision - first, key).find(([name]) => name === key))
            }
          }
        }
        expect(changesSince(etcd, compacted)).toHaveLength(etcd.revision - compacted)
      }),
    )
  })

  it('counts the bytes of what is kept: all of it goes when the keys and the history go', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 600 }), steps => {
        const etcd = createEtcd()
        for (const each of steps) apply(etcd, each)
        for (const key of keys) remove(etcd, key)
        if (etcd.revision > first) compact(etcd, etcd.revision)
        expect(etcd.bytesInUse).toBe(0)
      }),
      { numRuns: 20 },
    )
  })

  it('writes only over the revision that is expected', () => {
    const etcd = createEtcd()
    const [key = ''] = keys
    expect(put(etcd, key, Object.freeze({}), 0)?.createRevision).toBe(2)
    expect(put(etcd, key, Object.freeze({}), 0)).toBeUndefined()
    expect(put(etcd, key, Object.freeze({}), 2)).toMatchObject({ createRevision: 2, modRevision: 3, version: 2 })
    expect(remove(etcd, key, 2)).toBe(false)
    expect(remove(etcd, key, 3)).toBe(true)
    expect(put(etcd, key, Object.freeze({}), 0)).toMatchObject({ createRevision: 5, version: 1 })
  })

  it('lists what comes after a key, up to a limit', () => {
    const etcd = createEtcd()
    for (const name of ['c', 'a', 'd', 'b']) put(etcd, `/registry/pods/a/${name}`, Object.freeze({}))
    const names = range(etcd, '/registry/pods/', '/registry/pods/a/a', 2).map(({ key }) => key)
    expect(names).toEqual(['/registry/pods/a/b', '/registry/pods/a/c'])
  })

  it('refuses revisions that are compacted or still to come', () => {
    const etcd = createEtcd()
    for (let i = 0; i < 5; i++) put(etcd, '/registry/pods/a/x', Object.freeze({ i }))
    compact(etcd, 4)
    const compacted = 'etcdserver: mvcc: required revision has been compacted'
    expect(attempt(() => rangeAt(etcd, '/registry/', 3))?.message).toBe(compacted)
    expect(attempt(() => changesSince(etcd, 2))?.message).toBe(compacted)
    expect(attempt(() => compact(etcd, 4))?.message).toBe(compacted)
    const future = 'etcdserver: mvcc: required revision is a future revision'
    expect(attempt(() => compact(etcd, 99))?.message).toBe(future)
  })

  it('keeps a pinned revision readable after compaction, until the last holder lets go', () => {
    const etcd = createEtcd()
    put(etcd, '/registry/pods/a/x', Object.freeze({ value: 1 }))
    pin(etcd, '/registry/pods/', 2)
    pin(etcd, '/registry/pods/', 2)
    for (let value = 2; value < 9; value++) put(etcd, '/registry/pods/a/x', Object.freeze({ value }))
    compact(etcd, 8)
    expect(plain(readPinned(etcd, '/registry/pods/', 2))).toEqual([['/registry/pods/a/x', 1]])
    unpin(etcd, '/registry/pods/', 2)
    expect(plain(readPinned(etcd, '/registry/pods/', 2))).toEqual([['/registry/pods/a/x', 1]])
    unpin(etcd, '/registry/pods/', 2)
    expect(attempt(() => readPinned(etcd, '/registry/pods/', 2))?.message).toContain('compacted')
  })

  it('takes no puts when the quota is reached, until it was compacted, defragmented and disarmed', () => {
    const etcd = createEtcd({ quotaBytes: 2000 })
    const fill = (): unknown => put(etcd, '/registry/pods/a/x', Object.freeze({ text: 'x'.repeat(400) }))
    const exceeded = 'etcdserver: mvcc: database space exceeded'
    for (let i = 0; i < 4; i++) fill()
    expect(attempt(fill)?.message).toBe(exceeded)
    expect(attempt(() => put(etcd, '/registry/pods/a/y', Object.freeze({})))?.message).toBe(exceeded)
    expect(get(etcd, '/registry/pods/a/x')).toBeDefined()
    compact(etcd, etcd.revision)
    disarm(etcd)
    fill()
    expect(etcd.databaseBytes).toBeGreaterThan(etcd.bytesInUse)
    compact(etcd, etcd.revision)
    defragment(etcd)
    expect(etcd.databaseBytes).toBe(etcd.bytesInUse)
    expect(attempt(fill)).toBeUndefined()
  })

  it('deletes from a full database', () => {
    const etcd = createEtcd({ quotaBytes: 500 })
    put(etcd, '/registry/pods/a/x', Object.freeze({ text: 'x'.repeat(400) }))
    expect(attempt(() => put(etcd, '/registry/pods/a/y', Object.freeze({ text: 'x'.repeat(400) })))).toBeDefined()
    expect(remove(etcd, '/registry/pods/a/x')).toBe(true)
  })

  it('removes the keys of a lease when it ends, but not one that was written again without it', () => {
    const etcd = createEtcd()
    const lease = grant(etcd, 1000)
    put(etcd, '/registry/events/a/1', Object.freeze({}), undefined, lease)
    put(etcd, '/registry/events/a/2', Object.freeze({}), undefined, lease)
    put(etcd, '/registry/events/a/2', Object.freeze({}))
    expect(nextExpiry(etcd)).toBe(1000)
    expect(expireLeases(etcd, 999)).toBe(0)
    expect(expireLeases(etcd, 1000)).toBe(1)
    expect(range(etcd, '/registry/events/').map(({ key }) => key)).toEqual(['/registry/events/a/2'])
    expect(nextExpiry(etcd)).toBeUndefined()
  })

  it('goes on from a copy as if nothing had happened, and leaves the original alone', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), fc.array(step, { maxLength: 50 }), (before, after) => {
        const etcd = createEtcd()
        for (const each of before) apply(etcd, each)
        const digest = digestOf(etcd)
        const copy = copyState(etcd)
        for (const each of after) apply(copy, each)
        expect(digestOf(etcd)).toBe(digest)
        for (const each of after) apply(etcd, each)
        expect(digestOf(copy)).toBe(digestOf(etcd))
      }),
      { numRuns: 20 },
    )
  })

  it('counts as many bytes by the difference of two values as by measuring both', () => {
    const key = fc.constantFrom('a', 'name', 'constructor', '__proto__')
    const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null), fc.constant(undefined))
    const value = fc.letrec(tie => ({
      any: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('any')), fc.dictionary(key, tie('any'))),
    })).any
    // Versions share parts, which is when less is looked at.
    const versions = fc.tuple(value, value, value).map(([first, second, third]) => [
      { first, list: [first, second, third] },
      { second, first, list: [second, third, first] },
    ])
    fc.assert(
      fc.property(fc.oneof(versions, fc.tuple(value, value)), ([before, after]) => {
        expect(sizeOf(before) + sizeDifference(before, after)).toBe(sizeOf(after))
      }),
      { numRuns: 500 },
    )
  })
})
