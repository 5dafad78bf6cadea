import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allot } from './cpu-shares.ts'
import { addWork, cpuMsAt, memoryAt, newMeter, reachesAfterMs, setCpu, setMemory } from './meter.ts'

/** What may happen to a container, one after the other. */
const happening = fc.oneof(
  fc.record({ what: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
  fc.record({ what: fc.constant('work' as const), ms: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ what: fc.constant('level' as const), ms: fc.integer({ min: 0, max: 4_000 }) }),
)

describe('[B11] meter', () => {
  it('never counts back, never uses more than the limit, and in the end all work is done', () => {
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 40 }), fc.integer({ min: 50, max: 4_000 }), (all, limit) => {
        const meter = newMeter(0)
        setCpu(meter, 0, limit, 0)
        let now = 0
        let last = 0
        let worked = 0
        for (const { what, ms } of all) {
          if (what === 'work') {
            worked += ms
            expect(addWork(meter, ms, now)).toBeGreaterThanOrEqual(ms)
          } else if (what === 'level') setCpu(meter, ms, limit, now)
          else {
            now += ms
            const used = cpuMsAt(meter, now)
            expect(used).toBeGreaterThanOrEqual(last - 1e-6)
            expect(used - last).toBeLessThanOrEqual((limit / 1_000) * ms + 1e-6)
            last = used
          }
        }
        setCpu(meter, 0, limit, now)
        const before = cpuMsAt(meter, now)
        expect(cpuMsAt(meter, now + 1e9) - before).toBeLessThanOrEqual(worked + 1e-3)
        expect(cpuMsAt(meter, now + 1e9)).toBeGreaterThanOrEqual(worked - 1e-3)
      }),
      { numRuns: 300, seed: 1 },
    )
  })

  it('knows when memory comes to a limit', () => {
    const meter = newMeter(0)
    setMemory(meter, { cpuMillis: 0, memoryBytes: 100, memoryGrowth: 10, memoryMost: 1_000 }, 0)
    expect(reachesAfterMs(meter, 200, 0)).toBe(10_001)
    expect(memoryAt(meter, 10_001)).toBeGreaterThanOrEqual(200)
    expect(reachesAfterMs(meter, 1_000, 0)).toBeUndefined()
    expect(memoryAt(meter, 1e9)).toBe(1_000)
  })

  it.each([
    ['gives everybody what he wants while there is enough', [100, 200], [1, 1], 1_000, [100, 200]],
    ['halves between equals', [2_000, 2_000], [2, 2], 1_000, [500, 500]],
    ['goes by weight', [2_000, 2_000], [3, 1], 1_000, [750, 250]],
    ['hands on what is not wanted', [100, 2_000, 2_000], [8, 1, 1], 1_000, [100, 450, 450]],
  ])('%s', (_, wants, weights, capacity, expected) => {
    const all = wants.map((wanted, index) => ({ wanted, weight: weights[index] ?? 1 }))
    expect(allot(all, capacity)).toEqual(expected)
  })
})
