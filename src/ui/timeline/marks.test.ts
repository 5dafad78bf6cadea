import { describe, expect, it } from 'vitest'
import { clusterMarks, ticksOf } from './marks.ts'

describe('the timeline', () => {
  it('[J6] gathers marks that would lie on one another under the weightiest', () => {
    const marks = [
      { at: 100, type: 'normal', label: 'up' },
      { at: 101, type: 'fault', label: 'stop w1' },
      { at: 102, type: 'input', label: 'apply' },
      { at: 900, type: 'input', label: 'scale' },
    ] as const
    expect(clusterMarks(marks, 0, 1_000, 700)).toEqual([
      { at: 0.101, type: 'fault', count: 3, label: 'up\nstop w1\napply', time: 101 },
      { at: 0.9, type: 'input', count: 1, label: 'scale', time: 900 },
    ])
  })

  it('[J6] writes round times that have room', () => {
    const minute = Date.UTC(2026, 0, 15, 9)
    expect(ticksOf(minute, minute + 60_000, 700).map(at => (at - minute) / 1_000)).toEqual([0, 10, 20, 30, 40, 50, 60])
    expect(ticksOf(minute, minute + 3_600_000, 300)).toHaveLength(3)
    expect(ticksOf(minute, minute, 10)).toHaveLength(1)
  })
})
