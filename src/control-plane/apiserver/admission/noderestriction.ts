import { isEqual } from '../../../machinery/object.ts'
import { forbidden, notFound } from '../../../machinery/status.ts'
import { nodeNameOf } from '../authorization/node-identity.ts'
import { nodes, pods } from '../known.ts'
import { isOf } from '../objects.ts'
import { fieldsOf, textOf } from '../record.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

const mirrorAnnotation = 'kubernetes.io/config.mirror'

/** Keeps kubelets to their own Node, its Lease and its Pods, their statuses and tokens (plugin/pkg/admission/noderestriction). */
export const nodeRestriction: AdmissionPlugin = {
  name: 'NodeRestriction',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  resources: ['pods', 'nodes', 'serviceaccounts', 'leases.coordination.k8s.io', 'csinodes.storage.k8s.io'],
  subresources: 'all',

  validate(object, attributes) {
    const node = nodeNameOf(attributes.user)
    if (node === undefined) return
    const why = node === '' ? unknownNode(attributes) : reasonAgainst(node, object, attributes)
    if (why !== undefined) throw forbidden(attributes.kind, attributes.name, why)
  },
}

function unknownNode({ user }: Attributes): string {
  return `could not determine node from user "${user.name}"`
}

function reasonAgainst(node: string, object: unknown, attributes: Attributes): string | undefined {
  const { kind, name, subresource } = attributes
  if (kind.resource === 'pods') {
    if (subresource === 'status') return againstStatus(node, object, attributes)
    if (subresource === 'eviction') return againstEviction(node, attributes)
    if (subresource !== '')
      return `unexpected pod subresource "${subresource}", only 'status' and 'eviction' are allowed`
    return againstPod(node, object, attributes)
  }
  if (kind.resource === 'serviceaccounts') return againstToken(node, object, attributes)
  if (kind.resource === 'nodes') return againstNode(node, object, attributes)
  if (name === node) return undefined
  const what = kind.plural === 'leases' ? 'node lease' : 'CSINode'
  return `can only access ${what} with the same name as the requesting node`
}

function againstPod(node: string, pod: unknown, { operation, find }: Attributes): string | undefined {
  if (operation === 'UPDATE') {
    return `unexpected operation "UPDATE", node "${node}" can only create and delete mirror pods`
  }
  if (!isOf(pods, pod)) return undefined
  const { metadata, spec } = pod
  if (operation === 'DELETE') {
    return spec.nodeName === node ? undefined : `node "${node}" can only delete pods with spec.nodeName set to itself`
  }
  if (metadata.annotations?.[mirrorAnnotation] === undefined) {
    return `pod does not have "${mirrorAnnotation}" annotation, node "${node}" can only create mirror pods`
  }
  if (spec.nodeName !== node) return `node "${node}" can only create pods with spec.nodeName set to itself`
  const [owner, ...more] = metadata.ownerReferences ?? []
  if (more.length > 0) return `node "${node}" can only create pods with a single owner reference set to itself`
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
    return `node "${node}" can only create pods with an owner reference set to itself`
  }
  if (!owner.controller) return `node "${node}" can only create pods with a controller owner reference set to itself`
  if (owner.blockOwnerDeletion) return `node "${node}" must not set blockOwnerDeletion on an owner reference`
  const uid = find(nodes, node)?.metadata.uid ?? ''
  if (owner.uid !== uid) return `node ${node} UID mismatch: expected ${owner.uid} got ${uid}`
  return spec.serviceAccountName ? `node "${node}" can not create pods that reference a service account` : undefined
}

function againstStatus(node: string, pod: unknown, { operation, old }: Attributes): string | undefined {
  if (operation !== 'UPDATE') return `unexpected operation "${operation}"`
  if (!isOf(pods, old) || !isOf(pods, pod)) return undefined
  if (old.spec.nodeName !== node) {
    return `node "${node}" can only update pod status for pods with spec.nodeName set to itself`
  }
  if (!isEqual(old.metadata.labels ?? {}, pod.metadata.labels ?? {})) {
    return `node "${node}" cannot update labels through pod status`
  }
  if (!isEqual(old.status.resourceClaimStatuses ?? [], pod.status.resourceClaimStatuses ?? [])) {
    return `node "${node}" cannot update resource claim statues` // upstream's spelling
  }
  return undefined
}

function againstEviction(node: string, { operation, namespace, name, find }: Attributes): string | undefined {
  // The deletion that an eviction ends in was allowed with it.
  if (operation === 'DELETE') return undefined
  if (operation !== 'CREATE') return `unexpected operation ${operation}`
  const pod = find(pods, name, namespace)
  if (!pod || pod.spec.nodeName === node) return undefined
  return `node ${node} can only evict pods with spec.nodeName set to itself`
}

/** A kubelet gets tokens of accounts for the Pods that run on its node, and for nobody else. */
function againstToken(node: string, request: unknown, attributes: Attributes): string | undefined {
  const { operation, subresource, namespace, find } = attributes
  if (operation !== 'CREATE' || subresource !== 'token') return undefined
  const ref = fieldsOf(fieldsOf(fieldsOf(request).spec).boundObjectRef)
  const name = textOf(ref.name)
  if (ref.apiVersion !== 'v1' || ref.kind !== 'Pod' || name === '') return 'node requested token not bound to a pod'
  const uid = textOf(ref.uid)
  if (uid === '') return 'node requested token with a pod binding without a uid'
  const pod = find(pods, name, namespace)
  if (!pod) throw notFound({ group: '', plural: 'pods' }, name)
  if (pod.metadata.uid !== uid) {
    const why = 'does not match the UID in record. The object might have been deleted and then recreated'
    return `the UID in the bound object reference (${uid}) ${why}`
  }
  return pod.spec.nodeName === node ? undefined : 'node requested token bound to a pod scheduled on a different node'
}

function againstNode(node: string, object: unknown, { name, old, operation }: Attributes): string | undefined {
  if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`
  if (operation === 'DELETE' || !isOf(nodes, object)) return undefined
  const before = isOf(nodes, old) ? old : undefined
  const labels = forbiddenLabels(object.metadata.labels ?? {}, before?.metadata.labels ?? {})
  if (operation === 'CREATE') {
    return labels === '' ? undefined : `node "${node}" is not allowed to set the following labels: ${labels}`
  }
  if (!isEqual(object.spec.taints ?? [], before?.spec.taints ?? []))
    return `node "${node}" is not allowed to modify taints`
  return labels === '' ? undefined : `is not allowed to modify labels: ${labels}`
}

type Labels = Readonly<Record<string, string>>

/** Labels of Kubernetes that no kubelet sets itself, and those that fence nodes off. */
function forbiddenLabels(now: Labels, before: Labels): string {
  return [...new Set([...Object.keys(now), ...Object.keys(before)])]
    .filter(key => now[key] !== before[key] && isForbidden(key))
    .sort()
    .join(', ')
}

const own = new Set([
  ...['kubernetes.io/hostname', 'kubernetes.io/arch', 'kubernetes.io/os', 'node.kubernetes.io/instance-type'],
  ...['topology.kubernetes.io/zone', 'topology.kubernetes.io/region', 'beta.kubernetes.io/instance-type'],
  ...['beta.kubernetes.io/os', 'beta.kubernetes.io/arch', 'node.kubernetes.io/windows-build'],
  ...['failure-domain.beta.kubernetes.io/zone', 'failure-domain.beta.kubernetes.io/region'],
])

/** kubeletapis.IsKubeletLabel decides what of kubernetes.io and k8s.io a kubelet may set. */
function isForbidden(key: string): boolean {
  const [namespace = '', name] = key.split('/')
  if (name === undefined) return false
  if (isOrUnder(namespace, 'node-restriction.kubernetes.io')) return true
  if (!isOrUnder(namespace, 'kubernetes.io') && !isOrUnder(namespace, 'k8s.io')) return false
  return !own.has(key) && !isOrUnder(namespace, 'kubelet.kubernetes.io') && !isOrUnder(namespace, 'node.kubernetes.io')
}

function isOrUnder(namespace: string, domain: string): boolean {
  return namespace === domain || namespace.endsWith(`.${domain}`)
}
