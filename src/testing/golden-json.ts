// JSON as the golden recordings hold it, and the few questions that their readers ask of it.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rootHome } from '../shell/home.ts'

export type Json = null | boolean | number | string | Json[] | JsonObject
export interface JsonObject {
  [key: string]: Json
}

const ROOT = fileURLToPath(new URL('golden', import.meta.url))

/** The text of a recording; the path is relative to `src/testing/golden`. Where its user lived is written `<home>`. */
export function goldenText(...path: string[]): string {
  return readFileSync(join(ROOT, ...path), 'utf8').replaceAll('<home>/', `${rootHome}/`)
}

/** A recording parsed; the caller names the shape that the folder's README promises. */
export function goldenJson<T = Json>(...path: string[]): T {
  return JSON.parse(goldenText(...path))
}

/** Names in a folder of recordings, sorted, so that tests are listed alike everywhere. */
export function goldenNames(...path: string[]): string[] {
  return readdirSync(join(ROOT, ...path)).sort()
}

/** Every file below a folder, by its path inside that folder. Empty when there is no such folder. */
export function goldenFiles(...path: string[]): Record<string, string> {
  const parent = goldenNames(...path.slice(0, -1))
  if (!parent.includes(path.at(-1) ?? '')) return {}
  const files: Record<string, string> = {}
  for (const entry of readdirSync(join(ROOT, ...path), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const full = join(entry.parentPath, entry.name)
    files[full.slice(join(ROOT, ...path).length + 1)] = readFileSync(full, 'utf8')
  }
  return files
}

export function parseJson(text: string): Json {
  return JSON.parse(text)
}

/** What `make` makes, or the fallback: recordings hold broken JSON and YAML on purpose. */
export function orElse<T>(fallback: T, make: () => T): T {
  try {
    return make()
  } catch {
    return fallback
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value at a path of field names and indexes, or undefined. */
export function at(value: Json | undefined, ...path: (string | number)[]): Json | undefined {
  let here = value
  for (const step of path) {
    if (Array.isArray(here) && typeof step === 'number') here = here[step]
    else if (isObject(here)) here = here[step]
    else return undefined
  }
  return here
}

export function textAt(value: Json | undefined, ...path: (string | number)[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}

export function listAt(value: Json | undefined, ...path: (string | number)[]): Json[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

export function objectAt(value: Json | undefined, ...path: (string | number)[]): JsonObject {
  const found = at(value, ...path)
  return isObject(found) ? found : {}
}

/** JSON text with sorted keys: equal texts mean equal values. */
export function canonical(value: Json | undefined): string {
  if (value === undefined) return 'undefined'
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value)
  const members = Object.keys(value).sort()
  return `{${members.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`
}

/** The same value with every string in it (keys too) replaced. */
export function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map(item => mapTexts(item, change))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [change(key), mapTexts(item, change)]))
}
