import { describe, expect, it } from 'vitest'
import { isOf } from '../objects.ts'
import { apiServiceKind } from './api-services.ts'
import { apiLab } from '../../../testing/api-lab.ts'

const group = 'apiregistration.k8s.io'
const name = 'v1beta1.metrics.k8s.io'
const metrics = { group: 'metrics.k8s.io', version: 'v1beta1' }

/** An API server with an APIService that points to `kube-system/metrics-server`, or is its own. */
function lab(spec: object = { service: { namespace: 'kube-system', name: 'metrics-server' } }) {
  const all = apiLab()
  const priorities = { groupPriorityMinimum: 100, versionPriority: 100 }
  const object = {
    ...{ apiVersion: `${group}/v1`, kind: 'APIService', metadata: { name } },
    spec: { ...metrics, ...priorities, ...('service' in spec && { insecureSkipTLSVerify: true }), ...spec },
  }
  all.request('create', 'apiservices', { group, body: object })
  all.advance(100)
  return all
}

type Lab = ReturnType<typeof lab>

function available(all: Lab): string {
  const { body } = all.request('get', 'apiservices', { group, name })
  const [condition] = isOf(apiServiceKind, body) ? (body.status.conditions ?? []) : []
  return `${condition?.status ?? ''} ${condition?.reason ?? ''}: ${condition?.message ?? ''}`
}

function createService(all: Lab, port: number): void {
  const namespace = 'kube-system'
  all.request('create', 'services', {
    namespace,
    body: {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'metrics-server', namespace } },
      spec: { ports: [{ name: 'https', port, targetPort: 10_250 }], selector: { app: 'x' } },
    },
  })
  all.advance(100)
}

function createSlice(all: Lab, ready: boolean): void {
  const namespace = 'kube-system'
  all.request('create', 'endpointslices', {
    ...{ group: 'discovery.k8s.io', namespace },
    body: {
      ...{ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', addressType: 'IPv4' },
      metadata: { generateName: 'm-', namespace, labels: { 'kubernetes.io/service-name': 'metrics-server' } },
      endpoints: [{ addresses: ['172.16.1.2'], conditions: { ready } }],
      ports: [{ name: 'https', port: 10_250, protocol: 'TCP' }],
    },
  })
  all.advance(100)
}

describe('[A3] kube-aggregator: whether an APIService is available', () => {
  it('always is when the server itself has the group', () => {
    expect(available(lab({}))).toBe('True Local: Local APIServices are always available')
  })

  it('says what is missing, in the order of the questions, and passes at last', () => {
    const all = lab()
    const where = 'service/metrics-server in "kube-system"'
    expect(available(all)).toBe(`False ServiceNotFound: ${where} is not present`)
    createService(all, 443)
    expect(available(all)).toBe(`False EndpointsNotFound: cannot find endpointslices for ${where}`)
    createSlice(all, false)
    const text = `endpointslices for ${where} have no addresses with port name "https"`
    expect(available(all)).toBe(`False MissingEndpoints: ${text}`)
    createSlice(all, true)
    expect(available(all)).toBe('True Passed: all checks passed')
  })

  it('minds the port', () => {
    const all = lab()
    createService(all, 8_443)
    expect(available(all)).toBe(
      'False ServicePortError: service/metrics-server in "kube-system" is not listening on port 443',
    )
  })
})

describe('[F1] kube-aggregator: metrics.k8s.io', () => {
  it('is not there without an APIService, and unavailable while nobody serves it', () => {
    const none = apiLab()
    expect(() => none.request('list', 'nodes', metrics)).toThrow('the server could not find the requested resource')
    const all = lab()
    expect(() => all.request('list', 'nodes', metrics)).toThrow(
      'the server is currently unable to handle the request (get nodes.metrics.k8s.io)',
    )
    all.request('delete', 'apiservices', { group, name })
    all.advance(100)
    expect(() => all.request('list', 'nodes', metrics)).toThrow('the server could not find the requested resource')
  })
})
