import { defaultTopology } from '../cluster/topology.ts'
import { recordFormat, type SessionRecord } from '../protocol/messages.ts'
import { engineVersion, startOfTime } from '../session/session.ts'

/** The record of a session in which nothing has happened yet: the default lab. */
export function freshRecord(seed: number): SessionRecord {
  return { format: recordFormat, engine: engineVersion, seed, topology: defaultTopology, inputs: [], at: startOfTime }
}
