import { StatefulSet } from '../../../api/apps/statefulset.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { isAvailable, isReady, Pod } from '../../../api/core/pod.ts'
import type { PodTemplateSpec } from '../../../api/core/podtemplate.ts'
import type { Context } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { podFromTemplate } from '../pod-control.ts'
import { revisionHashLabel } from '../revisions.ts'

/** The Pods of a StatefulSet: names, identities, claims. Models pkg/controller/statefulset/{stateful_set_utils,stateful_pod_control}.go. */

const podNameLabel = 'statefulset.kubernetes.io/pod-name'
const indexLabel = 'apps.kubernetes.io/pod-index'

/** The ordinal in a Pod's name, or -1 when the name is not one of this set's. */
export function ordinalOf({ metadata: { name } }: Pod, set: StatefulSet): number {
  const prefix = `${set.metadata.name}-`
  const ordinal = name.startsWith(prefix) ? name.slice(prefix.length) : ''
  return /^(?:0|[1-9]\d*)$/.test(ordinal) ? Number(ordinal) : -1
}

export function firstOrdinal({ spec }: StatefulSet): number {
  return spec.ordinals?.start ?? 0
}

export function revisionOf({ metadata }: Pod): string {
  return metadata.labels?.[revisionHashLabel] ?? ''
}

export function isTerminating({ metadata }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined
}

export function isRunning(pod: Pod): boolean {
  return pod.status.phase === 'Running' && isReady(pod)
}

export function isHealthy(pod: Pod): boolean {
  return isRunning(pod) && !isTerminating(pod)
}

export function isServing(pod: Pod, { spec }: StatefulSet, now: number): boolean {
  return isRunning(pod) && isAvailable(pod, spec.minReadySeconds ?? 0, now)
}

/** Creates the Pod of an ordinal, and before it the claims that it mounts. */
export function createReplica(
  set: StatefulSet,
  template: PodTemplateSpec,
  revision: string,
  ordinal: number,
  context: Context,
): void {
  const { api, event } = context
  const name = `${set.metadata.name}-${ordinal}`
  for (const claim of claimsOf(set, ordinal)) createClaim(set, name, claim, context)
  const { metadata } = podFromTemplate(StatefulSet, set, template)
  const own = { [podNameLabel]: name, [indexLabel]: String(ordinal), [revisionHashLabel]: revision }
  const labels = { ...template.metadata.labels, ...own }
  const spec = {
    ...template.spec,
    hostname: name,
    subdomain: set.spec.serviceName,
    volumes: volumesOf(set, template, ordinal),
  }
  const failure = attempt(() => api.create(Pod, { metadata: { ...metadata, name, labels }, spec }))
  // It is there and the cache does not show it yet.
  if (failure?.reason === 'AlreadyExists') throw failure
  if (failure) {
    event(
      set,
      'Warning',
      'FailedCreate',
      `Create Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${failure.message}`,
    )
    throw failure
  }
  event(set, 'Normal', 'SuccessfulCreate', `Create Pod ${name} in StatefulSet ${set.metadata.name} successful`)
}

export function deleteReplica(set: StatefulSet, pod: Pod, { api, event }: Context): void {
  const { name } = pod.metadata
  const failure = attempt(() => api.delete(Pod, pod))
  if (failure) {
    event(
      set,
      'Warning',
      'FailedDelete',
      `Delete Pod ${name} in StatefulSet ${set.metadata.name} failed error: ${failure.message}`,
    )
    throw failure
  }
  event(set, 'Normal', 'SuccessfulDelete', `Delete Pod ${name} in StatefulSet ${set.metadata.name} successful`)
}

type Claim = NonNullable<StatefulSet['spec']['volumeClaimTemplates']>[number]

export function claimName(set: StatefulSet, claim: Claim, ordinal: number): string {
  return `${claim.metadata.name}-${set.metadata.name}-${ordinal}`
}

function claimsOf(set: StatefulSet, ordinal: number): Claim[] {
  return (set.spec.volumeClaimTemplates ?? []).map(claim => ({
    ...claim,
    metadata: {
      ...claim.metadata,
      name: claimName(set, claim, ordinal),
      ...(set.metadata.namespace !== undefined && { namespace: set.metadata.namespace }),
      labels: { ...claim.metadata.labels, ...set.spec.selector.matchLabels },
    },
  }))
}

function createClaim(set: StatefulSet, podName: string, claim: Claim, { api, cache, event }: Context): void {
  const { name, namespace, labels, annotations } = claim.metadata
  if (cache.get(PersistentVolumeClaim, name, namespace)) return
  const metadata = {
    name,
    ...(namespace !== undefined && { namespace }),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
  }
  const failure = attempt(() => api.create(PersistentVolumeClaim, { metadata, spec: claim.spec }))
  if (failure?.reason === 'AlreadyExists') return
  const what = `Claim ${name} Pod ${podName} in StatefulSet ${set.metadata.name}`
  if (failure) {
    event(set, 'Warning', 'FailedCreate', `Create ${what} failed error: ${failure.message}`)
    throw failure
  }
  event(set, 'Normal', 'SuccessfulCreate', `Create ${what} success`)
}

/** The template's volumes, with a claim of the Pod's own in the place of each claim template. */
function volumesOf(
  set: StatefulSet,
  template: PodTemplateSpec,
  ordinal: number,
): NonNullable<PodTemplateSpec['spec']['volumes']> {
  const claims = set.spec.volumeClaimTemplates ?? []
  const own = claims.map(claim => ({
    name: claim.metadata.name,
    persistentVolumeClaim: { claimName: claimName(set, claim, ordinal), readOnly: false },
  }))
  const others = (template.spec.volumes ?? []).filter(volume => !own.some(({ name }) => name === volume.name))
  return [...own, ...others]
}
