import type { ApiRequest, UserInfo } from '../../machinery/rest.ts'
import { attempt } from '../../machinery/status.ts'
import type { Self } from '../../sim/component.ts'
import { serve } from './pipeline.ts'
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
 * Makes what every API server makes when it starts and does not find: the system namespaces, the system priority
 * classes and the `kubernetes` Service with its endpoints (controlplane/controller/{systemnamespaces,kubernetesservice}).
 */
export function bootstrap(server: Server, self: Self<ApiServerState>): void {
  const { advertiseAddress: ip = '192.168.1.10', securePort: port = 6443 } = server.options
  const create = (version: string, resource: string, body: object, namespace?: string): void => {
    const [group, name] = version.includes('/') ? version.split('/') : ['', version]
    if (!server.resources.find(group ?? '', name ?? '', resource)) return
    const request: ApiRequest = {
      verb: 'create',
      group: group ?? '',
      version: name ?? '',
      resource,
      ...(namespace !== undefined && { namespace }),
      body,
      user: loopback,
      userAgent: 'kube-apiserver',
    }
    const failure = attempt(() => serve(server, self, request))
    if (failure && failure.reason !== 'AlreadyExists') throw failure
  }
  for (const name of namespaces) create('v1', 'namespaces', { metadata: { name } })
  for (const priorityClass of priorityClasses) create('scheduling.k8s.io/v1', 'priorityclasses', priorityClass)
  create('v1', 'services', kubernetesService(port), 'default')
  create('v1', 'endpoints', endpoints(ip, port), 'default')
  create('discovery.k8s.io/v1', 'endpointslices', endpointSlice(ip, port), 'default')
}

function kubernetesService(port: number): object {
  return {
    metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
    spec: {
      type: 'ClusterIP',
      clusterIP: '10.96.0.1',
      clusterIPs: ['10.96.0.1'],
      ipFamilies: ['IPv4'],
      ipFamilyPolicy: 'SingleStack',
      sessionAffinity: 'None',
      ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: port }],
    },
  }
}

function endpoints(ip: string, port: number): object {
  return {
    metadata: { name: 'kubernetes', labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' } },
    subsets: [{ addresses: [{ ip }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
  }
}

function endpointSlice(ip: string, port: number): object {
  return {
    metadata: { name: 'kubernetes', labels: { 'kubernetes.io/service-name': 'kubernetes' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports: [{ name: 'https', port, protocol: 'TCP' }],
  }
}
