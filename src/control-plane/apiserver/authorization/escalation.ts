import type { ClusterRole, PolicyRule, RoleRef } from '../../../api/generated/rbac.v1.ts'
import { compactRules, missingRules, ruleText } from '../../../api/rbac/policy-rules.ts'
import { compareBytes, quote } from '../../../machinery/go-text.ts'
import { isEqual } from '../../../machinery/object.ts'
import { ApiError, forbidden } from '../../../machinery/status.ts'
import type { Call } from '../call.ts'
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../known.ts'
import { isOf } from '../objects.ts'
import type { StorageHooks } from '../registry/storage-hooks.ts'
import { heldRules, joined } from './rbac.ts'
import { missingRole, roleAt } from './rbac-index.ts'

const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/** Nobody writes rules into a role that he does not have (registry/rbac/{role,clusterrole}/policybased/storage.go). */
export const roleHooks: StorageHooks = {
  beforeCreate(draft, call) {
    if (isOf(roles, draft) || isOf(clusterRoles, draft)) checkRole(call, draft, undefined)
  },
  beforeUpdate(draft, old, call) {
    if (isOf(roles, draft) || isOf(clusterRoles, draft)) checkRole(call, draft, old)
  },
}

/** Nobody binds a role whose rules he does not have (registry/rbac/{rolebinding,clusterrolebinding}/policybased). */
export const bindingHooks: StorageHooks = {
  beforeCreate(draft, call) {
    if (isOf(roleBindings, draft) || isOf(clusterRoleBindings, draft)) checkBinding(call, draft, undefined)
  },
  beforeUpdate(draft, old, call) {
    if (isOf(roleBindings, draft) || isOf(clusterRoleBindings, draft)) checkBinding(call, draft, old)
  },
}

type Named = { readonly metadata: { readonly name: string } }

function checkRole(call: Call, role: ClusterRole, old: object | undefined): void {
  const { request, resource, namespace } = call
  if (isPrivileged(call) || (old && isOnlyCollected(role, old))) return
  const { name = '' } = request
  if (may(call, 'escalate', resource.kind.plural, name, namespace)) return
  confirm(call, role, role.rules ?? [])
  if (role.aggregationRule === undefined || explain(call, everything) === undefined) return
  throw forbidden(resource.kind, role.metadata.name, 'must have cluster-admin privileges to use an aggregationRule')
}

function checkBinding(call: Call, binding: Named & { readonly roleRef: RoleRef }, old: object | undefined): void {
  if (isPrivileged(call) || (old && isOnlyCollected(binding, old))) return
  const { roleRef } = binding
  const { etcd, namespace } = call
  const plural = roleRef.kind === 'ClusterRole' ? 'clusterroles' : 'roles'
  if (may(call, 'bind', plural, roleRef.name, namespace)) return
  const role = roleAt(etcd, roleRef, namespace ?? '')
  if (!role) {
    const details = { name: roleRef.name, group: 'rbac.authorization.k8s.io', kind: roleRef.kind.toLowerCase() }
    throw new ApiError('NotFound', missingRole(roleRef), details)
  }
  confirm(call, binding, role.rules ?? [])
}

function isPrivileged({ request }: Call): boolean {
  return request.user.groups.includes('system:masters')
}

function may(
  { server, request, etcd }: Call,
  verb: string,
  resource: string,
  name: string,
  namespace?: string,
): boolean {
  const { user } = request
  const access = { user, verb, group: 'rbac.authorization.k8s.io', version: 'v1', resource, name, namespace }
  return server.authorizer.authorize(access, etcd).allowed
}

/** The garbage collector takes owners and finalizers off an object and gives nobody anything (rbac/escalation_check.go). */
function isOnlyCollected(draft: object, old: object): boolean {
  return isEqual(withoutOwners(draft), withoutOwners(old))
}

function withoutOwners(object: object): object {
  const metadata = 'metadata' in object && typeof object.metadata === 'object' ? object.metadata : {}
  const {
    ownerReferences: _,
    finalizers: __,
    managedFields: ___,
    resourceVersion: ____,
    ...rest
  } = { ...empty, ...metadata }
  return { ...object, metadata: rest }
}

const empty = {
  ownerReferences: undefined,
  finalizers: undefined,
  managedFields: undefined,
  resourceVersion: undefined,
}

function confirm(call: Call, { metadata }: Named, rules: readonly PolicyRule[]): void {
  const why = explain(call, rules)
  if (why !== undefined) throw forbidden(call.resource.kind, metadata.name, why)
}

/** Why the user may not give away these rules; undefined when he has them all (rbac/validation/rule.go). */
function explain({ etcd, request, namespace = '' }: Call, rules: readonly PolicyRule[]): string | undefined {
  const { user } = request
  const held = heldRules(etcd, user, namespace)
  const missing = missingRules(held.rules, rules)
  if (missing.length === 0) return undefined
  const lines = [...new Set(compactRules(missing).map(ruleText))].sort(compareBytes)
  const groups = `[${user.groups.map(quote).join(' ')}]`
  const who = `user ${quote(user.name)} (groups=${groups})`
  const errors = joined(held.errors)
  const tail = errors === undefined ? '' : `; resolution errors: [${errors}]`
  return `${who} is attempting to grant RBAC permissions not currently held:\n${lines.join('\n')}${tail}`
}
