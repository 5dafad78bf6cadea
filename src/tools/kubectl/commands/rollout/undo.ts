import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { isEqual } from '../../../../machinery/object.ts'
import { gather, type Info, infoPath } from '../../api/builder.ts'
import { type Context, defineCommand } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { outputFlags } from '../../printers/output.ts'
import { dryRunFlag, fileFlags, selectorFlag } from '../../subject-flags.ts'
import { at, fields, mapAt, withAt } from '../../unstructured.ts'
import { dryRunOf, reporter, writeQuery } from '../../writing.ts'
import { podTemplateText } from './pod-template.ts'
import { type Revision, revisionsOf } from './revisions.ts'
import { inWords, workloads } from './workloads.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlag,
  ...dryRunFlag,
  'to-revision': flag.int('The revision to rollback to. Default to 0 (last revision).'),
}

type UndoContext = Context<typeof flags>

/** Gives a workload the Pod template of an earlier revision: kubectl/pkg/polymorphichelpers/rollback.go. */
export const rolloutUndo = defineCommand({
  use: 'undo (TYPE NAME | TYPE/NAME) [flags]',
  short: 'Undo a previous rollout',
  flags,
  run(context) {
    const report = reporter(context)
    const { infos, failures } = workloads(context)
    const { failures: refusals } = gather(infos, info => {
      warnOfApply(context, info)
      report(info.object ?? {}, rollBack(context, info))
    })
    throwGathered([...failures, ...refusals])
  },
})

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'

function warnOfApply({ err }: UndoContext, { object, resource, name }: Info): void {
  if (at(object, 'metadata', 'annotations', lastApplied) === undefined) return
  const what = `resource ${resource.plural}/${name} was previously managed with 'kubectl apply'.`
  const effect = `Rolling back will not update the ${lastApplied} annotation, which may cause unexpected behavior on future 'kubectl apply' operations.`
  err(`Warning: ${what} ${effect} Consider using 'kubectl apply' with your previous configuration file instead.\n`)
}

function rollBack(context: UndoContext, info: Info): string {
  const number = context.flags['to-revision']
  const { kind, group } = info.resource
  if (group !== 'apps' || !['Deployment', 'DaemonSet', 'StatefulSet'].includes(kind)) {
    throw new UsageError(`no rollbacker has been implemented for ${quote(group === '' ? kind : `${kind}.${group}`)}`)
  }
  if (number < 0) throw notFound(number)
  const revision = wantedRevision(info, revisionsOf(context, info), number)
  const isDeployment = kind === 'Deployment'
  if (dryRunOf(context) === 'client')
    return `${isDeployment ? '' : 'will roll back to '}${podTemplateText(fields(at(revision.object, 'spec', 'template')))}`
  if (at(info.object, 'spec', 'paused') === true && isDeployment) {
    throw new UsageError(
      "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
    )
  }
  if (
    isEqual(
      withoutHash(fields(at(revision.object, 'spec', 'template'))),
      withoutHash(fields(at(info.object, 'spec', 'template'))),
    )
  ) {
    return `skipped rollback (current template already matches revision ${number})`
  }
  send(context, info, revision)
  return 'rolled back'
}

function wantedRevision(info: Info, revisions: readonly Revision[], number: number): Revision {
  if (number > 0) {
    const found = revisions.find(revision => revision.number === number)
    if (!found) throw notFound(number)
    return found
  }
  const previous = revisions.at(-2)
  if (previous) return previous
  throw new UsageError(
    info.resource.kind === 'Deployment'
      ? `no rollout history found for deployment ${quote(info.name)}`
      : 'no last revision to roll back to',
  )
}

const hashLabel = 'pod-template-hash'

function withoutHash(template: JsonObject): JsonObject {
  return withAt(template, ['metadata', 'labels', hashLabel], undefined)
}

/** Annotations that belong to the Deployment and not to a revision of it. */
const keptAnnotations = [
  lastApplied,
  'deployment.kubernetes.io/revision',
  'deployment.kubernetes.io/revision-history',
  'deployment.kubernetes.io/desired-replicas',
  'deployment.kubernetes.io/max-replicas',
  'deprecated.deployment.rollback.to',
]

function send(context: UndoContext, info: Info, revision: Revision): void {
  const { client, flags: given } = context
  const path = infoPath(info)
  const query = writeQuery(context, '')
  inWords(`failed restoring revision ${given['to-revision']}`, () =>
    revision.patch
      ? client.patch(path, 'strategic', revision.patch, query)
      : client.patch(path, 'json', JSON.stringify(deploymentPatch(info.object ?? {}, revision)), query),
  )
}

function deploymentPatch(deployment: JsonObject, { object }: Revision) {
  const isKept = ([name]: readonly [string, string]): boolean => keptAnnotations.includes(name)
  const annotations = Object.fromEntries([
    ...Object.entries(mapAt(deployment, 'metadata', 'annotations')).filter(isKept),
    ...Object.entries(mapAt(object, 'metadata', 'annotations')).filter(entry => !isKept(entry)),
  ])
  return [
    { op: 'replace', path: '/spec/template', value: withoutHash(fields(at(object, 'spec', 'template'))) },
    { op: 'replace', path: '/metadata/annotations', value: annotations },
  ]
}

function notFound(revision: number): UsageError {
  return new UsageError(`unable to find specified revision ${revision} in history`)
}
