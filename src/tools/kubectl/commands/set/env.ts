import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { ApiError } from '../../../../machinery/status.ts'
import type { Info } from '../../api/builder.ts'
import { pathOf } from '../../api/client.ts'
import { decodeBase64 } from '../../../../machinery/base64.ts'
import { liveSubjects } from '../../changing.ts'
import { type Context, defineCommand } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { hasFiles } from '../../subjects.ts'
import { at, fields, mapAt, nameOf, objectsAt, textAt } from '../../unstructured.ts'
import { matchesPattern, setEach, setFlags, subjectsToSet, withContainers, withPodSpec } from './changing.ts'
import {
  type EnvironmentChange,
  readEnvironment,
  referenceText,
  splitEnvironment,
  updatedEnvironment,
} from './env-words.ts'

const flags = {
  ...setFlags('env'),
  containers: flag.text('The names of containers in the selected pod templates to change - may use wildcards', {
    short: 'c',
    default: '*',
  }),
  env: flag.array('Specify a key-value pair for an environment variable to set into each container.', { short: 'e' }),
  from: flag.text('The name of a resource from which to inject environment variables'),
  keys: flag.list('Comma-separated list of keys to import from specified resource'),
  list: flag.bool(
    'If true, display the environment and any changes in the standard format. this flag will removed when we have kubectl view env.',
  ),
  overwrite: flag.bool(
    'If true, allow environment to be overwritten, otherwise reject updates that overwrite existing environment.',
    {
      default: true,
    },
  ),
  prefix: flag.text('Prefix to append to variable names'),
  resolve: flag.bool('If true, show secret or configmap references when listing variables'),
}

type EnvContext = Context<typeof flags>

/** kubectl/pkg/cmd/set/set_env.go. */
export const setEnv = defineCommand({
  use: 'env RESOURCE/NAME KEY_1=VAL_1 ... KEY_N=VAL_N',
  short: 'Update environment variables on a pod template',
  flags,
  run(context) {
    const { flags: given, host } = context
    if (given.all && given.selector !== '') throw new UsageError('cannot set --all and --selector at the same time')
    const { resources, words } = splitEnvironment(context.args)
    if (!hasFiles(context) && resources.length === 0) {
      throw new UsageError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
    }
    if (given.list && given.output !== '') throw new UsageError('--list and --output may not be specified together')
    if (given.keys.length > 0 && given.from === '') {
      throw new UsageError('when specifying --keys, a configmap or secret must be provided with --from')
    }
    const { set, remove } = readEnvironment([...given.env, ...words], () => host.stdin())
    const all = given.from === '' ? set : [...set, ...importedFrom(context)]
    const change = {
      set: all.map(variable => ({ ...variable, name: `${given.prefix}${textAt(variable, 'name')}` })),
      remove,
    }
    const infos = subjectsToSet(context, resources)
    if (given.list) return listAll(context, infos, change)
    setEach(context, infos, {
      done: 'env updated',
      failed: 'failed to patch env update to pod template:',
      change: (object, info) => changed(context, object, info, change),
    })
  },
})

function changed(context: EnvContext, object: JsonObject, info: Info, change: EnvironmentChange): JsonObject {
  const { flags: given, err } = context
  return withPodSpec(object, info, spec => {
    const { spec: next, count } = withContainers(
      spec,
      name => matchesPattern(name, given.containers),
      container => {
        const before = objectsAt(container, 'env')
        if (!given.overwrite) refuseOverwriting(info, before, change)
        const env = updatedEnvironment(before, change)
        const { env: _, ...others } = container
        return env.length === 0 ? others : { ...others, env }
      },
    )
    if (count === 0) {
      err(
        `Warning: ${info.resource.kind}/${info.name} does not have any containers matching ${quote(given.containers)}\n`,
      )
    }
    return next
  })
}

function refuseOverwriting({ resource, name }: Info, before: readonly JsonObject[], { set }: EnvironmentChange): void {
  for (const variable of set) {
    const known = before.find(each => each.name === variable.name)
    if (!known) continue
    const value = textAt(known, 'value')
    const what = value === '' ? 'already has a value' : `already has a value (${value})`
    throw new UsageError(
      `error: ${resource.plural}/${name} '${textAt(variable, 'name')}' ${what}, and --overwrite is false`,
    )
  }
}

/** Variables for the keys of a ConfigMap or Secret. */
function importedFrom(context: EnvContext): readonly JsonObject[] {
  const { flags: given, err } = context
  const named = { ...context, args: [given.from], flags: { ...given, filename: [], kustomize: '' } }
  const { infos, failures } = liveSubjects(named)
  throwGathered(failures)
  return infos.flatMap(({ object, resource }) => {
    const reference = { ConfigMap: 'configMapKeyRef', Secret: 'secretKeyRef' }[resource.kind]
    if (reference === undefined) throw new UsageError('unsupported resource specified in --from')
    return Object.keys(fields(at(object, 'data')))
      .filter(key => given.keys.length === 0 || given.keys.includes(key))
      .map(key => {
        const name = key.replace(/[^a-zA-Z0-9_]/g, '_').toUpperCase()
        if (name !== key) err(`Warning: key ${key} transferred to ${name}\n`)
        return { name, valueFrom: { [reference]: { name: nameOf(object), key } } }
      })
  })
}

function listAll(context: EnvContext, infos: readonly Info[], change: EnvironmentChange): void {
  for (const info of infos) {
    withPodSpec(info.object ?? {}, info, spec => {
      withContainers(
        spec,
        name => matchesPattern(name, context.flags.containers),
        container => {
          listContainer(context, info, container, updatedEnvironment(objectsAt(container, 'env'), change))
          return container
        },
      )
      return spec
    })
  }
}

function listContainer(context: EnvContext, info: Info, container: JsonObject, env: readonly JsonObject[]): void {
  const { err, flags: given, out } = context
  out(`# ${info.resource.kind} ${info.name}, container ${textAt(container, 'name')}\n`)
  const problems = new Map<string, string[]>()
  for (const variable of env) {
    const name = textAt(variable, 'name')
    if (variable.valueFrom === undefined) {
      out(`${name}=${textAt(variable, 'value')}\n`)
      continue
    }
    const found = given.resolve ? resolved(context, info, variable) : undefined
    if (found?.value !== undefined) out(`${name}=${found.value}\n`)
    else out(`# ${name} from ${referenceText(variable.valueFrom)}\n`)
    if (found?.problem !== undefined) problems.set(found.problem, [...(problems.get(found.problem) ?? []), name])
  }
  for (const [problem, names] of problems)
    err(`error retrieving reference for ${names.sort().join(', ')}: ${problem}\n`)
}

function resolved(
  { client, mapper }: EnvContext,
  info: Info,
  variable: JsonObject,
): { value?: string; problem?: string } {
  const path = textAt(variable, 'valueFrom', 'fieldRef', 'fieldPath')
  if (path !== '') return { value: textAt(info.object, ...path.split('.')) }
  const isSecret = at(variable, 'valueFrom', 'secretKeyRef') !== undefined
  const reference = isSecret ? 'secretKeyRef' : 'configMapKeyRef'
  const [name, key] = [
    textAt(variable, 'valueFrom', reference, 'name'),
    textAt(variable, 'valueFrom', reference, 'key'),
  ]
  try {
    const object = client.get(pathOf(mapper().ofGroup('', isSecret ? 'secrets' : 'configmaps'), info.namespace, name))
    const value = mapAt(object, 'data')[key]
    if (value !== undefined) return { value: isSecret ? decodeBase64(value) : value }
    return { problem: `key ${key} not found in ${isSecret ? 'secret' : 'config map'} ${name}` }
  } catch (error) {
    if (error instanceof ApiError) return { problem: error.message }
    throw error
  }
}
