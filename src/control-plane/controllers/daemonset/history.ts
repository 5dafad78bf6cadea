import { ControllerRevision } from '../../../api/apps/controllerrevision.ts'
import { DaemonSet } from '../../../api/apps/daemonset.ts'
import { podTemplateHash, revisionData } from '../../../api/core/podtemplate-hash.ts'
import type { Context } from '../../../client/controller.ts'
import { isEqual } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { controllerReference } from '../ownership.ts'
import { cleanUpRevisions, revisionHashLabel, revisionsOf } from '../revisions.ts'
import { claimantOf, type Daemons } from './daemons.ts'

/** The revisions of a DaemonSet's template. Models pkg/controller/daemon/update.go, constructHistory. */
export interface History {
  /** The hash of the current template, which its Pods carry. */
  readonly hash: string
  readonly old: readonly ControllerRevision[]
}

/** Finds the revision of the current template, or makes it. */
export function historyOf(ds: DaemonSet, context: Context): History {
  const revisions = revisionsOf(context, claimantOf(ds))
  const data = revisionData(ds.spec.template)
  const same = revisions.filter(revision => isEqual(revision.data, data))
  const old = revisions.filter(revision => !same.includes(revision))
  const number = (old.at(-1)?.revision ?? 0) + 1
  // Two revisions of one template come from a collision that was resolved: the newest stays.
  const found = same.at(-1)
  const current = found ? raise(found, number, context) : snapshot(ds, number, data, context)
  return { hash: current.metadata.labels?.[revisionHashLabel] ?? '', old }
}

/** An old template that is current again becomes the newest revision. */
function raise(revision: ControllerRevision, number: number, { api }: Context): ControllerRevision {
  return revision.revision >= number ? revision : api.update(ControllerRevision, { ...revision, revision: number })
}

function snapshot(ds: DaemonSet, revision: number, data: unknown, context: Context): ControllerRevision {
  const { api } = context
  const { name, namespace, annotations } = ds.metadata
  const hash = podTemplateHash(ds.spec.template, ds.status.collisionCount)
  const labels = { ...ds.spec.template.metadata.labels, [revisionHashLabel]: hash }
  const metadata = {
    name: `${name}-${hash}`,
    ...(namespace !== undefined && { namespace }),
    labels,
    ...(annotations && { annotations }),
    ownerReferences: [controllerReference(DaemonSet, ds)],
  }
  let made: ControllerRevision | undefined
  const failure = attempt(() => {
    made = api.create(ControllerRevision, { metadata, data, revision })
  })
  if (made) return made
  if (failure?.reason !== 'AlreadyExists') throw failure
  const twin = api.get(ControllerRevision, metadata.name, namespace)
  if (isEqual(twin.data, data)) return twin
  // Two templates have the same hash: the next name will differ.
  const live = api.get(DaemonSet, name, namespace)
  const collisionCount = (live.status.collisionCount ?? 0) + 1
  api.updateStatus(DaemonSet, { ...live, status: { ...live.status, collisionCount } })
  throw failure
}

export function cleanUpHistory({ ds, podsOn }: Daemons, { old }: History, context: Context): void {
  const limit = ds.spec.revisionHistoryLimit
  if (old.length <= limit) return
  const live = new Set<string | undefined>()
  for (const pods of podsOn.values()) for (const { metadata } of pods) live.add(metadata.labels?.[revisionHashLabel])
  cleanUpRevisions(context, old, limit, ({ metadata }) => live.has(metadata.labels?.[revisionHashLabel]))
}
