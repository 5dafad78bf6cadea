import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { quote } from '../../../machinery/go-text.ts'
import { isEqual } from '../../../machinery/object.ts'
import { gather, type Info, infoPath } from '../api/builder.ts'
import { liveSubjects } from '../changing.ts'
import { type Command, type Context, defineCommand } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import {
  allNamespacesFlag,
  dryRunFlag,
  fieldManagerFlag,
  fieldSelectorFlag,
  fileFlags,
  recordFlag,
  selectorFlag,
} from '../subject-flags.ts'
import { mapAt, textAt } from '../unstructured.ts'
import { dryRunOf, reporter, writeQuery } from '../writing.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlag,
  ...fieldSelectorFlag,
  ...allNamespacesFlag,
  ...dryRunFlag,
  ...recordFlag,
  all: flag.bool('Select all resources, in the namespace of the specified resource types'),
  list: flag.bool('If true, display the labels for a given resource.'),
  local: flag.bool('If true, label will NOT contact api-server but run locally.'),
  overwrite: flag.bool(
    'If true, allow labels to be overwritten, otherwise reject label updates that overwrite existing labels.',
  ),
  'resource-version': flag.text(
    'If non-empty, the labels update will only succeed if this is the current resource-version for the object.',
  ),
}

type Changes = { readonly set: ReadonlyMap<string, string>; readonly remove: readonly string[] }
type LabelContext = Context<typeof flags>

interface Words {
  readonly member: 'labels' | 'annotations'
  readonly noun: 'label' | 'annotation'
  readonly done: (before: JsonObject, after: JsonObject) => string
}

export const label: Command = defineCommand({
  use: 'label [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  short: 'Update the labels on a resource',
  flags: { ...flags, ...fieldManagerFlag('kubectl-label') },
  run: context => change(context, { member: 'labels', noun: 'label', done: labelled }),
})

export const annotate: Command = defineCommand({
  use: 'annotate [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N [--resource-version=version]',
  short: 'Update the annotations on a resource',
  flags: { ...flags, ...fieldManagerFlag('kubectl-annotate') },
  run: context => change(context, { member: 'annotations', noun: 'annotation', done: () => 'annotated' }),
})

/** updateDataChangeMsg: by what was really added and removed. */
function labelled(before: JsonObject, after: JsonObject): string {
  const [old, next] = [mapAt(before, 'metadata', 'labels'), mapAt(after, 'metadata', 'labels')]
  const hasAdded = Object.entries(next).some(([key, value]) => old[key] !== value)
  const hasRemoved = Object.keys(old).some(key => next[key] === undefined)
  if (hasAdded && hasRemoved) return 'modified'
  return hasAdded ? 'labeled' : hasRemoved ? 'unlabeled' : 'not labeled'
}

/** Splits what names the resources from what changes them. */
function splitWords(args: readonly string[], noun: string): { resources: string[]; changes: Changes } {
  const resources: string[] = []
  const set = new Map<string, string>()
  const remove: string[] = []
  let hasChanges = false
  for (const word of args) {
    const isRemoval = word.endsWith('-') && !word.includes('=')
    if (isRemoval || (word.includes('=') && !word.startsWith('='))) hasChanges = true
    else if (hasChanges) throw new UsageError(`all resources must be specified before ${noun} changes: ${word}`)
    else {
      resources.push(word)
      continue
    }
    if (isRemoval) remove.push(word.slice(0, -1))
    else set.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
  }
  return { resources, changes: { set, remove } }
}

const labelValue = /^(?:(?:[A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/

function checkValues({ set, remove }: Changes, noun: string): void {
  for (const key of remove) {
    if (set.has(key))
      throw new UsageError(
        `can not both modify and remove ${noun === 'label' ? 'a label' : 'an annotation'} in the same command`,
      )
  }
  if (noun !== 'label') return
  for (const [key, value] of set) {
    if (value.includes('=')) throw new UsageError(`invalid label spec: ${key}=${value}`)
    if (labelValue.test(value) && value.length <= 63) continue
    const rule =
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"
    throw new UsageError(`invalid label value: ${quote(`${key}=${value}`)}: ${rule}`)
  }
}

function change(context: LabelContext, words: Words): void {
  const { flags: given } = context
  const { resources, changes } = splitWords(context.args, words.noun)
  if (resources.length === 0 && given.filename.length === 0 && given.kustomize === '') {
    throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
  }
  if (changes.set.size === 0 && changes.remove.length === 0 && !given.list) {
    throw new UsageError(`at least one ${words.noun} update is required`)
  }
  checkValues(changes, words.noun)
  dryRunOf(context)
  const report = reporter(context)
  const { infos, failures } = liveSubjects({ ...context, args: resources })
  const changed = gather(infos, info => {
    const object = info.object ?? {}
    if (given.list) return list(context, infos, info, words)
    const after = changedObject(context, object, changes, words)
    const answer = send(context, info, after, words)
    report(answer, words.done(object, after))
  })
  throwGathered([...failures, ...changed.failures])
}

function changedObject(
  context: LabelContext,
  object: JsonObject,
  { set, remove }: Changes,
  { member, noun }: Words,
): JsonObject {
  const { flags: given, out } = context
  const current = new Map(Object.entries(mapAt(object, 'metadata', member)))
  for (const [key, value] of set) {
    const known = current.get(key)
    if (known === undefined || given.overwrite || (noun === 'label' && known === value)) continue
    const what = `'${key}' already has a value (${known})`
    throw new UsageError(
      noun === 'label'
        ? `${what}, and --overwrite is false`
        : `--overwrite is false but found the following declared annotation(s): ${what}`,
    )
  }
  for (const key of remove) {
    if (!current.has(key) && noun === 'label') out(`label ${quote(key)} not found.\n`)
    current.delete(key)
  }
  for (const [key, value] of set) current.set(key, value)
  const metadata = isObject(object.metadata) ? object.metadata : {}
  const { [member]: _, ...others } = metadata
  const version = given['resource-version']
  return {
    ...object,
    metadata: {
      ...others,
      ...(current.size > 0 && { [member]: Object.fromEntries(current) }),
      ...(version !== '' && { resourceVersion: version }),
    },
  }
}

function send(context: LabelContext, info: Info, after: JsonObject, { member }: Words): JsonObject {
  const before = info.object ?? {}
  if (dryRunOf(context) === 'client' || context.flags.local || isEqual(before, after)) return after
  const [old, next] = [mapAt(before, 'metadata', member), mapAt(after, 'metadata', member)]
  const removed = Object.keys(old).filter(key => next[key] === undefined)
  const added = Object.entries(next).filter(([key, value]) => old[key] !== value)
  const patch = { [member]: Object.fromEntries([...removed.map(key => [key, null]), ...added]) }
  const version = context.flags['resource-version']
  const metadata = { ...patch, ...(version !== '' && { resourceVersion: version }) }
  const path = infoPath(info)
  if (textAt(before, 'metadata', 'name') === '') return after
  return context.client.patch(path, 'merge', { metadata }, writeQuery(context))
}

function list(
  { out }: LabelContext,
  infos: readonly Info[],
  { object, resource, name }: Info,
  { member }: Words,
): void {
  const indent = infos.length > 1 ? ' ' : ''
  if (infos.length > 1) out(`Listing ${member} for ${resource.kind}.${resource.group}/${name}:\n`)
  for (const [key, value] of Object.entries(mapAt(object, 'metadata', member))) out(`${indent}${key}=${value}\n`)
}
