/** What discovery tells of resources that does not follow from their kinds. */
interface SubresourceFacts {
  readonly verbs: readonly string[]
  /** The kind that is sent, when it is not that of the resource. */
  readonly of?: { readonly kind: string; readonly group?: string; readonly version?: string }
}

const proxyVerbs = ['create', 'delete', 'get', 'patch', 'update']
const readWrite = ['get', 'patch', 'update']

const subresources: Readonly<Record<string, SubresourceFacts>> = {
  scale: { verbs: readWrite, of: { group: 'autoscaling', version: 'v1', kind: 'Scale' } },
  status: { verbs: readWrite },
  'namespaces/finalize': { verbs: ['update'] },
  'nodes/proxy': { verbs: proxyVerbs, of: { kind: 'NodeProxyOptions' } },
  'services/proxy': { verbs: proxyVerbs, of: { kind: 'ServiceProxyOptions' } },
  'pods/proxy': { verbs: proxyVerbs, of: { kind: 'PodProxyOptions' } },
  'pods/attach': { verbs: ['create', 'get'], of: { kind: 'PodAttachOptions' } },
  'pods/exec': { verbs: ['create', 'get'], of: { kind: 'PodExecOptions' } },
  'pods/portforward': { verbs: ['create', 'get'], of: { kind: 'PodPortForwardOptions' } },
  'pods/binding': { verbs: ['create'], of: { kind: 'Binding' } },
  'pods/eviction': { verbs: ['create'], of: { group: 'policy', version: 'v1', kind: 'Eviction' } },
  'pods/log': { verbs: ['get'] },
  'serviceaccounts/token': {
    verbs: ['create'],
    of: { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' },
  },
}

/** Groups by priority: the order in which clients prefer them (pkg/controlplane/apiserver/aggregator.go). */
const groupOrder: readonly string[] = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
]

/** Hashes of the versions in which resources are stored, as recorded: clients only compare them. */
const storageVersionHashes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: {
    configmaps: 'qFsyl6wFWjQ=',
    endpoints: 'fWeeMqaN/OA=',
    events: 'r2yiGXH7wu8=',
    limitranges: 'EBKMFVe6cwo=',
    namespaces: 'Q3oi5N2YM8M=',
    nodes: 'XwShjMxG9Fs=',
    persistentvolumeclaims: 'QWTyNDq0dC4=',
    persistentvolumes: 'HN/zwEC+JgM=',
    pods: 'xPOwRZ+Yhw8=',
    podtemplates: 'LIXB2x4IFpk=',
    replicationcontrollers: 'Jond2If31h0=',
    resourcequotas: '8uhSgffRX6w=',
    secrets: 'S6u1pOWzb84=',
    serviceaccounts: 'pbx9ZvyFpBE=',
    services: '0/CO1lhkEBI=',
  },
  'apps/v1': {
    controllerrevisions: '85nkx63pcBU=',
    daemonsets: 'dd7pWHUlMKQ=',
    deployments: '8aSe+NMegvE=',
    replicasets: 'P1RzHs8/mWQ=',
    statefulsets: 'H+vl74LkKdo=',
  },
}

export const special = { subresources, groupOrder, storageVersionHashes }
