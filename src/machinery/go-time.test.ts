import { describe, expect, it } from 'vitest'
import { microTimeError, timeError, utcMicros, utcSeconds } from './go-time.ts'

const layout = '"2006-01-02T15:04:05Z07:00"'

describe('[A3] a time in an object', () => {
  it.each([
    ['2026-01-15T09:00:00Z', '2026-01-15T09:00:00Z'],
    ['2026-01-15T09:00:00.987654Z', '2026-01-15T09:00:00Z'],
    ['2026-01-15T09:00:00+09:00', '2026-01-15T00:00:00Z'],
    ['2024-02-29T23:59:59-00:30', '2024-03-01T00:29:59Z'],
  ])('is written in UTC and whole seconds: %s', (text, utc) => {
    expect(timeError(text)).toBeUndefined()
    expect(utcSeconds(text)).toBe(utc)
  })

  it('of a Lease or Event keeps its microseconds', () => {
    expect(microTimeError('2026-01-15T09:00:00.123456+09:00')).toBeUndefined()
    expect(utcMicros('2026-01-15T09:00:00.123456+09:00')).toBe('2026-01-15T00:00:00.123456Z')
    expect(utcMicros('2026-01-15T09:00:00.123456Z')).toBe('2026-01-15T09:00:00.123456Z')
  })

  it.each([
    ['yesterday', `parsing time "yesterday" as ${layout}: cannot parse "yesterday" as "2006"`],
    ['', `parsing time "" as ${layout}: cannot parse "" as "2006"`],
    ['2026-01-15', `parsing time "2026-01-15" as ${layout}: cannot parse "" as "T"`],
    ['2026-01-15 09:00:00Z', `parsing time "2026-01-15 09:00:00Z" as ${layout}: cannot parse " 09:00:00Z" as "T"`],
    ['2026-01-15T09:00:00', `parsing time "2026-01-15T09:00:00" as ${layout}: cannot parse "" as "Z07:00"`],
    ['2026-13-01T00:00:00Z', 'parsing time "2026-13-01T00:00:00Z": month out of range'],
    ['2026-02-29T00:00:00Z', 'parsing time "2026-02-29T00:00:00Z": day out of range'],
    ['2026-02-28T25:00:00Z', 'parsing time "2026-02-28T25:00:00Z": hour out of range'],
    ['2026-02-28T00:00:00Zz', 'parsing time "2026-02-28T00:00:00Zz": extra text: "z"'],
  ])('that is none is refused in the words of Go: %j', (text, error) => {
    expect(timeError(text)).toBe(error)
  })
})
