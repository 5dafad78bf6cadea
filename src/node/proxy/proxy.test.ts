import { describe, expect, it } from 'vitest'
import type { Service } from '../../api/core/service.ts'
import type { ApiObject, DeepPartial } from '../../machinery/object.ts'
import type { Packet } from '../../network/route.ts'
import { nextRandom, seedRandom } from '../../sim/random.ts'
import { newAffinity } from './affinity.ts'
import { type FollowersState, newFollowers } from './cursors.ts'
import { createProxy, proxyName } from './proxy.ts'

type Condition = 'ready' | 'not ready' | 'terminating' | 'gone'

const conditions: Record<Condition, object> = {
  ready: { ready: true, serving: true, terminating: false },
  'not ready': { ready: false, serving: false, terminating: false },
  terminating: { ready: false, serving: true, terminating: true },
  gone: { ready: false, serving: false, terminating: true },
}

function service(spec: DeepPartial<Service['spec']>, status: DeepPartial<Service['status']> = {}): ApiObject {
  const ports = [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8080, nodePort: 30000 }]
  const defaults = { type: 'NodePort', clusterIP: '10.96.0.50', sessionAffinity: 'None', ports }
  const metadata = { name: 'web', namespace: 'default', uid: '1', resourceVersion: '1', creationTimestamp: '' }
  const whole = { loadBalancer: {}, ...status }
  return { apiVersion: 'v1', kind: 'Service', metadata, spec: { ...defaults, ...spec }, status: whole } as ApiObject
}

/** Endpoints 172.16.<node>.<2 …> in the order given. */
function slice(endpoints: readonly [node: number, condition: Condition][]): ApiObject {
  const labels = { 'kubernetes.io/service-name': 'web' }
  const metadata = {
    name: 'web-x',
    namespace: 'default',
    labels,
    uid: '2',
    resourceVersion: '1',
    creationTimestamp: '',
  }
  return {
    ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', metadata, addressType: 'IPv4' },
    ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    endpoints: endpoints.map(([node, condition], i) => ({
      ...{ addresses: [`172.16.${node}.${i + 2}`], nodeName: `w${node}`, conditions: conditions[condition] },
    })),
  } as ApiObject
}

/** Rules of node w1 over these objects; `send` says in words what becomes of a packet. */
function node(objects: readonly ApiObject[], machine = 'w1') {
  let now = 0
  const state: FollowersState = newFollowers()
  const cursor = { revision: 7, updatedAt: 0, since: 0, lagMs: 0, periodMs: 0, pinned: false }
  const name = proxyName(machine)
  state.followers.set(name, { name, machine, ...cursor, running: false, connected: false, affinity: newAffinity() })
  const stream = seedRandom(1, machine)
  const translate = createProxy({
    followed: { list: kind => objects.filter(object => object.kind === kind.kind) },
    followers: () => state,
    now: () => now,
    random: () => nextRandom(stream),
  })
  const send = (packet: Partial<Packet>): string => {
    const defaults = {
      source: '172.16.9.9',
      destination: '10.96.0.50',
      port: 80,
      isLocal: false,
      sender: 'pod',
    } as const
    const result = translate(machine, { transport: 'tcp', ...defaults, ...packet })
    if (!result) return 'no rule'
    if (result.verdict !== 'forward') return `${result.verdict}: ${result.rule}`
    return `${result.address}:${result.port}${result.masquerade ? ' masqueraded' : ''}`
  }
  return { send, wait: (ms: number) => void (now += ms) }
}

const nodePort: Partial<Packet> = {
  destination: '192.168.1.101',
  port: 30000,
  isLocal: true,
  sender: 'elsewhere',
  source: '192.168.1.5',
}

describe('[A9] service rules', () => {
  it('spread connections evenly over the ready endpoints of all nodes', () => {
    const { send } = node([
      service({}),
      slice([
        [1, 'ready'],
        [2, 'ready'],
        [3, 'not ready'],
        [3, 'ready'],
      ]),
    ])
    const counts = new Map<string, number>()
    for (let i = 0; i < 3_000; i++) {
      const chosen = send({})
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(['172.16.1.2:8080', '172.16.2.3:8080', '172.16.3.5:8080'])
    for (const count of counts.values()) expect(Math.abs(count - 1_000)).toBeLessThan(120)
  })

  it('use endpoints that still serve while they terminate when no ready one is left', () => {
    const { send } = node([
      service({}),
      slice([
        [1, 'terminating'],
        [2, 'gone'],
        [3, 'not ready'],
      ]),
    ])
    expect(send({})).toBe('172.16.1.2:8080')
  })

  it('reject when there are no usable endpoints', () => {
    const { send } = node([service({}), slice([[2, 'not ready']])])
    expect(send({})).toBe('reject: default/web:http has no endpoints')
    expect(send(nodePort)).toBe('reject: default/web:http has no endpoints')
  })

  it('know nothing of other ports, other protocols, headless Services and ExternalNames', () => {
    const { send } = node([service({}), slice([[1, 'ready']])])
    expect(send({ port: 81 })).toBe('no rule')
    expect(send({ transport: 'udp' })).toBe('no rule')
    expect(send({ ...nodePort, isLocal: false })).toBe('no rule')
    for (const spec of [{ clusterIP: 'None' }, { type: 'ExternalName' as const, clusterIP: '' }]) {
      expect(node([service(spec), slice([[1, 'ready']])]).send({ destination: spec.clusterIP })).toBe('no rule')
    }
  })

  it.each([
    ['a Pod keeps its address at a ClusterIP', {}, '172.16.2.2:8080'],
    ['a machine becomes the node at a ClusterIP', { sender: 'elsewhere' as const }, '172.16.2.2:8080 masqueraded'],
    ['a Pod that reaches itself becomes the node', { source: '172.16.2.2' }, '172.16.2.2:8080 masqueraded'],
    ['a client of a node port becomes the node', nodePort, '172.16.2.2:8080 masqueraded'],
  ])('say under which address a packet goes on: %s', (_, packet, expected) => {
    expect(node([service({}), slice([[2, 'ready']])]).send(packet)).toBe(expected)
  })
})

describe('[D2] traffic policies', () => {
  const local = service({ externalTrafficPolicy: 'Local' })

  it('Local sends what comes from outside to Pods of the node only, with its own address', () => {
    const { send } = node([
      local,
      slice([
        [1, 'ready'],
        [2, 'ready'],
      ]),
    ])
    for (let i = 0; i < 20; i++) expect(send(nodePort)).toBe('172.16.1.2:8080')
  })

  it('Local drops what comes from outside where the node has no Pod', () => {
    expect(node([local, slice([[2, 'ready']])]).send(nodePort)).toBe('drop: default/web:http has no local endpoints')
  })

  it('Local does not bind traffic that begins in the cluster', () => {
    const { send } = node([local, slice([[2, 'ready']])])
    expect(send({ ...nodePort, sender: 'pod' })).toBe('172.16.2.2:8080')
    expect(send({ ...nodePort, sender: 'this machine' })).toBe('172.16.2.2:8080 masqueraded')
    expect(send({})).toBe('172.16.2.2:8080')
  })

  it('internal Local keeps ClusterIP traffic on the node', () => {
    const internal = service({ internalTrafficPolicy: 'Local' })
    expect(
      node([
        internal,
        slice([
          [2, 'ready'],
          [1, 'ready'],
        ]),
      ]).send({}),
    ).toBe('172.16.1.3:8080')
    expect(node([internal, slice([[2, 'ready']])]).send({})).toBe('drop: default/web:http has no local endpoints')
  })
})

describe('[D1] external addresses', () => {
  const endpoints = slice([[2, 'ready']])

  it('are external IPs and those of load balancers, unless these proxy', () => {
    const balanced = (ipMode: 'VIP' | 'Proxy'): ApiObject =>
      service(
        { type: 'LoadBalancer', externalIPs: ['192.168.1.200'] },
        { loadBalancer: { ingress: [{ ip: '192.168.1.11', ipMode }] } },
      )
    const to = (destination: string): Partial<Packet> => ({ destination, sender: 'elsewhere', source: '192.168.1.5' })
    const { send } = node([balanced('VIP'), endpoints])
    expect(send(to('192.168.1.11'))).toBe('172.16.2.2:8080 masqueraded')
    expect(send(to('192.168.1.200'))).toBe('172.16.2.2:8080 masqueraded')
    expect(node([balanced('Proxy'), endpoints]).send(to('192.168.1.11'))).toBe('no rule')
  })
})

describe('[D2] session affinity', () => {
  const sticky = service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: { clientIP: { timeoutSeconds: 10 } } })
  const many = [...Array(20).keys()].map((i): [number, Condition] => [1 + (i % 3), 'ready'])

  it('keeps a client at its endpoint until it has stayed away for the timeout', () => {
    const { send, wait } = node([sticky, slice(many)])
    const first = send({})
    for (let i = 0; i < 5; i++) {
      wait(9_999)
      expect(send({})).toBe(first)
    }
    wait(10_000)
    const later = [...Array(5).keys()].map(() => (wait(10_000), send({})))
    expect(new Set([first, ...later]).size).toBeGreaterThan(1)
  })

  it('is per client', () => {
    const { send } = node([sticky, slice(many)])
    const chosen = [...Array(10).keys()].map(i => send({ source: `172.16.9.${i}` }))
    expect(new Set(chosen).size).toBeGreaterThan(3)
  })
})
