import { Pod } from '../../api/core/pod.ts'
import type { PodTemplateSpec } from '../../api/core/podtemplate.ts'
import type { NewObject } from '../../client/api.ts'
import type { Context } from '../../client/controller.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { type ApiError, attempt } from '../../machinery/status.ts'
import { controllerReference } from './ownership.ts'

/** Makes and deletes Pods for controllers, with the events of it. Models RealPodControl of pkg/controller/controller_utils.go. */

type PodDraft = NewObject<Pod> & { metadata: NonNullable<NewObject<Pod>['metadata']> }

/** The most Pods that one sync of a ReplicaSet, ReplicationController or DaemonSet makes or deletes: BurstReplicas. */
export const burstReplicas = 500

/** A Pod as a template and its owner make it. */
export function podFromTemplate(kind: Kind, owner: ApiObject, { metadata, spec }: PodTemplateSpec): PodDraft {
  const { name, namespace } = owner.metadata
  const { labels, annotations, finalizers } = metadata
  return {
    metadata: {
      generateName: `${name}-`,
      ...(namespace !== undefined && { namespace }),
      ...(labels && { labels }),
      ...(annotations && { annotations }),
      ...(finalizers && { finalizers }),
      ownerReferences: [controllerReference(kind, owner)],
    },
    spec,
  }
}

/** Creates a Pod that its owner then expects to see, and says so. Throws what the server refuses it with. */
export function createPod({ api, event, expectations }: Context, owner: ApiObject, pod: PodDraft): void {
  let name = ''
  const failure = attempt(() => {
    name = api.create(Pod, pod).metadata.name
  })
  if (!failure) {
    expectations.creation(owner)
    event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${name}`)
    return
  }
  if (isNamespaceGoing(failure)) throw failure
  event(owner, 'Warning', 'FailedCreate', `Error creating: ${failure.message}`)
  throw failure
}

/** Deletes a Pod that its owner then expects to go. A Pod that was gone already is no failure. */
export function deletePod({ api, event, expectations }: Context, owner: ApiObject, pod: Pod): void {
  const failure = attempt(() => api.delete(Pod, pod))
  if (!failure) {
    expectations.deletion(owner, pod)
    event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${pod.metadata.name}`)
    return
  }
  if (failure.reason === 'NotFound') return
  event(owner, 'Warning', 'FailedDelete', `Error deleting: ${failure.message}`)
  throw failure
}

/** Nothing can be made in a namespace that is being deleted, and nobody needs to hear of it. */
export function isNamespaceGoing({ details }: ApiError): boolean {
  return details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating') ?? false
}

/**
 * Does something `count` times in batches of 1, 2, 4 …: what the server refuses once it would refuse as often as asked,
 * so the batch of the first refusal is the last. Returns that refusal.
 */
export function slowStart({ together }: Context, count: number, action: (index: number) => void): ApiError | undefined {
  let done = 0
  let failure: ApiError | undefined
  for (let size = 1; done < count && !failure; size *= 2) {
    const end = Math.min(done + size, count)
    together(() => {
      for (; done < end; done++) {
        const refusal = attempt(() => action(done))
        failure ??= refusal
      }
    })
  }
  return failure
}
