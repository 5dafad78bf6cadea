import type { JsonObject } from '../../../../machinery/json-value.ts'
import type { Context } from '../../command.ts'
import { entryOf, writeKubeconfig } from '../../kubeconfig.ts'
import { objectsAt, textAt } from '../../unstructured.ts'

// The named entries of a kubeconfig. kubectl writes them sorted by name (clientcmd's ModifyConfig).

export type List = 'clusters' | 'contexts' | 'users'

const members = { clusters: 'cluster', contexts: 'context', users: 'user' } as const

export function namesIn(content: JsonObject, list: List): readonly string[] {
  return objectsAt(content, list)
    .map(entry => textAt(entry, 'name'))
    .sort()
}

export function hasEntry(content: JsonObject, list: List, name: string): boolean {
  return entryOf(content, list, name) !== undefined
}

/** A copy with an entry put in, or without it when there is no value. */
export function withEntry(content: JsonObject, list: List, name: string, value: JsonObject | undefined): JsonObject {
  const others = objectsAt(content, list).filter(entry => textAt(entry, 'name') !== name)
  const all = value === undefined ? others : [...others, { [members[list]]: value, name }]
  const sorted = [...all].sort((a, b) => (textAt(a, 'name') < textAt(b, 'name') ? -1 : 1))
  return { ...content, [list]: sorted.length === 0 ? null : sorted }
}

/** Writes the kubeconfig, and says so. */
export function save({ config, host, out }: Context, content: JsonObject, words: string): void {
  writeKubeconfig(host, config, content)
  out(words)
}
