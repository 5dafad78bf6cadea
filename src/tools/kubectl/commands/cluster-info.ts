import type { JsonObject } from '../../../machinery/json-value.ts'
import { defineCommand } from '../command.ts'
import { dump } from './cluster-info-dump.ts'
import { nameOf, namespaceOf, numberAt, objectsAt, textAt } from '../unstructured.ts'

/** kubectl/pkg/cmd/clusterinfo/clusterinfo.go. */
export const clusterInfo = defineCommand({
  use: 'cluster-info [flags]',
  short: 'Display cluster information',
  flags: {},
  commands: [dump],
  run({ client, out }) {
    const query = { labelSelector: 'kubernetes.io/cluster-service=true' }
    const services = objectsAt(client.get('/api/v1/namespaces/kube-system/services', { query }), 'items')
    const host = `https://${client.server}`
    out(`Kubernetes control plane is running at ${host}\n`)
    for (const service of services) {
      const name = textAt(service, 'metadata', 'labels', 'kubernetes.io/name') || nameOf(service)
      out(`${name} is running at ${linkTo(host, service)}\n`)
    }
    out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n")
  },
})

function linkTo(host: string, service: JsonObject): string {
  const [ingress] = objectsAt(service, 'status', 'loadBalancer', 'ingress')
  const ports = objectsAt(service, 'spec', 'ports')
  if (ingress) {
    const address = textAt(ingress, 'ip') || textAt(ingress, 'hostname')
    return ports.map(port => `http://${address}:${numberAt(port, 'port')} `).join('')
  }
  const [port] = ports
  const portName = textAt(port, 'name')
  const isSecure = portName === 'https' || numberAt(port, 'port') === 443
  const base = nameOf(service)
  const name = isSecure ? `https:${base}:${portName}` : portName === '' ? base : `${base}:${portName}`
  return `${host}/api/v1/namespaces/${namespaceOf(service)}/services/${name}/proxy`
}
