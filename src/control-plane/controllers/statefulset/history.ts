import { ControllerRevision } from '../../../api/apps/controllerrevision.ts'
import { StatefulSet } from '../../../api/apps/statefulset.ts'
import type { PodTemplateSpec } from '../../../api/core/podtemplate.ts'
import { revisionData, revisionHash } from '../../../api/core/podtemplate-hash.ts'
import type { Context } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { isEqual } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { type Claimant, controllerReference } from '../ownership.ts'
import { revisionsOf } from '../revisions.ts'

const hashLabel = 'controller.kubernetes.io/hash'

/** The template that Pods have had and the one that they get. Models getStatefulSetRevisions. */
export interface Revisions {
  readonly current: ControllerRevision
  readonly update: ControllerRevision
  readonly all: readonly ControllerRevision[]
  readonly collisionCount: number
}

export function claimantOf(set: StatefulSet): Claimant<StatefulSet> {
  return { kind: StatefulSet, owner: set, selects: labels => matches(set.spec.selector, labels) }
}

export function findRevisions(set: StatefulSet, context: Context): Revisions {
  const all = revisionsOf(context, claimantOf(set))
  const data = revisionData(set.spec.template)
  const newest = all.at(-1)
  const equal = all.filter(revision => isEqual(revision.data, data)).at(-1)
  const number = (newest?.revision ?? 0) + 1
  let { collisionCount = 0 } = set.status
  let update: ControllerRevision
  if (equal && equal === newest) update = equal
  else if (equal) update = context.api.update(ControllerRevision, { ...equal, revision: number })
  else ({ update, collisionCount } = create(set, data, number, collisionCount, context))
  const current = all.find(({ metadata }) => metadata.name === set.status.currentRevision) ?? update
  return { current, update, all: equal ? all : [...all, update], collisionCount }
}

function create(
  set: StatefulSet,
  data: ReturnType<typeof revisionData>,
  revision: number,
  before: number,
  { api }: Context,
): { update: ControllerRevision; collisionCount: number } {
  const { name, namespace, annotations } = set.metadata
  for (let collisionCount = before; ; collisionCount++) {
    const hash = revisionHash(data, collisionCount)
    const metadata = {
      name: `${name}-${hash}`,
      ...(namespace !== undefined && { namespace }),
      labels: { ...set.spec.template.metadata.labels, [hashLabel]: hash },
      ...(annotations && { annotations }),
      ownerReferences: [controllerReference(StatefulSet, set)],
    }
    let update: ControllerRevision | undefined
    const failure = attempt(() => {
      update = api.create(ControllerRevision, { metadata, data, revision })
    })
    if (failure && failure.reason !== 'AlreadyExists') throw failure
    if (failure) update = api.get(ControllerRevision, metadata.name, namespace)
    if (update && isEqual(update.data, data)) return { update, collisionCount }
  }
}

/** The template of a revision, which is the set's own for the newest. */
export function templateOf(set: StatefulSet, { data }: ControllerRevision): PodTemplateSpec {
  return isRevision(data) ? withoutDirective(data.spec.template) : set.spec.template
}

interface RevisionData {
  readonly spec: { readonly template: PodTemplateSpec & { $patch?: string } }
}

function isRevision(data: unknown): data is RevisionData {
  return typeof data === 'object' && data !== null && 'spec' in data
}

function withoutDirective({ $patch: _, ...template }: RevisionData['spec']['template']): PodTemplateSpec {
  return template
}
