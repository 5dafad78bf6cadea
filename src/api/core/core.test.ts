import { describe, expect, it } from 'vitest'
import { decode } from '../../machinery/decode.ts'
import { errorText } from '../../machinery/fieldpath.ts'
import { documentOf } from '../../machinery/json-text.ts'
import { deepFreeze, draftOf } from '../../machinery/object.ts'
import { formatQuantity } from '../../machinery/quantity.ts'
import { schema } from '../schema.ts'
import type { Container, Taint, Toleration } from '../generated/core.v1.ts'
import { unifiedDiff } from './linediff.ts'
import { Node, nodeRoles, nodeStatus } from './node.ts'
import { isAvailable, Pod, podReady, podRestarts, podStatus } from './pod.ts'
import { workloadWarnings } from './podwarnings.ts'
import { podLimits, podRequests, qosClass } from './resources.ts'
import { findUntoleratedTaint, tolerates } from './toleration.ts'

type Amounts = Record<string, string>

/** A Pod as the server would have it. */
function podWith(spec: object, rest: object = {}): Pod {
  const type = schema.schemaOf(Pod)
  const written = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'lab' }, spec, ...rest }
  const value = type && draftOf(decode(type, documentOf(written)).value)
  if (!isPod(value)) throw new Error('not a Pod')
  Pod.defaults?.(value)
  return value
}

function isPod(value: unknown): value is Pod {
  return typeof value === 'object' && value !== null && 'spec' in value
}

function container(name: string, requests: Amounts, limits: Amounts = {}, restartPolicy?: string): object {
  return { name, image: 'c:1', resources: { requests, limits }, ...(restartPolicy && { restartPolicy }) }
}

const texts = (amounts: ReturnType<typeof podRequests>): Amounts =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, formatQuantity(amount)]))

describe('[B11] what a Pod asks for', () => {
  it('is the sum of its containers', () => {
    const pod = podWith({ containers: [container('a', { cpu: '100m' }), container('b', { cpu: '1', memory: '1Gi' })] })
    expect(texts(podRequests(pod))).toEqual({ cpu: '1100m', memory: '1Gi' })
  })

  it('is that of an init container if that is more', () => {
    const pod = podWith({
      initContainers: [container('first', { cpu: '2', memory: '64Mi' })],
      containers: [container('a', { cpu: '500m', memory: '128Mi' })],
    })
    expect(texts(podRequests(pod))).toEqual({ cpu: '2', memory: '128Mi' })
  })

  it('counts a sidecar with what starts after it and with what runs beside it', () => {
    const pod = podWith({
      initContainers: [
        container('early', { cpu: '900m' }),
        container('sidecar', { cpu: '300m' }, {}, 'Always'),
        container('late', { cpu: '800m' }),
      ],
      containers: [container('a', { cpu: '500m' })],
    })
    // early 900m alone; late 800m with the sidecar's 300m; main 500m + 300m.
    expect(texts(podRequests(pod))).toEqual({ cpu: '1100m' })
  })

  it('has the overhead of the runtime class on top; limits only where there is one', () => {
    const overhead = { cpu: '250m', memory: '120Mi' }
    const pod = podWith({ overhead, containers: [container('a', { cpu: '1' }, { memory: '1Gi' })] })
    expect(texts(podRequests(pod))).toEqual({ cpu: '1250m', memory: '1144Mi' })
    expect(texts(podLimits(pod))).toEqual({ memory: '1144Mi' })
  })

  it('is what the Pod says for itself, if it does', () => {
    const pod = podWith({
      resources: { requests: { cpu: '3' } },
      containers: [container('a', { cpu: '1', memory: '1Gi' })],
    })
    expect(texts(podRequests(pod))).toEqual({ cpu: '3', memory: '1Gi' })
  })

  it('is worked out once for a spec that cannot change', () => {
    const pod = deepFreeze(podWith({ containers: [container('a', { cpu: '1' })] }))
    expect(podRequests(pod)).toBe(podRequests({ spec: pod.spec }))
  })
})

describe('[B11] QoS classes', () => {
  const both = { cpu: '1', memory: '1Gi' }
  it.each([
    ['BestEffort', 'nothing is asked for', [container('a', {})]],
    [
      'BestEffort',
      'only other resources are',
      [container('a', { 'example.com/gpu': '1' }, { 'example.com/gpu': '1' })],
    ],
    ['Guaranteed', 'limits are requests everywhere', [container('a', both, both), container('b', both, both)]],
    ['Guaranteed', 'only limits are given', [container('a', {}, both)]],
    ['Burstable', 'one container has no limits', [container('a', both, both), container('b', both)]],
    ['Burstable', 'limits are higher', [container('a', { cpu: '500m', memory: '1Gi' }, both)]],
    ['Burstable', 'memory has no limit', [container('a', { cpu: '1' }, { cpu: '1' })]],
  ])('%s if %s', (expected, _, containers) => {
    expect(qosClass(podWith({ containers }))).toBe(expected)
  })
})

describe('[C3] tolerations', () => {
  const taint: Taint = { key: 'dedicated', value: 'gpu', effect: 'NoSchedule' }
  const rows: [boolean, string, Toleration][] = [
    [
      true,
      'key, value and effect are equal',
      { key: 'dedicated', operator: 'Equal', value: 'gpu', effect: 'NoSchedule' },
    ],
    [true, 'no operator means Equal', { key: 'dedicated', value: 'gpu' }],
    [false, 'the value differs', { key: 'dedicated', value: 'cpu' }],
    [true, 'the key exists, whatever its value', { key: 'dedicated', operator: 'Exists' }],
    [true, 'everything is tolerated', { operator: 'Exists' }],
    [false, 'the effect differs', { key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }],
    [false, 'the key differs', { key: 'other', operator: 'Exists' }],
  ]
  it.each(rows)('%s: %s', (expected, _, toleration) => {
    expect(tolerates(toleration, taint)).toBe(expected)
  })

  it('are looked for only among the taints that count', () => {
    const soft: Taint = { key: 'soft', effect: 'PreferNoSchedule' }
    expect(findUntoleratedTaint([soft, taint], [], ({ effect }) => effect === 'NoSchedule')).toBe(taint)
    expect(findUntoleratedTaint([soft], [], ({ effect }) => effect === 'NoSchedule')).toBeUndefined()
  })
})

describe('[B1] a Pod in one line', () => {
  const spec = { containers: [container('a', {})] }
  const status = { name: 'a', image: '', imageID: '', restartCount: 3, ready: false }

  it('says what its container waits for', () => {
    const pod = podWith(spec, {
      status: {
        phase: 'Running',
        containerStatuses: [{ ...status, state: { waiting: { reason: 'CrashLoopBackOff' } } }],
      },
    })
    expect([podStatus(pod), podReady(pod), podRestarts(pod)]).toEqual(['CrashLoopBackOff', '0/1', 3])
  })

  it('is available minReadySeconds after it became ready', () => {
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-01-15T09:00:00Z' }]
    const pod = podWith(spec, { status: { phase: 'Running', conditions } })
    const since = Date.parse('2026-01-15T09:00:00Z')
    expect(isAvailable(pod, 0, since)).toBe(true)
    expect(isAvailable(pod, 10, since + 9_999)).toBe(false)
    expect(isAvailable(pod, 10, since + 10_000)).toBe(true)
  })

  it('waits its grace period only where it runs', () => {
    const running = podWith({ ...spec, nodeName: 'w1' }, { status: { phase: 'Running' } })
    expect(Pod.deletionGraceSeconds?.(running, undefined)).toBe(30)
    expect(Pod.deletionGraceSeconds?.(running, 5)).toBe(5)
    expect(Pod.deletionGraceSeconds?.(running, -1)).toBe(1)
    expect(Pod.deletionGraceSeconds?.(podWith(spec), undefined)).toBe(0)
    const done = podWith({ ...spec, nodeName: 'w1' }, { status: { phase: 'Succeeded' } })
    expect(Pod.deletionGraceSeconds?.(done, 30)).toBe(0)
  })
})

describe('[B1] warnings', () => {
  it('tell what is wrong with annotations that stage a Pod, whenever they change', () => {
    const spec = { containers: [container('a', {})] }
    const pod = podWith(spec, { metadata: { name: 'p', annotations: { 'podscape.dev/cpu': 'lots' } } })
    const warning = 'metadata.annotations[podscape.dev/cpu]: "lots": must be an amount of CPU, such as 250m'
    expect(Pod.warnings?.(pod, undefined)).toEqual([warning])
    expect(Pod.warnings?.(pod, pod)).toEqual([])
    const metadata = { ...pod.metadata, annotations: { 'podscape.dev/cpu': 'lots' } }
    expect(Pod.warnings?.({ ...pod, metadata }, pod)).toEqual([warning])
    const template = { metadata: pod.metadata, spec: pod.spec }
    expect(workloadWarnings('web', true, template)).toEqual([`spec.template.${warning}`])
  })

  it('tell that a name with dots makes a strange hostname, once', () => {
    const pod = podWith({ containers: [container('a', {})] }, { metadata: { name: 'web.v1' } })
    const rest = 'which can result in surprising behavior; a DNS label is recommended: [must not contain dots]'
    expect(Pod.warnings?.(pod, undefined)).toEqual([`metadata.name: this is used in the Pod's hostname, ${rest}`])
    expect(Pod.warnings?.({ ...pod, spec: { ...pod.spec } }, pod)).toEqual([])
  })

  it('name deprecated labels, hidden variables and ports that stand twice', () => {
    const twice = { containerPort: 80, protocol: 'TCP' }
    const env = [
      { name: 'A', value: '1' },
      { name: 'A', value: '2' },
      { name: 'A', value: 'x$(A)' },
    ]
    const pod = podWith({
      nodeSelector: { 'beta.kubernetes.io/os': 'linux' },
      containers: [{ name: 'a', image: 'a:1', env, ports: [twice, twice] }],
    })
    const at = 'spec.containers[0]'
    expect(Pod.warnings?.(pod, undefined)).toEqual([
      'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
      `${at}.env[1]: hides previous definition of "A", which may be dropped when using apply`,
      `${at}.ports[1]: duplicate port definition with ${at}.ports[0]`,
    ])
  })
})

describe('[B1] validation of a spec that was found right', () => {
  it('is not done again, but only for what cannot change', () => {
    const pod = podWith({ containers: [container('a', {})] }, { metadata: { name: 'p', resourceVersion: '1' } })
    expect(Pod.validate?.(pod)).toEqual([])
    const [first]: Container[] = pod.spec.containers
    if (first) first.name = 'Not A Name'
    expect(Pod.validate?.(pod)).toHaveLength(1)
  })
})

describe('[B1] debugging containers', () => {
  const debug = (extra: object): string[] => {
    const ephemeralContainers = [{ name: 'debug', image: 'busybox', ...extra }]
    const pod = podWith({ containers: [container('a', {})], ephemeralContainers })
    pod.metadata.resourceVersion = '1'
    return (Pod.validate?.(pod) ?? []).map(errorText)
  }
  const at = 'spec.ephemeralContainers[0]'

  it.each([
    ['nothing unusual', {}, []],
    ['a name that is taken', { name: 'a' }, [`${at}.name: Duplicate value: "a"`]],
    ['a target that is not there', { targetContainerName: 'b' }, [`${at}.targetContainerName: Not found: "b"`]],
    ['ports', { ports: [{ containerPort: 80 }] }, [`${at}.ports: Forbidden: cannot be set for an Ephemeral Container`]],
    [
      'resources',
      { resources: { limits: { cpu: '1' } } },
      [`${at}.resources: Forbidden: cannot be set for an Ephemeral Container`],
    ],
  ])('with %s', (_, extra, errors) => {
    expect(debug(extra)).toEqual(errors)
  })
})

describe('[A8] a node in one line', () => {
  const node = (conditions: object[], labels = {}, unschedulable = false): Node => {
    const type = schema.schemaOf(Node)
    const written = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'w1', labels },
      spec: { unschedulable },
      status: { conditions },
    }
    const value: unknown = type && draftOf(decode(type, documentOf(written)).value)
    if (!isNode(value)) throw new Error('not a Node')
    return value
  }
  const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'spec' in value

  it.each([
    ['Unknown', [], false],
    ['Ready', [{ type: 'Ready', status: 'True' }], false],
    ['NotReady', [{ type: 'Ready', status: 'Unknown' }], false],
    ['Ready,SchedulingDisabled', [{ type: 'Ready', status: 'True' }], true],
  ])('is %s', (expected, conditions, unschedulable) => {
    expect(nodeStatus(node(conditions, {}, unschedulable))).toBe(expected)
  })

  it('has the roles of its labels, sorted', () => {
    const labels = {
      'node-role.kubernetes.io/worker': '',
      'node-role.kubernetes.io/edge': '',
      'kubernetes.io/role': 'old',
    }
    expect(nodeRoles(node([], labels))).toEqual(['edge', 'old', 'worker'])
  })
})

describe('[A3] diffs in messages', () => {
  it('show three lines around a change and count like diff -u', () => {
    const before = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i']
    const after = before.map(line => (line === 'e' ? 'E' : line))
    expect(unifiedDiff(before, after)).toBe('@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n')
  })

  it('are told apart where changes are far from one another', () => {
    const before = Array.from({ length: 30 }, (_, i) => `line ${i}`)
    const after = before.with(2, 'two').with(25, 'twenty-five')
    expect(unifiedDiff(before, after).match(/^@@.*@@$/gm)).toEqual(['@@ -1,6 +1,6 @@', '@@ -23,7 +23,7 @@'])
  })

  it('are empty where nothing changed', () => {
    expect(unifiedDiff(['a'], ['a'])).toBe('')
  })
})
