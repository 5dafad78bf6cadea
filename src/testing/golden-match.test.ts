import { describe, expect, it } from 'vitest'
import { Bindings, describeMismatches, matchJson, matchOutput, matchText } from './golden-match.ts'

const uid = '0b5b2d5e-94a6-4a0e-9d0c-5f0a5a1c7b11'
const other = '1c5b2d5e-94a6-4a0e-9d0c-5f0a5a1c7b11'

describe('[A3] comparing with a recording', () => {
  it('binds a numbered placeholder to one value and that value to one number', () => {
    const bindings = new Bindings()
    expect(matchText('<uid:1>', uid, bindings)).toBeUndefined()
    expect(matchText('<uid:1>', other, bindings)).toContain('elsewhere')
    expect(matchText('<uid:2>', uid, bindings)).toBeDefined()
    expect(matchText('<uid:2>', other, bindings)).toBeUndefined()
  })

  it('notices a write that should change nothing but makes a new version', () => {
    const bindings = new Bindings()
    expect(matchText('<rv:1>', '17', bindings)).toBeUndefined()
    expect(matchText('<rv:1>', '18', bindings)).toBeDefined()
    expect(matchText('<rv:2>', '17', bindings)).toBeDefined()
  })

  it.each([
    ['<time>', '2026-01-15T09:00:00Z', true],
    ['<time>', '2026-01-15T09:00:00.123456Z', true],
    ['<time>', 'yesterday', false],
    ['web-<rand5>', 'web-b4x7z', true],
    ['web-<rand5>', 'web-aeiou', false],
    ['pods "a" (<none>)', 'pods "a" (<none>)', true],
    ['a.b', 'axb', false],
  ])('matches %s against %s: %s', (expected, actual, fits) => {
    expect(matchText(expected, actual, new Bindings()) === undefined).toBe(fits)
  })

  it('lets a port placeholder stand in place of a number', () => {
    expect(matchJson({ p: '<nodeport>' }, { p: 30123 }, new Bindings())).toEqual([])
    expect(matchJson({ p: '<nodeport>' }, { p: 80 }, new Bindings())).toHaveLength(1)
  })

  it('tells absent from null and names the path of each difference', () => {
    const found = matchJson({ spec: { a: null, l: [1, 2] } }, { spec: { l: [1, 3], b: 1 } }, new Bindings())
    expect(found.map(m => m.path)).toEqual(['.spec.a', '.spec.l[1]', '.spec.b'])
    expect(describeMismatches(found)).toContain('.spec.l[1]\n    expected 2\n    got      3')
  })

  it('compares managedFields as a set, or not at all when they are dropped', () => {
    const mine = { metadata: { managedFields: [{ manager: 'b' }, { manager: 'a' }] } }
    const recorded = { metadata: { managedFields: [{ manager: 'a' }, { manager: 'b' }] } }
    expect(matchJson(recorded, mine, new Bindings())).toEqual([])
    expect(matchJson(recorded, { metadata: {} }, new Bindings())).toHaveLength(1)
    expect(matchJson(recorded, { metadata: {} }, new Bindings(), '', { dropManagedFields: true })).toEqual([])
  })

  it('takes causes and the parts of a message in any order only where the recording says so', () => {
    const recorded = { message: 'invalid: [a: Required, b: Bad]', details: { causes: ['a', 'b'] } }
    const mine = { message: 'invalid: [b: Bad, a: Required]', details: { causes: ['b', 'a'] } }
    expect(matchJson(recorded, mine, new Bindings(), '', { anyOrder: true })).toEqual([])
    expect(matchJson(recorded, mine, new Bindings())).toHaveLength(3)
    const less = { message: 'invalid: [b: Bad]', details: { causes: ['b', 'a'] } }
    expect(matchJson(recorded, less, new Bindings(), '', { anyOrder: true })).toHaveLength(1)
  })

  it('points at the first printed line that differs', () => {
    const [found] = matchOutput('a\nb <rv:1>\nc\n', 'a\nb 4\nd\n', new Bindings(), 'stdout')
    expect(found).toMatchObject({ path: 'stdout line 3', expected: '"c"', got: '"d"' })
  })
})
