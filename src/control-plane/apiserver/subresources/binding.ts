import { aggregate, type FieldError, notSupported, required } from '../../../machinery/fieldpath.ts'
import { deepFreeze } from '../../../machinery/object.ts'
import { ApiError, badRequest, conflict, notFound } from '../../../machinery/status.ts'
import { timestamp } from '../../../machinery/time.ts'
import { get } from '../../etcd/store.ts'
import { attributesOf, validate } from '../admission/admit.ts'
import { type Answer, type Call, nameOf } from '../call.ts'
import { nodes, pods } from '../known.ts'
import { isOf } from '../objects.ts'
import { fieldsOf, listOf, textOf } from '../record.ts'
import { keyFor } from '../resources.ts'
import { store } from '../registry/store-object.ts'

/** `pods/binding`: the scheduler puts a Pod on a node (core/pod/storage, BindingREST). */
export function bindPod(call: Call): Answer {
  const { resource, namespace, etcd, request, self, options } = call
  const name = nameOf(call)
  const { metadata, target } = fieldsOf(request.body)
  const inBody = textOf(fieldsOf(metadata).name)
  if (inBody && inBody !== name) throw badRequest('name in URL does not match name in Binding object')
  const node = checkTarget(target)
  const entry = get(etcd, keyFor(resource, namespace, name))
  const pod = entry?.value
  if (!entry || !isOf(pods, pod)) throw notFound(resource.kind, name)
  validate(call, pod, attributesOf(call, 'CREATE', name, undefined))
  const refuse = (why: string): ApiError => conflict({ group: '', plural: 'pods/binding' }, name, why)
  if (pod.metadata.deletionTimestamp) throw refuse(`pod ${name} is being deleted, cannot be assigned to a host`)
  if (pod.spec.nodeName) throw refuse(`pod ${name} is already assigned to node "${pod.spec.nodeName}"`)
  if (listOf(pod.spec.schedulingGates).length > 0) throw refuse(`pod ${name} has non-empty .spec.schedulingGates`)
  // What preemption had promised the Pod is kept or void now (ClearingNominatedNodeNameAfterBinding).
  const { conditions = [], nominatedNodeName: _, ...status } = pod.status
  const scheduled = {
    type: 'PodScheduled',
    status: 'True',
    lastProbeTime: null,
    lastTransitionTime: timestamp(self.now),
  }
  const known = conditions.find(({ type }) => type === 'PodScheduled')
  const bound = {
    ...pod,
    metadata: withLabels(withAnnotations(pod.metadata, fieldsOf(fieldsOf(metadata).annotations)), labelsOf(call, node)),
    spec: { ...pod.spec, nodeName: node },
    status: {
      ...status,
      conditions: known
        ? conditions.map(condition => (condition === known ? scheduled : condition))
        : [...conditions, scheduled],
    },
  }
  if (!options.dryRun) store(call, entry.key, call.server.decoder.settle(resource.kind, bound, pod), entry)
  return {
    code: 201,
    body: deepFreeze({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }),
  }
}

const topologyLabels = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** Where the node is, which the Pod's containers may want to know: plugin/pkg/admission/podtopologylabels. */
function labelsOf({ server, etcd }: Call, name: string): Record<string, string> {
  const place = server.resources.find('', 'v1', 'nodes')
  const node = place && get(etcd, keyFor(place, undefined, name))?.value
  if (!isOf(nodes, node)) return {}
  const { labels = {} } = node.metadata
  return Object.fromEntries(topologyLabels.flatMap(key => (labels[key] === undefined ? [] : [[key, labels[key]]])))
}

function withLabels<T extends { labels?: Record<string, string> }>(meta: T, added: Record<string, string>): T {
  return Object.keys(added).length > 0 ? { ...meta, labels: { ...meta.labels, ...added } } : meta
}

function withAnnotations<T extends { annotations?: Record<string, string> }>(
  meta: T,
  added: Record<string, unknown>,
): T {
  const annotations = { ...meta.annotations }
  for (const [key, value] of Object.entries(added)) annotations[key] = textOf(value)
  return Object.keys(annotations).length > 0 ? { ...meta, annotations } : { ...meta }
}

function checkTarget(target: unknown): string {
  const { kind, name } = fieldsOf(target)
  const errors: FieldError[] = []
  if (kind && kind !== 'Node') errors.push(notSupported('target.kind', kind, ['Node', '<empty>']))
  if (!name) errors.push(required('target.name'))
  if (errors.length > 0) throw new ApiError('', aggregate(errors))
  return textOf(name)
}
