import type { Deployment } from '../../../api/apps/deployment.ts'
import type { ReplicaSet } from '../../../api/apps/replicaset.ts'
import { maxSurge } from './sizes.ts'

/** What a Deployment and its ReplicaSets remember in annotations. Models pkg/controller/deployment/util/deployment_util.go. */

export const revisionKey = 'deployment.kubernetes.io/revision'
const historyKey = 'deployment.kubernetes.io/revision-history'
export const desiredKey = 'deployment.kubernetes.io/desired-replicas'
export const maxKey = 'deployment.kubernetes.io/max-replicas'

/** The Deployment's own: not copied to its ReplicaSets. */
const ownKeys: ReadonlySet<string> = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  revisionKey,
  historyKey,
  desiredKey,
  maxKey,
  'deprecated.deployment.rollback.to',
])

/** A list of old revisions grows no longer than this. */
const historyLimit = 2000

type Annotations = Record<string, string>

export function revisionOf({ metadata }: ReplicaSet): number {
  const revision = Number(metadata.annotations?.[revisionKey] ?? 0)
  return Number.isInteger(revision) ? revision : 0
}

export function maxRevision(sets: readonly ReplicaSet[]): number {
  return sets.reduce((most, rs) => Math.max(most, revisionOf(rs)), 0)
}

/** A number kept in an annotation of a ReplicaSet; undefined when it is not there or no number. */
export function sizeIn({ metadata }: ReplicaSet, key: string): number | undefined {
  const text = metadata.annotations?.[key]
  const size = text === undefined ? NaN : Number(text)
  return Number.isInteger(size) ? size : undefined
}

/** What a ReplicaSet should remember of its Deployment's size, for scaling in the middle of a roll-out. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const { replicas } = deployment.spec
  return { [desiredKey]: String(replicas), [maxKey]: String(replicas + maxSurge(deployment)) }
}

export function withAnnotations<T extends { metadata: { annotations?: Annotations } }>(
  object: T,
  more: Annotations,
): T {
  return { ...object, metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, ...more } } }
}

/** Whether annotations hold all of these. */
export function hasAnnotations(annotations: Annotations | undefined, wanted: Annotations): boolean {
  for (const key in wanted) if (annotations?.[key] !== wanted[key]) return false
  return true
}

/** Annotations of the new ReplicaSet: the Deployment's, and the revision, which is the highest of all its sets. */
export function currentAnnotations(
  deployment: Deployment,
  present: Annotations | undefined,
  revision: string,
): Annotations {
  const next: Annotations = { ...present }
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!ownKeys.has(key)) next[key] = value
  }
  const before = present?.[revisionKey]
  if (Number(before ?? 0) >= Number(revision) || Number.isNaN(Number(before ?? 0))) return next
  next[revisionKey] = revision
  // An old set becomes the new one again: its earlier revisions are kept, as `kubectl rollout history` may be asked for them.
  if (before !== undefined) next[historyKey] = historyWith(present?.[historyKey], before)
  return next
}

function historyWith(history: string | undefined, revision: string): string {
  if (!history) return revision
  const old = history.split(',')
  let length = history.length + revision.length + 1
  while (length > historyLimit && old.length > 0) length -= (old.shift()?.length ?? 0) + 1
  return length <= historyLimit ? [...old, revision].join(',') : history
}
