import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { byteLength, compareBytes, goJson, goJsonSorted, goTypeOf, goValue, Printed, quote } from './go-text.ts'

describe('[A3] texts as Go writes them', () => {
  it.each([
    ['plain', '"plain"'],
    ['a"b\\c', '"a\\"b\\\\c"'],
    ['\n\t\r\x07\x00\x7f', '"\\n\\t\\r\\a\\x00\\x7f"'],
    ['한글 é 😀', '"한글 é 😀"'],
    ['\u200b\u00a0', '"\\u200b\\u00a0"'],
    ['\u{e0001}', '"\\U000e0001"'],
  ])('quotes %j as %s', (text, quoted) => {
    expect(quote(text)).toBe(quoted)
  })

  it.each<[unknown, string]>([
    [{ b: '2', a: '1' }, '{"a":"1","b":"2"}'],
    [{ Type: 'Rolling', RollingUpdate: null }, '{"Type":"Rolling","RollingUpdate":null}'],
    [{ z: [1, true, undefined], gone: undefined }, '{"z":[1,true,null]}'],
    ['<a & b>\u2028', '"\\u003ca \\u0026 b\\u003e\\u2028"'],
    [{ a: 1, b: new Printed('RAW') }, '{"a":1,"b":RAW}'],
  ])('writes %j as encoding/json does', (value, json) => {
    expect(goJson(value)).toBe(json)
  })

  it('sorts every object where Go holds maps', () => {
    expect(goJsonSorted({ b: { d: 1, c: [{ z: 1, a: '<' }] }, a: null })).toBe(
      '{"a":null,"b":{"c":[{"a":"\\u003c","z":1}],"d":1}}',
    )
  })

  it('prints decoded JSON with %v', () => {
    expect(goValue({ name: 'c', image: 'x', n: null, l: [1, { a: true }] })).toBe(
      'map[image:x l:[1 map[a:true]] n:<nil> name:c]',
    )
    expect([[], {}, 1, 1.5, 'x', true, null].map(goTypeOf)).toEqual([
      '[]interface {}',
      'map[string]interface {}',
      'int64',
      'float64',
      'string',
      'bool',
      '%!s(<nil>)',
    ])
  })

  it('orders and measures by UTF-8 bytes', () => {
    const bytes = (text: string): Buffer => Buffer.from(text)
    expect(compareBytes('a', 'ab')).toBeLessThan(0)
    expect(compareBytes('\uffff', '😀')).toBeLessThan(0)
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(bytes(a), bytes(b)))
        expect(byteLength(a)).toBe(bytes(a).length)
      }),
    )
  })
})
