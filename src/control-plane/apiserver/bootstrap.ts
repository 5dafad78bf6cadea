import type { UserInfo } from '../../machinery/rest.ts'
import type { Self } from '../../sim/component.ts'
import { get } from '../etcd/store.ts'
import { reconcilePolicy } from './bootstrap-policy/reconcile.ts'
import { serve } from './pipeline.ts'
import { keyFor } from './resources.ts'
import type { Server } from './server-context.ts'
import type { ApiServerState } from './state.ts'

/** The API server as its own client: `system:apiserver` on the loopback. */
const loopback: UserInfo = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] }

const namespaces = ['kube-system', 'kube-public', 'default', 'kube-node-lease']

/** Classes that every cluster has (pkg/apis/scheduling/helpers.go). */
const priorityClasses = [
  {
    metadata: { name: 'system-node-critical' },
    value: 2000001000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    metadata: { name: 'system-cluster-critical' },
    value: 2000000000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
]

/**
 * Makes what every API server makes when it starts and does not find: the system namespaces, the default roles, the
 * system priority classes and the `kubernetes` Service with its endpoints (controlplane/controller/{systemnamespaces,kubernetesservice}).
 */
export function bootstrap(server: Server, self: Self<ApiServerState>): void {
  const { advertiseAddress: ip = '192.168.1.10', securePort: port = 6443 } = server.options
  const etcd = server.options.etcd()
  const ensure = (group: string, resource: string, body: Named, namespace?: string): void => {
    const place = server.resources.find(group, 'v1', resource)
    if (!place || get(etcd, keyFor(place, namespace, body.metadata.name))) return
    const where = namespace === undefined ? {} : { namespace }
    const asked = { verb: 'create', group, version: 'v1', resource, ...where } as const
    serve(server, self, { ...asked, body, user: loopback, userAgent: 'kube-apiserver' })
  }
  for (const name of namespaces) ensure('', 'namespaces', { metadata: { name } })
  reconcilePolicy(server, self, loopback)
  for (const priorityClass of priorityClasses) ensure('scheduling.k8s.io', 'priorityclasses', priorityClass)
  ensure('', 'services', kubernetesService(port), 'default')
  ensure('', 'endpoints', endpoints(ip, port), 'default')
  ensure('discovery.k8s.io', 'endpointslices', endpointSlice(ip, port), 'default')
}

interface Named {
  metadata: { name: string; labels?: Record<string, string> }
  [field: string]: unknown
}

function kubernetesService(port: number): Named {
  return {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
    },
  }
}

function endpoints(ip: string, port: number): Named {
  return {
    metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  }
}

function endpointSlice(ip: string, port: number): Named {
  return {
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  }
}
