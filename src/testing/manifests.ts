// The manifests of manifests/, and those of the seed notes, by file name in the order in which they are applied.
import { readdirSync, readFileSync } from 'node:fs'
import { parseAllDocuments } from 'yaml'
import { samples } from '../api/samples.ts'
import { isList, isObject, type JsonObject } from '../machinery/json-value.ts'

const folder = new URL('manifests/', import.meta.url)

/** Our own: file name → text. */
export function ownManifests(): Record<string, string> {
  const names = readdirSync(folder).filter(name => name.endsWith('.yaml'))
  return Object.fromEntries(names.sort().map(name => [name, readFileSync(new URL(name, folder), 'utf8')]))
}

/** Our own and those of the seed notes. */
export function allManifests(): Record<string, string> {
  return { ...ownManifests(), ...samples }
}

/** The objects in a text; lists are taken apart. */
export function objectsIn(text: string): JsonObject[] {
  return parseAllDocuments(text, { merge: true }).flatMap(document => {
    const value: unknown = document.toJS()
    if (!isObject(value)) return []
    return isList(value['items']) ? value['items'].filter(isObject) : [value]
  })
}
