import { describe, expect, it } from 'vitest'

import { compareScenario } from './golden-compare.ts'
import { describeMismatches } from './golden-match.ts'
import { kindsOfScenario, readScenario, scenarioIds } from './golden-scenarios.ts'
import type { LogLine, ScenarioRecording } from './golden-scenarios.ts'

const recordings = scenarioIds().map(id => [id, readScenario(id)] as const)
/** Its recording shows the end of an earlier scenario; what is stable in it is too little to fail on. */
const CONTAMINATED = new Set(['deployment-create'])
const sound = recordings.filter(([id]) => !CONTAMINATED.has(id))

function failures({ expect: expected }: ScenarioRecording, log: LogLine[]): string[] {
  return compareScenario(expected, log).map(found => found.path)
}

const anonymous = (name: string) => name.replace(/<r\d+>/g, '')

/** The log with the last line that fits changed. */
function spoil(log: LogLine[], fits: (line: LogLine) => boolean, change: (line: LogLine) => LogLine[]): LogLine[] {
  const index = log.findLastIndex(fits)
  const line = log[index]
  return line ? log.toSpliced(index, 1, ...change(line)) : log
}

describe('[A15] scenario logs', () => {
  it('are all read', () => {
    expect(recordings).toHaveLength(52)
    for (const [id, { scenario, files }] of recordings) {
      expect(scenario.id).toBe(id)
      for (const [, file] of JSON.stringify(scenario.steps).matchAll(/-f (\S+?\.yaml)/g))
        expect(Object.keys(files)).toContain(file)
    }
  })

  it('name the kinds that they need', () => {
    expect(kindsOfScenario(readScenario('pdb-eviction'))).toEqual(['Pod', 'PodDisruptionBudget', 'ReplicaSet'])
    expect(kindsOfScenario(readScenario('rollout-replica-failure-quota'))).toContain('ResourceQuota')
  })

  it.each(recordings)('%s: the recorded run is what was expected', (_, recording) => {
    expect(describeMismatches(compareScenario(recording.expect, recording.log))).toBe('')
  })

  it.each(sound)('%s: a missing event, an event too many and a lost object are noticed', (_, recording) => {
    const [certainEvent] = recording.expect.events
    const isCertain = (line: LogLine) =>
      'event' in line && line.message === certainEvent?.message && line.event === certainEvent.about
    const without = recording.log.filter(line => !isCertain(line))
    expect(failures(recording, without)).not.toEqual([])
    const foreign: LogLine = { t: 1, event: 'Pod/x', type: 'Normal', reason: 'X', message: 'x', from: 'x', count: 1 }
    expect(failures(recording, [...recording.log, foreign])).toEqual(['event "Normal X Pod/x: x [x]"'])
    expect(failures(recording, [...recording.log, { t: 1, o: 'Pod/x', e: 'ADDED' }])).toEqual(['Pod/x'])
    const certain = Object.entries(recording.expect.objects).find(([, object]) => object.stable?.['exists'])?.[0]
    if (certain)
      expect(
        failures(
          recording,
          recording.log.filter(line => !('o' in line) || line.o !== certain),
        ),
      ).not.toEqual([])
  })

  it.each(sound)('%s: every stable value that changes is noticed', (_, recording) => {
    const { objects } = recording.expect
    const group = (name: string) => Object.entries(objects).filter(([other]) => anonymous(other) === anonymous(name))
    // One of several interchangeable objects may take the place of another whose value varied: those are left out.
    const stable = (name: string) =>
      Object.keys(objects[name]?.stable ?? {}).filter(
        path => path !== 'exists' && group(name).every(([, object]) => object.stable?.[path]),
      )
    const wrong = recording.log.map((line): LogLine => {
      if (!('o' in line) || !line.d) return line
      const spoilt = stable(line.o).filter(path => line.d?.[path] !== undefined)
      return { ...line, d: { ...line.d, ...Object.fromEntries(spoilt.map(path => [path, `wrong ${line.t}`])) } }
    })
    const noticed = new Set(failures(recording, wrong))
    for (const name of Object.keys(objects)) {
      for (const path of stable(name)) expect(noticed, `${name} ${path}`).toContain(`${name} ${path}`)
    }
  })

  it.each(recordings.filter(([, { expect: expected }]) => expected.trace))(
    '%s: a snapshot that is missing, out of order or counts wrong is noticed',
    (_, recording) => {
      const isSnapshot = (line: LogLine) => 'snapshot' in line
      expect(
        failures(
          recording,
          spoil(recording.log, isSnapshot, () => []),
        ),
      ).toEqual([expect.stringMatching(/^trace\[/)])
      const miscounted = spoil(recording.log, isSnapshot, line =>
        'snapshot' in line
          ? [{ ...line, snapshot: { ...line.snapshot, objects: { ...line.snapshot.objects, 'Pod/extra': 'ready' } } }]
          : [],
      )
      expect(failures(recording, miscounted)).toEqual([expect.stringMatching(/^trace\[.*pods$/)])
    },
  )

  it('may come with other names for interchangeable Pods, but not with other work for one of them', () => {
    const recording = readScenario('rolling-surge1-unavailable0-replicas3')
    const swapped: LogLine[] = JSON.parse(
      JSON.stringify(recording.log)
        .replaceAll('<hash2>-<r1>', '<hash2>-<r9>')
        .replaceAll('<hash2>-<r2>', '<hash2>-<r1>')
        .replaceAll('<hash2>-<r9>', '<hash2>-<r2>'),
    )
    expect(swapped).not.toEqual(recording.log)
    expect(describeMismatches(compareScenario(recording.expect, swapped))).toBe('')
    const moved = spoil(
      swapped,
      line => 'o' in line && line.d?.['spec.nodeName'] === 'n1',
      line => ('o' in line ? [{ ...line, d: { ...line.d, 'spec.nodeName': 'n2' } }] : []),
    )
    expect(failures(recording, moved)).toContainEqual(expect.stringMatching(/^Pod\/.* spec\.nodeName$/))
  })

  it('are excused where the suite says what it lacks', () => {
    const recording = readScenario('deployment-scale-zero')
    const without = recording.log.map(line => {
      if (!('o' in line) || !line.d) return line
      const { 'status.terminatingReplicas': _, ...d } = line.d
      return { ...line, d }
    })
    expect(failures(recording, without)).not.toEqual([])
    const ignore = (_: string, path: string) => path === 'status.terminatingReplicas'
    expect(compareScenario(recording.expect, without, { ignore })).toEqual([])
  })
})
