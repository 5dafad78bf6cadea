import type { Deployment } from '../api/apps/deployment.ts'
import type { ReplicaSet } from '../api/apps/replicaset.ts'
import type { Pod } from '../api/core/pod.ts'
import type { Service } from '../api/core/service.ts'
import type { NewObject } from '../client/api.ts'

/** Small objects for tests: what a test does not care about is filled in, all of it in namespace `default`. */

export const labels = { app: 'web' }

const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'registry.example/web:1' }] } }

export function replicaSet(name: string, spec: NewObject<ReplicaSet>['spec'] = {}): NewObject<ReplicaSet> {
  return { metadata: { name, namespace: 'default' }, spec: { selector: { matchLabels: labels }, template, ...spec } }
}

export function deployment(name: string, spec: NewObject<Deployment>['spec'] = {}): NewObject<Deployment> {
  return { metadata: { name, namespace: 'default' }, spec: { selector: { matchLabels: labels }, template, ...spec } }
}

export function pod(name: string, metadata: NewObject<Pod>['metadata'] = {}): NewObject<Pod> {
  return { metadata: { name, namespace: 'default', labels, ...metadata }, spec: template.spec }
}

export function service(name: string, spec: NewObject<Service>['spec'] = {}): NewObject<Service> {
  return { metadata: { name, namespace: 'default' }, spec: { selector: labels, ports: [{ port: 80 }], ...spec } }
}
