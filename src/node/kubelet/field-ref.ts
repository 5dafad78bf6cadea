import type { Container, Pod } from '../../api/core/pod.ts'
import type { ResourceFieldSelector } from '../../api/generated/core.v1.ts'
import { milliValue, toNumber, value as quantityValue } from '../../machinery/quantity.ts'
import { isHostNetwork, type Kubelet } from './context.ts'
import { allocatable } from './node-resources.ts'
import type { PodWorker } from './state.ts'

/** What the downward API says for a field of the Pod: pkg/fieldpath and podFieldSelectorRuntimeValue. */
export function fieldValue({ state }: Kubelet, { pod, sandbox }: PodWorker, path: string): string {
  const { metadata, spec } = pod
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (subscript) {
    const values = subscript[1] === 'labels' ? metadata.labels : metadata.annotations
    return values?.[subscript[2] ?? ''] ?? ''
  }
  const hostIp = state.config.addresses[0] ?? ''
  const podIps = isHostNetwork(pod) ? [hostIp] : (sandbox?.addresses ?? [])
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid
    case 'metadata.labels':
      return formatMap(metadata.labels)
    case 'metadata.annotations':
      return formatMap(metadata.annotations)
    case 'spec.nodeName':
      return state.config.nodeName
    case 'spec.serviceAccountName':
      return spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return hostIp
    case 'status.podIP':
      return podIps[0] ?? ''
    case 'status.podIPs':
      return podIps.join(',')
    default:
      return ''
  }
}

/** One `key="value"` a line, sorted: FormatMap of pkg/fieldpath. */
function formatMap(values: Record<string, string> | undefined): string {
  return Object.entries(values ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .join('\n')
}

/** A container's request or limit, in units of the divisor, rounded up; a limit that is not set is what the node has. */
export function resourceValue(
  { state }: Kubelet,
  pod: Pod,
  self: Container,
  { containerName, resource, divisor }: ResourceFieldSelector,
): string {
  const all = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])]
  const container = containerName ? all.find(({ name }) => name === containerName) : self
  const [list = '', ...rest] = resource.split('.')
  const name = rest.join('.')
  const amounts = list === 'limits' ? container?.resources?.limits : container?.resources?.requests
  const amount = amounts?.[name] ?? (list === 'limits' ? allocatable(state.config)[name] : undefined) ?? '0'
  const unit = divisor === undefined || toNumber(divisor) === 0 ? '1' : divisor
  if (name === 'cpu') return String(Math.ceil(milliValue(amount) / milliValue(unit)))
  return String(Math.ceil(quantityValue(amount) / quantityValue(unit)))
}
