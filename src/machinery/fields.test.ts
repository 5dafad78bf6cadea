import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatFieldSelector, matchesFields, parseFieldSelector, requiredValue } from './fields.ts'

const pod: Record<string, string> = { 'metadata.name': 'web', 'status.phase': 'Running', 'spec.nodeName': '' }

function select(text: string): boolean {
  const { value, error } = parseFieldSelector(text)
  if (error !== undefined) throw new Error(error)
  return matchesFields(value, field => pod[field] ?? '')
}

describe('[I2] field selectors', () => {
  it.each([
    ['metadata.name=web', true],
    ['metadata.name==web', true],
    ['metadata.name!=web', false],
    ['status.phase=Running,metadata.name=web', true],
    ['status.phase=Running,metadata.name!=web', false],
    ['spec.nodeName=', true],
    ['spec.nodeName!=', false],
    [',', true],
    ['', true],
  ])('%j selects a running Pod web: %s', (text, expected) => {
    expect(select(text)).toBe(expected)
  })

  it.each([
    ['metadata.name', "invalid selector: 'metadata.name'; can't understand 'metadata.name'"],
    ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
    ['a=b\\c', 'invalid field selector: invalid escape sequence: \\c'],
    ['a=b\\', 'invalid field selector: invalid escape sequence: \\'],
  ])('refuses %j as upstream does', (text, message) => {
    expect(parseFieldSelector(text).error).toBe(message)
  })

  it('says which value a field must have', () => {
    const { value = [] } = parseFieldSelector('metadata.name=web,status.phase!=Failed')
    expect(requiredValue(value, 'metadata.name')).toBe('web')
    expect(requiredValue(value, 'status.phase')).toBeUndefined()
  })

  it('reads back whatever value it writes', () => {
    fc.assert(
      fc.property(fc.string(), value => {
        const selector = [{ field: 'f', operator: '=', value }] as const
        expect(parseFieldSelector(formatFieldSelector(selector)).value).toEqual(selector)
      }),
    )
  })
})
