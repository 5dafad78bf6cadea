import type {
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from '../../api/generated/core.v1.ts'
import type { CertificateSigningRequest } from '../../api/generated/certificates.v1.ts'
import type { EndpointSlice } from '../../api/generated/discovery.v1.ts'
import type { Ingress, IngressClass } from '../../api/generated/networking.v1.ts'
import type { RuntimeClass } from '../../api/generated/node.v1.ts'
import type { PodDisruptionBudget } from '../../api/generated/policy.v1.ts'
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../api/generated/rbac.v1.ts'
import type { PriorityClass } from '../../api/generated/scheduling.v1.ts'
import type { StorageClass } from '../../api/generated/storage.v1.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { KindRef } from './objects.ts'

/** The kinds that the server itself reads or writes. */
export const namespaces: KindRef<Namespace> = core('Namespace', 'namespaces')
export const nodes: KindRef<Node> = core('Node', 'nodes')
export const pods: KindRef<Pod> = core('Pod', 'pods')
export const services: KindRef<Service> = core('Service', 'services')
export const endpointSlices: KindRef<EndpointSlice> = inGroup('discovery.k8s.io', 'EndpointSlice', 'endpointslices')
export const serviceAccounts: KindRef<ServiceAccount> = core('ServiceAccount', 'serviceaccounts')
export const secrets: KindRef<Secret> = core('Secret', 'secrets')
export const persistentVolumes: KindRef<PersistentVolume> = core('PersistentVolume', 'persistentvolumes')
export const limitRanges: KindRef<LimitRange> = core('LimitRange', 'limitranges')
export const resourceQuotas: KindRef<ResourceQuota> = core('ResourceQuota', 'resourcequotas')
export const persistentVolumeClaims: KindRef<PersistentVolumeClaim> = core(
  'PersistentVolumeClaim',
  'persistentvolumeclaims',
)
export const storageClasses: KindRef<StorageClass> = inGroup('storage.k8s.io', 'StorageClass', 'storageclasses')
export const ingresses: KindRef<Ingress> = inGroup('networking.k8s.io', 'Ingress', 'ingresses')
export const ingressClasses: KindRef<IngressClass> = inGroup('networking.k8s.io', 'IngressClass', 'ingressclasses')
export const runtimeClasses: KindRef<RuntimeClass> = inGroup('node.k8s.io', 'RuntimeClass', 'runtimeclasses')
export const priorityClasses: KindRef<PriorityClass> = inGroup('scheduling.k8s.io', 'PriorityClass', 'priorityclasses')
export const podDisruptionBudgets: KindRef<PodDisruptionBudget> = inGroup(
  'policy',
  'PodDisruptionBudget',
  'poddisruptionbudgets',
)

export const certificateSigningRequests: KindRef<CertificateSigningRequest> = inGroup(
  'certificates.k8s.io',
  'CertificateSigningRequest',
  'certificatesigningrequests',
)

const rbac = 'rbac.authorization.k8s.io'
export const roles: KindRef<Role> = inGroup(rbac, 'Role', 'roles')
export const roleBindings: KindRef<RoleBinding> = inGroup(rbac, 'RoleBinding', 'rolebindings')
export const clusterRoles: KindRef<ClusterRole> = inGroup(rbac, 'ClusterRole', 'clusterroles')
export const clusterRoleBindings: KindRef<ClusterRoleBinding> = inGroup(
  rbac,
  'ClusterRoleBinding',
  'clusterrolebindings',
)

function core<T extends ApiObject>(kind: string, plural: string): KindRef<T> {
  return { group: '', version: 'v1', apiVersion: 'v1', kind, plural }
}

function inGroup<T extends ApiObject>(group: string, kind: string, plural: string): KindRef<T> {
  return { group, version: 'v1', apiVersion: `${group}/v1`, kind, plural }
}
