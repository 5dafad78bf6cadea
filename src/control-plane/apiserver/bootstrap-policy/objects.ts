import type { Subject } from '../../../api/generated/rbac.v1.ts'
import { componentRoles } from './component-roles.ts'
import { controllerRoles } from './controller-roles.ts'
import { account, type BindingFacts, group, namespaceRoles, user } from './namespace-roles.ts'
import type { RoleFacts } from './rule.ts'
import { userRoles } from './user-roles.ts'

/** One object of the policy that every cluster begins with. */
export interface PolicyObject {
  readonly resource: 'clusterroles' | 'clusterrolebindings' | 'roles' | 'rolebindings'
  readonly namespace?: string
  readonly body: {
    readonly metadata: { readonly name: string; readonly [field: string]: unknown }
    readonly [field: string]: unknown
  }
}

const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }
/** A server that starts gives back what was taken from such an object. */
const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' }
const apiGroup = 'rbac.authorization.k8s.io'
const everybody = [group('system:authenticated'), group('system:unauthenticated')]

const clusterBindings: Readonly<Record<string, readonly Subject[]>> = {
  'cluster-admin': [group('system:masters')],
  'system:monitoring': [group('system:monitoring')],
  'system:discovery': [group('system:authenticated')],
  'system:basic-user': [group('system:authenticated')],
  'system:public-info-viewer': everybody,
  'system:node-proxier': [user('system:kube-proxy')],
  'system:kube-controller-manager': [user('system:kube-controller-manager')],
  'system:kube-dns': [account('kube-dns')],
  'system:kube-scheduler': [user('system:kube-scheduler')],
  'system:volume-scheduler': [user('system:kube-scheduler')],
  // Nodes have an authorizer of their own since 1.7: the binding is left without subjects.
  'system:node': [],
  'system:service-account-issuer-discovery': [group('system:serviceaccounts')],
}

const allControllerRoles: readonly RoleFacts[] = Object.entries(controllerRoles).map(([name, rules]) => ({
  name: `system:controller:${name}`,
  rules,
}))

/** All of it, in the order in which it is made. */
export const policyObjects: readonly PolicyObject[] = [
  ...[...userRoles, ...componentRoles, ...allControllerRoles].map(clusterRole),
  ...Object.entries(clusterBindings).map(([name, subjects]) => clusterBinding({ name, role: name, subjects })),
  ...Object.keys(controllerRoles).map(name => {
    const role = `system:controller:${name}`
    return clusterBinding({ name: role, role, subjects: [account(name)] })
  }),
  ...Object.entries(namespaceRoles).flatMap(([namespace, { roles, bindings }]): PolicyObject[] => [
    ...roles.map(({ name, rules }) => ({
      resource: 'roles' as const,
      namespace,
      body: { metadata: { name, namespace, labels, annotations }, rules },
    })),
    ...bindings.map(binding => ({
      resource: 'rolebindings' as const,
      namespace,
      body: bindingBody(binding, 'Role', namespace),
    })),
  ]),
]

function clusterRole({ name, labels: own, aggregationRule, rules }: RoleFacts): PolicyObject {
  const metadata = { name, labels: { ...labels, ...own }, annotations }
  return {
    resource: 'clusterroles',
    body: { metadata, ...(aggregationRule && { aggregationRule }), ...(rules && { rules }) },
  }
}

function clusterBinding(binding: BindingFacts): PolicyObject {
  return { resource: 'clusterrolebindings', body: bindingBody(binding, 'ClusterRole') }
}

function bindingBody({ name, role, subjects }: BindingFacts, kind: string, namespace?: string): PolicyObject['body'] {
  const metadata = { name, ...(namespace && { namespace }), labels, annotations }
  const given = subjects.length === 0 ? {} : { subjects }
  return { metadata, roleRef: { apiGroup, kind, name: role }, ...given }
}
