import { describe, expect, it } from 'vitest'
import { isEvidence, type RequestEvidence } from '../../machinery/evidence.ts'
import { type ApiLab, apiLab } from '../../testing/api-lab.ts'

/** The last request that the trace knows of. */
function lastRequest({ simulation }: ApiLab): RequestEvidence | undefined {
  return simulation.trace
    .since(0)
    .filter(entry => isEvidence(entry, 'request'))
    .at(-1)?.data
}

const body = { metadata: { name: 'one', namespace: 'default' } }

describe('[A3] where a refused request ended', () => {
  it('is etcd for what is not there, and for what is there already', () => {
    const lab = apiLab()
    expect(() => lab.request('get', 'pods', { namespace: 'default', name: 'none' })).toThrow('not found')
    expect(lastRequest(lab)?.stages.at(-1)).toEqual({ stage: 'storage', verdict: 'not found' })
    lab.request('create', 'configmaps', { namespace: 'default', body })
    expect(() => lab.request('create', 'configmaps', { namespace: 'default', body })).toThrow('already exists')
    expect(lastRequest(lab)?.stages.at(-1)).toEqual({ stage: 'storage', verdict: 'conflict' })
  })

  it('is validation for what nobody could read, which leaves evidence, too', () => {
    const lab = apiLab()
    const path = '/api/v1/namespaces/default/configmaps'
    const headers = { 'Content-Type': 'application/json', 'User-Agent': 'curl/8.5.0' }
    lab.api.http(lab.self, { method: 'POST', path, headers, body: '{' })
    expect(lastRequest(lab)).toMatchObject({
      verb: 'create',
      target: { resource: 'configmaps', namespace: 'default' },
      userAgent: 'curl/8.5.0',
      code: 400,
    })
    expect(lastRequest(lab)?.stages.at(-1)).toEqual({ stage: 'validation', verdict: 'invalid' })
  })
})
