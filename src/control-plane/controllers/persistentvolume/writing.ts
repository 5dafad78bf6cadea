import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import type { Context } from '../../../client/controller.ts'
import { type Kind, typed } from '../../../machinery/kind.ts'
import { type ApiObject, isEqual, keyOf } from '../../../machinery/object.ts'

/** Writes of the binder, each of which may be the last before a crash: what is missing is made up for by the next look. */

export const boundByController = 'pv.kubernetes.io/bound-by-controller'
export const bindCompleted = 'pv.kubernetes.io/bind-completed'

type Phase = PersistentVolumeClaim['status']['phase']

/**
 * The newest state that this controller knows: the cache's, or what it wrote itself and the cache has yet to show.
 * Otherwise one volume could be given to two claims in a row.
 */
export function newest<T extends ApiObject>(kind: Kind<T>, cached: T, { memory }: Context): T {
  const key = memoryKey(kind, cached)
  const written = memory.get(key)
  if (!isObject(written) || written.metadata.uid !== cached.metadata.uid) return cached
  if (Number(written.metadata.resourceVersion) > Number(cached.metadata.resourceVersion)) return typed(kind, written)
  memory.delete(key)
  return cached
}

/** Binds volume to claim, then claim to volume: each with its reference first and its phase afterwards. */
export function bind(volume: PersistentVolume, claim: PersistentVolumeClaim, context: Context): void {
  const boundVolume = setVolumePhase(giveTo(volume, claim, context), 'Bound', context)
  const boundClaim = take(claim, boundVolume, context)
  setClaimStatus(boundClaim, 'Bound', boundVolume, context)
}

/** The volume's half: its reference to the claim. */
function giveTo(volume: PersistentVolume, { metadata }: PersistentVolumeClaim, context: Context): PersistentVolume {
  const { claimRef } = volume.spec
  if (claimRef?.uid === metadata.uid) return volume
  const { name, namespace = '', uid, resourceVersion } = metadata
  const reference = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', name, namespace, uid, resourceVersion }
  const isOurs = claimRef === undefined
  return write(
    PersistentVolume,
    {
      ...volume,
      metadata: isOurs ? annotated(volume.metadata, boundByController) : volume.metadata,
      spec: { ...volume.spec, claimRef: reference },
    },
    context,
  )
}

/** The claim's half: the volume's name. */
function take(
  claim: PersistentVolumeClaim,
  { metadata: { name } }: PersistentVolume,
  context: Context,
): PersistentVolumeClaim {
  const isChosen = claim.spec.volumeName === name
  let { metadata } = claim
  if (!isChosen) metadata = annotated(metadata, boundByController)
  metadata = annotated(metadata, bindCompleted)
  if (isChosen && metadata === claim.metadata) return claim
  return write(PersistentVolumeClaim, { ...claim, metadata, spec: { ...claim.spec, volumeName: name } }, context)
}

/** Gives a volume back: whole if the controller had chosen the claim, else it stays reserved by name. */
export function unbind(volume: PersistentVolume, context: Context): void {
  const { metadata, spec } = volume
  const { claimRef, ...rest } = spec
  const { [boundByController]: isOurs, ...annotations } = metadata.annotations ?? {}
  const { name = '', namespace = '' } = claimRef ?? {}
  const reserved = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', name, namespace }
  const freed = write(
    PersistentVolume,
    {
      ...volume,
      metadata: { ...metadata, annotations },
      spec: isOurs === undefined ? { ...rest, claimRef: reserved } : rest,
    },
    context,
  )
  setVolumePhase(freed, 'Available', context)
}

/** Sets a volume's phase if it is another. A message is kept with it. */
export function setVolumePhase(
  volume: PersistentVolume,
  phase: PersistentVolume['status']['phase'],
  context: Context,
  message?: string,
): PersistentVolume {
  if (volume.status.phase === phase) return volume
  const { message: _, ...rest } = volume.status
  const status = { ...rest, phase, ...(message !== undefined && { message }) }
  const written = context.api.updateStatus(PersistentVolume, { ...volume, status })
  context.memory.set(memoryKey(PersistentVolume, written), written)
  return written
}

/** What a claim has: the phase, and of the volume its modes and size. Says whether that was news. */
export function setClaimStatus(
  claim: PersistentVolumeClaim,
  phase: Phase,
  volume: PersistentVolume | undefined,
  context: Context,
): boolean {
  const { accessModes: _, capacity: __, ...rest } = claim.status
  const given = volume && { accessModes: volume.spec.accessModes, capacity: volume.spec.capacity }
  const status = { ...rest, ...given, phase }
  if (isEqual(status, claim.status)) return false
  const written = context.api.updateStatus(PersistentVolumeClaim, { ...claim, status })
  context.memory.set(memoryKey(PersistentVolumeClaim, written), written)
  return true
}

/** Writes an object and remembers what the server made of it. */
export function write<T extends ApiObject>(kind: Kind<T>, object: T, { api, memory }: Context): T {
  const written = api.update(kind, object)
  memory.set(memoryKey(kind, written), written)
  return written
}

function annotated<M extends { annotations?: Record<string, string> }>(metadata: M, key: string): M {
  if (metadata.annotations?.[key] !== undefined) return metadata
  return { ...metadata, annotations: { ...metadata.annotations, [key]: 'yes' } }
}

function memoryKey(kind: Kind, object: ApiObject): string {
  return `${kind.resource} ${keyOf(object)}`
}

function isObject(value: unknown): value is ApiObject {
  return typeof value === 'object' && value !== null && 'metadata' in value
}
