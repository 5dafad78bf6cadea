import { describe, expect, it } from 'vitest'
import { APIService } from '../api/apiregistration/apiservice.ts'
import { Deployment } from '../api/apps/deployment.ts'
import { HorizontalPodAutoscaler } from '../api/autoscaling/horizontalpodautoscaler.ts'
import { Event } from '../api/core/event.ts'
import { Pod } from '../api/core/pod.ts'
import { Service } from '../api/core/service.ts'
import { NodeMetrics } from '../api/metrics/nodemetrics.ts'
import { PodMetrics } from '../api/metrics/podmetrics.ts'
import { findCondition } from '../api/meta/conditions.ts'
import type { Kind } from '../machinery/kind.ts'
import { milliValue } from '../machinery/quantity.ts'
import { metricsServerManifest } from './addons/metrics-server.ts'
import { parseManifest } from './addons/manifest.ts'
import { Cluster } from './cluster.ts'
import { kinds } from '../api/index.ts'
import { defaultTopology } from './topology.ts'

const namespace = 'default'
const script = 'while sleep 0.01; do wget -q -O- http://php-apache; done'

/** A lab with the walkthrough's Deployment, its Service and its autoscaler. */
class Lab {
  readonly cluster = new Cluster({
    seed: 1,
    topology: { ...defaultTopology, workers: 2 },
    startMs: Date.UTC(2026, 0, 15, 9),
  })
  private readonly kindOf = (apiVersion: string, name: string): Kind => {
    const kind = kinds.find(each => each.apiVersion === apiVersion && each.kind === name)
    if (!kind) throw new Error(`no kind ${name}`)
    return kind
  }

  constructor() {
    for (let i = 0; i < 300 && !this.cluster.isBooted(); i++) this.run(1)
    const { api } = this.cluster
    const name = 'php-apache'
    const labels = { run: name }
    const resources = { limits: { cpu: '500m' }, requests: { cpu: '200m' } }
    const ports = [{ containerPort: 80 }]
    const containers = [{ name, image: 'registry.k8s.io/hpa-example', ports, resources }]
    api.create(Deployment, {
      metadata: { name, namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    })
    api.create(Service, { metadata: { name, namespace, labels }, spec: { ports: [{ port: 80 }], selector: labels } })
    const target = { type: 'Utilization' as const, averageUtilization: 50 }
    api.create(HorizontalPodAutoscaler, {
      metadata: { name, namespace },
      spec: {
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
        ...{ minReplicas: 1, maxReplicas: 10, metrics: [{ type: 'Resource', resource: { name: 'cpu', target } }] },
      },
    })
  }

  /** What `kubectl apply -f components.yaml` does. */
  installMetricsServer(): void {
    for (const object of parseManifest(metricsServerManifest)) {
      this.cluster.api.create(this.kindOf(object.apiVersion, object.kind), object)
    }
  }

  startLoad(): void {
    const containers = [{ name: 'load-generator', image: 'busybox:1.28', command: ['/bin/sh', '-c', script] }]
    const metadata = { name: 'load-generator', namespace }
    this.cluster.api.create(Pod, { metadata, spec: { restartPolicy: 'Never', containers } })
  }

  run(seconds: number): void {
    const { simulation } = this.cluster
    simulation.runUntil(simulation.now + seconds * 1_000)
  }

  get hpa(): HorizontalPodAutoscaler {
    return this.cluster.api.get(HorizontalPodAutoscaler, 'php-apache', namespace)
  }

  /** What it measured last, in per cent; undefined for `<unknown>`. */
  get utilization(): number | undefined {
    return this.hpa.status.currentMetrics?.[0]?.resource?.current.averageUtilization
  }

  get replicas(): number {
    return this.cluster.api.get(Deployment, 'php-apache', namespace).spec.replicas
  }

  events(reason: string): string[] {
    const found = this.cluster.api.list(Event, namespace).filter(event => event.reason === reason)
    return found.map(({ message = '' }) => message)
  }

  get available(): string {
    const { status } = this.cluster.api.get(APIService, 'v1beta1.metrics.k8s.io')
    const { status: value = '', reason = '' } = findCondition(status.conditions, 'Available') ?? {}
    return `${value} ${reason}`
  }
}

describe('[F2] the walkthrough of the HorizontalPodAutoscaler', () => {
  it('has nothing to go by without metrics-server, scales to about seven under load, and back when it is over', () => {
    const lab = new Lab()
    const { api } = lab.cluster
    lab.run(60)
    expect(lab.utilization).toBeUndefined()
    expect(lab.events('FailedGetResourceMetric')[0]).toContain('the server could not find the requested resource')

    lab.installMetricsServer()
    lab.run(5)
    expect(lab.available).toBe('False MissingEndpoints')
    lab.run(70)
    expect(lab.available).toBe('True Passed')
    expect(lab.utilization).toBe(0)
    expect(lab.replicas).toBe(1)
    expect(api.list(NodeMetrics).map(({ metadata }) => metadata.name)).toEqual(['m-k8s', 'w1-k8s', 'w2-k8s'])

    lab.startLoad()
    lab.run(45)
    const [metrics] = api.list(PodMetrics, namespace, { labelSelector: 'run=php-apache' })
    expect(metrics?.window).toMatch(/^1[45](\.\d+)?s$/)
    // One replica does what its limit allows.
    expect(milliValue(metrics?.containers[0]?.usage['cpu'] ?? '0')).toBeGreaterThan(150)
    expect(milliValue(metrics?.containers[0]?.usage['cpu'] ?? '0')).toBeLessThanOrEqual(510)
    const before = lab.cluster.simulation.handled
    lab.run(135)
    expect(lab.replicas).toBeGreaterThanOrEqual(6)
    expect(lab.replicas).toBeLessThanOrEqual(8)
    expect(lab.utilization).toBeLessThanOrEqual(55)
    expect(lab.utilization).toBeGreaterThanOrEqual(40)
    // The price of some twenty-five requests a second.
    expect((lab.cluster.simulation.handled - before) / 135).toBeLessThan(900)
    const most = lab.replicas

    api.delete(Pod, { metadata: { name: 'load-generator', namespace } }, { gracePeriodSeconds: 0 })
    lab.run(240)
    // The stabilisation window of five minutes holds it up.
    expect(lab.replicas).toBe(most)
    lab.run(150)
    expect(lab.replicas).toBe(1)
    expect(lab.events('SuccessfulRescale').at(-1)).toBe('New size: 1; reason: All metrics below target')
  }, 120_000)
})

describe('[F1] metrics-server', () => {
  it('cannot be reached when its machine is cut off, and is found again', () => {
    const lab = new Lab()
    lab.installMetricsServer()
    lab.run(75)
    expect(lab.available).toBe('True Passed')
    const [pod] = lab.cluster.api.list(Pod, 'kube-system', { labelSelector: 'k8s-app=metrics-server' })
    const target = pod?.spec.nodeName ?? ''
    lab.cluster.applyFault({ what: 'cut-network', target })
    lab.run(38)
    expect(lab.available).toBe('False FailedDiscoveryCheck')
    expect(() => lab.cluster.api.list(NodeMetrics)).toThrow('the server is currently unable to handle the request')
    lab.cluster.applyFault({ what: 'mend-network', target })
    lab.run(90)
    expect(lab.available).toBe('True Passed')
    expect(lab.cluster.api.list(NodeMetrics)).toHaveLength(3)
  }, 60_000)
})
