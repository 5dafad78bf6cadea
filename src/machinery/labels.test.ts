import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  formatLabels,
  formatLabelSelector,
  formatSelector,
  type LabelSelector,
  matches,
  matchesSelector,
  matchesSet,
  selectorOf,
} from './labels.ts'
import { parseSelector, parseToLabelSelector } from './labels-parser.ts'

const web = { app: 'web', tier: 'front', version: '10' }

function select(text: string, labels: Record<string, string> | undefined): boolean {
  const { value, error } = parseSelector(text)
  if (error !== undefined) throw new Error(error)
  return matchesSelector(value, labels)
}

describe('[B2] label selectors', () => {
  it.each([
    ['app=web', true],
    ['app==web', true],
    ['app!=web', false],
    ['missing!=web', true],
    ['app', true],
    ['!app', false],
    ['!missing', true],
    ['app in (web, api)', true],
    ['app notin (web,api)', false],
    ['missing notin (web)', true],
    ['missing in (web)', false],
    ['missing=', false],
    ['version>9', true],
    ['version>10', false],
    ['version<11', true],
    ['app>1', false],
    ['app=web,tier=front', true],
    ['app=web,tier=back', false],
    ['in in (in)', false],
    ['app in (,web)', true],
    ['app notin (web,)', false],
    ['', true],
  ])('%j selects app=web,tier=front,version=10: %s', (text, expected) => {
    expect(select(text, web)).toBe(expected)
  })

  it('takes an empty place in a list for the empty value', () => {
    for (const text of ['app in ()', 'app in (a,)', 'app in (,a)', 'app in (a,,b)']) {
      expect(select(text, { app: '' })).toBe(true)
    }
    expect(select('app in (a,b)', { app: '' })).toBe(false)
  })

  it('is not misled by what every object inherits', () => {
    expect([select('constructor', {}), select('!toString', {})]).toEqual([false, true])
    expect(matches({ matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, {})).toBe(false)
    expect(matches({ matchExpressions: [{ key: 'constructor', operator: 'DoesNotExist' }] }, {})).toBe(true)
  })

  it('is met by an object without labels where it demands none', () => {
    expect(select('!app,tier notin (x)', undefined)).toBe(true)
    expect(select('app', undefined)).toBe(false)
  })

  const name =
    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')"
  it.each([
    ['a b', "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"],
    ['a in', "unable to parse requirement: found '' expected: '('"],
    ['a in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
    ['a in (b', "unable to parse requirement: found '', expected: ',' or ')'"],
    ['a in (b,', "unable to parse requirement: found '', expected: ',', or identifier"],
    ['a in (b c)', "unable to parse requirement: found 'c', expected: ',' or ')'"],
    ['a=b c', "found 'c', expected: ',' or 'end of string'"],
    ['a,', "found '', expected: identifier after ','"],
    ['=a', "found '=', expected: !, identifier, or 'end of string'"],
    ['!', "unable to parse requirement: found '', expected: identifier"],
    ['a=(', "unable to parse requirement: found '(', expected: identifier"],
    [
      'a>x',
      "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
    ],
    ['-a=b', `unable to parse requirement: <nil>: Invalid value: "-a": ${name}`],
  ])('refuses %j as the API server does', (text, message) => {
    expect(parseSelector(text).error).toBe(message)
  })

  it('names the value that is no label value, with its key', () => {
    expect(parseSelector('a=b!').error).toBe("found '!', expected: ',' or 'end of string'")
    expect(parseSelector('a=-b').error).toMatch(
      /^unable to parse requirement: values\[0\]\[a\]: Invalid value: "-b": a valid label must be/,
    )
  })

  it('is written sorted by key, with its values sorted', () => {
    const { value = [] } = parseSelector('tier in (b,a),app=web,!old,x')
    expect(formatSelector(value)).toBe('app=web,!old,tier in (a,b),x')
  })

  it('reads what it writes as the same selector', () => {
    const word = fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/)
    const term = fc.oneof(
      word,
      word.map(key => `!${key}`),
      fc.tuple(word, fc.constantFrom('=', '==', '!='), word).map(parts => parts.join('')),
      fc
        .tuple(word, fc.constantFrom(' in ', ' notin '), fc.array(word, { minLength: 1 }))
        .map(([key, op, values]) => `${key}${op}(${values})`),
    )
    fc.assert(
      fc.property(fc.array(term), terms => {
        const first = parseSelector(terms.join(','))
        if (first.value === undefined) return /^unable to parse|^found/.test(first.error)
        expect(parseSelector(formatSelector(first.value)).value).toEqual(first.value)
        return true
      }),
    )
  })
})

describe('[B2] selectors of objects', () => {
  const selector: LabelSelector = {
    matchLabels: { app: 'web' },
    matchExpressions: [
      { key: 'tier', operator: 'In', values: ['front', 'back'] },
      { key: 'old', operator: 'DoesNotExist' },
    ],
  }

  it('match when every label and every expression does', () => {
    expect(matches(selector, web)).toBe(true)
    expect(matches(selector, { ...web, old: '' })).toBe(false)
    expect(matches(selector, { app: 'web' })).toBe(false)
    expect(matches(selector, undefined)).toBe(false)
  })

  it('match everything when empty and nothing when absent', () => {
    expect(matches({}, undefined)).toBe(true)
    expect(matches(undefined, web)).toBe(false)
    expect(matchesSet({}, undefined)).toBe(true)
    expect(matchesSet({ app: 'web' }, web)).toBe(true)
    expect(matchesSet({ app: 'api' }, web)).toBe(false)
  })

  it('are printed as in the SELECTOR column', () => {
    expect(formatLabelSelector(selector)).toBe('app=web,!old,tier in (back,front)')
    expect(formatLabelSelector({})).toBe('<none>')
    expect(formatLabelSelector(undefined)).toBe('<none>')
    expect(formatLabelSelector({ matchExpressions: [{ key: 'a', operator: 'Is' }] })).toBe('<error>')
    expect(formatLabels({ b: '2', a: '1' })).toBe('a=1,b=2')
    expect(formatLabels({})).toBe('<none>')
  })

  it('are refused with the reason', () => {
    expect(selectorOf({ matchExpressions: [{ key: 'a', operator: 'Is' }] }).error).toBe(
      '"Is" is not a valid label selector operator',
    )
    expect(selectorOf({ matchExpressions: [{ key: 'a', operator: 'In' }] }).error).toBe(
      "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty",
    )
  })

  it('come from the string form', () => {
    expect(parseToLabelSelector('app=web,tier in (a),!x').value).toEqual({
      matchLabels: { app: 'web' },
      matchExpressions: [
        { key: 'tier', operator: 'In', values: ['a'] },
        { key: 'x', operator: 'DoesNotExist' },
      ],
    })
    expect(parseToLabelSelector('a>1').error).toBe('"gt" isn\'t supported in label selectors')
  })

  it('agree with the string form about every object', () => {
    const key = fc.constantFrom('a', 'b', 'c')
    const values = fc.subarray(['x', 'y', 'z'], { minLength: 1 })
    const expression = fc.record({ key, operator: fc.constantFrom('In', 'NotIn'), values })
    const labels = fc.dictionary(key, fc.constantFrom('x', 'y', 'z'))
    fc.assert(
      fc.property(fc.array(expression), labels, labels, (matchExpressions, matchLabels, subject) => {
        const selector = { matchLabels, matchExpressions }
        const { value = [] } = selectorOf(selector)
        return matchesSelector(value, subject) === matches(selector, subject)
      }),
    )
  })
})
