import type { JsonObject } from '../../../machinery/json-value.ts'
import { nameOf, namespaceOf, textAt } from '../unstructured.ts'

/** An object on its way through the folders. */
export interface Item {
  readonly object: JsonObject
  /** What it was called before, oldest first: references may use any of these. */
  readonly before: readonly Id[]
  readonly prefixes: readonly string[]
  readonly suffixes: readonly string[]
  /** Its name gets the hash of what is in it. */
  readonly needsHash: boolean
  /** How a generated object goes with one of the same name that is there. */
  readonly behaviour: 'create' | 'replace' | 'merge'
}

export interface Id {
  readonly name: string
  readonly namespace: string
}

export function itemOf(object: JsonObject): Item {
  return { object, before: [], prefixes: [], suffixes: [], needsHash: false, behaviour: 'create' }
}

export function idOf(object: JsonObject): Id {
  return { name: nameOf(object), namespace: namespaceOf(object) }
}

/** The item with another object; if that changes what it is called, the old name is kept in mind. */
export function renamed(item: Item, object: JsonObject): Item {
  const [old, now] = [idOf(item.object), idOf(object)]
  if (old.name === now.name && old.namespace === now.namespace) return { ...item, object }
  return { ...item, object, before: [...item.before, old] }
}

export interface GroupKind {
  readonly group: string
  readonly version: string
  readonly kind: string
}

export function groupKindOf(object: JsonObject): GroupKind {
  const [first = '', second] = textAt(object, 'apiVersion').split('/')
  const kind = textAt(object, 'kind')
  return second === undefined ? { group: '', version: first, kind } : { group: first, version: second, kind }
}

/** `ConfigMap.v1.[noGrp]/settings.[noNs]`: how messages name an object (resid.ResId.String). */
export function idText(object: JsonObject): string {
  const { group, version, kind } = groupKindOf(object)
  const { name, namespace } = idOf(object)
  const type = `${kind || '[noKind]'}.${version || '[noVer]'}.${group || '[noGrp]'}`
  return `${type}/${name || '[noName]'}.${namespace || '[noNs]'}`
}

const clusterKinds = new Set([
  ...['APIService', 'CSIDriver', 'CSINode', 'CertificateSigningRequest', 'ClusterRole', 'ClusterRoleBinding'],
  ...['CustomResourceDefinition', 'FlowSchema', 'IngressClass', 'MutatingWebhookConfiguration', 'Namespace', 'Node'],
  ...['PersistentVolume', 'PriorityClass', 'PriorityLevelConfiguration', 'RuntimeClass', 'StorageClass'],
  ...['ValidatingWebhookConfiguration', 'VolumeAttachment', 'ValidatingAdmissionPolicy'],
  ...[
    'ValidatingAdmissionPolicyBinding',
    'MutatingAdmissionPolicy',
    'MutatingAdmissionPolicyBinding',
    'ComponentStatus',
  ],
])

/** Whether an object's kind has no namespace: known from the kinds that are built in. */
export function isClusterScoped(object: JsonObject): boolean {
  return clusterKinds.has(groupKindOf(object).kind)
}
