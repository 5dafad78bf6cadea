import { describe, expect, it } from 'vitest'

import type { JsonObject } from './golden-json.ts'
import { describeMismatches } from './golden-match.ts'
import { compareHashes, compareResults, judgeScenario, playScenario } from './golden-player.ts'
import type { ScenarioCluster } from './golden-player.ts'
import type { Change } from './golden-recorder.ts'
import { revive } from './golden-revival.ts'
import { behaviourOf, nodeObject, readScenario, scenarioIds } from './golden-scenarios.ts'
import type { LogLine, ScenarioRecording } from './golden-scenarios.ts'

/**
 * A cluster that lives the recorded log again: after each input that the log tells of, it sends the changes that
 * followed that input. It answers only if the player asks for the recorded inputs in the recorded order.
 */
function reenact(recording: ScenarioRecording) {
  const listeners: ((change: Change) => void)[] = []
  const asked: string[] = []
  const refused: string[] = []
  let now = Date.UTC(2026, 0, 15, 9)
  const { changes, kept } = revive(recording.log, now + 1000)
  const isPart = new Map(kept.map((line, index) => [line, changes[index]]))
  const left: LogLine[] = [...recording.log]
  const results = recording.log.flatMap(line => ('result' in line ? [line.result] : []))
  /** Sends what followed the input that the step tells of. */
  const follow = (input: string): void => {
    asked.push(input)
    const step = left.findIndex(line => 'step' in line)
    const line = left[step]
    if (!line || !('step' in line)) refused.push(input)
    left.splice(0, step + 1)
    while (left[0] && !('step' in left[0])) {
      const change = isPart.get(left[0])
      if (change) for (const listener of listeners) listener(change)
      left.shift()
    }
  }
  const result = () => JSON.parse(JSON.stringify(results.shift() ?? {}))
  const cluster: ScenarioCluster = {
    now: () => now,
    advance: ms => void (now += ms),
    onChange: listener => void listeners.push(listener),
    kubectl: line => {
      if (!/^create namespace lab$/.test(line)) follow(line)
      const step = recording.scenario.steps.find(each => each.kubectl === line)
      return step?.show ? result() : { code: 0, stdout: '', stderr: '' }
    },
    api: ({ path }) => {
      follow(path)
      return result()
    },
    node: (name, what, object) => {
      if (object && recording.scenario.nodes.some(node => node.name === name)) return
      follow(`${what} ${name}`)
    },
    pod: (_, name, what) => follow(`${what} ${name}`),
  }
  return { cluster, asked, refused }
}

/** Driven step by step, with nothing in the log that began before it. */
const driven = scenarioIds()
  .map(readScenario)
  .filter(({ scenario, expect: expected }) => scenario.drive === 'step' && (expected.trace ?? expected.traceVaries))
  .map(recording => [recording.scenario.id, recording] as const)

describe('[A15] playing a scenario', () => {
  it('has more than twenty that are driven', () => {
    expect(driven.length).toBeGreaterThan(20)
  })

  it.each(driven)('%s: the driver takes the recorded actions and sees the recorded sizes', (_, recording) => {
    const { cluster, asked, refused } = reenact(recording)
    const played = playScenario(recording, cluster)
    const steps = (log: LogLine[]) => log.flatMap(line => ('step' in line ? [line.step] : []))
    expect(steps(played.log)).toEqual(steps(recording.log))
    expect(asked).toHaveLength(steps(recording.log).length)
    expect(refused).toEqual([])
    const hashes = recording.scenario.hashes ?? {}
    expect(describeMismatches(judgeScenario(recording, { ...played, hashes }))).toBe('')
  })

  it('tells of a command that fails though the recorded one did not, and of an input that the cluster lacks', () => {
    const recording = readScenario('hpa-up-and-down')
    const cluster: ScenarioCluster = {
      ...reenact(recording).cluster,
      kubectl: () => ({ code: 1, stdout: '', stderr: 'error: no' }),
    }
    const paths = playScenario(recording, cluster).failures.map(found => found.path)
    expect(paths).toEqual([
      'kubectl create namespace lab',
      'kubectl apply -n lab -f web.yaml',
      'load',
      'kubectl apply -n lab -f hpa.yaml',
      'load',
    ])
  })

  it('notices an answer and a hash that differ', () => {
    const recording = readScenario('deployment-scale-zero')
    const wrong = recording.log.map(line => ('result' in line ? { ...line, result: { code: 0 } } : line))
    expect(compareResults(recording.log, wrong).map(found => found.path)).toContain('result[1].code')
    expect(compareHashes(recording.scenario, { '<hash1>': '7dff8849d' })).toEqual([])
    expect(compareHashes(recording.scenario, { '<hash1>': '7dff8849b' })).toHaveLength(1)
  })

  it('starts at the second that the scenario wants, waits for its set-up, and lets its time run out', () => {
    const times: Record<string, number> = {}
    let now = 5_000
    const cluster: ScenarioCluster = {
      now: () => now,
      advance: ms => void (now += ms),
      onChange: () => {},
      kubectl: line => {
        times[line] = now
        return { code: 0, stdout: '', stderr: '' }
      },
      api: () => ({ code: 200, body: null }),
      node: () => {},
      pod: () => {},
    }
    playScenario(readScenario('cronjob-concurrency'), cluster)
    expect(times['apply -n lab -f cron.yaml']).toBe(50_000)
    expect(now).toBe(50_000 + 145_000)
  })

  it('fills in what a node does not say', () => {
    const node: JsonObject = nodeObject({ name: 'n2', cpu: '2' }, 1)
    expect(node).toMatchObject({
      metadata: { labels: { 'kubernetes.io/hostname': 'n2' } },
      spec: { podCIDR: '172.16.2.0/24' },
      status: { capacity: { cpu: '2', memory: '8Gi', pods: '110' } },
    })
    expect(behaviourOf(readScenario('rollout-progress-deadline').scenario, 'registry.example/web:broken')).toEqual({
      pull: 'fail',
    })
  })
})
