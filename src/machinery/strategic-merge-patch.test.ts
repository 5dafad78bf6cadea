import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject } from './json-value.ts'
import { deepFreeze } from './object.ts'
import { createSchema } from './schema.ts'
import { changesIdentity, createThreeWayMergePatch, createTwoWayMergePatch } from './strategic-merge-diff.ts'
import { applyStrategicMergePatch } from './strategic-merge-patch.ts'

const text = { type: 'string', goType: 'string' } as const

/** A little Pod: containers merge by name, finalizers are a set, args are atomic, the strategy retains keys. */
const schema = createSchema({
  fields: [
    { value: text, presence: 'omit-zero' },
    {
      value: {
        type: 'array',
        items: { type: 'object', object: 'Container', goType: 'Container' },
        goType: '[]Container',
      },
      presence: 'omit-zero',
      patchStrategy: ['merge'],
      patchMergeKey: 'name',
    },
    { value: { type: 'array', items: text, goType: '[]string' }, presence: 'omit-zero', patchStrategy: ['merge'] },
    { value: { type: 'array', items: text, goType: '[]string' }, presence: 'omit-zero' },
    {
      value: { type: 'object', object: 'Strategy', goType: 'Strategy' },
      presence: 'omit-zero',
      patchStrategy: ['retainKeys'],
    },
    { value: { type: 'map', items: text, goType: 'map[string]string' }, presence: 'omit-zero' },
  ],
  types: {
    Spec: { fields: { containers: 1, finalizers: 2, args: 3, strategy: 4, labels: 5, name: 0 } },
    Container: { fields: { name: 0, image: 0, args: 3, labels: 5, finalizers: 2 } },
    Strategy: { fields: { type: 0, labels: 5 } },
  },
}).typeNamed('Spec')

function apply(document: JsonObject, patch: JsonObject): JsonObject {
  return applyStrategicMergePatch(deepFreeze(document), deepFreeze(patch), schema)
}

const a = { name: 'a', image: 'a:1' }
const b = { name: 'b', image: 'b:1' }
const c = { name: 'c', image: 'c:1' }

describe('[B13] applying strategic merge patches', () => {
  it.each<[string, JsonObject, JsonObject, JsonObject]>([
    [
      'merges items by their key',
      { containers: [a, b] },
      { containers: [{ name: 'b', image: 'b:2' }] },
      { containers: [a, { name: 'b', image: 'b:2' }] },
    ],
    [
      'puts new items first, as upstream does without an order',
      { containers: [a] },
      { containers: [b] },
      { containers: [b, a] },
    ],
    ['deletes an item', { containers: [a, b] }, { containers: [{ name: 'a', $patch: 'delete' }] }, { containers: [b] }],
    ['replaces a list', { containers: [a, b] }, { containers: [{ $patch: 'replace' }, c] }, { containers: [c] }],
    [
      'replaces an object',
      { labels: { x: '1', y: '2' } },
      { labels: { $patch: 'replace', z: '3' } },
      { labels: { z: '3' } },
    ],
    ['empties an object', { labels: { x: '1' } }, { labels: { $patch: 'delete' } }, { labels: {} }],
    ['removes members that are null', { labels: { x: '1', y: '2' } }, { labels: { x: null } }, { labels: { y: '2' } }],
    ['drops nulls of new objects', {}, { labels: { x: null, y: '2' } }, { labels: { y: '2' } }],
    ['replaces atomic lists', { args: ['x', 'y'] }, { args: ['z'] }, { args: ['z'] }],
    ['adds to a list of scalars', { finalizers: ['x'] }, { finalizers: ['y'] }, { finalizers: ['y', 'x'] }],
    [
      'deletes from a list of scalars',
      { finalizers: ['x', 'y'] },
      { '$deleteFromPrimitiveList/finalizers': ['x'] },
      { finalizers: ['y'] },
    ],
    [
      'orders items',
      { containers: [a, b, c] },
      { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }] },
      { containers: [b, c, a] },
    ],
    [
      'retains only the keys named',
      { strategy: { type: 'Rolling', labels: { x: '1' } } },
      { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
      { strategy: { type: 'Recreate' } },
    ],
    ['ignores deletions of what is new', {}, { containers: [a, { name: 'b', $patch: 'delete' }] }, { containers: [a] }],
    ['takes over another type', { labels: { x: '1' } }, { labels: ['x'] }, { labels: ['x'] }],
  ])('%s', (_sentence, document, patch, expected) => {
    expect(apply(document, patch)).toEqual(expected)
  })

  it.each<[string, JsonObject, JsonObject, number]>([
    [
      'map: map[image:x] does not contain declared merge key: name',
      { containers: [a] },
      { containers: [{ image: 'x' }] },
      500,
    ],
    [
      'unknown patch type: jump in map: map[$patch:jump name:a]',
      { containers: [a] },
      { containers: [{ name: 'a', $patch: 'jump' }] },
      500,
    ],
    [
      'expected a []interface {}, but received a string',
      { containers: [a] },
      { '$setElementOrder/containers': 'x' },
      500,
    ],
    [
      'invalid patch format of retainKeys',
      { strategy: { type: 'x' } },
      { strategy: { $retainKeys: [], type: 'y' } },
      400,
    ],
    ['invalid patch format of primitive list', { finalizers: ['x'] }, { $deleteFromPrimitiveList: ['x'] }, 400],
    [
      'list element types are not identical: [[map[image:a:1 name:a]] [x]]',
      { containers: [a] },
      { containers: ['x'] },
      500,
    ],
    [
      'merging lists cannot yet be specified in the patch',
      { containers: [a] },
      { containers: [{ name: 'a', $patch: 'merge' }] },
      500,
    ],
  ])('answers "%s"', (message, document, patch, code) => {
    expect(() => apply(document, patch)).toThrow(expect.objectContaining({ message, code }))
  })

  it('shares with the result what it does not touch', () => {
    const document = { containers: [a, b], labels: { x: '1' } }
    const result = apply(document, { containers: [{ name: 'b', image: 'b:2' }] })
    expect(result['labels']).toBe(document.labels)
    expect((result['containers'] as unknown[])[0]).toBe(a)
  })
})

const names = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const word = fc.constantFrom('x', 'y', 'z')
const labels = fc.dictionary(names, word, { maxKeys: 3 })
const args = fc.array(word, { maxLength: 3, minLength: 1 })
const finalizers = fc.subarray(['x', 'y', 'z'], { minLength: 1 })
const container = fc.record({ name: names, image: word, labels, args, finalizers }, { requiredKeys: ['name'] })
const containers = fc.uniqueArray(container, { selector: item => item.name, minLength: 1 })
const strategy = fc.record({ type: word, labels }, { requiredKeys: [] })
const spec: fc.Arbitrary<JsonObject> = fc.record(
  { name: word, containers, labels, args, finalizers, strategy },
  { requiredKeys: [] },
)

describe('[B13] making strategic merge patches', () => {
  it('makes a patch that turns one object into the other', () => {
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        const patch = createTwoWayMergePatch(deepFreeze(before), deepFreeze(after), schema)
        expect(apply(before, patch)).toEqual(after)
      }),
      { numRuns: 500 },
    )
  })

  it('applies twice what it applies once', () => {
    fc.assert(
      fc.property(spec, spec, (before, after) => {
        const patch = createTwoWayMergePatch(before, after, schema)
        const once = apply(before, patch)
        expect(apply(once, patch)).toEqual(once)
      }),
    )
  })

  it('three-way: reaches the manifest where nobody else wrote', () => {
    fc.assert(
      fc.property(spec, spec, (last, manifest) => {
        const patch = createThreeWayMergePatch(last, manifest, last, schema)
        expect(apply(last, patch)).toEqual(manifest)
      }),
      { numRuns: 500 },
    )
  })

  it('three-way: keeps what others added, removes what the last manifest had, undoes drift', () => {
    const last = { labels: { mine: '1', gone: '1' }, containers: [a, b], name: 'n' }
    const live = { labels: { mine: '2', gone: '1', theirs: '1' }, containers: [a, { ...b, args: ['x'] }, c], name: 'n' }
    const manifest = { labels: { mine: '1' }, containers: [b], name: 'n' }
    const patch = createThreeWayMergePatch(last, manifest, live, schema)
    expect(patch).toEqual({
      labels: { mine: '1', gone: null },
      containers: [{ name: 'a', $patch: 'delete' }],
      '$setElementOrder/containers': [{ name: 'b' }],
    })
    expect(apply(live, patch)).toEqual({
      labels: { mine: '1', theirs: '1' },
      containers: [{ ...b, args: ['x'] }, c],
      name: 'n',
    })
  })

  it('tells which keys to retain only where something changed', () => {
    const rolling = { strategy: { type: 'Rolling', labels: { x: '1' } } }
    expect(createTwoWayMergePatch(rolling, rolling, schema)).toEqual({})
    expect(createTwoWayMergePatch(rolling, { strategy: { type: 'Recreate' } }, schema)).toEqual({
      strategy: { type: 'Recreate', labels: null, $retainKeys: ['type'] },
    })
  })

  it('does not notice that scalars were sorted, and takes those that are not for changed', () => {
    const sorted = { finalizers: ['x', 'y'] }
    const unsorted = { finalizers: ['y', 'x'] }
    expect(createTwoWayMergePatch(unsorted, sorted, schema)).toEqual({})
    expect(createTwoWayMergePatch(unsorted, unsorted, schema)).toEqual({ '$setElementOrder/finalizers': ['y', 'x'] })
  })

  it('knows patches that would make another object', () => {
    expect(changesIdentity({ kind: 'Secret' })).toBe(true)
    expect(changesIdentity({ metadata: { name: 'x' } })).toBe(true)
    expect(changesIdentity({ metadata: { labels: {} } })).toBe(false)
  })
})
