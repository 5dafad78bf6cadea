import { describe, expect, it } from 'vitest'
import { item, worker } from '../testing/items.ts'
import { addressesOf } from './addresses.ts'
import { eventsOf } from './events.ts'
import { briefOf } from './trace.ts'

describe('the panels below', () => {
  it('[G5] read events of the old and of the new API, the latest first', () => {
    const involvedObject = { kind: 'Pod', name: 'web-1', namespace: 'shop' }
    const body = JSON.stringify({
      items: [
        {
          involvedObject,
          type: 'Normal',
          reason: 'Pulled',
          message: 'm',
          lastTimestamp: '2026-01-15T09:00:05Z',
          count: 2,
          source: { component: 'kubelet' },
        },
        {
          involvedObject: { kind: 'Node', name: 'w1' },
          type: 'Warning',
          reason: 'FailedScheduling',
          message: 'n',
          eventTime: '2026-01-15T09:00:07.000000Z',
          reportingComponent: 'default-scheduler',
        },
        'not an event',
      ],
    })
    expect(eventsOf(body).map(({ at, object, count, from }) => [at % 60_000, object, count, from])).toEqual([
      [7_000, 'Node/w1', 1, 'default-scheduler'],
      [5_000, 'shop/Pod/web-1', 2, 'kubelet'],
      [0, '/', 1, ''],
    ])
  })

  it('[D6] know the URLs that lead somewhere', () => {
    const scene = [
      worker('w1'),
      item('service', 'np-svc', { namespace: 'default', facts: { ports: '80:30000/TCP,53/UDP' } }),
      item('service', 'api', { namespace: 'shop', facts: { ports: '8080/TCP' } }),
      item('ingress', 'web', { facts: { hosts: 'shop.example', paths: '/,/ip' } }),
    ]
    expect(addressesOf(scene)).toEqual([
      'http://192.168.1.101:30000/',
      'http://np-svc.default.svc.cluster.local/',
      'http://api.shop.svc.cluster.local:8080/',
      'http://shop.example/',
      'http://shop.example/ip',
    ])
  })

  it('[J7] say in a line what an entry of the trace holds, and show data that they do not know', () => {
    const target = { resource: 'pods', namespace: 'default', name: 'web-1' }
    const request = { verb: 'create', target, code: 201, userAgent: 'kube-scheduler/v1.36' }
    const line = { seq: 1, at: 0, by: 'kube-apiserver' }
    expect(briefOf({ ...line, type: 'request', data: request })).toBe('create default/pods/web-1 201 by kube-scheduler')
    expect(briefOf({ ...line, type: 'novelty', data: { a: 1 } })).toBe('{"a":1}')
    expect(briefOf({ ...line, type: 'request', data: null })).toBe('/')
  })
})
