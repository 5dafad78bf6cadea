import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { isEnvVarName } from '../../../../machinery/validation.ts'
import { UsageError } from '../../errors.ts'
import { textAt } from '../../unstructured.ts'

// The words of `kubectl set env`: kubectl/pkg/cmd/set/env.

/** Resources come first, then KEY=value and KEY-. */
export function splitEnvironment(args: readonly string[]): { resources: readonly string[]; words: readonly string[] } {
  const isEnvironment = (word: string): boolean => /^[\s\S]+=[\s\S]*$/.test(word) || word.endsWith('-')
  const first = args.findIndex(isEnvironment)
  if (first < 0) return { resources: args, words: [] }
  const words = args.slice(first)
  if (!words.every(isEnvironment)) {
    throw new UsageError(`all resources must be specified before environment changes: ${args.join(' ')}`)
  }
  return { resources: args.slice(0, first), words }
}

export interface EnvironmentChange {
  readonly set: readonly JsonObject[]
  readonly remove: readonly string[]
}

/** Variables to set and to remove; `-` reads them from stdin. */
export function readEnvironment(words: readonly string[], stdin: () => string): EnvironmentChange {
  const set: JsonObject[] = []
  const remove: string[] = []
  const named: string[] = []
  for (const word of words) {
    const equals = word.indexOf('=')
    if (word === '-') set.push(...variablesIn(stdin()))
    else if (equals >= 0) {
      const name = word.slice(0, equals)
      const errors = isEnvVarName(name)
      if (errors.length > 0) throw new UsageError(`${quote(name)} is not a valid key name: ${errors.join(';')}`)
      named.push(name)
      set.push({ name, value: word.slice(equals + 1) })
    } else if (word.endsWith('-')) remove.push(word.slice(0, -1))
    else throw new UsageError(`unknown environment variable: ${word}`)
  }
  if (remove.some(name => named.includes(name))) {
    throw new UsageError('can not both modify and remove the same environment variable in the same command')
  }
  return { set, remove }
}

function variablesIn(text: string): JsonObject[] {
  return text.split('\n').flatMap(line => {
    const [bare = ''] = line.split('#')
    const equals = bare.indexOf('=')
    return equals < 0 ? [] : [{ name: bare.slice(0, equals), value: bare.slice(equals + 1) }]
  })
}

/** New variables take the places of old ones of the same name; the rest comes after. */
export function updatedEnvironment(
  before: readonly JsonObject[],
  { set, remove }: EnvironmentChange,
): readonly JsonObject[] {
  const covered = new Set(remove)
  const kept = before.flatMap(variable => {
    const name = textAt(variable, 'name')
    if (covered.has(name)) return []
    const newer = set.find(each => each.name === name)
    if (newer) covered.add(name)
    return [newer ?? variable]
  })
  const added = set.filter(variable => {
    const name = textAt(variable, 'name')
    const isNew = !covered.has(name)
    covered.add(name)
    return isNew
  })
  return [...kept, ...added]
}

/** `configmap cfg, key PORT`: where a variable's value comes from. */
export function referenceText(from: unknown): string {
  const [map, secret] = [textAt(from, 'configMapKeyRef', 'key'), textAt(from, 'secretKeyRef', 'key')]
  if (map !== '') return `configmap ${textAt(from, 'configMapKeyRef', 'name')}, key ${map}`
  if (secret !== '') return `secret ${textAt(from, 'secretKeyRef', 'name')}, key ${secret}`
  const path = textAt(from, 'fieldRef', 'fieldPath')
  if (path !== '') return `field path ${path}`
  const resource = textAt(from, 'resourceFieldRef', 'resource')
  if (resource === '') return 'invalid valueFrom'
  const container = textAt(from, 'resourceFieldRef', 'containerName')
  return `resource field ${container === '' ? '' : `${container}/`}${resource}`
}
