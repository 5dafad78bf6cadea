import type { JsonObject } from '../../../machinery/json-value.ts'
import { gather } from '../api/builder.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, fileFlags, recordFlag } from '../subject-flags.ts'
import { at, mapAt, nameOf, objectsAt, textAt } from '../unstructured.ts'
import { createGenerated } from './create/generator.ts'
import { nothingGiven } from './delete.ts'
import { labelsOf } from './run.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  'override-type': flag.text('The method used to override the generated object: json, merge, or strategic.', {
    default: 'merge',
  }),
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag('kubectl-expose'),
  'cluster-ip': flag.text(
    "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
  ),
  'external-ip': flag.text('Additional external IP address (not managed by Kubernetes) to accept for the service.'),
  labels: flag.text('Labels to apply to the service created by this call.', { short: 'l' }),
  'load-balancer-ip': flag.text(
    'IP to assign to the LoadBalancer. If empty, an ephemeral IP will be created and used (cloud-provider specific).',
  ),
  name: flag.text('The name for the newly created object.'),
  overrides: flag.text('An inline JSON override for the generated object.'),
  port: flag.text('The port that the service should serve on. Copied from the resource being exposed, if unspecified'),
  protocol: flag.text("The network protocol for the service to be created. Default is 'TCP'."),
  'save-config': flag.bool('If true, the configuration of current object will be saved in its annotation.'),
  selector: flag.text(
    'A label selector to use for this service. Only equality-based selector requirements are supported.',
  ),
  'session-affinity': flag.text(
    "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
  ),
  'target-port': flag.text(
    'Name or number for the port on the container that the service should direct traffic to. Optional.',
  ),
  type: flag.text("Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'."),
}

type ExposeContext = Context<typeof flags>

export const expose = defineCommand({
  use: 'expose (-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]',
  short: 'Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service',
  flags,

  run(context) {
    const { args, flags: given } = context
    if (args.length === 0 && given.filename.length === 0 && given.kustomize === '') throw nothingGiven()
    const { infos, failures } = liveSubjects(context, { labelSelector: '' })
    const exposed = gather(infos, ({ object = {}, resource }) => {
      if (!exposable.has(resource.kind)) throw new UsageError(`cannot expose a ${resource.kind}`)
      const target = { group: '', version: 'v1', plural: 'services', namespaced: true }
      createGenerated(context, target, serviceFor(context, object), 'exposed')
    })
    throwGathered([...failures, ...exposed.failures])
  },
})

const exposable = new Set(['Deployment', 'Service', 'ReplicaSet', 'ReplicationController', 'Pod'])

function serviceFor({ flags: given }: ExposeContext, object: JsonObject): JsonObject {
  const name = given.name === '' ? nameOf(object).slice(0, 63) : given.name
  const labels = given.labels === '' ? mapAt(object, 'metadata', 'labels') : labelsOf(given.labels)
  const ports = portsFor(given, object)
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {
      ports,
      selector: given.selector === '' ? selectorOf(object) : labelsOf(given.selector),
      ...(given['cluster-ip'] !== '' && { clusterIP: given['cluster-ip'] }),
      ...(given.type !== '' && { type: given.type }),
      ...(given['external-ip'] !== '' && { externalIPs: [given['external-ip']] }),
      ...(given['session-affinity'] !== '' && { sessionAffinity: given['session-affinity'] }),
      ...(given['load-balancer-ip'] !== '' && { loadBalancerIP: given['load-balancer-ip'] }),
    },
    status: { loadBalancer: {} },
  }
}

/** polymorphichelpers/mapbasedselectorforobject.go. */
function selectorOf(object: JsonObject): Readonly<Record<string, string>> {
  const cannot = (why: string): UsageError =>
    new UsageError(`couldn't retrieve selectors via --selector flag or introspection: ${why}`)
  const kind = textAt(object, 'kind')
  if (kind === 'Pod') {
    const labels = mapAt(object, 'metadata', 'labels')
    if (Object.keys(labels).length === 0) throw cannot('the pod has no labels and cannot be exposed')
    return labels
  }
  if (kind === 'Service' || kind === 'ReplicationController') {
    const selector = mapAt(object, 'spec', 'selector')
    if (Object.keys(selector).length === 0)
      throw cannot(`the ${kind === 'Service' ? 'service' : 'replication controller'} has no pod selector set`)
    return selector
  }
  if (objectsAt(object, 'spec', 'selector', 'matchExpressions').length > 0) {
    throw cannot('couldn\'t convert expressions - "matchExpressions" to map-based selector format')
  }
  return mapAt(object, 'spec', 'selector', 'matchLabels')
}

interface KnownPort {
  readonly port: number
  readonly protocol: string
}

function knownPorts(object: JsonObject): readonly KnownPort[] {
  const kind = textAt(object, 'kind')
  if (kind === 'Service')
    return objectsAt(object, 'spec', 'ports').map(port => ({
      port: Number(port.port),
      protocol: textAt(port, 'protocol'),
    }))
  const spec = kind === 'Pod' ? at(object, 'spec') : at(object, 'spec', 'template', 'spec')
  return objectsAt(spec, 'containers').flatMap(container =>
    objectsAt(container, 'ports').map(port => ({
      port: Number(port.containerPort),
      protocol: textAt(port, 'protocol') || 'TCP',
    })),
  )
}

function portsFor(given: ExposeContext['flags'], object: JsonObject): JsonObject[] {
  const known = knownPorts(object)
  const wanted = given.port === '' ? known.map(({ port }) => String(port)) : given.port.split(',')
  if (wanted.length === 0) throw new UsageError("couldn't find port via --port flag or introspection")
  return wanted.map((text, index) => {
    if (!/^[-+]?\d+$/.test(text)) throw new UsageError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
    const port = Number(text)
    const protocol = given.protocol || known.find(each => each.port === port)?.protocol || 'TCP'
    const target = given['target-port']
    const targetPort = target === '' ? port : /^\d+$/.test(target) ? Number(target) : target
    return { ...(wanted.length > 1 && { name: `port-${index + 1}` }), protocol, port, targetPort }
  })
}
