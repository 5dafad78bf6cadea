// The world in which every API case starts (golden/api/README.md), for a server that does not make it by itself.
import type { HttpServer } from './golden-api-replay.ts'
import type { JsonObject } from './golden-json.ts'

const NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

const KUBERNETES_SERVICE = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    clusterIP: '10.96.0.1',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  },
}

const PRIORITY_CLASSES = [
  [
    'system-cluster-critical',
    2_000_000_000,
    'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  ],
  [
    'system-node-critical',
    2_000_001_000,
    'Used for system critical pods that must not be moved from their current node.',
  ],
] as const

/**
 * Creates what is missing: the four namespaces, the default ServiceAccount, Service `kubernetes`, the two system
 * PriorityClasses. What is there already and what the server does not serve is left alone.
 */
export function makeWorld(server: HttpServer): HttpServer {
  const headers = { 'Content-Type': 'application/json', Accept: 'application/json' }
  const make = (path: string, object: JsonObject): void => {
    server.send({ method: 'POST', path, headers, body: JSON.stringify(object) })
  }
  for (const name of NAMESPACES) make('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  make('/api/v1/namespaces/default/serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'default', namespace: 'default' },
  })
  make('/api/v1/namespaces/default/services', KUBERNETES_SERVICE)
  for (const [name, value, description] of PRIORITY_CLASSES) {
    const head = { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name } }
    make('/apis/scheduling.k8s.io/v1/priorityclasses', { ...head, value, description })
  }
  return server
}
