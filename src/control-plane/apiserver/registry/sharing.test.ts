import { describe, expect, it } from 'vitest'
import { deepFreeze } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'

const at = { namespace: 'default', name: 'web' }
const ports = [{ port: 80, protocol: 'TCP' }]
const address = (i: number): object => deepFreeze({ ip: `10.0.0.${i}`, nodeName: 'w1' })

function write(lab: ApiLab, verb: 'create' | 'update', body: object, resource = 'endpoints'): Record<string, unknown> {
  const { body: stored } = lab.request(verb, resource, { ...at, body })
  if (typeof stored !== 'object' || stored === null) throw new Error('a write answers an object')
  return { ...stored }
}

function addressesIn({ subsets }: Record<string, unknown>): unknown {
  return Array.isArray(subsets) ? subsets[0].addresses : undefined
}

describe('[A3] versions of an object', () => {
  it('hold the very addresses that a controller sent, so that a thousand of them are one list more', () => {
    const lab = apiLab()
    const [first, second, third] = [address(1), address(2), address(3)]
    const body = (addresses: object[]): object => ({ metadata: { name: 'web' }, subsets: [{ addresses, ports }] })
    expect(addressesIn(write(lab, 'create', body([first, second])))).toEqual([first, second])
    const stored = addressesIn(write(lab, 'update', body([second, third])))
    expect(stored).toEqual([second, third])
    expect(Array.isArray(stored) && stored[0] === second && stored[1] === third).toBe(true)
  })

  it('take nothing over from bodies that can still be changed, nor from what is no address', () => {
    const lab = apiLab()
    const loose = { ip: '10.0.0.1' }
    const odd = deepFreeze({ hostname: '', targetRef: null, ip: '10.0.0.2' })
    const body = { metadata: { name: 'web' }, subsets: [{ addresses: [loose, odd], ports }] }
    const stored = addressesIn(write(lab, 'create', body))
    expect(stored).toEqual([{ ip: '10.0.0.1' }, { ip: '10.0.0.2' }])
    expect(Array.isArray(stored) && stored[0] !== loose && Object.isFrozen(stored[0])).toBe(true)
  })

  it('are refused for what is wrong with new items, and not asked again about the old ones', () => {
    const lab = apiLab()
    const good = [address(1), address(2)]
    const wrong = deepFreeze({ ip: '127.0.0.1' })
    const body = (addresses: object[]): object => ({ metadata: { name: 'web' }, subsets: [{ addresses, ports }] })
    write(lab, 'create', body(good))
    const failure = attempt(() => void write(lab, 'update', body([...good, wrong])))
    expect(failure?.message).toContain('subsets[0].addresses[2].ip: Invalid value: "127.0.0.1"')
  })

  it('share the spec of a Pod and the conditions that a kubelet did not touch', () => {
    const lab = apiLab()
    const created = write(
      lab,
      'create',
      { metadata: { name: 'web' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
      'pods',
    )
    const patch = (conditions: object[]): Record<string, unknown> => {
      const request = {
        ...at,
        subresource: 'status',
        patchType: 'strategic' as const,
        body: { status: { conditions } },
      }
      const { body } = lab.request('patch', 'pods', request)
      return { ...(body as object) }
    }
    const one = patch([
      { type: 'Ready', status: 'False' },
      { type: 'Initialized', status: 'True' },
    ])
    const two = patch([{ type: 'Ready', status: 'True' }])
    expect(one.spec).toBe(created.spec)
    expect(two.spec).toBe(created.spec)
    const conditionsOf = ({ status }: Record<string, unknown>): unknown[] =>
      (status as { conditions: unknown[] }).conditions
    expect(conditionsOf(two)[1]).toBe(conditionsOf(one)[1])
    expect(conditionsOf(two)[0]).toMatchObject({ type: 'Ready', status: 'True' })
  })
})
