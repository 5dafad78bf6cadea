import { describe, expect, it } from 'vitest'
import { Event } from '../api/core/event.ts'
import { Pod } from '../api/core/pod.ts'
import { controlPlane } from '../testing/control-plane.ts'
import { newRecorder, record } from './recorder.ts'

function lab() {
  const cluster = controlPlane({ controllers: [] })
  const pod = cluster.api.create(Pod, {
    metadata: { name: 'web', namespace: 'default' },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  })
  const recorder = newRecorder('kubelet', 'w1-k8s')
  let now = Date.parse('2026-01-15T09:00:00Z')
  return {
    say(reason: string, message: string, afterMs = 1_000): void {
      now += afterMs
      record(recorder, cluster.api, now, pod, 'Warning', reason, message)
    },
    events: () => cluster.api.list(Event, 'default').map(({ reason, message, count }) => ({ reason, message, count })),
  }
}

describe('[G5] event recorder', () => {
  it('counts what is said again and writes anew what is said otherwise', () => {
    const { say, events } = lab()
    for (let i = 0; i < 3; i++) say('BackOff', 'Back-off restarting failed container')
    say('Failed', 'Error: ErrImagePull')
    expect(events()).toEqual([
      { reason: 'BackOff', message: 'Back-off restarting failed container', count: 3 },
      { reason: 'Failed', message: 'Error: ErrImagePull', count: 1 },
    ])
  })

  it('combines what differs only in its message after ten such', () => {
    const { say, events } = lab()
    for (let i = 1; i <= 12; i++) say('SuccessfulCreate', `Created pod: web-${i}`)
    const all = events()
    expect(all).toHaveLength(10)
    expect(all.map(({ count }) => count)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 3])
    expect(all.at(-1)?.message).toBe('(combined from similar events): Created pod: web-12')
  })

  it('holds a source back that says more than 25 things about one object, then lets one through in five minutes', () => {
    const { say, events } = lab()
    for (let i = 0; i < 40; i++) say(`Reason${i}`, 'x', 1)
    expect(events()).toHaveLength(25)
    say('Later', 'x', 301_000)
    say('TooSoon', 'x', 1_000)
    expect(
      events()
        .slice(25)
        .map(({ reason }) => reason),
    ).toEqual(['Later'])
  })
})
