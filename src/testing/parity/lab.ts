// What both kubectls look at: the objects that people made in the recorded world, made anew in a lab that runs.

import type { Session } from '../../session/session.ts'
import { goldenJson, isObject, type JsonObject } from '../golden-json.ts'

/** One master and the three workers of the recorded world. */
export const parityTopology = { preset: 'm-k8s', masters: 1, workers: 3, workerCpu: 2, workerMemoryMiB: 2560 }

/** How long the lab goes on after everything was applied, in ms: images are pulled, containers crash and are backed off. */
const settleMs = 95_000

/** Applies the recorded world's objects and lets the lab run until every Pod is where it will be. */
export function furnish(session: Session): void {
  const result = session.input({ type: 'apply', yaml: manifests() })
  if (result && 'errors' in result && result.errors.length > 0) throw new Error(result.errors[0]?.message)
  session.advance(session.now + settleMs)
}

/** Kinds and names that somebody else makes: kubelets, controllers, an installation. */
const madeByOthers = new Set([
  ...['Event', 'Node', 'Endpoints', 'EndpointSlice', 'IPAddress', 'ServiceCIDR', 'Lease'],
  ...['default', 'kube-root-ca.crt', 'kubernetes', 'kubeadm:cluster-admins', 'data-db-0', 'data-db-1'],
])

function manifests(): string {
  const state = goldenJson<JsonObject[]>('behaviour', 'kubectl', 'world-lab', 'state.json')
  const made = state.filter(isMadeByPeople).map(asManifest)
  return made
    .sort((a, b) => rankOf(a) - rankOf(b))
    .map(object => JSON.stringify(object))
    .join('\n---\n')
}

function isMadeByPeople({ kind, metadata }: JsonObject): boolean {
  if (!isObject(metadata) || metadata['ownerReferences'] !== undefined) return false
  const { name, namespace = 'default' } = metadata
  if (madeByOthers.has(String(kind)) || madeByOthers.has(String(name))) return kind === 'Namespace' && name === 'shop'
  if (kind === 'Namespace') return name === 'shop'
  // The lab has one of these already.
  if (kind === 'IngressClass') return false
  return namespace === 'default' || namespace === 'shop'
}

/** What others need comes first. */
function rankOf({ kind }: JsonObject): number {
  const first = [
    'Namespace',
    'CustomResourceDefinition',
    'StorageClass',
    'PriorityClass',
    'ServiceAccount',
    'PersistentVolume',
  ]
  return first.includes(String(kind)) ? 0 : 1
}

/** Members that a server, a scheduler or a controller wrote, by path; `*` is every item of a list. */
const written = [
  ...['status', 'metadata.uid', 'metadata.resourceVersion', 'metadata.creationTimestamp', 'metadata.generation'],
  ...['metadata.deletionTimestamp', 'metadata.deletionGracePeriodSeconds', 'metadata.finalizers'],
]

const writtenByKind: Readonly<Record<string, readonly string[]>> = {
  Pod: ['spec.nodeName', 'spec.tolerations', 'spec.priority', 'spec.preemptionPolicy', 'spec.serviceAccount'],
  Job: ['spec.selector', 'spec.template.metadata.labels'],
  PersistentVolume: ['spec.claimRef'],
  PersistentVolumeClaim: ['spec.volumeName'],
}

function asManifest(object: JsonObject): JsonObject {
  const manifest = structuredClone(object)
  for (const path of [...written, ...(writtenByKind[String(object.kind)] ?? [])]) remove(manifest, path.split('.'))
  removeNotes(manifest)
  if (object.kind === 'Pod') removeTokens(manifest)
  if (object.kind === 'Service' && !isHeadless(object)) {
    remove(manifest, ['spec', 'clusterIP'])
    remove(manifest, ['spec', 'clusterIPs'])
  }
  return manifest
}

/** Annotations of kubectl's and of controllers'. */
function removeNotes({ metadata }: JsonObject): void {
  const notes = isObject(metadata) ? metadata['annotations'] : undefined
  if (!isObject(notes)) return
  for (const name of Object.keys(notes)) {
    if (/^(?:kubectl|deployment|pv|volume|batch)(?:\.[a-z]+)*\.kubernetes\.io\//.test(name))
      Reflect.deleteProperty(notes, name)
  }
}

function isHeadless({ spec }: JsonObject): boolean {
  return isObject(spec) && spec['clusterIP'] === 'None'
}

function remove(from: JsonObject, [name = '', ...rest]: readonly string[]): void {
  const inner = from[name]
  if (rest.length === 0) Reflect.deleteProperty(from, name)
  else if (isObject(inner)) remove(inner, rest)
}

/** The volume with the Pod's token, and where it is mounted: an admission plugin adds them again. */
function removeTokens({ spec }: JsonObject): void {
  if (!isObject(spec)) return
  drop(spec, 'volumes', 'name')
  for (const list of ['containers', 'initContainers']) {
    for (const container of Array.isArray(spec[list]) ? spec[list] : []) {
      if (isObject(container)) drop(container, 'volumeMounts', 'name')
    }
  }
}

function drop(owner: JsonObject, list: string, name: string): void {
  const items = owner[list]
  if (!Array.isArray(items)) return
  owner[list] = items.filter(item => !isObject(item) || !String(item[name]).startsWith('kube-api-access-'))
}
