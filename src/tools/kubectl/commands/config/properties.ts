import { quote } from '../../../../machinery/go-text.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { entryOf } from '../../kubeconfig.ts'
import { withAt } from '../../unstructured.ts'
import { wrongArguments } from './change.ts'
import { type List, namesIn, save, withEntry } from './entries.ts'

// Single values by their dotted names: kubectl/pkg/cmd/config/set.go, unset.go.

export const setProperty = defineCommand({
  use: 'set PROPERTY_NAME PROPERTY_VALUE',
  short: 'Set an individual value in a kubeconfig file',
  flags: {
    'set-raw-bytes': flag.bool(
      'When writing a []byte PROPERTY_VALUE, write the given string directly without base64 decoding.',
    ),
  },
  run(context) {
    const [name, value, more] = context.args
    if (name === undefined || value === undefined || more !== undefined) return wrongArguments(context)
    save(context, changed(context.config.content, name, value), `Property ${quote(name)} set.\n`)
  },
})

export const unsetProperty = defineCommand({
  use: 'unset PROPERTY_NAME',
  short: 'Unset an individual value in a kubeconfig file',
  flags: {},
  run(context) {
    const [name, more] = context.args
    if (name === undefined || more !== undefined) return wrongArguments(context)
    save(context, changed(context.config.content, name, undefined), `Property ${quote(name)} unset.\n`)
  },
})

const lists: readonly List[] = ['clusters', 'contexts', 'users']

/** A copy with a property set, or taken away. */
function changed(content: JsonObject, property: string, value: string | undefined): JsonObject {
  if (property === 'current-context') return { ...content, 'current-context': value ?? '' }
  const [first = '', ...rest] = property.split('.')
  const list = lists.find(each => each === first)
  if (!list) throw new UsageError(`unable to parse ${first} in ${property} at ${first}`)
  const { name, path } = entryIn(content, list, rest)
  if (path.length === 0) {
    if (value === undefined) return withEntry(content, list, name, undefined)
    throw new UsageError(`can't set a map to a value: ${property}`)
  }
  const before = entryOf(content, list, name)
  if (!before && value === undefined) return content
  const isFlag = value === 'true' || value === 'false'
  return withEntry(content, list, name, withAt(before ?? {}, path, isFlag ? value === 'true' : value))
}

/** Names may have dots in them: the longest name that there is wins. */
function entryIn(content: JsonObject, list: List, parts: readonly string[]): { name: string; path: readonly string[] } {
  const text = parts.join('.')
  const known = [...namesIn(content, list)].sort((a, b) => b.length - a.length)
  const found = known.find(name => text === name || text.startsWith(`${name}.`))
  if (found !== undefined) {
    const rest = text.slice(found.length + 1)
    return { name: found, path: rest === '' ? [] : rest.split('.') }
  }
  const [name = '', ...path] = parts
  return { name, path }
}
