import type { Container, Pod, ServiceAccount, Volume } from '../../../api/generated/core.v1.ts'
import { deepFreeze, draftOf } from '../../../machinery/object.ts'
import { forbidden } from '../../../machinery/status.ts'
import { pods, serviceAccounts } from '../known.ts'
import { isOf } from '../objects.ts'
import { randomText } from '../registry/names.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

const volumePrefix = 'kube-api-access-'
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
const mirrorAnnotation = 'kubernetes.io/config.mirror'

/** Gives Pods their ServiceAccount, its token and its pull secrets (plugin/pkg/admission/serviceaccount). */
export const serviceAccount: AdmissionPlugin = {
  name: 'ServiceAccount',
  operations: ['CREATE'],
  resources: ['pods'],

  mutate(pod, attributes) {
    // Mirror Pods stand for static ones, which have no account.
    if (!isOf(pods, pod) || pod.metadata.annotations?.[mirrorAnnotation] !== undefined) return
    const { spec } = pod
    spec.serviceAccountName ||= 'default'
    spec.serviceAccount = spec.serviceAccountName
    const account = accountOf(pod, attributes)
    if (spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true) mountToken(pod, attributes)
    if (!spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      spec.imagePullSecrets = draftOf(account.imagePullSecrets)
    }
  },
}

function accountOf(pod: Pod, { kind, name, namespace = '', find }: Attributes): ServiceAccount {
  const { serviceAccountName = '' } = pod.spec
  const account = find(serviceAccounts, serviceAccountName, namespace)
  if (account) return account
  const why = `error looking up service account ${namespace}/${serviceAccountName}`
  throw forbidden(kind, name, `${why}: serviceaccount "${serviceAccountName}" not found`)
}

function mountToken({ spec }: Pod, { random }: Attributes): void {
  const known = spec.volumes?.find(({ name }) => name.startsWith(volumePrefix))
  const name = known?.name ?? volumePrefix + randomText(5, random)
  let isNeeded = false
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    if (mountInto(container, name)) isNeeded = true
  }
  if (!known && isNeeded) spec.volumes = [...(spec.volumes ?? []), tokenVolume(name)]
}

/** A container that mounts something at the path already is left alone. */
function mountInto(container: Container, name: string): boolean {
  const mounts = container.volumeMounts ?? []
  if (mounts.some(mount => mount.mountPath === mountPath)) return false
  container.volumeMounts = [...mounts, { name, readOnly: true, mountPath }]
  return true
}

function tokenVolume(name: string): Volume {
  return { name, projected: tokenSources }
}

/** The same in every Pod, and therefore one object for all of them (DESIGN.md, D5). */
const tokenSources: NonNullable<Volume['projected']> = deepFreeze({
  sources: [
    // An hour and seven seconds: a mark by which the server knows the tokens it asked for itself.
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ],
  defaultMode: 420,
})
