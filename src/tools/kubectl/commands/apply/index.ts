import { parseJson } from '../../../../machinery/json-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { isObject } from '../../../../machinery/json-value.ts'
import { ApiError, attempt } from '../../../../machinery/status.ts'
import { gather, type Info, infoPath, isSingle, manifestInfo, subjectsOf } from '../../api/builder.ts'
import { pathOf } from '../../api/client.ts'
import { defineCommand, type Outcome, selectionOf, usageError } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { patched, threeWayPatch } from '../../patching.ts'
import { chosenOutput, printerFor } from '../../printers/output.ts'
import { isSelected } from '../../selectors.ts'
import { at, textAt, withAt } from '../../unstructured.ts'
import {
  type DryRun,
  dryRunOf,
  lastAppliedPath,
  recordedCommand,
  reporter,
  withLastApplied,
  withSource,
  writeQuery,
} from '../../writing.ts'
import { type Going, waitForDeletion } from '../delete.ts'
import { isValidating } from '../create/index.ts'
import { editLastApplied } from './edit-last-applied.ts'
import { type ApplyContext, applyFlags } from './flags.ts'
import { setLastApplied, viewLastApplied } from './last-applied.ts'
import { prune } from './prune.ts'
import { applyOnServer } from './server-side.ts'

export const apply = defineCommand<typeof applyFlags, Going>({
  use: 'apply (-f FILENAME | -k DIRECTORY)',
  short: 'Apply a configuration to a resource by file name or stdin',
  flags: applyFlags,
  commands: [editLastApplied, setLastApplied, viewLastApplied],

  run(context): Outcome<Going> {
    const { args, flags, host, mapper } = context
    if (args.length > 0) throw usageError(context, `Unexpected args: [${args.join(' ')}]`)
    checkFlags(context)
    if (flags.filename.length === 0 && flags.kustomize === '') throw new UsageError('must specify one of -f and -k')
    const dryRun = dryRunOf(context)
    const report = reporter(context)
    const selection = selectionOf(context, { labelSelector: '', all: false, validate: isValidating(flags.validate) })
    const subjects = subjectsOf(host, mapper, selection)
    const manifests =
      subjects.sort === 'files' ? subjects.manifests.filter(each => isSelected(each.object, flags.selector)) : []
    const mapped = gather(manifests, manifest => manifestInfo(mapper(), manifest, selection))
    if (mapped.failures.length === 0 && mapped.results.length === 0) throw new UsageError('no objects passed to apply')
    const printsList =
      chosenOutput(context).format !== '' && chosenOutput(context).format !== 'name' && !isSingle(subjects)
    const shown: JsonObject[] = []
    const tell = (object: JsonObject, what: string): void =>
      void (printsList ? shown.push(object) : report(object, what))
    const { results, failures } = gather(mapped.results, info => {
      const generated = textAt(info.object, 'metadata', 'generateName')
      if (info.name === '' && generated !== '')
        throw new UsageError(`from ${generated}: cannot use generate name with apply`)
      return flags['server-side'] ? applyOnServer(context, info, tell) : applyOne(context, info, dryRun, tell)
    })
    if (shown.length > 0) {
      out(context, { apiVersion: 'v1', kind: 'List', metadata: {}, items: shown })
    }
    throwGathered([...mapped.failures, ...failures])
    if (flags.prune) prune(context, results)
  },

  resume: waitForDeletion,
})

function out(context: ApplyContext, list: JsonObject): void {
  context.out(printerFor(context)?.print(list) ?? '')
}

function checkFlags(context: ApplyContext): void {
  const { flags, isSet } = context
  const isServerSide = flags['server-side']
  if (flags['force-conflicts'] && !isServerSide) throw new UsageError('--force-conflicts only works with --server-side')
  if (isServerSide && dryRunOf(context) === 'client') {
    throw new UsageError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
  }
  if (isServerSide && flags.force) throw new UsageError('--force cannot be used with --server-side')
  if (flags.force && dryRunOf(context) === 'server')
    throw new UsageError('--dry-run=server cannot be used with --force')
  if (flags.prune && !flags.all && flags.selector === '' && !isSet('applyset')) {
    throw new UsageError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    )
  }
}

type Tell = (object: JsonObject, what: string) => void

/** Creates what is not there, patches what differs: the info of the object as it is now. */
function applyOne(context: ApplyContext, info: Info, dryRun: DryRun, tell: Tell): Info {
  const { client } = context
  const modified = withLastApplied(info.object ?? {})
  const live = existing(context, info)
  if (!live) {
    const path = pathOf(info.resource, info.namespace)
    const send = (): JsonObject => client.create(path, recorded(context, modified), writeQuery(context))
    const created = dryRun === 'client' ? modified : withSource('creating', info.source, send)
    tell(created, 'created')
    return { ...info, object: created }
  }
  if (at(live, ...lastAppliedPath) === undefined) warnMissing(context, info)
  const result = dryRun === 'client' ? localResult(info, live, modified) : patchLive(context, info, live, modified)
  tell(result.object, result.isChanged ? 'configured' : 'unchanged')
  return { ...info, object: result.object }
}

function existing({ client }: ApplyContext, info: Info): JsonObject | undefined {
  const about = `error when retrieving current configuration of:\n${resourceText(info)}\nfrom server for: ${JSON.stringify(info.source)}`
  // The client does not send it.
  if (info.name === '') throw new UsageError(`${about}: resource name may not be empty`)
  let live: JsonObject | undefined
  const refusal = attempt(() => {
    live = client.get(infoPath(info))
  })
  if (refusal && refusal.reason !== 'NotFound') {
    const message = `${about}: ${refusal.message}`
    throw new ApiError(refusal.reason, message, refusal.details, refusal.code)
  }
  return live
}

/** How an info reads in messages: its resource, its kind, its name. */
function resourceText({ resource, namespace, name }: Info): string {
  const { group, version, kind, plural } = resource
  const versions = `${group}/${version}`
  return `Resource: "${versions}, Resource=${plural}", GroupVersionKind: "${versions}, Kind=${kind}"\nName: "${name}", Namespace: "${namespace}"`
}

function warnMissing({ err }: ApplyContext, { resource, name }: Info): void {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply.'
  const advice =
    'kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.'
  err(`Warning: resource ${resource.plural}/${name} is missing the ${annotation} ${advice}\n`)
}

interface Result {
  readonly object: JsonObject
  readonly isChanged: boolean
}

/** What was applied last. Whoever wrote the annotation by hand may have written anything. */
function originalOf(info: Info, live: JsonObject, modified: JsonObject): JsonObject {
  const text = textAt(live, ...lastAppliedPath)
  if (text === '') return {}
  const { value, error } = parseJson(text)
  if (error === undefined && isObject(value.value)) return value.value
  const place = `applying patch:\n\nto:\n${resourceText(info)}\nfor: ${JSON.stringify(info.source)}`
  const documents = `original:\n${text}\nmodified:\n${JSON.stringify(modified)}\ncurrent:\n${JSON.stringify(live)}`
  throw new UsageError(`error when ${place}: creating patch with:\n${documents}\nfor:: invalid JSON document`)
}

function localResult(info: Info, live: JsonObject, modified: JsonObject): Result {
  const patch = threeWayPatch(originalOf(info, live, modified), modified, live)
  const isChanged = Object.keys(patch.body).length > 0
  return { object: isChanged ? patched(live, patch) : live, isChanged }
}

function patchLive(context: ApplyContext, info: Info, live: JsonObject, modified: JsonObject): Result {
  const { client } = context
  const patch = threeWayPatch(originalOf(info, live, modified), recorded(context, modified), live)
  if (Object.keys(patch.body).length === 0) return { object: live, isChanged: false }
  const send = (): JsonObject => client.patch(infoPath(info), patch.type, patch.body, writeQuery(context))
  try {
    // Whatever the server makes of it: a patch that says something is a change.
    return { object: send(), isChanged: true }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (context.flags.force && (error.reason === 'Conflict' || error.reason === 'Invalid'))
      return replaceByForce(context, info, modified)
    const what = `error when applying patch:\n${JSON.stringify(patch.body)}\nto:\n${resourceText(info)}\nfor: ${JSON.stringify(info.source)}: error when patching ${JSON.stringify(info.source)}: `
    throw new ApiError(error.reason, `${what}${error.message}`, error.details, error.code)
  }
}

/** `--force`: what cannot be patched is deleted and made anew. */
function replaceByForce({ client, ...context }: ApplyContext, info: Info, modified: JsonObject): Result {
  client.delete(infoPath(info), {
    kind: 'DeleteOptions',
    apiVersion: 'v1',
    gracePeriodSeconds: 0,
    propagationPolicy: 'Background',
  })
  return {
    object: client.create(pathOf(info.resource, info.namespace), modified, writeQuery({ ...context, client })),
    isChanged: true,
  }
}

const changeCausePath = ['metadata', 'annotations', 'kubernetes.io/change-cause']

/** With `--record` the command line is noted. */
function recorded(context: ApplyContext, modified: JsonObject): JsonObject {
  if (!context.flags.record) return modified
  return withAt(modified, changeCausePath, recordedCommand(context))
}
