import { describe, expect, it } from 'vitest'

import { textAt } from './golden-json.ts'
import { readSession } from './golden-kubectl.ts'
import { project } from './golden-projection.ts'
import { ScenarioRecorder } from './golden-recorder.ts'
import { revive } from './golden-revival.ts'
import { readScenario, scenarioIds } from './golden-scenarios.ts'
import type { LogLine } from './golden-scenarios.ts'

const START = Date.UTC(2026, 0, 15, 9)
const withoutTime = (lines: LogLine[]) => lines.map(({ t: _, ...line }) => line)

/** Recorded with a filter or after another scenario: the objects that bring the names are not in their logs. */
const NAMELESS = ['deployment-create', 'hpa-without-metrics']

describe('[A15] watching a scenario', () => {
  it.each(scenarioIds().filter(id => !NAMELESS.includes(id)))(
    '%s: objects and events are written as the recording has them',
    id => {
      const { scenario, log } = readScenario(id)
      const { changes, kept } = revive(log, START)
      expect(kept.length).toBeGreaterThan(0)
      const recorder = new ScenarioRecorder(scenario)
      recorder.start(START)
      for (const change of changes) recorder.see(change, START)
      expect(withoutTime(recorder.lines())).toEqual(withoutTime(kept))
    },
  )

  it('finds in real objects of controllers the fields that the logs have, and no other', () => {
    const kinds =
      /^(?:Deployment|ReplicaSet|StatefulSet|DaemonSet|ControllerRevision|Job|Pod|EndpointSlice|Endpoints|PodDisruptionBudget)$/
    const general = (path: string) => path.replace(/^(annotation|labels|status\.condition|status\.container)\b.*/, '$1')
    const known = new Set<string>()
    for (const line of scenarioIds().flatMap(id => readScenario(id).log)) {
      if ('o' in line)
        for (const path of Object.keys(line.d ?? {})) known.add(`${line.o.split('/')[0]} ${general(path)}`)
    }
    const objects = readSession('world-lab').state?.filter(object => kinds.test(textAt(object, 'kind'))) ?? []
    expect(objects.length).toBeGreaterThan(30)
    const paths = objects.flatMap(object =>
      Object.keys(project(object)).map(path => `${textAt(object, 'kind')} ${general(path)}`),
    )
    expect(paths.filter(path => !known.has(path) && path !== 'DaemonSet labels')).toEqual([])
  })

  it('leaves out heartbeats, kubelet events and namespaces that are not the scenario’s', () => {
    const recorder = new ScenarioRecorder(readScenario('deployment-scale-zero').scenario)
    const node = { kind: 'Node', metadata: { name: 'n1' }, status: { conditions: [{ type: 'Ready', status: 'True' }] } }
    recorder.see({ type: 'ADDED', object: node }, START)
    recorder.start(START)
    const beat = { ...node, status: { conditions: [{ type: 'Ready', status: 'True', lastHeartbeatTime: 'x' }] } }
    expect(recorder.see({ type: 'MODIFIED', object: beat }, START)).toBe(false)
    const pod = { kind: 'Pod', metadata: { name: 'a', namespace: 'kube-system' } }
    expect(recorder.see({ type: 'ADDED', object: pod }, START)).toBe(false)
    const event = {
      kind: 'Event',
      involvedObject: { kind: 'Pod', name: 'a', namespace: 'lab' },
      source: { component: 'kubelet' },
    }
    expect(recorder.see({ type: 'ADDED', object: event }, START)).toBe(false)
    expect(recorder.lines()).toEqual([])
    const lost = {
      ...node,
      status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'm' }] },
    }
    expect(recorder.see({ type: 'MODIFIED', object: lost }, START + 1540)).toBe(true)
    expect(recorder.lines()).toEqual([
      { t: 1.5, o: 'Node/n1', e: 'MODIFIED', d: { 'status.condition Ready': 'Unknown/NodeStatusUnknown/m' } },
    ])
  })
})
