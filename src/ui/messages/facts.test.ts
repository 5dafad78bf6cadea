import { describe, expect, it } from 'vitest'
import { factsOf, isMessage } from './facts.ts'

const entry = { seq: 7, at: 1_000, by: 'kube-apiserver/m-k8s' }

describe('a message of the trace', () => {
  it('[A14] says of a request who asked for what, and how each stage of the API server judged it', () => {
    const data = {
      verb: 'create',
      target: { resource: 'pods', namespace: 'shop', name: 'web' },
      subresource: 'binding',
      user: 'system:kube-scheduler',
      userAgent: 'kube-scheduler/v1.36.2',
      code: 403,
      message: 'pods "web" is forbidden',
      stages: [{ stage: 'authorization', verdict: 'denied', by: 'RBAC', detail: 'no rule' }],
    }
    expect(factsOf({ ...entry, type: 'request', data })).toEqual({
      title: 'create pods/web',
      tone: 'warning',
      verdict: '403 pods "web" is forbidden',
      facts: [
        ['verb', 'create'],
        ['object', 'shop/pods/web/binding'],
        ['user', 'system:kube-scheduler'],
        ['client', 'kube-scheduler/v1.36.2'],
      ],
      stages: [{ stage: 'authorization', verdict: 'denied', by: 'RBAC', detail: 'no rule' }],
      exchange: undefined,
    })
  })

  it('[A3] names admission plugins that only nodded in one line', () => {
    const nods = ['LimitRanger', 'Priority'].map(by => ({ stage: 'mutating admission', verdict: 'passed', by }))
    const stages = [...nods, { stage: 'mutating admission', verdict: 'denied', by: 'X', detail: 'why' }]
    const request = factsOf({ ...entry, type: 'request', data: { code: 403, stages } })
    expect(request?.stages.map(({ verdict, by }) => [verdict, by])).toEqual([
      ['passed', 'LimitRanger, Priority'],
      ['denied', 'X'],
    ])
  })

  it('[D6] says of a hop from where to where it went, by which rule, how long it took and how it ended', () => {
    const data = { exchange: 3, source: '10.0.0.1', destination: '172.16.1.4:80', rule: 'KUBE-SVC', latencyMs: 0.2512 }
    const hop = factsOf({ ...entry, type: 'hop', data: { ...data, verdict: 'dropped' } })
    expect(hop).toMatchObject({ title: '10.0.0.1 → 172.16.1.4:80', tone: 'bad', verdict: 'dropped', exchange: 3 })
    expect(hop?.facts).toContainEqual(['rule', 'KUBE-SVC'])
    expect(hop?.facts).toContainEqual(['latency', '0.251 ms'])
    expect(factsOf({ ...entry, type: 'hop', data: { ...data, verdict: 'forwarded' } })?.tone).toBe('good')
  })

  it('[A14] is no message when a component only did something', () => {
    expect(isMessage({ ...entry, type: 'watch', data: {} })).toBe(true)
    for (const type of ['work', 'scheduling', 'constructor']) {
      expect(isMessage({ ...entry, type, data: {} })).toBe(false)
      expect(factsOf({ ...entry, type, data: {} })).toBeUndefined()
    }
  })
})
