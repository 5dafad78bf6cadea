import { goJsonSorted } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { sha256 } from '../../../machinery/sha256.ts'
import { at, nameOf, withAt } from '../unstructured.ts'

const letters: Readonly<Record<string, string>> = { '0': 'g', '1': 'h', '3': 'k', a: 'm', e: 't' }

/** Ten letters that change with a text, without digits and vowels that could make words. */
export function shortHash(text: string): string {
  return sha256(text)
    .slice(0, 10)
    .replace(/[013ae]/g, digit => letters[digit] ?? digit)
}

/** What kustomize appends to the name of a generated object: its name plays no part (api/hasher/hasher.go). */
export function hashOfContents(object: JsonObject): string {
  const part = (name: string): unknown => at(object, name) ?? ''
  if (object.kind === 'ConfigMap') {
    const binary = at(object, 'binaryData')
    const parts = { kind: 'ConfigMap', name: '', data: part('data') }
    return shortHash(goJsonSorted(binary === undefined ? parts : { ...parts, binaryData: binary }))
  }
  if (object.kind !== 'Secret') return shortHash(goJsonSorted(object))
  const stringData = at(object, 'stringData')
  const parts = { kind: 'Secret', type: part('type'), name: '', data: part('data') }
  return shortHash(goJsonSorted(stringData === undefined ? parts : { ...parts, stringData }))
}

/** An object with the hash of what is in it appended to its name: `--append-hash`. */
export function withHash(object: JsonObject): JsonObject {
  return withAt(object, ['metadata', 'name'], `${nameOf(object)}-${hashOfObject(object)}`)
}

/** kubectl/pkg/util/hash/hash.go. */
function hashOfObject(object: JsonObject): string {
  const name = at(object, 'metadata', 'name')
  const data = at(object, 'data') ?? null
  const immutable = at(object, 'immutable') === undefined ? {} : { immutable: at(object, 'immutable') }
  const binary = at(object, 'binaryData') === undefined ? {} : { binaryData: at(object, 'binaryData') }
  if (object.kind === 'ConfigMap')
    return shortHash(goJsonSorted({ kind: 'ConfigMap', name, data, ...immutable, ...binary }))
  return shortHash(goJsonSorted({ kind: 'Secret', type: at(object, 'type') ?? '', name, data, ...immutable }))
}
