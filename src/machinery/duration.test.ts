import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, parseDuration, shortHumanDuration } from './duration.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

describe('[I2] durations', () => {
  it.each([
    [0, '0s'],
    [300, '300ms'],
    [1000, '1s'],
    [2500, '2.5s'],
    [10_000, '10s'],
    [minute, '1m0s'],
    [80_000, '1m20s'],
    [5 * minute, '5m0s'],
    [hour, '1h0m0s'],
    [90 * minute + 1, '1h30m0.001s'],
    [-1000, '-1s'],
    [0.25, '250µs'],
    [0.0005, '500ns'],
  ])('%d ms are written %s, and read back', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
    expect(parseDuration(text).value).toBeCloseTo(ms, 6)
  })

  it.each([
    ['', 'time: invalid duration ""'],
    ['5', 'time: missing unit in duration "5"'],
    ['5x', 'time: unknown unit "x" in duration "5x"'],
    ['1h.', 'time: invalid duration "1h."'],
    ['five', 'time: invalid duration "five"'],
    ['99999999h', 'time: invalid duration "99999999h"'],
  ])('%j is refused: %s', (text, message) => {
    expect(parseDuration(text).error).toBe(message)
  })

  it('add up their parts', () => {
    expect(parseDuration('1.5h').value).toBe(90 * minute)
    expect(parseDuration('+1m1s1ms').value).toBe(61_001)
    expect(parseDuration('-0').value).toBe(0)
  })

  it('come back from what is written', () => {
    fc.assert(fc.property(fc.integer(), ms => parseDuration(formatDuration(ms)).value === ms))
  })

  it.each([
    [-3000, '<invalid>'],
    [-1500, '0s'],
    [59_999, '59s'],
    [minute, '1m'],
    [59 * minute + 59_000, '59m'],
    [23 * hour, '23h'],
    [364 * day, '364d'],
    [365 * day, '1y'],
  ])('%d ms are shortly %s', (ms, text) => {
    expect(shortHumanDuration(ms)).toBe(text)
  })
})
