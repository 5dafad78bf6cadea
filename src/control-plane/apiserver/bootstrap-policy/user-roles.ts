import { read, readWrite, type RoleFacts, rule, urls, write } from './rule.ts'

const to = (name: string) => ({ [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' })
const from = (name: string) => ({ clusterRoleSelectors: [{ matchLabels: to(name) }] })

/** Roles that are meant for people; admin, edit and view are put together from others by their labels (policy.go). */
export const userRoles: readonly RoleFacts[] = [
  {
    name: 'cluster-admin',
    rules: [rule('*', '*', '*'), { verbs: ['*'], nonResourceURLs: ['*'] }],
  },
  {
    name: 'system:discovery',
    rules: [urls('/livez /readyz /healthz /version /version/ /openapi /openapi/* /api /api/* /apis /apis/*')],
  },
  {
    name: 'system:monitoring',
    rules: [urls('/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*')],
  },
  {
    name: 'system:basic-user',
    rules: [
      rule('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'),
      rule('create', 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  { name: 'system:public-info-viewer', rules: [urls('/livez /readyz /healthz /version /version/')] },
  { name: 'admin', aggregationRule: from('admin') },
  { name: 'edit', labels: to('admin'), aggregationRule: from('edit') },
  { name: 'view', labels: to('edit'), aggregationRule: from('view') },
  {
    name: 'system:aggregate-to-admin',
    labels: to('admin'),
    rules: [
      rule('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
      rule(readWrite, 'rbac.authorization.k8s.io', 'roles rolebindings'),
    ],
  },
  {
    name: 'system:aggregate-to-edit',
    labels: to('edit'),
    rules: [
      // Reading these gives power, so that view has none of them.
      rule(read, 'core', 'pods/attach pods/proxy pods/exec pods/portforward secrets services/proxy'),
      rule('impersonate', 'core', 'serviceaccounts'),
      rule(write, 'core', 'pods pods/attach pods/proxy pods/exec pods/portforward'),
      rule('create', 'core', 'pods/eviction'),
      rule(
        write,
        'core',
        `replicationcontrollers replicationcontrollers/scale serviceaccounts services services/proxy
        persistentvolumeclaims configmaps secrets events`,
      ),
      rule('create', 'core', 'serviceaccounts/token'),
      rule(
        write,
        'apps',
        `statefulsets statefulsets/scale daemonsets deployments deployments/scale deployments/rollback replicasets
        replicasets/scale`,
      ),
      rule(write, 'autoscaling', 'horizontalpodautoscalers'),
      rule(write, 'batch', 'jobs cronjobs'),
      rule(
        write,
        'extensions',
        `daemonsets deployments deployments/scale deployments/rollback ingresses replicasets replicasets/scale
        replicationcontrollers/scale networkpolicies`,
      ),
      rule(write, 'policy', 'poddisruptionbudgets'),
      rule(write, 'networking.k8s.io', 'networkpolicies ingresses'),
      rule(readWrite, 'coordination.k8s.io', 'leases'),
      rule(write, 'resource.k8s.io', 'resourceclaims resourceclaimtemplates'),
    ],
  },
  {
    name: 'system:aggregate-to-view',
    labels: to('view'),
    rules: [
      rule(
        read,
        'core',
        `pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status endpoints
        persistentvolumeclaims persistentvolumeclaims/status configmaps`,
      ),
      rule(
        read,
        'core',
        `limitranges resourcequotas bindings events pods/status resourcequotas/status namespaces/status
        replicationcontrollers/status pods/log`,
      ),
      // Inside a namespace this is about that namespace: whoever may read it knows which ones are his.
      rule(read, 'core', 'namespaces'),
      rule(read, 'discovery.k8s.io', 'endpointslices'),
      rule(
        read,
        'apps',
        `controllerrevisions statefulsets statefulsets/status statefulsets/scale daemonsets daemonsets/status deployments
        deployments/status deployments/scale replicasets replicasets/status replicasets/scale`,
      ),
      rule(read, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
      rule(read, 'batch', 'jobs cronjobs cronjobs/status jobs/status'),
      rule(
        read,
        'extensions',
        `daemonsets daemonsets/status deployments deployments/scale deployments/status ingresses ingresses/status replicasets
        replicasets/scale replicasets/status replicationcontrollers/scale networkpolicies`,
      ),
      rule(read, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
      rule(read, 'networking.k8s.io', 'networkpolicies ingresses ingresses/status'),
      rule(read, 'resource.k8s.io', 'resourceclaims resourceclaims/status resourceclaimtemplates'),
    ],
  },
]
