/** A Deployment with its Service, as the sweep varies them. */
export interface Family {
  readonly replicas: number
  readonly image: string
  readonly nodePort: number
  readonly strategy: string
  readonly cpu: string
  /** Seconds until the Pods say that they are ready. */
  readonly readyAfter: number
}

/** What the Deployments of a sweep are called. */
export const families: readonly string[] = ['web', 'shop', 'cart', 'mail']

const strategies = [
  '{ type: Recreate }',
  '{ type: RollingUpdate }',
  '{ type: RollingUpdate, rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }',
  '{ type: RollingUpdate, rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }',
  '{ type: RollingUpdate, rollingUpdate: { maxSurge: 100%, maxUnavailable: 50% } }',
]

/** A family at random; all of them together fit on three workers, so that nothing has to wait for ever. */
export function newFamily(dice: () => number, index: number): Family {
  const upTo = (limit: number): number => Math.floor(dice() * limit)
  return {
    replicas: upTo(7),
    image: dice() < 0.85 ? 'nginx:1.27' : 'nginx:nothing',
    nodePort: 30_000 + index,
    strategy: strategies[upTo(strategies.length)] ?? '',
    cpu: `${50 + 10 * upTo(6)}m`,
    readyAfter: dice() < 0.3 ? 5 + upTo(15) : 0,
  }
}

/** The manifest of a family. */
export function deploymentText(name: string, family: Family): string {
  const { replicas, image, nodePort, strategy, cpu, readyAfter } = family
  const probe = readyAfter
    ? `, readinessProbe: { httpGet: { port: 80 }, initialDelaySeconds: ${readyAfter}, periodSeconds: 3 }`
    : ''
  return `apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: default }
spec:
  replicas: ${replicas}
  strategy: ${strategy}
  selector: { matchLabels: { app: ${name} } }
  template:
    metadata: { labels: { app: ${name} } }
    spec:
      containers: [{ name: main, image: "${image}", resources: { requests: { cpu: ${cpu} } }${probe} }]
---
apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: default }
spec: { type: NodePort, selector: { app: ${name} }, ports: [{ port: 80, nodePort: ${nodePort} }] }
`
}

/** What is there all the time: a DaemonSet, a Pod whose probes fail at first, and a Pod of nobody. */
export const othersText = `apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: default }
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec: { containers: [{ name: main, image: httpd }] }
---
apiVersion: v1
kind: Pod
metadata: { name: slow, namespace: default, labels: { app: slow } }
spec:
  containers:
    - name: main
      image: busybox
      command: [sh, -c, "sleep 12; touch /tmp/ready; sleep 1000000"]
      startupProbe: { exec: { command: [cat, /tmp/ready] }, periodSeconds: 2, failureThreshold: 30 }
      readinessProbe: { exec: { command: [cat, /tmp/ready] } }
---
apiVersion: v1
kind: Pod
metadata: { name: alone, namespace: default, labels: { app: alone } }
spec: { containers: [{ name: main, image: nginx }] }
`
