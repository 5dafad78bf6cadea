import { Deployment } from '../../../api/apps/deployment.ts'
import { ReplicaSet } from '../../../api/apps/replicaset.ts'
import type { PodTemplateSpec } from '../../../api/core/podtemplate.ts'
import { podTemplateHash } from '../../../api/core/podtemplate-hash.ts'
import { findCondition } from '../../../api/meta/conditions.ts'
import type { NewObject } from '../../../client/api.ts'
import { controllerOf, isEqual } from '../../../machinery/object.ts'
import { type ApiError, attempt } from '../../../machinery/status.ts'
import { controllerReference } from '../ownership.ts'
import { isNamespaceGoing } from '../pod-control.ts'
import {
  currentAnnotations,
  hasAnnotations,
  maxRevision,
  revisionKey,
  sizeAnnotations,
  withAnnotations,
} from './annotations.ts'
import { hasDeadline, progressing, withCondition } from './conditions.ts'
import { type Rollout, type Sets, setsOf, writeStatus } from './rollout.ts'
import { newReplicaCount, oldestFirst } from './sizes.ts'

const hashLabel = 'pod-template-hash'

/** Finds the new ReplicaSet and the old ones, keeps revisions, and makes the new one if it may. Models sync.go. */
export function findSets(rollout: Rollout, mayCreate: boolean): Sets {
  const { template } = rollout.deployment.spec
  const found = oldestFirst(rollout.replicaSets).find(rs => isSameTemplate(rs.spec.template, template))
  const old = found ? rollout.replicaSets.filter(rs => rs !== found) : rollout.replicaSets
  const revision = String(maxRevision(old) + 1)
  if (found) return setsOf(keepCurrent(rollout, found, revision), old)
  return setsOf(mayCreate ? create(rollout, old, revision) : undefined, old)
}

/** Whether two templates are the same but for the hash that the controller has put into one. */
function isSameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  if (!isEqual(a.spec, b.spec)) return false
  const { labels: labelsA, ...restA } = a.metadata
  const { labels: labelsB, ...restB } = b.metadata
  return isEqual(withoutHash(labelsA), withoutHash(labelsB)) && isEqual(restA, restB)
}

function withoutHash(labels: Record<string, string> | undefined): Record<string, string> {
  const { 'pod-template-hash': _, ...rest } = labels ?? {}
  return rest
}

/** Brings annotations of an existing new ReplicaSet up to date, and the Deployment's revision and progress. */
function keepCurrent(rollout: Rollout, current: ReplicaSet, revision: string): ReplicaSet {
  const { deployment, context } = rollout
  const { minReadySeconds } = deployment.spec
  const annotations = currentAnnotations(deployment, current.metadata.annotations, revision)
  const isChanged = !hasAnnotations(current.metadata.annotations, annotations)
  if (isChanged || (current.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)) {
    const { minReadySeconds: _, ...spec } = current.spec
    const next = withAnnotations(current, annotations)
    return context.api.update(ReplicaSet, { ...next, spec: { ...spec, ...(minReadySeconds && { minReadySeconds }) } })
  }
  let changed = withRevision(deployment, current.metadata.annotations?.[revisionKey])
  if (hasDeadline(deployment) && !findCondition(deployment.status.conditions, 'Progressing')) {
    const text = `Found new replica set "${current.metadata.name}"`
    changed = withCondition(changed, progressing('True', 'FoundNewReplicaSet', text, context.now))
  }
  if (changed !== deployment) writeStatus(rollout, changed)
  return current
}

function withRevision(deployment: Deployment, revision: string | undefined): Deployment {
  if (revision === undefined || deployment.metadata.annotations?.[revisionKey] === revision) return deployment
  return withAnnotations(deployment, { [revisionKey]: revision })
}

function create(rollout: Rollout, old: readonly ReplicaSet[], revision: string): ReplicaSet {
  const { context, deployment } = rollout
  const draft = newReplicaSet(deployment, old, revision)
  const { name } = draft.metadata
  const { replicas } = draft.spec
  let created: ReplicaSet | undefined
  const failure = attempt(() => {
    created = context.api.create(ReplicaSet, draft)
  })
  const isThere = failure?.reason === 'AlreadyExists'
  if (isThere) created = ownTwin(rollout, name, failure)
  if (!created) throw failure && !isThere ? tellOf(rollout, name, failure) : failure
  if (!isThere && replicas > 0) {
    context.event(deployment, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${replicas}`)
  }
  let changed = withRevision(deployment, revision)
  if (!isThere && hasDeadline(deployment)) {
    const text = `Created new replica set "${name}"`
    changed = withCondition(changed, progressing('True', 'NewReplicaSetCreated', text, context.now))
  }
  if (changed !== deployment) writeStatus(rollout, changed)
  return created
}

type ReplicaSetDraft = NewObject<ReplicaSet> & { metadata: { name: string }; spec: { replicas: number } }

function newReplicaSet(deployment: Deployment, old: readonly ReplicaSet[], revision: string): ReplicaSetDraft {
  const { metadata, spec, status } = deployment
  const hash = podTemplateHash(spec.template, status.collisionCount)
  const labels = { ...spec.template.metadata.labels, [hashLabel]: hash }
  const { minReadySeconds, selector } = spec
  const replicas = newReplicaCount(deployment, old, { spec: { replicas: 0 } })
  return {
    metadata: {
      name: `${metadata.name}-${hash}`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels,
      annotations: { ...currentAnnotations(deployment, undefined, revision), ...sizeAnnotations(deployment) },
      ownerReferences: [controllerReference(Deployment, deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...spec.template, metadata: { ...spec.template.metadata, labels } },
    },
  }
}

/**
 * The ReplicaSet that has the name already: ours if the cache has only not shown it yet, else two templates have the
 * same hash, and the Deployment counts the collision so that its next name differs.
 */
function ownTwin(rollout: Rollout, name: string, failure: ApiError): ReplicaSet {
  const { context, deployment } = rollout
  const { namespace, uid } = deployment.metadata
  const twin = context.cache.get(ReplicaSet, name, namespace)
  if (!twin) throw failure
  if (controllerOf(twin)?.uid === uid && isSameTemplate(twin.spec.template, deployment.spec.template)) return twin
  const collisionCount = (deployment.status.collisionCount ?? 0) + 1
  writeStatus(rollout, { ...deployment, status: { ...deployment.status, collisionCount } })
  throw failure
}

/** The server refused the new ReplicaSet: told in status and as an event. */
function tellOf(rollout: Rollout, name: string, failure: ApiError): ApiError {
  const { context, deployment } = rollout
  if (isNamespaceGoing(failure)) return failure
  const text = `Failed to create new replica set "${name}": ${failure.message}`
  const reason = 'ReplicaSetCreateError'
  if (hasDeadline(deployment)) {
    attempt(() => writeStatus(rollout, withCondition(deployment, progressing('False', reason, text, context.now))))
  }
  context.event(deployment, 'Warning', reason, text)
  return failure
}
