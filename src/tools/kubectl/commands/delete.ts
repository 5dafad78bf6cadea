import type { JsonObject } from '../../../machinery/json-value.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'
import { gather, type Info, infoPath, manifestInfo, type Subjects, subjectsOf, visit } from '../api/builder.ts'
import { kindName } from '../api/discovery.ts'
import { type Context, defineCommand, type Outcome, selectionOf } from '../command.ts'
import { Exit, type Failure, SeveralErrors, throwGathered, UsageError } from '../errors.ts'
import { failureText } from '../failure.ts'
import { flag } from '../flags.ts'
import { allNamespacesFlag, dryRunFlag, fieldSelectorFlag, fileFlags, selectorFlag } from '../subject-flags.ts'
import { textAt } from '../unstructured.ts'
import { type DryRun, dryRunOf, dryRunSuffix, withSource } from '../writing.ts'

const flags = {
  ...fileFlags,
  ...selectorFlag,
  ...fieldSelectorFlag,
  ...allNamespacesFlag,
  ...dryRunFlag,
  all: flag.bool('Delete all resources, in the namespace of the specified resource types.'),
  cascade: flag.text(
    'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents. Defaults to background.',
    { default: 'background', bare: 'background' },
  ),
  force: flag.bool('If true, immediately remove resources from API and bypass graceful deletion.'),
  'grace-period': flag.int(
    'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown.',
    { default: -1 },
  ),
  'ignore-not-found': flag.bool('Treat "resource not found" as a successful delete.'),
  interactive: flag.bool('If true, delete resource only when user confirms.', { short: 'i' }),
  now: flag.bool('If true, resources are signaled for immediate shutdown (same as --grace-period=1).'),
  output: flag.text('Output mode. Use "-o name" for shorter output (resource/name).', { short: 'o' }),
  raw: flag.text('Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig file.'),
  timeout: flag.duration(
    'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
  ),
  wait: flag.bool('If true, wait for resources to be gone before returning. This waits for finalizers.', {
    default: true,
  }),
}

type DeleteContext = Context<typeof flags>

/** Objects that were deleted and are still there. */
export interface Going {
  readonly objects: readonly { readonly path: string; readonly uid: string; readonly name: string }[]
  /** When to give up; undefined never. */
  readonly deadlineMs: number | undefined
  /** What had failed before the wait began: printed at its end. */
  readonly failed: string
}

const pollMs = 250

export const deleteCommand = defineCommand<typeof flags, Going>({
  use: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  flags,

  run(context): Outcome<Going> {
    const { flags: given, out, err, host } = context
    if (given.raw !== '') return out(context.client.text('DELETE', given.raw))
    const propagation = propagationOf(given.cascade)
    const dryRun = dryRunOf(context)
    const subjects = deleteSubjects(context)
    const seconds = gracePeriod(context)
    if (given.force) {
      err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      )
    }
    const { infos, failures } = found(context, subjects)
    const isQuiet = given['ignore-not-found'] || subjects.sort === 'lists'
    const serious = (failure: Failure): boolean =>
      !(isQuiet && failure instanceof ApiError && failure.reason === 'NotFound')
    if (given.interactive && infos.length > 0 && !confirm(context, infos)) return undefined
    const options = { propagationPolicy: propagation, ...(seconds !== undefined && { gracePeriodSeconds: seconds }) }
    const deleted = gather(infos, info => deleteOne(context, info, dryRun, options))
    const all = [...failures, ...deleted.failures].filter(serious)
    if (infos.length === 0 && all.length === 0 && subjects.sort === 'lists') out('No resources found\n')
    const isWaiting = given.wait && dryRun === 'none' && !given.force
    const going = isWaiting ? deleted.results.flatMap(goingOf) : []
    if (going.length === 0) return throwGathered(all)
    const deadlineMs = given.timeout > 0 ? host.now + given.timeout : undefined
    return waitForDeletion(context, { objects: going, deadlineMs, failed: all.length > 0 ? textOf(all) : '' })
  },

  resume: waitForDeletion,
})

function textOf(failures: readonly Failure[]): string {
  const [first, second] = failures
  return second ? failureText(new SeveralErrors(failures)) : first ? failureText(first) : ''
}

function goingOf(deleted: { info: Info; answer: JsonObject } | undefined): Going['objects'] {
  if (!deleted) return []
  const { info, answer } = deleted
  const uid = textAt(answer, 'metadata', 'uid') || textAt(answer, 'details', 'uid')
  return uid === '' ? [] : [{ path: infoPath(info), uid, name: info.name }]
}

/** Waits until what was deleted is gone, or something else has its name. */
export function waitForDeletion(context: Context, { objects, deadlineMs, failed }: Going): Outcome<Going> {
  const left = objects.filter(({ path, uid }) => {
    let isThere = false
    const refusal = attempt(() => {
      isThere = textAt(context.client.get(path), 'metadata', 'uid') === uid
    })
    return refusal ? refusal.reason !== 'NotFound' : isThere
  })
  if (left.length === 0) {
    if (failed === '') return undefined
    context.err(failed)
    throw new Exit(1)
  }
  if (deadlineMs !== undefined && context.host.now >= deadlineMs) {
    throw new UsageError('timed out waiting for the condition')
  }
  return { state: { objects: left, deadlineMs, failed }, streams: [], wakeAtMs: context.host.now + pollMs }
}

function propagationOf(cascade: string): string {
  const policies: Readonly<Record<string, string>> = {
    true: 'Background',
    false: 'Orphan',
    background: 'Background',
    orphan: 'Orphan',
    foreground: 'Foreground',
  }
  const policy = policies[cascade]
  if (policy !== undefined) return policy
  throw new UsageError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`)
}

function gracePeriod({ flags: given }: DeleteContext): number | undefined {
  const period = given['grace-period']
  if (given.now) {
    if (period >= 0) throw new UsageError('--now and --grace-period cannot be specified together')
    return 1
  }
  if (given.force && period < 0) return 0
  if (given.force && period > 0)
    throw new UsageError('--force and --grace-period greater than 0 cannot be specified together')
  // Without --force a Pod gets the least that is more than nothing.
  if (!given.force && period === 0) return 1
  return period >= 0 ? period : undefined
}

function deleteSubjects(context: DeleteContext): Subjects {
  const { args, flags: given, host, mapper } = context
  const isBare = args.length === 0 && given.filename.length === 0 && given.kustomize === ''
  if (isBare && (given.selector !== '' || given['field-selector'] !== '' || given.all)) {
    throw new UsageError('at least one resource must be specified to use a selector')
  }
  if (given.all && (given['field-selector'] !== '' || given.selector !== '')) {
    throw new UsageError("setting 'all' parameter but found a non empty selector. ")
  }
  if (isBare) throw nothingGiven()
  return subjectsOf(host, mapper, selectionOf(context, given.filename.length > 0 ? { labelSelector: '' } : {}))
}

/** What every verb says that was given neither resources nor files. */
export function nothingGiven(): UsageError {
  return new UsageError(
    [
      'You must provide one or more resources by argument or filename.',
      'Example resource specifications include:',
      "   '-f rsrc.yaml'",
      "   '--filename=rsrc.json'",
      "   '<resource> <name>'",
      "   '<resource>'",
    ].join('\n'),
  )
}

/** What is to be deleted: things that were named are not read first. */
function found(context: DeleteContext, subjects: Subjects): { infos: readonly Info[]; failures: readonly Failure[] } {
  const { client, mapper } = context
  const selection = selectionOf(context)
  if (subjects.sort === 'names') return { infos: subjects.infos, failures: [] }
  if (subjects.sort === 'files') {
    const { results, failures } = gather(subjects.manifests, manifest => manifestInfo(mapper(), manifest, selection))
    return { infos: results, failures }
  }
  const visited = visit(client, mapper, subjects, selection)
  // Lists of what cannot be listed or deleted are not a failure of `delete all`.
  return {
    infos: visited.infos.filter(({ resource }) => resource.verbs.includes('delete')),
    failures: visited.failures,
  }
}

function confirm({ host, out }: DeleteContext, infos: readonly Info[]): boolean {
  out(`You are about to delete the following ${infos.length} resource(s):\n`)
  for (const { resource, name } of infos) out(`${kindName(resource)}/${name}\n`)
  out('Do you want to continue? (y/N): ')
  const isAgreed = /^y(?:es)?$/i.test(host.stdin().split('\n')[0]?.trim() ?? '')
  if (!isAgreed) out('deletion is cancelled\n')
  return isAgreed
}

function deleteOne(context: DeleteContext, info: Info, dryRun: DryRun, options: object) {
  const { client, flags: given } = context
  const isAtOnce = given['grace-period'] === 0 && !given.force && info.resource.plural !== 'pods'
  const request = {
    ...{ kind: 'DeleteOptions', apiVersion: 'v1', ...options, ...(isAtOnce && { gracePeriodSeconds: 0 }) },
    // Who sends options in the body is not asked for those of the query.
    ...(dryRun === 'server' && { dryRun: ['All'] }),
  }
  if (dryRun === 'client') {
    report(context, info, dryRun)
    return undefined
  }
  const answer = withSource('deleting', info.source, () => client.delete(infoPath(info), request))
  report(context, info, dryRun)
  return { info, answer }
}

function report(context: DeleteContext, { resource, namespace, name }: Info, dryRun: DryRun): void {
  const { flags: given, out } = context
  if (given.output === 'name') return out(`${kindName(resource)}/${name}\n`)
  const kind = resource.group === '' ? resource.singular : `${resource.singular}.${resource.group}`
  const place = namespace === '' ? '' : ` from ${namespace} namespace`
  const verb = given.force && gracePeriod(context) === 0 ? 'force deleted' : 'deleted'
  out(`${kind} "${name}" ${verb}${place}${dryRunSuffix(dryRun)}\n`)
}
