import type { JsonObject } from '../../../../machinery/json-value.ts'
import { quote } from '../../../../machinery/go-text.ts'
import { type Command, defineCommand, defineGroup, oneName } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { createGenerated, generatorFlags } from './generator.ts'

const flags = {
  ...generatorFlags,
  tcp: flag.list("Port pairs can be specified as '<port>:<targetPort>'."),
  clusterip: flag.text("Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing)."),
  'node-port': flag.int('Port used to expose the service on each node in a cluster.'),
  'external-name': flag.text('External name of service'),
}

const { clusterip: _clusterip, 'node-port': _nodePort, 'external-name': _externalName, ...portFlags } = flags

function serviceCommand(use: string, short: string, type: string, own: Partial<typeof flags>): Command {
  return defineCommand({
    use,
    short,
    flags: { ...portFlags, ...own },
    run(context) {
      const name = oneName(context)
      const given: Record<string, unknown> = context.flags
      const tcp = Array.isArray(given.tcp) ? given.tcp.map(String) : []
      const [clusterIP, externalName] = [String(given.clusterip ?? ''), String(given['external-name'] ?? '')]
      if (tcp.length === 0 && clusterIP !== 'None' && type !== 'ExternalName') {
        throw new UsageError('at least one tcp port specifier must be provided')
      }
      const labels = { app: name }
      const nodePort = Number(given['node-port'] ?? 0)
      const ports = tcp.map(text => ({ ...portOf(text), ...(nodePort > 0 && { nodePort }) }))
      createGenerated(
        context,
        { group: '', version: 'v1', plural: 'services', namespaced: true, called: `${type} service` },
        {
          kind: 'Service',
          apiVersion: 'v1',
          metadata: { name, labels },
          spec: {
            ...(ports.length > 0 && { ports }),
            selector: labels,
            ...(clusterIP !== '' && { clusterIP }),
            type,
            ...(externalName !== '' && { externalName }),
          },
          status: { loadBalancer: {} },
        },
      )
    },
  })
}

/** `80:8080`, `443:https` or `80`. */
function portOf(text: string): JsonObject {
  const [first = '', second] = text.split(':')
  const port = Number(first)
  // strconv.ParseUint's words: ParsePort of k8s.io/utils hands them on.
  if (!/^\d+$/.test(first)) throw new UsageError(`strconv.ParseUint: parsing ${quote(first)}: invalid syntax`)
  if (port > 65535) throw new UsageError(`strconv.ParseUint: parsing ${quote(first)}: value out of range`)
  const target = second ?? first
  const targetPort = /^\d+$/.test(target) ? Number(target) : target
  return { name: text.replace(':', '-'), protocol: 'TCP', port, targetPort }
}

const { clusterip, 'node-port': nodePort, 'external-name': externalName } = flags

export const createService = defineGroup({
  use: 'service [flags]',
  aliases: ['svc'],
  short: 'Create a service using a specified subcommand',
  commands: [
    serviceCommand(
      'clusterip NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]',
      'Create a ClusterIP service',
      'ClusterIP',
      { clusterip },
    ),
    serviceCommand(
      'externalname NAME --external-name external.name [--dry-run=server|client|none]',
      'Create an ExternalName service',
      'ExternalName',
      { 'external-name': { ...externalName, required: true } },
    ),
    serviceCommand(
      'loadbalancer NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      'Create a LoadBalancer service',
      'LoadBalancer',
      {},
    ),
    serviceCommand(
      'nodeport NAME [--tcp=port:targetPort] [--dry-run=server|client|none]',
      'Create a NodePort service',
      'NodePort',
      {
        'node-port': nodePort,
      },
    ),
  ],
})
