import { isObject, type JsonObject } from '../../../../machinery/json-value.ts'
import { infoPath } from '../../api/builder.ts'
import { liveSubjects } from '../../changing.ts'
import { type Context, defineCommand } from '../../command.ts'
import { type Edited, type Editing, type EditMode, goOnEditing, startEditing } from '../../editing.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { outputFlags } from '../../printers/output.ts'
import { fieldManagerFlag, fileFlags, recordFlag, validateFlag } from '../../subject-flags.ts'
import { textAt, withAt } from '../../unstructured.ts'
import { jsonOf, lastAppliedPath, lastAppliedText, reporter, writeQuery } from '../../writing.ts'
import { nothingGiven } from '../delete.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...recordFlag,
  ...validateFlag,
  ...fieldManagerFlag('kubectl-client-side-apply'),
  'windows-line-endings': flag.bool('Defaults to the line ending native to your platform.'),
}

const explanation = [
  "# Please edit the 'last-applied-configuration' annotations below.",
  "# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.",
  '#',
  '',
].join('\n')

/** kubectl/pkg/cmd/apply/apply_edit_last_applied.go. */
export const editLastApplied = defineCommand<typeof flags, Editing>({
  use: 'edit-last-applied (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit latest last-applied-configuration annotations of a resource/object',
  flags,

  run(context) {
    const { args, flags: given } = context
    if (args.length === 0 && given.filename.length === 0 && given.kustomize === '') throw nothingGiven()
    const { infos, failures } = liveSubjects(context)
    throwGathered(failures)
    const annotated = infos.flatMap(info => {
      const text = textAt(info.object, ...lastAppliedPath)
      const object = text === '' ? undefined : jsonOf(text)
      return isObject(object) ? [{ ...info, object }] : []
    })
    if (annotated.length > 0) return startEditing(context, annotated, modeOf(context))
    const advice = 'to create the annotation, use command `kubectl apply set-last-applied --create-annotation`'
    throw new UsageError(`no last-applied-configuration annotation found on resources, ${advice}`)
  },

  resume: (context, state, signal) => goOnEditing(context, state, signal, modeOf(context)),
})

function modeOf(context: Context<typeof flags>): EditMode {
  return { explanation, save: (edited, after) => save(context, edited, after) }
}

function save(context: Context<typeof flags>, { info }: Edited, after: JsonObject): void {
  const patch = withAt({}, lastAppliedPath, lastAppliedText(after))
  const answer = context.client.patch(infoPath(info), 'merge', patch, writeQuery(context))
  reporter(context)(answer, 'edited')
}
