import { defineComponent } from '../../src/sim/component.ts'
import { Simulation } from '../../src/sim/simulation.ts'
import { atLeast, median, type Row } from './row.ts'

export const name = 'events'

const perRun = 500_000

/** A thousand components that each do nothing but schedule their next event. */
const ticker = defineComponent<{ left: number }>({
  type: 'ticker',
  on: {
    tick: self => {
      if (self.state.left-- > 0) self.schedule(1 + self.random() * 10, 'tick')
    },
  },
})

/** Events a second of processor time that the simulation handles when their handlers do nothing. */
export function run(): Promise<Row[]> {
  const rates = [1, 2, 3].map(seed => {
    const simulation = new Simulation({ seed, startMs: 0, definitions: [ticker] })
    for (let i = 0; i < 1000; i++) {
      simulation.add(`ticker/${i}`, 'ticker', { left: perRun / 1000 })
      simulation.schedule(`ticker/${i}`, 0, 'tick')
    }
    const start = process.cpuUsage()
    simulation.runUntil(Infinity)
    const { user, system } = process.cpuUsage(start)
    return simulation.handled / ((user + system) / 1e6)
  })
  return Promise.resolve([atLeast('empty events', median(rates), 'events/CPU s', 500_000)])
}
