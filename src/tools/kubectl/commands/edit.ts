import type { JsonObject } from '../../../machinery/json-value.ts'
import { infoPath } from '../api/builder.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand } from '../command.ts'
import { type Edited, type Editing, type EditMode, goOnEditing, ordinaryExplanation, startEditing } from '../editing.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { twoWayPatch } from '../patching.ts'
import { outputFlags } from '../printers/output.ts'
import { fieldManagerFlag, fileFlags, recordFlag, validateFlag } from '../subject-flags.ts'
import { nameOf, textAt } from '../unstructured.ts'
import { reporter, withLastApplied, writeQuery } from '../writing.ts'
import { nothingGiven } from './delete.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...recordFlag,
  ...validateFlag,
  ...fieldManagerFlag('kubectl-edit'),
  'output-patch': flag.bool('Output the patch if the resource is edited.'),
  'save-config': flag.bool('If true, the configuration of current object will be saved in its annotation.'),
  subresource: flag.text('If specified, edit will operate on the subresource of the requested object.'),
  'windows-line-endings': flag.bool('Defaults to the line ending native to your platform.'),
}

type EditContext = Context<typeof flags>

/** kubectl/pkg/cmd/edit/edit.go. */
export const edit = defineCommand<typeof flags, Editing>({
  use: 'edit (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit a resource on the server',
  flags,

  run(context) {
    const { args, flags: given } = context
    if (args.length === 0 && given.filename.length === 0 && given.kustomize === '') throw nothingGiven()
    const { infos, failures } = liveSubjects(context)
    throwGathered(failures)
    if (infos.length === 0) throw new UsageError('edit cancelled, no objects found')
    return startEditing(context, infos, modeOf(context))
  },

  resume: (context, state, signal) => goOnEditing(context, state, signal, modeOf(context)),
})

function modeOf(context: EditContext): EditMode {
  return { explanation: ordinaryExplanation, save: (edited, after) => save(context, edited, after) }
}

function save(context: EditContext, { info, before }: Edited, after: JsonObject): void {
  const { client, flags: given, out } = context
  const isSame =
    ['apiVersion', 'kind'].every(name => textAt(before, name) === textAt(after, name)) &&
    nameOf(before) === nameOf(after)
  if (!isSame) throw new UsageError('At least one of apiVersion, kind and name was changed')
  const { type, body } = twoWayPatch(before, given['save-config'] ? withLastApplied(after) : after)
  if (given['output-patch']) out(`Patch: ${JSON.stringify(body)}\n`)
  const answer = client.patch(infoPath(info, given.subresource), type, body, writeQuery(context))
  reporter(context)(answer, 'edited')
}
