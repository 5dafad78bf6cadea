import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyLine, feed, type Line, textOf } from './line-editor.ts'

const esc = '\u001b'
const [up, down, right, left] = ['A', 'B', 'C', 'D'].map(letter => `${esc}[${letter}`)

function typed(...keys: (string | undefined)[]): { line: Line; text: string; sent: string[] } {
  let line = emptyLine
  const sent: string[] = []
  for (const key of keys) {
    const fed = feed(line, key ?? '')
    line = fed.line
    sent.push(...fed.effects.map(({ what, text }) => `${what} ${text}`))
  }
  return { line, text: textOf(line), sent }
}

describe('the line of a terminal', () => {
  it.each([
    ['puts letters in at the cursor', ['kubectl', left, left, 'X'], 'kubecXtl'],
    ['takes back one letter', ['pods', '\u007f'], 'pod'],
    ['takes back nothing at the start', ['a', `${esc}[H`, '\u007f'], 'a'],
    ['deletes under the cursor', ['pods', `${esc}[H`, `${esc}[3~`], 'ods'],
    ['goes to both ends', ['od', '\u0001', 'p', '\u0005', 's'], 'pods'],
    ['cuts to the start and puts back', ['get pods', '\u0015', 'kubectl ', '\u0019'], 'kubectl get pods'],
    ['cuts the word before', ['kubectl get pods  ', '\u0017', 'svc'], 'kubectl get svc'],
    ['moves by words', ['kubectl get pods', `${esc}b`, `${esc}b`, 'X'], 'kubectl Xget pods'],
    ['takes a Korean syllable for one letter', ['파드', '\u007f', left, '워'], '워파'],
    ['ignores keys that mean nothing', ['a', `${esc}[15~`, '\u0007', 'b'], 'ab'],
  ])('[I1] %s', (_, keys, text) => {
    expect(typed(...keys).text).toBe(text)
  })

  it('[I1] sends a line at Enter and is empty again', () => {
    const { text, sent } = typed('kubectl get pods', '\r')
    expect([text, sent]).toEqual(['', ['enter kubectl get pods']])
  })

  it('[I1] sends every line of a paste and keeps the last one to edit', () => {
    const { text, sent } = typed(`${esc}[200~echo 1\r\necho 2\necho 3${esc}[201~`)
    expect([text, sent]).toEqual(['echo 3', ['enter echo 1', 'enter echo 2']])
  })

  it('[I1] brings back earlier lines, and what was being written after them', () => {
    expect(typed('one', '\r', 'two', '\r', 'draft', up, up).text).toBe('one')
    expect(typed('one', '\r', 'two', '\r', 'draft', up, up, up, down, down).text).toBe('draft')
    expect(typed('one', '\r', 'one', '\r', up, up).text).toBe('one') // The same line twice is remembered once.
  })

  it('[I1] interrupts, clears and completes what is before the cursor', () => {
    expect(typed('kubectl ge', left, '\t').sent).toEqual(['complete kubectl g'])
    expect(typed('sleep', '\u0003')).toMatchObject({ text: '', sent: ['interrupt sleep'] })
    expect(typed('ls', '\u000c')).toMatchObject({ text: 'ls', sent: ['clear ls'] })
    expect(typed('ab', left, '\u0004')).toMatchObject({ text: 'a', sent: [] })
  })

  it('[I1] keeps its cursor within the line, whatever is typed', () => {
    const keys = fc.constantFrom(
      'a',
      '한',
      ' ',
      '\u007f',
      '\u0004',
      '\u0017',
      '\u000b',
      '\u0019',
      '\r',
      up,
      down,
      left,
      right,
    )
    fc.assert(
      fc.property(fc.array(keys, { maxLength: 60 }), sequence => {
        const { line } = typed(...sequence)
        expect(line.cursor).toBeGreaterThanOrEqual(0)
        expect(line.cursor).toBeLessThanOrEqual(line.chars.length)
      }),
    )
  })
})
