import { isObject, type JsonObject } from '../../machinery/json-value.ts'
import { isEqual } from '../../machinery/object.ts'
import { ApiError } from '../../machinery/status.ts'
import { type Info } from './api/builder.ts'
import { qualifiedName } from './api/discovery.ts'
import { documentsIn, parseYaml } from './api/manifests.ts'
import type { Context, Outcome, Signal } from './command.ts'
import { attemptUsage, Exit, PlainError, UsageError } from './errors.ts'
import { writeJson } from './printers/json.ts'
import { writeYaml } from './printers/yaml.ts'
import { withAt } from './unstructured.ts'

// Objects in the user's editor, again and again until they are accepted or given up (kubectl/pkg/cmd/util/editor).

/** One object and what it was like when the editor was opened. */
export interface Edited {
  readonly info: Info
  readonly before: JsonObject
}

/** The editor is open: what is in it, and what was there before. */
export interface Editing {
  readonly objects: readonly Edited[]
  readonly original: string
  readonly edited: string
  /** What was saved last was refused. */
  readonly isRefused: boolean
  readonly file: string
}

/** What a verb does with what was saved. */
export interface EditMode {
  /** First lines of the file, comments that tell what to do. */
  readonly explanation: string
  /** Sends an object; `undefined` for `after` when the file holds fewer objects than before. */
  save(edited: Edited, after: JsonObject): void
}

export const ordinaryExplanation = [
  "# Please edit the object below. Lines beginning with a '#' will be ignored,",
  '# and an empty file will abort the edit. If an error occurs while saving this file will be',
  '# reopened with the relevant failures.',
  '#',
  '',
].join('\n')

/** Opens the editor with the objects. */
export function startEditing(context: Context, infos: readonly Info[], mode: EditMode): Outcome<Editing> {
  const objects = infos.map(info => {
    return { info, before: withAt(info.object ?? {}, ['metadata', 'managedFields'], undefined) }
  })
  const [first] = objects
  const document =
    objects.length === 1 && first
      ? first.before
      : { apiVersion: 'v1', items: objects.map(({ before }) => before), kind: 'List', metadata: {} }
  const isJson = context.flags.output === 'json'
  const text = isJson ? `${writeJson(document)}\n` : mode.explanation + writeYaml(document)
  return open(context, { objects, original: text, edited: '', isRefused: false, file: '' }, text)
}

function open(context: Context, state: Editing, text: string): Outcome<Editing> {
  const suffix = context.flags.output === 'json' ? 'json' : 'yaml'
  const file = `/tmp/kubectl-edit-${String(Math.floor(context.host.random() * 1e10))}.${suffix}`
  return { state: { ...state, file, edited: text }, streams: [], edit: { file, text } }
}

/** Takes what was saved: sends it, or opens the editor again with the reasons why not. */
export function goOnEditing(context: Context, state: Editing, signal: Signal, mode: EditMode): Outcome<Editing> {
  if (signal.type !== 'edited') return { state }
  const { text } = signal
  if (text === undefined)
    throw new UsageError(`there was a problem with the editor ${JSON.stringify(editorOf(context))}`)
  if (state.isRefused && withoutComments(state.edited) === withoutComments(text)) {
    throw preserved(context, state, text, new UsageError('Edit cancelled, no valid changes were saved.'))
  }
  const invalid = faultIn(text)
  if (invalid !== undefined) {
    const [first] = state.objects
    const name = first ? `${qualifiedName(first.info.resource)} ${JSON.stringify(first.info.name)}` : ''
    context.err(`error: ${name} is invalid\n`)
    const cause = `<nil>: Invalid value: "The edited file failed validation": ${invalid}`
    return again(context, state, text, mode, [{ head: `${name} was not valid`, other: [cause] }])
  }
  if (withoutComments(state.original) === withoutComments(text))
    return context.err('Edit cancelled, no changes made.\n')
  if (!/^\s*[^#\s]/m.test(text)) return context.err('Edit cancelled, saved file was empty.\n')
  let objects: readonly JsonObject[] = []
  const syntax = attemptUsage(() => void (objects = objectsIn(context, text)))
  if (syntax) {
    const head = `The edited file had a syntax error: ${syntax.message}`
    return again(context, state, text, mode, [{ head, other: [] }])
  }
  return save(context, state, text, mode, objects)
}

function editorOf({ host: { env } }: Context): string {
  return env.KUBE_EDITOR ?? env.EDITOR ?? 'vi'
}

/** Why a file is refused before anything is sent. */
function faultIn(text: string): string | undefined {
  const fault = attemptUsage(() => {
    const [value] = parseYaml('edited file', text)
    const object = isObject(value) ? value : {}
    const missing = ['apiVersion', 'kind'].filter(name => object[name] === undefined).map(name => `${name} not set`)
    if (missing.length > 1) throw new UsageError(`[${missing.join(', ')}]`)
    if (missing.length > 0) throw new UsageError(missing.join(''))
  })
  return fault?.message.replace(/^error parsing edited file: /, '')
}

function objectsIn({ mapper }: Context, text: string): readonly JsonObject[] {
  return documentsIn('edited-file', text).map(({ object }) => {
    const [apiVersion, kind] = [String(object.apiVersion), String(object.kind)]
    if (mapper().ofKind(apiVersion, kind)) return object
    const why = `no matches for kind ${JSON.stringify(kind)} in version ${JSON.stringify(apiVersion)}`
    throw new UsageError(`unable to recognize "edited-file": ${why}`)
  })
}

interface Reason {
  readonly head: string
  readonly other: readonly string[]
}

function again(
  context: Context,
  state: Editing,
  text: string,
  mode: EditMode,
  reasons: readonly Reason[],
): Outcome<Editing> {
  const hashed = (line: string): string => line.replaceAll('\n', '\n# ')
  const lines = reasons.flatMap(({ head, other }) => [
    `# ${hashed(head)}${other.length > 0 ? ':' : ''}`,
    ...other.map(each => `# * ${hashed(each)}`),
    '#',
  ])
  const header = context.flags.output === 'json' ? '' : `${mode.explanation}${lines.map(line => `${line}\n`).join('')}`
  return open(context, { ...state, isRefused: true }, header + withoutComments(text))
}

/** The lines of a file that count. */
function withoutComments(text: string): string {
  return text
    .split('\n')
    .filter(line => !line.trimStart().startsWith('#'))
    .join('\n')
}

function save(
  context: Context,
  state: Editing,
  text: string,
  mode: EditMode,
  objects: readonly JsonObject[],
): Outcome<Editing> {
  const { err, host } = context
  const reasons: Reason[] = []
  const lost = { missing: 0, others: 0 }
  for (const [index, edited] of state.objects.entries()) {
    const after = objects[index]
    if (!after || isEqual(edited.before, after)) {
      if (state.objects.length > 1) context.out(`${nameFor(edited)} skipped\n`)
      continue
    }
    const refusal = attemptSave(context, state, text, () => mode.save(edited, after))
    if (!refusal) continue
    const name = `${qualifiedName(edited.info.resource)} ${JSON.stringify(edited.info.name)}`
    if (refusal.reason === 'Invalid') {
      const other = (refusal.details?.causes ?? []).map(({ field, message }) => `${field ?? ''}: ${message ?? ''}`)
      reasons.push({ head: `${name} was not valid`, other })
      err(`error: ${name} is invalid\n`)
    } else if (refusal.reason === 'NotFound') {
      lost.missing++
      err(`error: ${name} could not be found on the server\n`)
    } else {
      lost.others++
      err(`error: ${name} could not be patched: ${refusal.message}\n`)
    }
  }
  if (lost.others > 0 || lost.missing > 0) {
    host.files.write(state.file, text)
    if (lost.others > 0) err(`You can run \`kubectl replace -f ${state.file}\` to try this update again.\n`)
    else err(`The edits you made on deleted resources have been saved to ${JSON.stringify(state.file)}\n`)
    throw new Exit(1)
  }
  return reasons.length === 0 ? undefined : again(context, state, text, mode, reasons)
}

function nameFor({ info: { resource, name } }: Edited): string {
  return `${resource.singular}${resource.group === '' ? '' : `.${resource.group}`}/${name}`
}

function attemptSave(context: Context, state: Editing, text: string, action: () => void): ApiError | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof ApiError) return error
    if (error instanceof UsageError && !(error instanceof PlainError)) throw preserved(context, state, text, error)
    throw error
  }
}

/** Keeps the file that the user wrote and says where. */
function preserved({ err, host }: Context, { file }: Editing, text: string, error: UsageError): UsageError {
  host.files.write(file, text)
  err(`A copy of your changes has been stored to ${JSON.stringify(file)}\n`)
  return error
}
