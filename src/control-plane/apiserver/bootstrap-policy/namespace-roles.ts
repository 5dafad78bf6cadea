import type { Subject } from '../../../api/generated/rbac.v1.ts'
import { eventsRule, read, type RoleFacts, rule } from './rule.ts'

/** A binding that does not have its role's name says its own. */
export interface BindingFacts {
  readonly name: string
  readonly role: string
  readonly subjects: readonly Subject[]
}

export interface NamespaceFacts {
  readonly roles: readonly RoleFacts[]
  readonly bindings: readonly BindingFacts[]
}

const apiGroup = 'rbac.authorization.k8s.io'

export function user(name: string): Subject {
  return { apiGroup, kind: 'User', name }
}

export function group(name: string): Subject {
  return { apiGroup, kind: 'Group', name }
}

export function account(name: string): Subject {
  return { kind: 'ServiceAccount', name, namespace: 'kube-system' }
}

const signer = 'system:controller:bootstrap-signer'
const cloud = 'system:controller:cloud-provider'
const cleaner = 'system:controller:token-cleaner'
const reader = 'extension-apiserver-authentication-reader'
const locking = (program: string): string => `system::leader-locking-${program}`
const lockingRole = (program: string): RoleFacts => ({
  name: locking(program),
  rules: [rule('watch', 'core', 'configmaps'), rule('get update', 'core', 'configmaps', program)],
})
const lockingBinding = (program: string): BindingFacts => ({
  name: locking(program),
  role: locking(program),
  subjects: [user(`system:${program}`), account(program)],
})

/** Roles inside the system's own namespaces (namespace_policy.go). */
export const namespaceRoles: Readonly<Record<string, NamespaceFacts>> = {
  'kube-system': {
    roles: [
      { name: reader, rules: [rule(read, 'core', 'configmaps', 'extension-apiserver-authentication')] },
      { name: signer, rules: [rule(read, 'core', 'secrets')] },
      { name: cloud, rules: [rule('create get list watch', 'core', 'configmaps')] },
      { name: cleaner, rules: [rule('get list watch delete', 'core', 'secrets'), eventsRule] },
      lockingRole('kube-controller-manager'),
      lockingRole('kube-scheduler'),
    ],
    bindings: [
      {
        name: `system::${reader}`,
        role: reader,
        subjects: [user('system:kube-controller-manager'), user('system:kube-scheduler')],
      },
      lockingBinding('kube-controller-manager'),
      lockingBinding('kube-scheduler'),
      { name: signer, role: signer, subjects: [account('bootstrap-signer')] },
      { name: cloud, role: cloud, subjects: [account('cloud-provider')] },
      { name: cleaner, role: cleaner, subjects: [account('token-cleaner')] },
    ],
  },
  'kube-public': {
    roles: [
      {
        name: signer,
        rules: [rule(read, 'core', 'configmaps'), rule('update', 'core', 'configmaps', 'cluster-info'), eventsRule],
      },
    ],
    bindings: [{ name: signer, role: signer, subjects: [account('bootstrap-signer')] }],
  },
}
