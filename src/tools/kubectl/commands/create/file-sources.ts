import { UsageError } from '../../errors.ts'
import type { Host } from '../../host.ts'
import { pairOf } from './generator.ts'

/** Data of ConfigMaps and Secrets from `--from-file`, `--from-literal` and `--from-env-file`. */
export interface Sources {
  readonly files: readonly string[]
  readonly literals: readonly string[]
  readonly envFiles: readonly string[]
}

/** Reads all sources; a key that stands twice is refused. */
export function readSources(host: Host, { files, literals, envFiles }: Sources): ReadonlyMap<string, string> {
  if (envFiles.length > 0 && (files.length > 0 || literals.length > 0)) {
    throw new UsageError('from-env-file cannot be combined with from-file or from-literal')
  }
  const data = new Map<string, string>()
  const add = (key: string, value: string): void => {
    if (data.has(key)) throw new UsageError(`cannot add key "${key}", another key by that name already exists`)
    data.set(key, value)
  }
  for (const source of files) for (const [key, value] of fileSource(host, source)) add(key, value)
  for (const literal of literals) {
    const [key, value] = pairOf(literal, text => `invalid literal source ${text}, expected key=value`)
    add(key, value.replace(/^(["'])(.*)\1$/s, '$2'))
  }
  for (const path of envFiles) for (const [key, value] of envFile(host, path)) add(key, value)
  return data
}

function fileSource(host: Host, source: string): [string, string][] {
  const equals = source.indexOf('=')
  if (equals === 0) throw new UsageError(`key name for file path ${source.slice(1)} missing`)
  const path = source.slice(equals + 1)
  if (equals > 0 && path === '') throw new UsageError(`file path for key name ${source.slice(0, equals)} missing`)
  const text = host.files.read(path)
  const key = equals > 0 ? source.slice(0, equals) : baseName(path)
  if (text !== undefined) return [[key, text]]
  const names = host.files.list(path)
  if (!names) throw new UsageError(`error reading ${path}: no such file or directory`)
  if (equals > 0) throw new UsageError('cannot give a key name for a directory path')
  return [...names].sort().flatMap(name => {
    const inside = host.files.read(`${path}/${name}`)
    return inside === undefined ? [] : [[name, inside] satisfies [string, string]]
  })
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path
}

/** Lines `KEY=value`; a bare KEY is taken from the environment. */
export function envFile(host: Host, path: string): [string, string][] {
  const text = host.files.read(path)
  if (text === undefined) throw new UsageError(`error reading ${path}: no such file or directory`)
  return text.split('\n').flatMap(line => {
    const bare = line.trimStart()
    if (bare === '' || bare.startsWith('#')) return []
    const equals = bare.indexOf('=')
    if (equals >= 0) return [[bare.slice(0, equals), bare.slice(equals + 1)] satisfies [string, string]]
    const value = host.env[bare]
    return value === undefined ? [] : [[bare, value] satisfies [string, string]]
  })
}
