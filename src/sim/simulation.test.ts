import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defineComponent } from './component.ts'
import { canonicalJson, Digest } from './digest.ts'
import { Simulation, SimulationError } from './simulation.ts'

interface Walker {
  readonly seen: string[]
  readonly pending: Map<string, number>
}

/** A component that leaves a record of each event and makes new ones by chance, so that any disorder shows. */
const walker = defineComponent<Walker>({
  type: 'walker',
  on: {
    note: (self, text: string) => {
      self.state.seen.push(`${self.now} ${text}`)
    },
    walk: (self, left: number) => {
      self.state.seen.push(`${self.now} walk ${left}`)
      self.record('walk', left)
      if (left === 0) return
      const timer = self.schedule(self.random() * 50, 'note', `alarm ${left}`)
      if (self.random() < 0.5) self.cancel(timer)
      self.send(self.random() < 0.5 ? 'a' : 'b', Math.floor(self.random() * 20), 'walk', left - 1)
    },
    fail: () => {
      throw new Error('a bug')
    },
  },
})

function start(seed = 1): Simulation {
  const simulation = new Simulation({ seed, startMs: 1000, definitions: [walker] })
  for (const name of ['a', 'b']) simulation.add(name, 'walker', { seen: [], pending: new Map() })
  return simulation
}

function historyOf(simulation: Simulation): unknown {
  const seen = ['a', 'b'].map(name => simulation.state<Walker>(name).seen)
  return { seen, now: simulation.now, handled: simulation.handled, trace: simulation.trace.since(0) }
}

describe('[J6] simulation', () => {
  it('handles events in the order of their times, and those of one instant in the order of their making', () => {
    const simulation = start()
    simulation.schedule('a', 20, 'note', 'late')
    simulation.schedule('a', 10, 'note', 'first')
    simulation.schedule('a', 10, 'note', 'second')
    simulation.runUntil(2000)
    expect(simulation.state<Walker>('a').seen).toEqual(['1010 first', '1010 second', '1020 late'])
    expect(simulation.now).toBe(2000)
  })

  it('keeps any schedule in order, with any of its events cancelled', () => {
    const plan = fc.array(fc.record({ delay: fc.nat(100), cancelled: fc.boolean() }), { maxLength: 200 })
    fc.assert(
      fc.property(plan, events => {
        const simulation = start()
        const numbers = events.map(({ delay }, index) => simulation.schedule('a', delay, 'note', String(index)))
        events.forEach(({ cancelled }, index) => cancelled && simulation.cancel(numbers[index] ?? 0))
        simulation.runUntil(5000)
        const kept = events.map((event, index) => ({ ...event, index })).filter(event => !event.cancelled)
        kept.sort((a, b) => a.delay - b.delay || a.index - b.index)
        expect(simulation.state<Walker>('a').seen).toEqual(kept.map(({ delay, index }) => `${1000 + delay} ${index}`))
      }),
    )
  })

  it('repeats a run exactly with the same seed, and differs with another', () => {
    const run = (seed: number): unknown => {
      const simulation = start(seed)
      simulation.schedule('a', 0, 'walk', 200)
      simulation.runUntil(10_000)
      return historyOf(simulation)
    }
    expect(run(7)).toEqual(run(7))
    expect(run(7)).not.toEqual(run(8))
  })

  it('goes on from a checkpoint as if there had been none, as often as one likes', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(3000), (seed, pause) => {
        const simulation = start(seed)
        simulation.schedule('a', 0, 'walk', 100)
        simulation.runUntil(1000 + pause)
        const checkpoint = simulation.checkpoint()
        simulation.runUntil(20_000)
        const straight = historyOf(simulation)
        for (let again = 0; again < 2; again++) {
          simulation.restore(checkpoint)
          expect(simulation.now).toBe(1000 + pause)
          simulation.runUntil(20_000)
          expect(historyOf(simulation)).toEqual(straight)
        }
      }),
      { numRuns: 30 },
    )
  })

  it('tells a removed component nothing, nor one that took its name afterwards', () => {
    const simulation = start()
    simulation.schedule('a', 10, 'note', 'to the first')
    simulation.remove('a')
    simulation.add('a', 'walker', { seen: [], pending: new Map() })
    simulation.schedule('a', 10, 'note', 'to the second')
    simulation.runUntil(2000)
    expect(simulation.state<Walker>('a').seen).toEqual(['1010 to the second'])
  })

  it('stops at a bug and says at which event of which seed', () => {
    const simulation = start(42)
    simulation.schedule('b', 5, 'fail')
    expect(() => simulation.runUntil(2000)).toThrow(SimulationError)
    simulation.schedule('b', 5, 'fail')
    expect(() => simulation.runUntil(2000)).toThrow('b failed at event 2 (fail) of seed 42: a bug')
  })

  it('stops at an event that the component does not know', () => {
    const simulation = start()
    simulation.schedule('b', 5, 'dance')
    expect(() => simulation.runUntil(2000)).toThrow('walker does not handle dance')
  })

  it('stops early when it may handle only so many events', () => {
    const simulation = start()
    for (let i = 0; i < 10; i++) simulation.schedule('a', i, 'note', String(i))
    expect(simulation.runUntil(2000, 3)).toBe(false)
    expect(simulation.now).toBe(1002)
    expect(simulation.runUntil(2000)).toBe(true)
  })

  it('keeps no evidence of a look, also of one that failed', () => {
    const simulation = new Simulation({ seed: 1, startMs: 0, definitions: [walker] })
    const look = (end: () => void) => () => {
      simulation.aside(() => {
        simulation.trace.record(0, 'a', 'walk', 1)
        end()
      })
    }
    look(() => undefined)()
    expect(
      look(() => {
        throw new Error('no such thing')
      }),
    ).toThrow('no such thing')
    expect(simulation.trace.end).toBe(0)
    simulation.trace.record(0, 'a', 'walk', 2)
    expect(simulation.trace.end).toBe(1)
  })

  it('keeps the last entries of the trace and numbers them from the start', () => {
    const simulation = new Simulation({ seed: 1, startMs: 0, definitions: [walker], traceCapacity: 4 })
    for (let i = 0; i < 10; i++) simulation.trace.record(i, 'a', 'walk', i)
    expect(simulation.trace.since(0).map(entry => entry.seq)).toEqual([6, 7, 8, 9])
    expect(simulation.trace.since(8).map(entry => entry.data)).toEqual([8, 9])
  })
})

describe('[J6] digest', () => {
  it('is the same for data built in another order, and another for other data', () => {
    const digest = (value: unknown): string => new Digest().add(canonicalJson(value)).toString()
    expect(digest({ a: 1, b: [2, { c: 3, d: undefined }] })).toBe(digest({ b: [2, { c: 3 }], a: 1 }))
    expect(digest({ a: 1 })).not.toBe(digest({ a: 2 }))
    expect(digest(['ab'])).not.toBe(digest(['a', 'b']))
  })
})
