import { describe, expect, it } from 'vitest'
import { Pod } from '../api/core/pod.ts'
import type { ApiRequest, Transport } from '../machinery/rest.ts'
import { createApi, type Step, together } from './api.ts'
import { newLimiter } from './limiter.ts'

const identity = { user: { name: 'system:test', groups: [] }, userAgent: 'test' }
const pod = (name: string) => ({ metadata: { name, namespace: 'default' }, spec: { containers: [] } })

/** A server that says yes and takes 5 ms for it. */
function serverOf(sent: ApiRequest[]): Transport {
  return {
    request(request) {
      sent.push(request)
      return { code: 201, body: {}, warnings: [] }
    },
    watch: () => 1,
    stopWatch: () => undefined,
    latencyMs: () => 5,
  }
}

describe('[A15] the requests of one step', () => {
  const start = (step: Step, follows = false) => {
    const sent: ApiRequest[] = []
    const api = createApi(serverOf(sent), identity, step, follows)
    return { create: (name: string) => api.create(Pod, pod(name)), times: () => sent.map(each => each.sentAfterMs) }
  }

  it('are sent one after the other, each when the one before was answered', () => {
    const step: Step = { passedMs: 0 }
    const { create, times } = start(step)
    for (const name of ['a', 'b', 'c']) create(name)
    expect(times()).toEqual([0, 5, 10])
    expect(step.passedMs).toBe(15)
  })

  it('are sent almost at once when they are made together, and the step goes on when all were answered', () => {
    const step: Step = { passedMs: 0 }
    const { create, times } = start(step)
    create('a')
    together(step, () => {
      for (const name of ['b', 'c', 'd']) create(name)
    })
    create('e')
    expect(times()).toEqual([0, 5, 6, 7, 12])
  })

  it('wait for a token of the rate limiter', () => {
    const step: Step = { passedMs: 0, limiter: { tokens: newLimiter(20, 2, 1_000), now: 1_000 } }
    const { create, times } = start(step)
    for (const name of ['a', 'b', 'c', 'd']) create(name)
    expect(times()).toEqual([0, 5, 50, 100])
  })

  it('hold nobody up when they are made on the side, as Events are', () => {
    const step: Step = { passedMs: 7 }
    const { create, times } = start(step, true)
    for (const name of ['a', 'b']) create(name)
    expect(times()).toEqual([7, 7])
    expect(step.passedMs).toBe(7)
  })
})
