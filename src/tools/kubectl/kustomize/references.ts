import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { nameOf, namespaceOf, textAt } from '../unstructured.ts'
import { changeAt, type FieldSpec, fits, namesIn } from './field-paths.ts'
import { type GroupKind, groupKindOf, type Id, isClusterScoped, type Item } from './item.ts'

/** Which fields hold names of which kind. */
interface Reference {
  readonly to: Partial<GroupKind>
  readonly from: readonly FieldSpec[]
}

/** Where the kinds that have Pods, or make them, keep what the Pod is. */
const podPlaces: Readonly<Record<string, string>> = {
  Pod: 'spec',
  PodTemplate: 'template/spec',
  ...Object.fromEntries(
    ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet', 'Job', 'ReplicationController'].map(kind => [
      kind,
      'spec/template/spec',
    ]),
  ),
  CronJob: 'spec/jobTemplate/spec/template/spec',
}

const inPods = (...paths: readonly string[]): FieldSpec[] =>
  Object.entries(podPlaces).flatMap(([kind, place]) => paths.map(path => ({ path: `${place}/${path}`, kind })))

const inContainers = (path: string): string[] => [`containers/${path}`, `initContainers/${path}`]

const on = (kind: string, ...paths: readonly string[]): FieldSpec[] => paths.map(path => ({ path, kind }))

const rbac = 'rbac.authorization.k8s.io'
const nginx = 'metadata/annotations/nginx.ingress.kubernetes.io\\/'

/** api/internal/konfig/builtinpluginconsts/namereference.go. */
const references: readonly Reference[] = [
  ...['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'].map(kind => ({
    to: { kind },
    from: on('HorizontalPodAutoscaler', 'spec/scaleTargetRef/name'),
  })),
  {
    to: { kind: 'ConfigMap', version: 'v1' },
    from: [
      ...inPods('volumes/configMap/name', 'volumes/projected/sources/configMap/name'),
      ...inPods(...inContainers('env/valueFrom/configMapKeyRef/name'), ...inContainers('envFrom/configMapRef/name')),
      ...on('Node', 'spec/configSource/configMap'),
      ...on('Role', 'rules/resourceNames'),
      ...on('ClusterRole', 'rules/resourceNames'),
      ...on('Ingress', `${nginx}fastcgi-params-configmap`),
    ],
  },
  {
    to: { kind: 'Secret', version: 'v1' },
    from: [
      ...inPods('volumes/secret/secretName', 'imagePullSecrets/name', 'volumes/projected/sources/secret/name'),
      ...inPods(...inContainers('env/valueFrom/secretKeyRef/name'), ...inContainers('envFrom/secretRef/name')),
      ...on('Ingress', 'spec/tls/secretName', 'metadata/annotations/ingress.kubernetes.io\\/auth-secret'),
      ...on('Ingress', `${nginx}auth-secret`, `${nginx}auth-tls-secret`),
      ...on('ServiceAccount', 'imagePullSecrets/name'),
      ...on('StorageClass', 'parameters/secretName', 'parameters/adminSecretName', 'parameters/userSecretName'),
      ...on('StorageClass', 'parameters/secretRef'),
      ...on('Role', 'rules/resourceNames'),
      ...on('ClusterRole', 'rules/resourceNames'),
      ...on('PersistentVolume', 'spec/azureFile/secretName'),
    ],
  },
  {
    to: { kind: 'Service', version: 'v1' },
    from: [
      ...on('StatefulSet', 'spec/serviceName'),
      ...on('Ingress', 'spec/rules/http/paths/backend/serviceName', 'spec/backend/serviceName'),
      ...on('Ingress', 'spec/rules/http/paths/backend/service/name', 'spec/defaultBackend/service/name'),
      ...on('APIService', 'spec/service/name'),
      ...on('ValidatingWebhookConfiguration', 'webhooks/clientConfig/service'),
      ...on('MutatingWebhookConfiguration', 'webhooks/clientConfig/service'),
    ],
  },
  { to: { kind: 'Role', group: rbac }, from: on('RoleBinding', 'roleRef/name') },
  {
    to: { kind: 'ClusterRole', group: rbac },
    from: [...on('RoleBinding', 'roleRef/name'), ...on('ClusterRoleBinding', 'roleRef/name')],
  },
  {
    to: { kind: 'ServiceAccount', version: 'v1' },
    from: [...on('RoleBinding', 'subjects'), ...on('ClusterRoleBinding', 'subjects'), ...inPods('serviceAccountName')],
  },
  { to: { kind: 'PersistentVolumeClaim', version: 'v1' }, from: inPods('volumes/persistentVolumeClaim/claimName') },
  {
    to: { kind: 'PersistentVolume', version: 'v1' },
    from: [...on('PersistentVolumeClaim', 'spec/volumeName'), ...on('ClusterRole', 'rules/resourceNames')],
  },
  {
    to: { kind: 'StorageClass', group: 'storage.k8s.io' },
    from: [
      ...on('PersistentVolume', 'spec/storageClassName'),
      ...on('PersistentVolumeClaim', 'spec/storageClassName'),
      ...on('StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName'),
    ],
  },
  { to: { kind: 'PriorityClass', group: 'scheduling.k8s.io' }, from: inPods('priorityClassName') },
  { to: { kind: 'IngressClass', group: 'networking.k8s.io' }, from: on('Ingress', 'spec/ingressClassName') },
  {
    to: { kind: 'ValidatingAdmissionPolicy', group: 'admissionregistration.k8s.io' },
    from: on('ValidatingAdmissionPolicyBinding', 'spec/policyName'),
  },
]

/** Makes every reference to an old name one to the name that the object has now (filters/nameref). */
export function fixReferences(items: readonly Item[]): readonly Item[] {
  const changed = items.filter(({ before }) => before.length > 0)
  if (changed.length === 0) return items
  return items.map(item => ({ ...item, object: fixed(item, changed) }))
}

function fixed(item: Item, targets: readonly Item[]): JsonObject {
  const kind = groupKindOf(item.object)
  return references.reduce((object, { to, from }) => {
    const candidates = targets.filter(target => fits({ path: '', ...to }, groupKindOf(target.object)))
    if (candidates.length === 0) return object
    return from
      .filter(spec => fits(spec, kind))
      .reduce(
        (result, { path }) => changeAt(result, namesIn(path), value => follow(item, candidates, value, to)),
        object,
      )
  }, item.object)
}

/** A reference as it is now: a name, a list of names, or a map with a name and perhaps a namespace. */
function follow(from: Item, candidates: readonly Item[], value: unknown, to: Partial<GroupKind>): unknown {
  if (typeof value === 'string') {
    const target = targetOf(from, candidates, value, undefined)
    return target ? nameOf(target.object) : value
  }
  if (Array.isArray(value)) return value.map(each => follow(from, candidates, each, to))
  if (!isObject(value)) return value
  const kind = textAt(value, 'kind')
  if (kind !== '' && kind !== to.kind) return value
  const namespace = textAt(value, 'namespace')
  const target = targetOf(from, candidates, textAt(value, 'name'), namespace === '' ? undefined : namespace)
  if (!target) return value
  const place = namespaceOf(target.object)
  return { ...value, name: nameOf(target.object), ...(place !== '' && namespace !== '' && { namespace: place }) }
}

/** The object that was called so when the reference was written. */
function targetOf(
  from: Item,
  candidates: readonly Item[],
  name: string,
  namespace: string | undefined,
): Item | undefined {
  const place = (text: string): string => text || 'default'
  const own = new Set([...from.before, idIn(from)].map(id => place(id.namespace)))
  const isNear = isClusterScoped(from.object)
    ? () => true
    : (ids: readonly Id[]) => ids.some(id => own.has(place(id.namespace)))
  const found = candidates.filter(candidate => {
    const ids = [...candidate.before, idIn(candidate)]
    if (!ids.some(id => id.name === name)) return false
    if (namespace !== undefined) return ids.some(id => place(id.namespace) === namespace)
    return isClusterScoped(candidate.object) || isNear(ids)
  })
  if (found.length < 2) return found[0]
  const isKin = ({ prefixes, suffixes }: Item): boolean => {
    return prefixes.join() === from.prefixes.join() && suffixes.join() === from.suffixes.join()
  }
  return found.find(isKin) ?? found[0]
}

function idIn({ object }: Item): Id {
  return { name: nameOf(object), namespace: namespaceOf(object) }
}
