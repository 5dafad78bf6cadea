import type { JsonObject } from '../../../../machinery/json-value.ts'
import { ApiError } from '../../../../machinery/status.ts'
import { manifestInfo, subjectsOf, type Info, gather, infoPath } from '../../api/builder.ts'
import { liveSubjects } from '../../changing.ts'
import { type Context, selectionOf } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { twoWayPatch, typeOf } from '../../patching.ts'
import { outputFlags } from '../../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, fileFlags, recordFlag, selectorFlag } from '../../subject-flags.ts'
import { fields, objectsAt, withAt } from '../../unstructured.ts'
import { changeCause, dryRunOf, reporter, writeQuery } from '../../writing.ts'
import { nothingGiven } from '../delete.ts'
import { isGiven } from '../../subjects.ts'
import { withGoZeros } from './go-zeros.ts'

// What the verbs under `set` have in common: kubectl/pkg/cmd/set/helper.go.

export const setFlags = (what: string) => ({
  ...outputFlags,
  ...fileFlags,
  ...selectorFlag,
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag('kubectl-set'),
  all: flag.bool('Select all resources, in the namespace of the specified resource types'),
  local: flag.bool(`If true, set ${what} will NOT contact api-server but run locally.`),
})

/** The objects to change: live ones, or with `--local` those of files. */
export function subjectsToSet(context: Context, resources: readonly string[]): readonly Info[] {
  const { flags, host, mapper } = context
  const named = { ...context, args: resources }
  if (!isGiven(named)) throw nothingGiven()
  if (flags.local !== true) {
    const { infos, failures } = liveSubjects(named)
    throwGathered(failures)
    return infos
  }
  if (resources.length > 0) throw localNeedsFiles()
  const selection = selectionOf(named)
  const subjects = subjectsOf(host, mapper, selection)
  const manifests = subjects.sort === 'files' ? subjects.manifests : []
  return manifests.map(manifest => ({ ...manifestInfo(mapper(), manifest, selection), object: manifest.object }))
}

function localNeedsFiles(): UsageError {
  return new UsageError(
    [
      'you must specify resources by --filename when --local is set.',
      'Example resource specifications include:',
      "   '-f rsrc.yaml'",
      "   '--filename=rsrc.json'",
    ].join('\n'),
  )
}

export interface Setting {
  /** What is said of a changed object. */
  readonly done: string
  /** How a refusal of the server begins: `failed to patch image update to pod template:`. */
  readonly failed: string
  /** Objects in which nothing changed are sent and told of all the same. */
  readonly always?: boolean
  /** The changed copy; undefined when the object is to be left out. Throws what is wrong with it. */
  change(object: JsonObject, info: Info): JsonObject | undefined
}

/** Changes each object and sends the difference. */
export function setEach(context: Context, infos: readonly Info[], setting: Setting): void {
  if (context.flags.local === true && dryRunOf(context) === 'server') {
    throw new UsageError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
  }
  const report = reporter(context)
  const isLocal = context.flags.local === true || dryRunOf(context) === 'client'
  const { failures } = gather(infos, info => {
    const before = info.object ?? {}
    const changed = setting.change(before, info)
    if (!changed) return
    const after = recorded(context, changed)
    const { type, body } = twoWayPatch(before, after)
    if (Object.keys(body).length === 0 && !setting.always) return
    if (isLocal) return report(context.flags.local === true ? withGoZeros(after, typeOf(after)) : after, setting.done)
    report(
      refusedAs(setting.failed, info, () => context.client.patch(infoPath(info), type, body, writeQuery(context))),
      setting.done,
    )
  })
  throwGathered(failures)
}

const changeCausePath = ['metadata', 'annotations', 'kubernetes.io/change-cause']

function recorded(context: Context, object: JsonObject): JsonObject {
  const cause = changeCause(context)
  return cause === undefined ? object : withAt(object, changeCausePath, cause)
}

function refusedAs<T>(words: string, _info: Info, action: () => T): T {
  try {
    return action()
  } catch (error) {
    if (!(error instanceof ApiError) || words === '') throw error
    throw new UsageError(`${words} ${error.message}`)
  }
}

/** Where a kind has its Pod spec; undefined when it has none (polymorphichelpers/updatepodspec.go). */
export function podSpecPath(kind: string): readonly string[] | undefined {
  if (kind === 'Pod') return ['spec']
  if (kind === 'CronJob') return ['spec', 'jobTemplate', 'spec', 'template', 'spec']
  const templated = ['ReplicationController', 'Deployment', 'DaemonSet', 'ReplicaSet', 'StatefulSet', 'Job']
  return templated.includes(kind) ? ['spec', 'template', 'spec'] : undefined
}

/** Changes the Pod spec of an object; throws for a kind without one. */
export function withPodSpec(object: JsonObject, info: Info, change: (spec: JsonObject) => JsonObject): JsonObject {
  const path = podSpecPath(info.resource.kind)
  if (!path) {
    const { resource, name } = info
    throw new UsageError(
      `error: ${resource.plural}/${name} the object is not a pod or does not have a pod template: ${goType(info)}`,
    )
  }
  const spec = path.reduce<JsonObject>((value, member) => fields(value[member]), object)
  return withAt(object, path, change(spec))
}

function goType({ resource }: Info): string {
  return `*${resource.version}.${resource.kind}`
}

/** Changes those containers of a Pod spec that a pattern selects, init containers too. */
export function withContainers(
  spec: JsonObject,
  isWanted: (name: string) => boolean,
  change: (container: JsonObject) => JsonObject,
): { readonly spec: JsonObject; readonly count: number } {
  let count = 0
  const changed = (list: string): readonly JsonObject[] =>
    objectsAt(spec, list).map(container => {
      if (!isWanted(String(container.name))) return container
      count++
      return change(container)
    })
  const [containers, initContainers] = [changed('containers'), changed('initContainers')]
  return { spec: { ...spec, containers, ...(initContainers.length > 0 && { initContainers }) }, count }
}

/** Whether a name matches a pattern in which * stands for anything. */
export function matchesPattern(name: string, pattern: string): boolean {
  const source = pattern.split('*').map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${source.join('.*')}$`).test(name)
}
