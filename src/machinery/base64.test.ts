import { describe, expect, it } from 'vitest'
import { base64Error } from './base64.ts'

describe('[E2] data of a Secret', () => {
  it.each(['', 'YQ==', 'YWI=', 'YWJj', 'YWJj\nYWJj\r\n', 'YQ=\n='])('may be base64: %j', text => {
    expect(base64Error(text)).toBeUndefined()
  })

  // Positions as Go's base64.StdEncoding reports them.
  it.each([
    ['a', 0],
    ['abc', 0],
    ['YWJjYQ', 4],
    ['plain text', 5],
    ['YQ=', 3],
    ['YQ=a', 2],
    ['YQ==YQ==', 4],
    ['=', 0],
    ['Y===', 1],
    ['YW-j', 2],
    ['YWJjé', 4],
  ])('that is no base64 is refused with the byte at which that shows: %j', (text, byte) => {
    expect(base64Error(text)).toBe(`illegal base64 data at input byte ${byte}`)
  })
})
