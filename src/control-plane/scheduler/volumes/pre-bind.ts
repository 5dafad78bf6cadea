import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { Pod } from '../../../api/core/pod.ts'
import { keyOf } from '../../../machinery/object.ts'
import { cycleOf } from '../cycle.ts'
import type { Run } from '../state.ts'
import { isBound, sortClaims } from './claims.ts'
import { planClaims } from './matching.ts'

/** How long a Pod waits for its volumes before it is bound (bindTimeoutSeconds), and how often they are looked at. */
export const bindTimeoutMs = 600_000
export const bindPollMs = 1_000

/** Keeps the volumes that are to be bound for this Pod from being promised to another: AssumePodVolumes. */
export function assumeVolumes({ self, objects }: Run, pod: Pod, nodeName: string): void {
  const { cache, takenVolumes } = self.state
  if (!pod.spec.volumes) return
  const { toBind } = sortClaims(pod, objects)
  const cycle = cycleOf(self.state, objects)
  const node = cycle.node(nodeName)?.node
  if (toBind.length === 0 || !node || !cache.index.has(nodeName)) return
  for (const { claim, volume } of planClaims(toBind, node, cycle) ?? []) {
    if (volume) takenVolumes.set(volume.metadata.name, keyOf(claim))
  }
}

/** Takes back what was assumed for the Pod's claims. */
export function forgetVolumes({ self, objects }: Run, pod: Pod): void {
  const { takenVolumes } = self.state
  if (takenVolumes.size === 0) return
  const { bound, toBind, immediate } = sortClaims(pod, objects)
  const keys = new Set([...bound, ...toBind, ...immediate].map(keyOf))
  for (const [volume, claim] of takenVolumes) if (keys.has(claim)) takenVolumes.delete(volume)
}

/**
 * Gives the Pod's claims their volumes, or asks for them to be made on its node. True when all claims are bound; until
 * then the volume controller or a provisioner is at work. Throws ApiError. BindPodVolumes of plugins/volumebinding.
 */
export function bindVolumes(run: Run, pod: Pod, nodeName: string): boolean {
  if (!pod.spec.volumes) return true
  const { toBind, immediate } = sortClaims(pod, run.objects)
  const cycle = cycleOf(run.self.state, run.objects)
  const node = cycle.node(nodeName)?.node
  const unasked = toBind.filter(claim => !isAsked(run, claim))
  if (unasked.length > 0 && node) {
    for (const { claim, volume } of planClaims(unasked, node, cycle) ?? []) {
      if (volume) bindVolume(run, volume, claim)
      else askForVolume(run, claim, nodeName)
    }
  }
  return toBind.length === 0 && immediate.every(isBound)
}

/** Whether a volume was bound to the claim already, or is being made. */
function isAsked({ objects }: Run, claim: PersistentVolumeClaim): boolean {
  if (claim.metadata.annotations?.['volume.kubernetes.io/selected-node'] !== undefined) return true
  return objects.list(PersistentVolume).some(({ spec }) => spec.claimRef?.uid === claim.metadata.uid)
}

function bindVolume({ api }: Run, volume: PersistentVolume, claim: PersistentVolumeClaim): void {
  const { name, namespace = '', uid, resourceVersion } = claim.metadata
  const { apiVersion, kind } = PersistentVolumeClaim
  const claimRef = { ...volume.spec.claimRef, kind, namespace, name, uid, apiVersion, resourceVersion }
  // Tells the volume controller that the binding is its to undo (AnnBoundByController).
  const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' }
  const metadata = volume.spec.claimRef ? volume.metadata : { ...volume.metadata, annotations }
  api.update(PersistentVolume, { ...volume, metadata, spec: { ...volume.spec, claimRef } })
}

function askForVolume({ api }: Run, claim: PersistentVolumeClaim, node: string): void {
  const annotations = { ...claim.metadata.annotations, 'volume.kubernetes.io/selected-node': node }
  api.update(PersistentVolumeClaim, { ...claim, metadata: { ...claim.metadata, annotations } })
}
