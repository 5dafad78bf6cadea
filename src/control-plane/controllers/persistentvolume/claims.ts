import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import { StorageClass } from '../../../api/storage/storageclass.ts'
import type { Context } from '../../../client/controller.ts'
import { compareBytes, quote } from '../../../machinery/go-text.ts'
import { bestVolume, classOf, isBoundTo, shortfall } from './matching.ts'
import { bind, bindCompleted, newest, setClaimStatus, write } from './writing.ts'

/** Looks at one claim. Models syncUnboundClaim and syncBoundClaim. */
export function syncClaim(claim: PersistentVolumeClaim, context: Context): void {
  if (claim.metadata.annotations?.[bindCompleted] === undefined) syncUnbound(claim, context)
  else syncBound(claim, context)
}

const selectedNode = 'volume.kubernetes.io/selected-node'
const provisionerKeys = ['volume.beta.kubernetes.io/storage-provisioner', 'volume.kubernetes.io/storage-provisioner']
const inTree = 'kubernetes.io/'

function syncUnbound(claim: PersistentVolumeClaim, context: Context): void {
  const { volumeName } = claim.spec
  if (volumeName) return syncRequested(claim, volumeName, context)
  const storageClass = context.cache.get(StorageClass, classOf(claim))
  const isDelayed =
    storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && !claim.metadata.annotations?.[selectedNode]
  const volumes = context.cache.list(PersistentVolume).map(volume => newest(PersistentVolume, volume, context))
  const volume = bestVolume(claim, volumes, isDelayed)
  if (volume) return bind(volume, claim, context)
  if (assignDefaultClass(claim, context)) return
  if (isDelayed) sayWhomItWaitsFor(claim, context)
  else if (classOf(claim) !== '') return provision(claim, storageClass, context)
  else {
    const text = 'no persistent volumes available for this claim and no storage class is set'
    context.event(claim, 'Normal', 'FailedBinding', text)
  }
  setClaimStatus(claim, 'Pending', undefined, context)
}

/** The user named the volume. */
function syncRequested(claim: PersistentVolumeClaim, volumeName: string, context: Context): void {
  const cached = context.cache.get(PersistentVolume, volumeName)
  const volume = cached && newest(PersistentVolume, cached, context)
  if (volume?.spec.claimRef && isBoundTo(volume, claim)) return bind(volume, claim, context)
  if (volume && !volume.spec.claimRef) {
    const why = shortfall(volume, claim)
    if (why === undefined) return bind(volume, claim, context)
    context.event(claim, 'Warning', 'VolumeMismatch', `Cannot bind to requested volume ${quote(volumeName)}: ${why}`)
  } else if (volume) {
    const text = `volume ${quote(volumeName)} already bound to a different claim.`
    context.event(claim, 'Warning', 'FailedBinding', text)
  }
  setClaimStatus(claim, 'Pending', undefined, context)
}

const isDefault = 'storageclass.kubernetes.io/is-default-class'

/** A claim that was made before there was a default class gets it now: the newest, of several. Says whether it did. */
function assignDefaultClass(claim: PersistentVolumeClaim, context: Context): boolean {
  if (claim.spec.storageClassName !== undefined || classOf(claim) !== '') return false
  const [found] = context.cache
    .list(StorageClass)
    .filter(({ metadata }) => metadata.annotations?.[isDefault] === 'true')
    .sort(newestFirst)
  if (!found) return false
  const spec = { ...claim.spec, storageClassName: found.metadata.name }
  write(PersistentVolumeClaim, { ...claim, spec }, context)
  return true
}

function newestFirst({ metadata: a }: StorageClass, { metadata: b }: StorageClass): number {
  return compareBytes(b.creationTimestamp, a.creationTimestamp) || compareBytes(a.name, b.name)
}

function sayWhomItWaitsFor(claim: PersistentVolumeClaim, { cache, event }: Context): void {
  const { name, namespace } = claim.metadata
  const waiting = cache
    .list(Pod, namespace)
    .filter(({ spec }) => !spec.nodeName && spec.volumes?.some(each => each.persistentVolumeClaim?.claimName === name))
    .map(({ metadata }) => metadata.name)
  if (waiting.length === 0) {
    event(claim, 'Normal', 'WaitForFirstConsumer', 'waiting for first consumer to be created before binding')
  } else {
    const pods = waiting.length === 1 ? `pod ${waiting[0] ?? ''}` : `pods ${waiting.join(',')}`
    event(claim, 'Normal', 'WaitForPodScheduled', `waiting for ${pods} to be scheduled`)
  }
}

/** Asks an external provisioner for a volume, which is done by annotations: provisionClaimOperationExternal. */
function provision(claim: PersistentVolumeClaim, storageClass: StorageClass | undefined, context: Context): void {
  if (!storageClass) {
    const text = `storageclass.storage.k8s.io ${quote(classOf(claim))} not found`
    context.event(claim, 'Warning', 'ProvisioningFailed', text)
    return
  }
  const { provisioner } = storageClass
  if (provisioner.startsWith(inTree)) {
    context.event(claim, 'Warning', 'ProvisioningFailed', `no volume plugin matched name: ${provisioner}`)
    return
  }
  const { metadata } = claim
  if (provisionerKeys.some(key => metadata.annotations?.[key] !== provisioner)) {
    const asked = Object.fromEntries(provisionerKeys.map(key => [key, provisioner]))
    const annotations = { ...metadata.annotations, ...asked }
    write(PersistentVolumeClaim, { ...claim, metadata: { ...metadata, annotations } }, context)
  }
  const text =
    `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system ` +
    'administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.'
  context.event(claim, 'Normal', 'ExternalProvisioning', text)
}

function syncBound(claim: PersistentVolumeClaim, context: Context): void {
  const { volumeName } = claim.spec
  if (!volumeName) {
    return lose(
      claim,
      'ClaimLost',
      'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
      context,
    )
  }
  const cached = context.cache.get(PersistentVolume, volumeName)
  if (!cached) {
    return lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!', context)
  }
  const volume = newest(PersistentVolume, cached, context)
  const { claimRef } = volume.spec
  if (!claimRef || claimRef.uid === claim.metadata.uid) return bind(volume, claim, context)
  lose(claim, 'ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly', context)
}

function lose(claim: PersistentVolumeClaim, reason: string, text: string, context: Context): void {
  if (setClaimStatus(claim, 'Lost', undefined, context)) context.event(claim, 'Warning', reason, text)
}
