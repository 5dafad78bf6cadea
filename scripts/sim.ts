// `npm run sim -- --seed 7 --seconds 120`: runs a session without a page and says where it came to. With --record FILE it
// replays one that was saved; with --trace every trace entry is printed, so that a failure can be followed.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { defaultTopology } from '../src/cluster/topology.ts'
import { recordFormat, type SessionRecord } from '../src/protocol/messages.ts'
import { engineVersion, Session, startOfTime } from '../src/session/session.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '60' },
    masters: { type: 'string', default: String(defaultTopology.masters) },
    workers: { type: 'string', default: String(defaultTopology.workers) },
    record: { type: 'string' },
    trace: { type: 'boolean', default: false },
  },
})

const session = new Session(values.record === undefined ? fresh() : saved(values.record))
const { simulation } = session.cluster
const end = values.record === undefined ? startOfTime + Number(values.seconds) * 1000 : session.end
const began = performance.now()
let printed = 0
for (let done = false; !done;) {
  done = session.advance(end, 5_000)
  if (!values.trace) continue
  for (const entry of simulation.trace.since(printed)) {
    const seconds = ((entry.at - startOfTime) / 1000).toFixed(3)
    console.log(`${seconds} ${entry.by} ${entry.type} ${JSON.stringify(entry.data)}`)
  }
  printed = simulation.trace.end
}
const seconds = (performance.now() - began) / 1000
console.log(
  `${simulation.handled} events, ${((end - startOfTime) / 1000).toFixed(0)} virtual s in ${seconds.toFixed(2)} s, ` +
    `${session.cluster.isBooted() ? 'booted' : 'not booted'}, digest ${session.digest()}`,
)

function fresh(): SessionRecord {
  const topology = { ...defaultTopology, masters: Number(values.masters), workers: Number(values.workers) }
  return {
    format: recordFormat,
    engine: engineVersion,
    seed: Number(values.seed),
    topology,
    inputs: [],
    at: startOfTime,
  }
}

/** A record that the page or a failing test has written down. */
function saved(path: string): SessionRecord {
  const record: SessionRecord = JSON.parse(readFileSync(path, 'utf8'))
  return record
}
