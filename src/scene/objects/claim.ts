import { PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim.ts'
import { drawingOf, idOf } from '../contribution.ts'
import type { Tone } from '../model.ts'

const toneOfPhase: Readonly<Record<string, Tone>> = { Bound: 'good', Pending: 'busy', Lost: 'bad' }

/** A claim, in the row of what Pods mount, with the volume that it has. */
export const claimDrawing = drawingOf(PersistentVolumeClaim, ({ metadata, spec, status }, order) => {
  const namespace = metadata.namespace ?? ''
  const word = metadata.deletionTimestamp ? 'Terminating' : (status.phase ?? 'Pending')
  return {
    items: [
      {
        id: idOf.volume(namespace, metadata.name),
        type: 'volume',
        kind: 'PersistentVolumeClaim',
        resource: PersistentVolumeClaim.resource,
        name: metadata.name,
        namespace,
        tone: metadata.deletionTimestamp ? 'idle' : (toneOfPhase[word] ?? 'warning'),
        status: word,
        facts: {
          capacity: status.capacity?.['storage'] ?? spec.resources?.requests?.['storage'] ?? '',
          ...(spec.volumeName && { volume: spec.volumeName }),
          ...(spec.storageClassName && { class: spec.storageClassName }),
        },
        order,
      },
    ],
    relations: [],
  }
})
