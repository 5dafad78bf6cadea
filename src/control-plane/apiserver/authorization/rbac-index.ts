import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  RoleRef,
  Subject,
} from '../../../api/generated/rbac.v1.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { type EtcdState, get, range } from '../../etcd/store.ts'
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../known.ts'
import { isOf } from '../objects.ts'
import type { Verdict } from './access.ts'

/** A binding as it concerns one user: what it gives, or why it cannot be said. */
export interface Grant {
  readonly rules: readonly PolicyRule[]
  /** `ClusterRoleBinding "cluster-admin" of ClusterRole "cluster-admin" to Group "system:masters"`. */
  readonly by: string
  readonly error?: string
}

/** What one user is granted. */
export interface UserGrants {
  /** In the whole cluster. */
  readonly everywhere: readonly Grant[]
  /** Inside one namespace, besides. */
  readonly inside: ReadonlyMap<string, readonly Grant[]>
  /** What was decided already (rbac.ts). */
  readonly decided: Map<string, Verdict>
}

interface Bound {
  /** Cluster bindings come first, then those of namespaces; by name. */
  readonly order: number
  readonly namespace: string
  readonly binding: RoleBinding | ClusterRoleBinding
  readonly subject: Subject
}

/** All bindings by those they are for. It holds for one state of the four kinds. */
export interface RbacIndex {
  /** Sum of the revisions at which the four kinds last changed: they only grow. */
  readonly stamp: number
  /** The newest revision for which that is known. */
  checked: number
  readonly users: ReadonlyMap<string, readonly Bound[]>
  readonly groups: ReadonlyMap<string, readonly Bound[]>
  readonly known: WeakMap<UserInfo, UserGrants>
  /** The same by what identifies a user: over HTTP each request brings a new one. */
  readonly named: Map<string, UserGrants>
}

const buckets = ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] as const

/** Memo: an index says nothing that the store does not. A restored checkpoint is another store. */
const indexes = new WeakMap<EtcdState, RbacIndex>()

/** The index for what is stored now. Upstream looks into informers, which are a moment late. */
export function rbacIndex(etcd: EtcdState): RbacIndex {
  const known = indexes.get(etcd)
  if (known?.checked === etcd.revision) return known
  const stamp = stampOf(etcd)
  if (known?.stamp === stamp) {
    known.checked = etcd.revision
    return known
  }
  const index = build(etcd, stamp)
  indexes.set(etcd, index)
  return index
}

function stampOf({ buckets: stored }: EtcdState): number {
  let stamp = 0
  for (const name of buckets) stamp += stored.get(name)?.revision ?? 0
  return stamp
}

function build(etcd: EtcdState, stamp: number): RbacIndex {
  const users = new Map<string, Bound[]>()
  const groups = new Map<string, Bound[]>()
  let order = 0
  const add = (binding: RoleBinding | ClusterRoleBinding, namespace: string): void => {
    order++
    for (const subject of binding.subjects ?? []) {
      const place = subject.kind === 'Group' ? groups : users
      const name = subject.kind === 'ServiceAccount' ? accountName(subject, namespace) : subject.name
      const bound = { order, namespace, binding, subject }
      const there = place.get(name)
      if (there) there.push(bound)
      else place.set(name, [bound])
    }
  }
  for (const { value } of range(etcd, '/registry/clusterrolebindings/')) {
    if (isOf(clusterRoleBindings, value)) add(value, '')
  }
  for (const { value } of range(etcd, '/registry/rolebindings/')) {
    if (isOf(roleBindings, value)) add(value, value.metadata.namespace ?? '')
  }
  return { stamp, checked: etcd.revision, users, groups, known: new WeakMap(), named: new Map() }
}

function accountName({ name, namespace }: Subject, bindingNamespace: string): string {
  return `system:serviceaccount:${namespace || bindingNamespace}:${name}`
}

/** What a user is granted. */
export function grantsOf(etcd: EtcdState, user: UserInfo): UserGrants {
  const index = rbacIndex(etcd)
  let grants = index.known.get(user)
  if (grants) return grants
  const identity = `${user.name}\n${user.groups.join('\n')}`
  grants = index.named.get(identity)
  if (!grants) index.named.set(identity, (grants = collect(etcd, index, user)))
  index.known.set(user, grants)
  return grants
}

function collect(etcd: EtcdState, { users, groups }: RbacIndex, user: UserInfo): UserGrants {
  const found = [...(users.get(user.name) ?? [])]
  for (const group of user.groups) found.push(...(groups.get(group) ?? []))
  found.sort((a, b) => a.order - b.order)
  const everywhere: Grant[] = []
  const inside = new Map<string, Grant[]>()
  let last = 0
  for (const bound of found) {
    // A binding that names the user and one of his groups counts once.
    if (bound.order === last) continue
    last = bound.order
    const { namespace } = bound
    const grant = grantOf(etcd, bound)
    const there = namespace === '' ? everywhere : inside.get(namespace)
    if (there) there.push(grant)
    else inside.set(namespace, [grant])
  }
  return { everywhere, inside, decided: new Map() }
}

function grantOf(etcd: EtcdState, bound: Bound): Grant {
  const { binding, namespace } = bound
  const by = describe(bound)
  const role = roleAt(etcd, binding.roleRef, namespace)
  if (role) return { rules: role.rules ?? [], by }
  return { rules: [], by, error: missingRole(binding.roleRef) }
}

/** The role that a binding refers to. */
export function roleAt(etcd: EtcdState, { kind, name }: RoleRef, namespace: string): Role | ClusterRole | undefined {
  if (kind === 'Role') {
    const value = get(etcd, `/registry/roles/${namespace}/${name}`)?.value
    return isOf(roles, value) ? value : undefined
  }
  const value = get(etcd, `/registry/clusterroles/${name}`)?.value
  return isOf(clusterRoles, value) ? value : undefined
}

export function missingRole({ kind, name }: RoleRef): string {
  return `${kind.toLowerCase()}.rbac.authorization.k8s.io "${name}" not found`
}

function describe({ binding, namespace, subject }: Bound): string {
  const { name } = binding.metadata
  const place = namespace === '' ? `ClusterRoleBinding "${name}"` : `RoleBinding "${name}/${namespace}"`
  const { kind, namespace: own } = subject
  const who = kind === 'ServiceAccount' ? `${subject.name}/${own || namespace}` : subject.name
  return `${place} of ${binding.roleRef.kind} "${binding.roleRef.name}" to ${kind} "${who}"`
}
