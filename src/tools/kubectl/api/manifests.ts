import { parseAllDocuments } from 'yaml'
import { quote } from '../../../machinery/go-text.ts'
import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import { objectsAt, textAt } from '../unstructured.ts'
import { goComplaint, valueOf } from './yaml-complaints.ts'

/** An object as a file has it. */
export interface Manifest {
  /** The file's name, or STDIN. */
  readonly source: string
  readonly object: JsonObject
}

const extensions = ['.json', '.yaml', '.yml']

/** The files that `-f` names: files, folders (with -R all below), addresses of the web, `-` for stdin. */
export function readManifests(
  host: Host,
  paths: readonly string[],
  recursive: boolean,
  validate: boolean,
): readonly Manifest[] {
  return paths.flatMap(path => {
    if (/^https?:\/\//.test(path)) return documentsIn(path, textAtUrl(host, path), validate)
    if (path === '-') return documentsIn('STDIN', host.stdin(), validate)
    return filesAt(host, path, recursive).flatMap(({ name, text }) => documentsIn(name, text, validate))
  })
}

interface FoundFile {
  readonly name: string
  readonly text: string
}

/** readHttpWithRetries of cli-runtime's visitor.go. */
function textAtUrl(host: Host, url: string): string {
  const text = host.web?.(url)
  if (text !== undefined) return text
  throw new UsageError(`unable to read URL ${quote(url)}, server reported 404 Not Found, status code=404`)
}

function filesAt(host: Host, path: string, recursive: boolean): FoundFile[] {
  const text = host.files.read(path)
  if (text !== undefined) return [{ name: path, text }]
  const names = host.files.list(path)
  if (!names) throw new UsageError(`the path ${quote(path)} does not exist`)
  const found = filesIn(host, path.replace(/\/$/, ''), names, recursive)
  if (found.length > 0) return found
  throw new UsageError(`error reading [${path}]: recognized file extensions are [.json .yaml .yml]`)
}

function filesIn(host: Host, folder: string, names: readonly string[], recursive: boolean): FoundFile[] {
  return [...names].sort().flatMap(name => {
    const path = `${folder}/${name}`
    const text = host.files.read(path)
    if (text !== undefined) return extensions.some(end => name.endsWith(end)) ? [{ name: path, text }] : []
    return recursive ? filesIn(host, path, host.files.list(path) ?? [], recursive) : []
  })
}

/** The objects of a text of YAML or JSON documents; lists are taken apart. */
export function documentsIn(source: string, text: string, validate = true): Manifest[] {
  return parseYaml(source, text).flatMap(value => {
    if (value === null || value === undefined) return []
    if (!isObject(value)) throw notAnObject(source, value, validate)
    const object = value
    const missing = ['apiVersion', 'kind'].filter(name => textAt(object, name) === '')
    if (missing.length > 0) throw incomplete(source, object, missing, validate)
    if (!textAt(object, 'kind').endsWith('List') || !Array.isArray(object.items)) return [{ source, object }]
    return objectsAt(object, 'items').map(item => ({ source, object: item }))
  })
}

const advice = 'if you choose to ignore these errors, turn validation off with --validate=false'

function notAnObject(source: string, value: unknown, validate: boolean): UsageError {
  if (!validate) {
    const type = isList(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
    const words = `json: cannot unmarshal ${type} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`
    return new UsageError(`unable to decode ${quote(source)}: couldn't get version/kind; json parse error: ${words}`)
  }
  const words = `error validating ${quote(source)}: error validating data`
  return new UsageError(`${words}: invalid object to validate; ${advice}`)
}

function incomplete(source: string, object: JsonObject, missing: readonly string[], validate: boolean): UsageError {
  if (!validate) {
    const name = missing.includes('kind') ? 'Kind' : 'apiVersion'
    return new UsageError(
      `unable to decode ${quote(source)}: Object '${name}' is missing in '${JSON.stringify(object)}'`,
    )
  }
  const unset = missing.map(name => `${name} not set`)
  const found = unset.length > 1 ? `[${unset.join(', ')}]` : unset.join('')
  return new UsageError(`error validating ${quote(source)}: error validating data: ${found}; ${advice}`)
}

/** Documents of a text, or Go's complaint. Go's YAML is 1.1 with 1.2's numbers and times: `no` is false. */
export function parseYaml(source: string, text: string): unknown[] {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    uniqueKeys: false,
    logLevel: 'silent',
    customTags: tags =>
      tags.filter(
        tag => typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && tag.format !== 'TIME'),
      ),
  })
  if (!Array.isArray(documents)) return []
  return documents.map(document => {
    const { value, error } = document.errors.length > 0 ? { error: goComplaint(text, document) } : valueOf(document)
    if (error === undefined) return value
    throw new UsageError(`error parsing ${source}: error converting YAML to JSON: yaml: ${error}`)
  })
}
