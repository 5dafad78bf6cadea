import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { applyMergePatch } from '../../../machinery/json-merge-patch.ts'
import { applyJsonPatch, decodeJsonPatch } from '../../../machinery/json-patch.ts'
import { isEqual } from '../../../machinery/object.ts'
import { gather, infoPath } from '../api/builder.ts'
import { parseYaml } from '../api/manifests.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { patched, typeOf } from '../patching.ts'
import { objectName, outputFlags, printerFor } from '../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, fileFlags, recordFlag } from '../subject-flags.ts'
import { dryRunOf, writeQuery } from '../writing.ts'
import { nothingGiven } from './delete.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag('kubectl-patch'),
  local: flag.bool('If true, patch will operate on the content of the file, not the server-side resource.'),
  patch: flag.text('The patch to be applied to the resource JSON file.', { short: 'p' }),
  'patch-file': flag.text('A file containing a patch to be applied to the resource.'),
  subresource: flag.text('If specified, patch will operate on the subresource of the requested object.'),
  type: flag.text('The type of patch being provided; one of [json merge strategic]', { default: 'strategic' }),
}

export const patch = defineCommand({
  use: 'patch (-f FILENAME | TYPE NAME) [-p PATCH|--patch-file FILE]',
  short: 'Update fields of a resource',
  flags,

  run(context) {
    const { args, flags: given } = context
    const { type } = given
    if (given.patch === '' && given['patch-file'] === '') {
      throw new UsageError('must specify --patch or --patch-file containing the contents of the patch')
    }
    if (type !== 'json' && type !== 'merge' && type !== 'strategic') {
      throw new UsageError(`--type must be one of [json merge strategic], not ${JSON.stringify(type)}`)
    }
    if (args.length === 0 && given.filename.length === 0 && given.kustomize === '') throw nothingGiven()
    const document = parseYaml('patch', patchText(context))[0]
    const dryRun = dryRunOf(context)
    const printer = printerFor(context)
    // What patch says is the same in a dry run.
    const report = (object: JsonObject, what: string): void =>
      context.out(printer ? printer.print(object) : `${objectName(object)} ${what}\n`)
    const { infos, failures } = liveSubjects(context)
    const changed = gather(infos, info => {
      const before = info.object ?? {}
      if (given.local || dryRun === 'client') {
        const after = patchedHere(before, type, document)
        return report(after, isEqual(before, after) ? 'patched (no change)' : 'patched')
      }
      const path = infoPath(info, given.subresource || undefined)
      const after = context.client.patch(path, type, JSON.stringify(document), writeQuery(context))
      const isSame = given.subresource === '' && isEqual(before, after)
      report(after, isSame ? 'patched (no change)' : 'patched')
    })
    throwGathered([...failures, ...changed.failures])
  },
})

/** getPatchedJSON. */
function patchedHere(object: JsonObject, type: 'json' | 'merge' | 'strategic', patch: unknown): JsonObject {
  if (type === 'json') {
    const decoded = decodeJsonPatch(patch)
    if (decoded.error !== undefined) throw new UsageError(decoded.error)
    const { value, error } = applyJsonPatch(object, decoded.value)
    if (error !== undefined) throw new UsageError(error)
    return value
  }
  if (!isObject(patch)) throw new UsageError('invalid JSON document')
  if (type === 'strategic' && !typeOf(object)) {
    const { apiVersion, kind } = object
    const which = `${String(apiVersion)}, Kind=${String(kind)}`
    throw new UsageError(`strategic merge patch is not supported for ${which} locally, try --type merge`)
  }
  if (type === 'strategic') return patched(object, { type, body: patch })
  const merged = applyMergePatch(object, patch)
  return isObject(merged) ? merged : object
}

function patchText({ flags: given, host }: Context<typeof flags>): string {
  if (given['patch-file'] === '') return given.patch
  const text = host.files.read(given['patch-file'])
  if (text === undefined)
    throw new UsageError(`unable to read patch file: open ${given['patch-file']}: no such file or directory`)
  return text
}
