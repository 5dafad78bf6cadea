import type { PersistentVolume, PersistentVolumeClaim, Pod, PodSpec } from '../../../api/generated/core.v1.ts'
import { changeAt } from '../../etcd/history.ts'
import { type EtcdState, get, type KeyValue, range } from '../../etcd/store.ts'
import { persistentVolumeClaims, persistentVolumes, pods } from '../known.ts'
import { isOf } from '../objects.ts'

/** Pods by the node that they are bound to, as of a revision. Memo of what the store says. */
interface PodsByNode {
  revision: number
  readonly nodes: Map<string, Map<string, Pod>>
}

const podPrefix = '/registry/pods/'
const known = new WeakMap<EtcdState, PodsByNode>()

/** The Pods of a node. The index follows the history, so that a question costs what has changed since the last one. */
export function podsOn(etcd: EtcdState, node: string): Iterable<Pod> {
  let index = known.get(etcd)
  if (!index || index.revision < etcd.compacted) {
    index = { revision: etcd.revision, nodes: new Map() }
    for (const entry of range(etcd, podPrefix)) put(index, entry)
    known.set(etcd, index)
  }
  while (index.revision < etcd.revision) {
    const { key, previous, current } = changeAt(etcd, ++index.revision)
    if (!key.startsWith(podPrefix)) continue
    if (isOf(pods, previous?.value)) index.nodes.get(previous.value.spec.nodeName ?? '')?.delete(key)
    if (current) put(index, current)
  }
  return index.nodes.get(node)?.values() ?? []
}

function put({ nodes }: PodsByNode, { key, value }: KeyValue): void {
  if (!isOf(pods, value) || !value.spec.nodeName) return
  const there = nodes.get(value.spec.nodeName)
  if (there) there.set(key, value)
  else nodes.set(value.spec.nodeName, new Map([[key, value]]))
}

/** What a Pod on a node makes readable for it, by sort (plugin/pkg/auth/authorizer/node/graph.go). */
export type Related =
  'secrets' | 'configmaps' | 'serviceaccounts' | 'persistentvolumeclaims' | 'persistentvolumes' | 'pods'

/** Whether a node has to do with an object: a Pod on it uses the object, or a claim of such a Pod is bound to it. */
export function isRelated(etcd: EtcdState, node: string, what: Related, namespace: string, name: string): boolean {
  for (const pod of podsOn(etcd, node)) {
    if (what === 'persistentvolumes') {
      if (usesVolume(etcd, pod, name)) return true
    } else if (pod.metadata.namespace === namespace && uses[what](pod, name, etcd)) return true
  }
  return false
}

type Uses = (pod: Pod, name: string, etcd: EtcdState) => boolean

const uses: Readonly<Record<Exclude<Related, 'persistentvolumes'>, Uses>> = {
  pods: ({ metadata }, name) => metadata.name === name,
  serviceaccounts: ({ spec }, name) => spec.serviceAccountName === name,
  configmaps: ({ spec }, name) => names(spec, 'configMap').has(name),
  secrets: (pod, name, etcd) =>
    names(pod.spec, 'secret').has(name) || claimsOf(etcd, pod).some(claim => secretOf(etcd, claim) === name),
  persistentvolumeclaims: (pod, name) => claimNames(pod).includes(name),
}

/** Memo: which objects a Pod's spec names. Specs are frozen and shared by all versions of a Pod. */
const named = new WeakMap<PodSpec, { readonly secret: Set<string>; readonly configMap: Set<string> }>()

function names(spec: PodSpec, sort: 'secret' | 'configMap'): ReadonlySet<string> {
  let found = named.get(spec)
  if (!found) {
    found = { secret: new Set(), configMap: new Set() }
    for (const { name } of spec.imagePullSecrets ?? []) if (name) found.secret.add(name)
    const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]
    for (const { env, envFrom } of containers) {
      for (const { valueFrom } of env ?? []) {
        add(found.secret, valueFrom?.secretKeyRef?.name)
        add(found.configMap, valueFrom?.configMapKeyRef?.name)
      }
      for (const { secretRef, configMapRef } of envFrom ?? []) {
        add(found.secret, secretRef?.name)
        add(found.configMap, configMapRef?.name)
      }
    }
    for (const { secret, configMap, projected, csi } of spec.volumes ?? []) {
      add(found.secret, secret?.secretName)
      add(found.secret, csi?.nodePublishSecretRef?.name)
      add(found.configMap, configMap?.name)
      for (const source of projected?.sources ?? []) {
        add(found.secret, source.secret?.name)
        add(found.configMap, source.configMap?.name)
      }
    }
    named.set(spec, found)
  }
  return found[sort]
}

function add(set: Set<string>, name: string | undefined): void {
  if (name) set.add(name)
}

/** Claims that a Pod names, and those made for its ephemeral volumes. */
function claimNames({ metadata, spec }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName]
    return ephemeral ? [`${metadata.name}-${name}`] : []
  })
}

function claimsOf(etcd: EtcdState, pod: Pod): PersistentVolumeClaim[] {
  return claimNames(pod).flatMap(name => {
    const value = get(etcd, `/registry/persistentvolumeclaims/${pod.metadata.namespace ?? ''}/${name}`)?.value
    return isOf(persistentVolumeClaims, value) ? [value] : []
  })
}

function usesVolume(etcd: EtcdState, pod: Pod, name: string): boolean {
  return claimsOf(etcd, pod).some(({ spec }) => spec.volumeName === name)
}

/** The Secret that the volume of a claim needs to be mounted. */
function secretOf(etcd: EtcdState, { spec }: PersistentVolumeClaim): string | undefined {
  const value = spec.volumeName && get(etcd, `/registry/persistentvolumes/${spec.volumeName}`)?.value
  if (!isOf<PersistentVolume>(persistentVolumes, value)) return undefined
  return value.spec.csi?.nodePublishSecretRef?.name ?? value.spec.csi?.nodeStageSecretRef?.name
}
