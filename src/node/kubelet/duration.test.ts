import { describe, expect, it } from 'vitest'
import { goDuration } from './duration.ts'
import { expand } from './expansion.ts'

describe('[B1] kubelet: texts', () => {
  it.each([
    [0, '0s'],
    [405, '405ms'],
    [1_000, '1s'],
    [1_230, '1.23s'],
    [10_000, '10s'],
    [105_457, '1m45.457s'],
    [160_000, '2m40s'],
    [300_000, '5m0s'],
    [3_600_000, '1h0m0s'],
  ])('writes %i ms as Go does: %s', (ms, text) => {
    expect(goDuration(ms)).toBe(text)
  })

  it.each([
    ['$(A)-$(B)', '1-2'],
    ['$$(A)', '$(A)'],
    ['$(NOBODY) $A ${A} $', '$(NOBODY) $A ${A} $'],
    ['$(A', '$(A'],
    ['$$$(A)', '$1'],
  ])('expands %s to %s', (text, expanded) => {
    expect(expand(text, { A: '1', B: '2' })).toBe(expanded)
  })
})
