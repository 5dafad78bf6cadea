import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyMergePatch, createMergePatch, createThreeWayMergePatch } from './json-merge-patch.ts'
import type { JsonObject } from './json-value.ts'
import { deepFreeze } from './object.ts'

/** Objects without nulls, which a merge patch cannot express. */
const { tree } = fc.letrec<{ tree: JsonObject; leaf: unknown }>(tie => ({
  tree: fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.oneof({ maxDepth: 3 }, tie('leaf'), tie('tree'))),
  leaf: fc.oneof(fc.constantFrom('x', 1, true), fc.array(fc.constantFrom('x', 'y'), { maxLength: 2 })),
}))

describe('[A3] JSON merge patches', () => {
  // The examples of RFC 7386, appendix A, as far as documents and patches are objects.
  it.each<[unknown, unknown, unknown]>([
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ['x', { a: 1, b: null }, { a: 1 }],
  ])('%j patched with %j is %j', (document, patch, expected) => {
    expect(applyMergePatch(deepFreeze(document), deepFreeze(patch))).toEqual(expected)
  })

  it('turn one object into the other', () => {
    fc.assert(
      fc.property(tree, tree, (before, after) => {
        const patch = createMergePatch(deepFreeze(before), deepFreeze(after))
        expect(applyMergePatch(before, patch)).toEqual(after)
        expect(createMergePatch(after, after)).toEqual({})
      }),
    )
  })

  it('know members with the names of what every object inherits', () => {
    const hostile = JSON.parse('{"constructor":"a","__proto__":{"b":1}}')
    expect(createMergePatch(hostile, {})).toEqual(JSON.parse('{"constructor":null,"__proto__":null}'))
    expect(applyMergePatch({}, createMergePatch({}, hostile))).toEqual(hostile)
  })

  it('keep in a three-way patch what others wrote and remove what the last manifest had', () => {
    const last = { spec: { size: 1, old: 'x' } }
    const live = { spec: { size: 2, old: 'x', theirs: 'y' } }
    const manifest = { spec: { size: 1, new: {} } }
    expect(createThreeWayMergePatch(last, manifest, live).value).toEqual({ spec: { size: 1, old: null, new: {} } })
  })
})
