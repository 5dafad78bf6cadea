import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { isEqual } from '../../../machinery/object.ts'
import { ApiError } from '../../../machinery/status.ts'
import { type Info, infoPath } from '../api/builder.ts'
import { qualifiedName } from '../api/discovery.ts'
import { parseYaml } from '../api/manifests.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand } from '../command.ts'
import { Exit, throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { twoWayPatch } from '../patching.ts'
import { writeJson } from '../printers/json.ts'
import { outputFlags } from '../printers/output.ts'
import { writeYaml } from '../printers/yaml.ts'
import { fieldManagerFlag, fileFlags, recordFlag, validateFlag } from '../subject-flags.ts'
import { nameOf, textAt, withAt } from '../unstructured.ts'
import { reporter, writeQuery } from '../writing.ts'
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

const explanation = [
  "# Please edit the object below. Lines beginning with a '#' will be ignored,",
  '# and an empty file will abort the edit. If an error occurs while saving this file will be',
  '# reopened with the relevant failures.',
  '#',
  '',
].join('\n')

export const edit = defineCommand({
  use: 'edit (RESOURCE/NAME | -f FILENAME)',
  short: 'Edit a resource on the server',
  examples: `
    # Edit the service named 'registry'
    kubectl edit svc/registry`,
  flags,

  run(context) {
    const { args, flags: given, err, host } = context
    if (args.length === 0 && given.filename.length === 0 && given.kustomize === '') throw nothingGiven()
    const asJson = given.output === 'json'
    const { infos, failures } = liveSubjects(context)
    throwGathered(failures)
    const shown = infos.map(({ object = {} }) => withAt(object, ['metadata', 'managedFields'], undefined))
    const [first] = shown
    const document =
      shown.length === 1 && first ? first : { apiVersion: 'v1', items: shown, kind: 'List', metadata: {} }
    const text = asJson ? `${writeJson(document)}\n` : explanation + writeYaml(document)
    if (!host.edit) throw new UsageError(`unable to launch the editor "vi"`)
    const saved = host.edit(text)
    if (saved === undefined)
      throw new UsageError(`there was a problem with the editor ${JSON.stringify(editorName(context))}`)
    if (saved === text) return err('Edit cancelled, no changes made.\n')
    const edited = parseYaml('edited file', saved)[0]
    const objects =
      isObject(edited) && Array.isArray(edited.items) ? edited.items.filter(isObject) : isObject(edited) ? [edited] : []
    for (const [index, info] of infos.entries()) save(context, info, shown[index] ?? {}, objects[index] ?? {})
  },
})

function editorName({ host: { env } }: EditContext): string {
  return env.KUBE_EDITOR ?? env.EDITOR ?? 'vi'
}

function save(context: EditContext, info: Info, before: JsonObject, after: JsonObject): void {
  const { client, err } = context
  if (isEqual(before, after)) return err('Edit cancelled, no changes made.\n')
  const copy = `A copy of your changes has been stored to "/tmp/kubectl-edit-${String(Math.floor(context.host.random() * 1e10))}.yaml"\n`
  if (Object.keys(after).length === 0) throw refused(context, info, copy)
  if (!context.mapper().ofKind(textAt(after, 'apiVersion'), textAt(after, 'kind'))) {
    err(`${copy}error: Edit cancelled, no valid changes were saved.\n`)
    throw new Exit(1)
  }
  const isSame =
    ['apiVersion', 'kind'].every(name => textAt(before, name) === textAt(after, name)) &&
    nameOf(before) === nameOf(after)
  if (!isSame) {
    err(copy)
    throw new UsageError('At least one of apiVersion, kind and name was changed')
  }
  const { type, body } = twoWayPatch(before, after)
  try {
    const answer = client.patch(infoPath(info), type, body, writeQuery(context))
    reporter(context)(answer, 'edited')
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'Invalid') throw error
    throw refused(context, info, copy)
  }
}

function refused({ err }: EditContext, { resource, name }: Info, copy: string): Exit {
  err(`error: ${qualifiedName(resource)} ${JSON.stringify(name)} is invalid\n${copy}`)
  err('error: Edit cancelled, no valid changes were saved.\n')
  return new Exit(1)
}
