import type { Pod } from '../../../api/core/pod.ts'
import type { Service, ServicePort } from '../../../api/core/service.ts'

/** The port of a Pod that a Service's port means: a number, or the name of a container's port. Models FindPort. */
export function findPort(pod: Pod, { protocol, targetPort }: ServicePort): number | undefined {
  if (typeof targetPort === 'number') return targetPort
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  for (const { ports } of [...pod.spec.containers, ...sidecars]) {
    const found = ports?.find(port => port.name === targetPort && port.protocol === protocol)
    if (found) return found.containerPort
  }
  return undefined
}

export interface ResolvedPort {
  readonly name: string
  readonly port: number
  readonly protocol: ServicePort['protocol']
  readonly appProtocol?: string
}

/** The ports of a Service on one Pod; names that the Pod does not know are left out. */
export function portsOn(pod: Pod, { spec }: Service): ResolvedPort[] {
  const ports: ResolvedPort[] = []
  for (const each of spec.ports ?? []) {
    const port = findPort(pod, each)
    if (port === undefined) continue
    const { name = '', protocol, appProtocol } = each
    ports.push({ name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) })
  }
  return ports
}
