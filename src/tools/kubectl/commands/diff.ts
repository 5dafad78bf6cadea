import type { JsonObject } from '../../../machinery/json-value.ts'
import { isObject } from '../../../machinery/json-value.ts'
import { attempt } from '../../../machinery/status.ts'
import { gather, type Info, infoPath, manifestInfo, subjectsOf } from '../api/builder.ts'
import { pathOf } from '../api/client.ts'
import { type Context, defineCommand, selectionOf, usageError } from '../command.ts'
import { unifiedDiff } from '../difference.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { threeWayPatch } from '../patching.ts'
import { writeYaml } from '../printers/yaml.ts'
import { isSelected } from '../selectors.ts'
import { fieldManagerFlag, fileFlags, selectorFlag } from '../subject-flags.ts'
import { at, mapAt, textAt, withAt } from '../unstructured.ts'
import { jsonOf, lastAppliedPath, withLastApplied } from '../writing.ts'

const flags = {
  ...fileFlags,
  'prune-allowlist': flag.array('Overwrite the default allowlist with <group/version/kind> for --prune'),
  ...selectorFlag,
  ...fieldManagerFlag('kubectl-client-side-apply'),
  concurrency: flag.int('Number of objects to process in parallel when diffing against the live version.', {
    default: 1,
  }),
  'force-conflicts': flag.bool('If true, server-side apply will force the changes against conflicts.'),
  prune: flag.bool('Include resources that would be deleted by pruning.'),
  'server-side': flag.bool('If true, apply runs in the server instead of the client.'),
  'show-managed-fields': flag.bool('If true, include managed fields in the diff.'),
}

type DiffContext = Context<typeof flags>

/** Failures of diff end with 2: 1 says that something differs. */
const failed = 2

export const diff = defineCommand({
  use: 'diff -f FILENAME',
  short: 'Diff the live version against a would-be applied version',
  flags,

  run(context) {
    const { args, flags: given, host, mapper, out } = context
    if (args.length > 0)
      throw new UsageError(usageError(context, `Unexpected args: [${args.join(' ')}]`).message, failed)
    if (given.filename.length === 0 && given.kustomize === '')
      throw new UsageError('must specify one of -f and -k', failed)
    const { results, failures } = gather([context], () => {
      const selection = selectionOf(context, { labelSelector: '' })
      const subjects = subjectsOf(host, mapper, selection)
      const manifests =
        subjects.sort === 'files' ? subjects.manifests.filter(each => isSelected(each.object, given.selector)) : []
      return manifests.map(manifest => differenceOf(context, manifestInfo(mapper(), manifest, selection))).join('')
    })
    const [failure] = failures
    if (failure instanceof UsageError) throw new UsageError(failure.message, failed)
    throwGathered(failures)
    const text = results.join('')
    out(text)
    return text === '' ? 0 : 1
  },
})

/** What applying a manifest would change, as diff -u -N shows it. */
function differenceOf(context: DiffContext, info: Info): string {
  let live: JsonObject | undefined
  const refusal = attempt(() => {
    live = context.client.get(infoPath(info))
  })
  if (refusal && refusal.reason !== 'NotFound') throw refusal
  const merged = mergedObject(context, info, live)
  const { group, version, kind } = info.resource
  const name = [group, version, kind, info.namespace, info.name].filter(part => part !== '').join('.')
  const [before, after] = masked(live, merged)
  const texts = [before, after].map(object => (object ? writeYaml(shown(context, object)) : ''))
  const suffix = String(Math.floor(context.host.random() * 1e10)).padStart(10, '0')
  const [from, to] = [`/tmp/LIVE-${suffix}/${name}`, `/tmp/MERGED-${suffix}/${name}`]
  return unifiedDiff({ name: from, text: texts[0] ?? '' }, { name: to, text: texts[1] ?? '' }, context.host.now)
}

/** The object as it would be: a dry run of the server tells. */
function mergedObject(context: DiffContext, info: Info, live: JsonObject | undefined): JsonObject {
  const { client, flags: given } = context
  const isOwnServerSide = given['server-side'] && !context.isSet('field-manager')
  const query = { dryRun: 'All', fieldManager: isOwnServerSide ? 'kubectl' : given['field-manager'] }
  if (given['server-side']) {
    return client.patch(infoPath(info), 'apply', JSON.stringify(info.object), { ...query, force: true })
  }
  const modified = withLastApplied(info.object ?? {})
  if (!live) return client.create(pathOf(info.resource, info.namespace), info.object, query)
  const text = textAt(live, ...lastAppliedPath)
  const original = text === '' ? {} : jsonOf(text)
  // The annotation that apply would write is no difference.
  const patch = threeWayPatch(isObject(original) ? original : {}, modified, live)
  const body = withAt(patch.body, lastAppliedPath, undefined)
  return client.patch(infoPath(info), patch.type, body, query)
}

function shown({ flags: given }: DiffContext, object: JsonObject): JsonObject {
  return given['show-managed-fields'] ? object : withAt(object, ['metadata', 'managedFields'], undefined)
}

/** Secrets are not shown: only whether their values differ. */
function masked(before: JsonObject | undefined, after: JsonObject): readonly [JsonObject | undefined, JsonObject] {
  if (textAt(after, 'kind') !== 'Secret' || textAt(after, 'apiVersion') !== 'v1') return [before, after]
  const [old, next] = [mapAt(before, 'data'), mapAt(after, 'data')]
  const mask = (key: string, isOld: boolean): string => {
    if (old[key] === undefined || next[key] === undefined || old[key] === next[key]) return '***'
    return isOld ? '*** (before)' : '*** (after)'
  }
  const hide = (object: JsonObject, data: Readonly<Record<string, string>>, isOld: boolean): JsonObject =>
    at(object, 'data') === undefined
      ? object
      : { ...object, data: Object.fromEntries(Object.keys(data).map(key => [key, mask(key, isOld)])) }
  return [before && hide(before, old, true), hide(after, next, false)]
}
