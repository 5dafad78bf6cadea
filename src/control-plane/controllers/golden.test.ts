import { describe, expect, it } from 'vitest'
import { describeMismatches } from '../../testing/golden-match.ts'
import { compareScenario } from '../../testing/golden-compare.ts'
import { compareHashes, type Played, playScenario } from '../../testing/golden-player.ts'
import { type LogLine, readScenario, scenarioIds, type ScenarioRecording } from '../../testing/golden-scenarios.ts'
import { scenarioCluster, timings } from '../../testing/scenario-cluster.ts'
import { controllers } from './index.ts'
import { knownFailures } from './golden-known-failures.ts'

/** The recorder of the scenarios left these out; the recorded kubectl sessions show them. */
const unrecorded = new Set(['RegisteredNode', 'RemovingNode'])

/**
 * What differs under the timing that fits best. The outputs of commands are kubectl's own tests' business; here it is
 * what the controllers do.
 */
function play(id: string): string {
  const recording = readScenario(id)
  const { scenario, expect: expected } = recording
  let best: string | undefined
  for (const timing of timings) {
    const played = playScenario(recording, scenarioCluster(scenario, controllers, timing))
    const log = withHashesOf(recording, played).filter(line => isRecorded(line, recording))
    const text = describeMismatches([
      ...compareHashes(scenario, played.hashes),
      ...compareScenario(expected, log, { ignore }),
    ])
    if (best === undefined || text.length < best.length) best = text
    if (text === '') break
  }
  return best ?? 'was not played'
}

/** Which of equal nodes a Pod gets is the scheduler's to choose, and chance. */
const ignore = (object: string, path: string): boolean => object.startsWith('Pod/') && path === 'spec.nodeName'

/** Kinds that some scenarios were recorded without: those have none of any name, and no Event about them. */
const optional = new Set(['Endpoints', 'ReplicaSet', 'Pod'])

function isRecorded(line: LogLine, { expect: expected }: ScenarioRecording): boolean {
  if ('event' in line && unrecorded.has(line.reason)) return false
  const name = 'event' in line ? line.event : 'o' in line ? line.o : ''
  const kind = name.slice(0, name.indexOf('/') + 1)
  if (!optional.has(kind.slice(0, -1))) return true
  const names = 'event' in line ? expected.eventsCounted.map(({ about }) => about) : Object.keys(expected.objects)
  return names.some(each => each.startsWith(kind))
}

/** Where the recorder saw no ReplicaSets it took no template hash for a hash, and left it as it is. */
function withHashesOf({ expect: expected }: ScenarioRecording, { log, hashes }: Played): LogLine[] {
  if (JSON.stringify(expected).includes('<hash')) return [...log]
  const text = Object.entries(hashes).reduce(
    (lines, [placeholder, hash]) => lines.replaceAll(placeholder, hash),
    JSON.stringify(log),
  )
  const revealed: LogLine[] = JSON.parse(text)
  return revealed
}

describe('[A15] controllers do what was recorded of Kubernetes v1.36.2', () => {
  it.each(scenarioIds().filter(id => !knownFailures.has(id)))('%s', id => {
    expect(play(id)).toBe('')
  })

  it.each([...knownFailures])('%s still fails: %s', id => {
    expect(play(id)).not.toBe('')
  })
})
