import { describe, expect, it } from 'vitest'
import { parseJson } from './json-text.ts'

const errorOf = (text: string): string | undefined => parseJson(text).error
const documentOf = (text: string) => {
  const { value, error } = parseJson(text)
  if (!value) throw new Error(error)
  return value
}

describe('[A3] a JSON body', () => {
  it.each([
    ['{"a":[1,-2.5,1e3,0],"b":{"c":null,"d":true,"e":false},"f":[],"g":{}}'],
    [' \t\r\n[ "" , "\\u00e9\\n\\"\\\\\\/" , "\\ud83d\\ude00 한글" ] '],
    ['"alone"'],
    ['-0.5e-3'],
    ['{"constructor":1,"toString":2,"":3}'],
  ])('is read as JSON.parse reads it: %s', text => {
    expect(documentOf(text).value).toEqual(JSON.parse(text))
  })

  it.each([
    ['', 'unexpected end of JSON input'],
    ['  ', 'unexpected end of JSON input'],
    ['{"kind":"ConfigMap",', 'unexpected end of JSON input'],
    ['"abc', 'unexpected end of JSON input'],
    ['[1', 'unexpected end of JSON input'],
    ['-', 'unexpected end of JSON input'],
    ['not json', "invalid character 'o' in literal null (expecting 'u')"],
    ['apiVersion: v1', "invalid character 'a' looking for beginning of value"],
    ['trie', "invalid character 'i' in literal true (expecting 'u')"],
    ['[1,]', "invalid character ']' looking for beginning of value"],
    ['{"a":1,}', "invalid character '}' looking for beginning of object key string"],
    ['{a:1}', "invalid character 'a' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a":1 "b":2}', `invalid character '"' after object key:value pair`],
    ['[1 2]', "invalid character '2' after array element"],
    ['{} {}', "invalid character '{' after top-level value"],
    ['01', "invalid character '1' after top-level value"],
    ['-x', "invalid character 'x' in numeric literal"],
    ['1.x', "invalid character 'x' after decimal point in numeric literal"],
    ['1e+x', "invalid character 'x' in exponent of numeric literal"],
    ['"\\x"', "invalid character 'x' in string escape code"],
    ['"\\u12g4"', "invalid character 'g' in \\u hexadecimal character escape"],
    ['"a\nb"', "invalid character '\\n' in string literal"],
    ["['a']", "invalid character '\\'' looking for beginning of value"],
    ['한', "invalid character 'í' looking for beginning of value"],
    ['1e999', 'json: cannot unmarshal number 1e999 into Go value of type float64'],
  ])('that is broken is refused in the words of Go: %j', (text, error) => {
    expect(errorOf(text)).toBe(error)
  })

  it('may nest 1,000 deep and no deeper, and does not overflow the stack', () => {
    expect(errorOf('['.repeat(1_000) + ']'.repeat(1_000))).toBeUndefined()
    expect(errorOf('['.repeat(1_001))).toBe("invalid character '[' exceeded max depth")
    expect(errorOf('{"a":'.repeat(100_000))).toBe("invalid character '{' exceeded max depth")
  })

  it('that names __proto__ changes no prototype', () => {
    const { value } = documentOf('{"__proto__":{"polluted":true}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}')
    expect('polluted' in {}).toBe(false)
  })

  it('keeps every entry of an object that repeats a key, and the last one counts', () => {
    const { value, repeated } = documentOf('{"a":1,"b":{"c":1,"c":2.0},"a":3}')
    expect(value).toEqual({ a: 3, b: { c: 2 } })
    expect([...repeated.values()].map(entries => entries.map(({ key, value }) => [key, value]))).toEqual([
      [
        ['c', 1],
        ['c', 2],
      ],
      [
        ['a', 1],
        ['b', { c: 2 }],
        ['a', 3],
      ],
    ])
  })

  it('keeps the spelling of numbers that JavaScript would write differently', () => {
    const { value, spellings } = documentOf('{"a":1e3,"b":[1.0,2,12345678901234567890],"c":1.5,"d":-0}')
    expect(value).toEqual({ a: 1000, b: [1, 2, 12345678901234567890], c: 1.5, d: 0 })
    const spelled = [...spellings.values()].map(found => Object.fromEntries(found))
    expect(spelled).toEqual([
      { a: '1e3', d: '-0' },
      { 0: '1.0', 2: '12345678901234567890' },
    ])
  })

  it('with half a surrogate pair has the replacement character in its place', () => {
    expect(documentOf('"a\\ud83dz"').value).toBe('a\ufffdz')
  })
})
