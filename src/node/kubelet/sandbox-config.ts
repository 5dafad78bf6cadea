import { deepFreeze } from '../../machinery/object.ts'
import type { SandboxConfig } from '../cri/cri.ts'
import { isHostNetwork, type Kubelet, refOf } from './context.ts'
import type { PodWorker } from './state.ts'

type Dns = NonNullable<SandboxConfig['dns']>

/** What the runtime has to know to make a Pod's sandbox: pkg/kubelet/kuberuntime/kuberuntime_sandbox.go. */
export function sandboxConfig(kubelet: Kubelet, { pod, sandboxAttempts }: PodWorker): SandboxConfig {
  const { config } = kubelet.state
  const hostNetwork = isHostNetwork(pod)
  const dns = dnsOf(kubelet, pod)
  const hosts: Record<string, string> = {}
  for (const { ip, hostnames } of pod.spec.hostAliases ?? []) for (const name of hostnames ?? []) hosts[name] = ip
  return deepFreeze({
    pod: refOf(pod),
    hostname: hostNetwork ? config.nodeName : (pod.spec.hostname ?? pod.metadata.name.slice(0, 63)),
    hostNetwork,
    attempt: sandboxAttempts,
    ...(dns && { dns }),
    ...(Object.keys(hosts).length > 0 && { hosts }),
    ...(!hostNetwork && { hostPorts: hostPortsOf(pod) }),
  })
}

/** Pods of the host network have the machine's ports anyway. */
function hostPortsOf({ spec }: PodWorker['pod']): NonNullable<SandboxConfig['hostPorts']> {
  const containers = [...(spec.initContainers ?? []), ...spec.containers]
  return containers
    .flatMap(({ ports }) => ports ?? [])
    .flatMap(({ hostPort, containerPort, protocol }) =>
      hostPort ? [{ hostPort, containerPort, protocol: protocol === 'UDP' ? ('udp' as const) : ('tcp' as const) }] : [],
    )
}

/** pkg/kubelet/network/dns: Pods of the host network use the machine's resolver unless they ask for the cluster's. */
function dnsOf({ state }: Kubelet, { metadata, spec }: PodWorker['pod']): Dns | undefined {
  const { clusterDns, clusterDomain } = state.config
  const own = spec.dnsConfig
  const ndots = own?.options?.find(({ name }) => name === 'ndots')?.value
  const search = own?.searches ?? []
  const usesCluster =
    spec.dnsPolicy === 'ClusterFirstWithHostNet' || (spec.dnsPolicy === 'ClusterFirst' && spec.hostNetwork !== true)
  if (usesCluster) {
    const domains = [`${metadata.namespace ?? 'default'}.svc.${clusterDomain}`, `svc.${clusterDomain}`, clusterDomain]
    return { server: clusterDns, search: [...domains, ...search], ndots: Number(ndots ?? 5) }
  }
  const server = own?.nameservers?.[0]
  return server === undefined ? undefined : { server, search, ndots: Number(ndots ?? 1) }
}
