import { beforeAll, describe, expect, it } from 'vitest'
import { type Input, type WhyAnswer } from '../protocol/messages.ts'
import { freshRecord } from '../testing/fresh-session.ts'
import { answer } from './answers.ts'
import { Session, startOfTime } from './session.ts'
import { whyAnswer } from './why.ts'

const fresh = freshRecord(11)

function pod(name: string, spec: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name}, labels: { app: ${name} } }\nspec: ${spec}\n---\n`
}

const container = (rest: string): string => `{ containers: [{ name: main, ${rest} }] }`

/** Everything that the tests look at is broken in one cluster. */
const manifests = [
  pod('huge', container('image: nginx, resources: { requests: { cpu: "100" } }')),
  pod('picky', `{ nodeSelector: { disk: ssd }, containers: [{ name: main, image: nginx }] }`),
  pod('gated', `{ schedulingGates: [{ name: example.com/later }], containers: [{ name: main, image: nginx }] }`),
  pod('stranger', `{ schedulerName: mine, containers: [{ name: main, image: nginx }] }`),
  pod('typo', container('image: "nginx:1.99.99-nosuch"')),
  pod('crash', container('image: busybox, command: [sh, -c, "exit 3"]')),
  pod('unset', container('image: nginx, envFrom: [{ configMapRef: { name: settings } }]')),
  pod(
    'unmounted',
    `{ volumes: [{ name: v, configMap: { name: pages } }],
       containers: [{ name: main, image: nginx, volumeMounts: [{ name: v, mountPath: /pages }] }] }`,
  ),
  pod('unready', container('image: nginx, readinessProbe: { httpGet: { path: /nothing, port: 80 } }')),
  pod('fine', container('image: nginx, ports: [{ containerPort: 80 }]')),
  `apiVersion: v1
kind: Service
metadata: { name: wrong-label }
spec: { selector: { app: fin }, ports: [{ port: 80 }] }
---
apiVersion: v1
kind: Service
metadata: { name: wrong-port }
spec: { selector: { app: fine }, ports: [{ port: 80, targetPort: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: no-one-ready }
spec: { selector: { app: unready }, ports: [{ port: 80 }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: astray }
spec:
  ingressClassName: nginx
  rules: [{ http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: nobody, port: { number: 80 } } } }] } }]
---
apiVersion: v1
kind: PersistentVolume
metadata: { name: small }
spec: { capacity: { storage: 1Gi }, accessModes: [ReadWriteOnce], hostPath: { path: /data } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 5Gi } } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: few, namespace: kube-public }
spec: { hard: { pods: "1" } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: kube-public }
spec:
  replicas: 2
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx }] }
---
apiVersion: batch/v1
kind: Job
metadata: { name: hopeless }
spec:
  backoffLimit: 0
  template: { spec: { restartPolicy: Never, containers: [{ name: main, image: busybox, command: ["false"] }] } }
`,
].join('')

describe('[J7] why', () => {
  let session: Session

  beforeAll(() => {
    session = new Session(fresh)
    session.advance(startOfTime + 60_000)
    const input: Input = { type: 'apply', yaml: manifests }
    const result = session.input(input)
    expect(result).toMatchObject({ errors: [] })
    session.advance(startOfTime + 180_000)
  })

  function why(resource: string, name: string, namespace = 'default'): WhyAnswer {
    const [first] = whyAnswer(session.cluster, resource, namespace, name) ?? []
    if (!first) throw new Error(`nothing is said about ${resource} ${name}`)
    return first
  }

  function evidence({ evidence: findings }: WhyAnswer): string {
    return findings.map(({ source, text }) => `${source}: ${text}`).join('\n')
  }

  it.each([
    ['huge', 'None of the 4 nodes can take it. On 3: not enough cpu left for its requests.', 'Insufficient cpu'],
    [
      'picky',
      'None of the 4 nodes can take it. On 3: its labels are not those that the Pod asks for (nodeSelector or affinity).',
      "w1-k8s: node(s) didn't match Pod's node affinity/selector (NodeAffinity)",
    ],
    [
      'gated',
      'The scheduler does not look at it before its gates are taken away: example.com/later.',
      'spec.schedulingGates: example.com/later',
    ],
    ['stranger', 'No scheduler has looked at it yet: does one named “mine” run?', 'spec.schedulerName: mine'],
    [
      'typo',
      'The image “nginx:1.99.99-nosuch” of container “main” cannot be fetched: is its name right, and is there such a tag?',
      'nginx:1.99.99-nosuch: not found',
    ],
    ['crash', '“main” ends by itself with exit code 3', 'Error (exit code 3)'],
    [
      'unset',
      'It needs the ConfigMap “settings”, and there is none in its namespace.',
      'configmap "settings" not found',
    ],
    ['unmounted', 'It needs the ConfigMap “pages”, and there is none in its namespace.', 'FailedMount'],
    ['unready', 'The readiness probe of “main” fails, so no Service sends it requests.', 'statuscode: 404'],
    ['fine', 'and is ready for requests.', 'status.conditions[Ready]: True'],
  ])('says of the Pod %s what is the matter, in the words of those who know', (name, sentence, words) => {
    const said = why('pods', name)
    expect(said.text.en).toContain(sentence)
    expect(evidence(said)).toContain(words)
    expect(said.text.ko).toMatch(/[가-힣]/)
  })

  it('finds the label that differs, and its fix brings the Service its Pod', () => {
    const said = why('services', 'wrong-label')
    expect(said.text.en).toBe('It selects app=fin, but Pod “fine” has app=fine: no Pod matches.')
    expect(said.fix?.command).toBe("kubectl set selector service wrong-label 'app=fine' -n default")
    expect(said.fix?.diff).toContain('-    app: fin\n+    app: fine')
    mend(said)
    expect(why('services', 'wrong-label')).toMatchObject({ tone: 'good' })
  })

  it('finds the port that nobody names, and its fix brings the Service its Pod', () => {
    const said = why('services', 'wrong-port')
    expect(said.text.en).toContain(
      'leads to a port named “http”, which no container of its Pods declares: they have 80.',
    )
    mend(said)
    expect(why('services', 'wrong-port')).toMatchObject({ tone: 'good' })
  })

  it('follows a Service to the Pod that is not ready, and an Ingress to the Service that is not there', () => {
    const service = why('services', 'no-one-ready')
    expect(service.text.en).toContain('none of them is ready. Pod “unready”: The readiness probe of “main” fails')
    expect(service.cause).toEqual({ resource: 'pods', namespace: 'default', name: 'unready' })
    const ingress = why('ingresses.networking.k8s.io', 'astray')
    expect(ingress.text.en).toBe('“*/” leads to the Service “nobody”, which is not there.')
  })

  it('weighs every volume for a claim that has none', () => {
    const said = why('persistentvolumeclaims', 'data')
    expect(said.text.en).toBe('It names no storage class and there is no default one, and none of the 1 volumes fits.')
    expect(evidence(said)).toContain('small: 1Gi, wanted 5Gi')
  })

  it('says that a quota keeps Pods from being made, and how a Job has ended', () => {
    const said = why('deployments.apps', 'web', 'kube-public')
    expect(said.text.en).toBe('The API server refuses to create its Pods.')
    expect(evidence(said)).toContain('exceeded quota: few')
    expect(why('jobs.batch', 'hopeless').text.en).toBe('Its Pods failed more often than backoffLimit allows.')
  })

  it('shows warnings about kinds that have no explainer, and refuses what is not there', () => {
    expect(why('configmaps', 'kube-root-ca.crt')).toMatchObject({ tone: 'good', evidence: [] })
    const ask = { ask: 'why', resource: 'pods', namespace: 'default', name: 'nobody' } as const
    expect(() => answer(session, ask)).toThrow('pods "nobody" not found')
  })

  it('tells a silent node from a cordoned one, and what that means for a Pod on it', () => {
    session.input({ type: 'shell', terminal: 'a', line: 'kubectl cordon w2-k8s' })
    const pods = session.cluster.terminals.kubectl(['kubectl', 'get', 'pod', 'fine', '-o', 'jsonpath={.spec.nodeName}'])
    session.input({ type: 'fault', fault: { what: 'stop-machine', target: pods.stdout } })
    session.advance(session.now + 90_000)
    expect(why('nodes', 'w2-k8s').text.en).toContain('It is cordoned')
    expect(why('nodes', pods.stdout).text.en).toContain('Its kubelet is silent')
    const said = why('pods', 'fine')
    expect(said.text.en).toBe(`Its node “${pods.stdout}” is not ready.`)
    expect(said.cause).toEqual({ resource: 'nodes', name: pods.stdout })
  })

  function mend({ fix }: WhyAnswer): void {
    expect(session.input({ type: 'apply', yaml: fix?.yaml ?? '' })).toMatchObject({ errors: [] })
    session.advance(session.now + 5_000)
  }
})
