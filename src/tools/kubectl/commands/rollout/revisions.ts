import { quote } from '../../../../machinery/go-text.ts'
import { isObject, type JsonObject } from '../../../../machinery/json-value.ts'
import { formatLabelSelector } from '../../../../machinery/labels.ts'
import type { Info } from '../../api/builder.ts'
import { pathOf } from '../../api/client.ts'
import type { Context } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { fields, mapAt, numberAt, objectsAt, textAt, textsAt, withAt } from '../../unstructured.ts'

/** One revision that a workload had. */
export interface Revision {
  readonly number: number
  readonly changeCause: string
  /** The ReplicaSet, or the workload as it was. */
  readonly object: JsonObject
  readonly template: JsonObject
  /** What makes the workload of that revision: the ControllerRevision's data. */
  readonly patch?: JsonObject
}

const revisionAnnotation = 'deployment.kubernetes.io/revision'
const changeCauseAnnotation = 'kubernetes.io/change-cause'

/** The revisions of a workload, oldest first: kubectl/pkg/polymorphichelpers/history.go. */
export function revisionsOf(context: Context, info: Info): readonly Revision[] {
  const { kind, group } = info.resource
  const read = group === 'apps' ? readers[kind] : undefined
  if (!read)
    throw new UsageError(
      `no history viewer has been implemented for ${quote(group === '' ? kind : `${kind}.${group}`)}`,
    )
  return [...read(context, info)].sort((a, b) => a.number - b.number)
}

type Reader = (context: Context, info: Info) => readonly Revision[]

const readers: Readonly<Record<string, Reader>> = {
  Deployment: replicaSetRevisions,
  DaemonSet: controllerRevisions,
  StatefulSet: controllerRevisions,
}

function replicaSetRevisions(context: Context, info: Info): Revision[] {
  const { object = {} } = info
  return owned(context, info, 'replicasets', 'ReplicaSet', object).flatMap(rs => {
    const text = textAt(rs, 'metadata', 'annotations', revisionAnnotation)
    if (text === '') return []
    const changeCause = textAt(rs, 'metadata', 'annotations', changeCauseAnnotation)
    const template = fields(fields(rs.spec).template)
    const annotated =
      changeCause === '' ? template : withAt(template, ['metadata', 'annotations', changeCauseAnnotation], changeCause)
    return [{ number: Number(text), changeCause, object: rs, template: annotated }]
  })
}

function controllerRevisions(context: Context, info: Info): Revision[] {
  const { object = {} } = info
  return owned(context, info, 'controllerrevisions', 'ControllerRevision', object).map(revision => {
    const patch = fields(revision.data)
    const { $patch: _, ...template } = fields(fields(patch.spec).template)
    return {
      number: numberAt(revision, 'revision'),
      changeCause: textAt(revision, 'metadata', 'annotations', changeCauseAnnotation),
      object: withAt(object, ['spec', 'template'], template),
      template,
      patch,
    }
  })
}

/** What a workload controls among the resources of apps that its selector finds. */
function owned(
  { client, mapper }: Context,
  info: Info,
  plural: string,
  kind: string,
  owner: JsonObject,
): readonly JsonObject[] {
  const resource = mapper().ofGroup('apps', plural)
  const labelSelector = formatLabelSelector({
    matchLabels: mapAt(owner, 'spec', 'selector', 'matchLabels'),
    matchExpressions: objectsAt(owner, 'spec', 'selector', 'matchExpressions').map(expression => ({
      key: textAt(expression, 'key'),
      operator: textAt(expression, 'operator'),
      values: textsAt(expression, 'values'),
    })),
  })
  const uid = textAt(owner, 'metadata', 'uid')
  const list = client.get(pathOf(resource, info.namespace), { query: { labelSelector } })
  return objectsAt(list, 'items')
    .filter(item =>
      objectsAt(item, 'metadata', 'ownerReferences').some(ref => ref.controller === true && ref.uid === uid),
    )
    .map(item => ({ apiVersion: 'apps/v1', kind, ...item }))
    .filter(isObject)
}
