import { describe, expect, it } from 'vitest'
import { apiLab } from '../../testing/api-lab.ts'
import { sendTo } from '../../testing/fuzz/fuzz.ts'
import { problemsOf, StoreJudge } from '../../testing/fuzz/judge.ts'
import { Chance } from '../../testing/fuzz/chance.ts'

interface Finding {
  /** What went wrong, as a sentence about what is right. */
  readonly it: string
  readonly method: string
  readonly path: string
  readonly type?: string
  readonly body: unknown
  readonly code: number
  /** How the refusal's message begins. */
  readonly message?: string
}

const v1 = '/api/v1/namespaces/default'
const strategic = 'application/strategic-merge-patch+json'
const applied = 'application/apply-patch+yaml'
const yaml = 'application/yaml'
const deep = (open: string, close: string, depth: number): string => open.repeat(depth) + close.repeat(depth)

/** What random requests (fuzz.test.ts) found, each once. */
const findings: readonly Finding[] = [
  {
    it: 'takes an EndpointSlice whose ports are null',
    ...{ method: 'POST', path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices' },
    body: { metadata: { name: 'x' }, addressType: 'IPv4', endpoints: [], ports: null },
    code: 201,
  },
  {
    it: 'refuses an IPAddress that belongs to nobody',
    ...{ method: 'POST', path: '/apis/networking.k8s.io/v1/ipaddresses' },
    body: { metadata: { name: '10.0.0.1' }, spec: {} },
    code: 422,
    message: 'IPAddress.networking.k8s.io "10.0.0.1" is invalid: spec.parentRef: Required value',
  },
  {
    it: 'refuses a ServiceCIDR with no range',
    ...{ method: 'POST', path: '/apis/networking.k8s.io/v1/servicecidrs' },
    body: { metadata: { name: 'none' }, spec: {} },
    code: 422,
    message: 'ServiceCIDR.networking.k8s.io "none" is invalid: spec.cidrs: Required value: at least one CIDR required',
  },
  {
    it: 'says of a patch that takes the name away that there is none',
    ...{ method: 'PATCH', path: `${v1}/serviceaccounts/default`, type: strategic },
    body: { $patch: 'replace' },
    code: 400,
    message: 'the name of the object (default based on URL) was undeterminable: name must be provided',
  },
  {
    it: 'refuses options of a deletion that are of another type',
    ...{ method: 'DELETE', path: `${v1}/serviceaccounts/default` },
    body: { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: [{ toString: false }] },
    code: 400,
    message: 'json: cannot unmarshal object into Go struct field DeleteOptions.dryRun of type string',
  },
  {
    it: 'refuses options of a deletion whose version is no text',
    ...{ method: 'DELETE', path: `${v1}/serviceaccounts/default` },
    body: { kind: 'ConfigMap', apiVersion: { a: 1 } },
    code: 400,
    message:
      "couldn't get version/kind; json parse error: json: cannot unmarshal object into Go struct field .apiVersion",
  },
  {
    it: 'refuses YAML whose alias leads nowhere',
    ...{ method: 'POST', path: `${v1}/configmaps`, type: yaml },
    body: 'data: *nowhere\n',
    code: 400,
    message: `the object provided is unrecognized (must be of type ConfigMap): yaml: unknown anchor 'nowhere' referenced`,
  },
  {
    it: 'refuses YAML that contains itself',
    ...{ method: 'POST', path: `${v1}/configmaps`, type: yaml },
    body: 'metadata: &m\n  name: x\n  labels: *m\n',
    code: 400,
    message: 'the object provided is unrecognized (must be of type ConfigMap): yaml: ',
  },
  {
    it: 'refuses YAML with a number that JSON has not',
    ...{ method: 'POST', path: `${v1}/configmaps`, type: yaml },
    body: 'data: {a: .inf}\n',
    code: 400,
    message: 'the object provided is unrecognized (must be of type ConfigMap): json: unsupported value: +Inf',
  },
  {
    it: 'refuses YAML that writes half a surrogate pair',
    ...{ method: 'POST', path: `${v1}/configmaps`, type: yaml },
    body: 'metadata: {name: x}\ndata: {a: "x\\udfffy"}\n',
    code: 400,
    message: 'the object provided is unrecognized (must be of type ConfigMap): yaml: found invalid Unicode character',
  },
  {
    it: 'stores the replacement character in place of half a surrogate pair',
    ...{ method: 'POST', path: `${v1}/configmaps` },
    body: '{"metadata":{"name":"x"},"data":{"a":"x\ud800y"}}',
    code: 201,
  },
  {
    it: 'refuses a finished namespace without a name',
    ...{ method: 'PUT', path: '/api/v1/namespaces/kube-public/finalize' },
    body: {},
    code: 400,
    message: 'the name of the object (kube-public based on URL) was undeterminable: name must be provided',
  },
  {
    it: 'shows the keys of an applied item also where they are no scalars',
    ...{ method: 'PATCH', path: `${v1}/services/kubernetes?fieldManager=a&force=true`, type: applied },
    body: {
      ...{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'kubernetes' } },
      spec: { ports: [{ port: 443, protocol: { b: 1, a: [true] } }] },
    },
    code: 500,
    message: '.spec.ports[port=443,protocol=a=[true]b=1].protocol: expected string, got &value',
  },
  {
    it: 'refuses a body that nests too deep, whatever is to be said of it',
    ...{ method: 'PUT', path: `${v1}/serviceaccounts/default` },
    body: deep('[', ']', 5_000),
    code: 400,
    message: 'the object provided is unrecognized',
  },
  {
    it: 'refuses a body that nests as deep as may be, and is not what was asked for',
    ...{ method: 'PUT', path: `${v1}/serviceaccounts/default` },
    body: deep('[', ']', 1_000),
    code: 400,
    message: 'the object provided is unrecognized',
  },
]

describe('[A3] [A4] an API server that was once asked for nonsense', () => {
  it.each(findings.map(finding => [finding.it, finding] as const))('%s', (_, finding) => {
    const { method, path, type = 'application/json', body, code, message } = finding
    const lab = apiLab()
    const { revision } = lab.etcd
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const request = { method, path, headers: { 'Content-Type': type, Accept: 'application/json' }, body: text }
    const answer = sendTo(lab, request)
    expect(answer.status, answer.body).toBe(code)
    if (message !== undefined)
      expect(JSON.parse(answer.body)).toMatchObject({ message: expect.stringContaining(message) })
    expect(problemsOf(request, answer)).toEqual([])
    expect(new StoreJudge(lab, new Chance(1, 'judge')).problemsSince(revision, request, answer)).toEqual([])
  })

  it.each([
    { spec: null },
    { spec: { behavior: { scaleUp: {}, scaleDown: { policies: null } } } },
    { spec: { metrics: [{ type: 'Resource', resource: { name: 'cpu' } }, {}] } },
    { status: null },
    { status: { currentMetrics: [{ type: 'Resource', resource: { name: 'cpu' } }] } },
  ])('looks at an applied autoscaler in its other version before it is filled in: %j', part => {
    const lab = apiLab()
    const place = (version: string): string =>
      `/apis/autoscaling/${version}/namespaces/default/horizontalpodautoscalers`
    const send = (method: string, path: string, type: string, object: object): number => {
      const headers = { 'Content-Type': type, Accept: 'application/json' }
      return sendTo(lab, { method, path, headers, body: JSON.stringify(object) }).status
    }
    const head = { kind: 'HorizontalPodAutoscaler', metadata: { name: 'x' } }
    const spec = { maxReplicas: 2, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'd' } }
    expect(send('POST', place('v1'), 'application/json', { ...head, apiVersion: 'autoscaling/v1', spec })).toBe(201)
    for (const subresource of ['', '/status', '']) {
      const path = `${place('v2')}/x${subresource}?fieldManager=a&force=true`
      expect(send('PATCH', path, applied, { ...head, apiVersion: 'autoscaling/v2', ...part })).toBeLessThan(500)
    }
  })

  it('warns in headers that can be sent, and of no more than anybody reads', () => {
    const send = (fields: object): readonly string[] => {
      const headers = { 'Content-Type': 'application/json' }
      const body = JSON.stringify({ metadata: { generateName: 'x' }, ...fields })
      const answer = sendTo(apiLab(), { method: 'POST', path: `${v1}/configmaps`, headers, body })
      expect(answer.status).toBe(201)
      return [answer.headers['Warning'] ?? []].flat()
    }
    expect(send({ 한글: 1 })).toEqual(['299 - "unknown field \\"한글\\""'])
    expect(send({ 'a\u0000b': 1 }).join('')).not.toMatch(/\p{Cc}/u)
    const many = send(Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`${'x'.repeat(400)}${i}`, 1])))
    expect(many.length).toBe(16)
    expect(many.every(line => line.length < 280)).toBe(true)
  })
})
