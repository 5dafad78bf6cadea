import { ControllerRevision } from '../../api/apps/controllerrevision.ts'
import type { Context } from '../../client/controller.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { attempt } from '../../machinery/status.ts'
import { type Claimant, claim } from './ownership.ts'

/** The history of a DaemonSet or StatefulSet. Models pkg/controller/history/controller_history.go. */

export const revisionHashLabel = 'controller-revision-hash'

/** The revisions of an owner, adopted where they were orphans, oldest first. */
export function revisionsOf<Owner extends ApiObject>(
  context: Context,
  claimant: Claimant<Owner>,
): ControllerRevision[] {
  return claim(context, claimant, ControllerRevision).sort(byRevision)
}

export function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  return a.revision - b.revision || (a.metadata.name < b.metadata.name ? -1 : 1)
}

/** Deletes the oldest revisions beyond a limit that no Pod uses any more. */
export function cleanUpRevisions(
  { api }: Context,
  old: readonly ControllerRevision[],
  limit: number,
  isLive: (revision: ControllerRevision) => boolean,
): void {
  let surplus = old.length - limit
  for (const revision of surplus > 0 ? [...old].sort(byRevision) : []) {
    if (surplus <= 0) return
    if (isLive(revision)) continue
    const failure = attempt(() => api.delete(ControllerRevision, revision))
    if (failure && failure.reason !== 'NotFound') throw failure
    surplus--
  }
}

/** Key of the owner of this kind that controls a revision, for a watch. */
export function revisionOwnerKeys(kind: Kind, revision: ControllerRevision | undefined): string[] {
  const owner = revision?.metadata.ownerReferences?.find(({ controller }) => controller)
  return owner?.kind === kind.kind ? [`${revision?.metadata.namespace}/${owner.name}`] : []
}
