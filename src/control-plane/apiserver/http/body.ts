import { LineCounter, parseDocument } from 'yaml'
import { documentOf, type JsonDocument, parseJson } from '../../../machinery/json-text.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { RequestOptions } from '../../../machinery/rest.ts'
import { ApiError, badRequest } from '../../../machinery/status.ts'

/** A body longer than this is not read. */
const maxBytes = 3 * 1024 * 1024

const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

/** Reads the body of a create or update. */
export function readBody(kind: Kind, contentType: string | undefined, text: string, isStrict: boolean): JsonDocument {
  checkSize(text)
  const type = mediaType(contentType)
  if (type === 'application/json') {
    const { value, error } = parseJson(text)
    if (error === undefined) return value
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${error}`, text)
  }
  if (type === 'application/yaml') return readYaml(kind, text, isStrict)
  const words = `the body of the request was in an unknown format - accepted media types include: ${accepted}`
  throw new ApiError('UnsupportedMediaType', words)
}

/** Reads an applied configuration, which is YAML. Keys that stand twice are refused or warned of. */
export function readConfig(
  text: string,
  validation: RequestOptions['fieldValidation'],
  warnings: string[],
): JsonDocument {
  checkSize(text)
  const document = parseDocument(text, { uniqueKeys: false, logLevel: 'silent' })
  if (document.errors.length > 0) {
    throw badRequest('error decoding YAML: error converting YAML to JSON: yaml: did not find expected key')
  }
  const lines = validation === 'Strict' || validation === 'Warn' ? duplicatesIn(text) : []
  if (lines.length > 0) {
    const why = `error converting YAML to JSON: yaml: unmarshal errors:\n${lines.join('\n')}`
    if (validation === 'Strict') throw badRequest(`error strict decoding patch: ${why}`)
    warnings.push(why)
  }
  const value: unknown = document.toJS()
  return documentOf(value)
}

export function checkSize(text: string): void {
  if (text.length <= maxBytes) return
  throw new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${maxBytes}`)
}

/** `application/json` of `application/json; charset=utf-8`; JSON when nothing is said. */
export function mediaType(contentType: string | undefined): string {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  return type ? type : 'application/json'
}

function readYaml(kind: Kind, text: string, isStrict: boolean): JsonDocument {
  const lineCounter = new LineCounter()
  const document = parseDocument(text, { uniqueKeys: false, lineCounter, logLevel: 'silent' })
  const [problem] = document.errors
  if (problem) {
    const { line } = lineCounter.linePos(problem.pos[0])
    const why =
      problem.code === 'TAB_AS_INDENT' ? 'found a tab character that violates indentation' : lowered(problem.message)
    throw unrecognized(kind, `yaml: line ${line}: ${why}`, text)
  }
  if (isStrict) {
    const lines = duplicatesIn(text)
    if (lines.length > 0) {
      const why = `strict decoding error: yaml: unmarshal errors:\n${lines.join('\n')}`
      throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${why}`)
    }
  }
  const value: unknown = document.toJS()
  return documentOf(value)
}

function duplicatesIn(text: string): string[] {
  const lineCounter = new LineCounter()
  const { errors } = parseDocument(text, { uniqueKeys: true, lineCounter, logLevel: 'silent' })
  return errors.flatMap(({ code, pos }) => (code === 'DUPLICATE_KEY' ? [duplicate(text, pos[0], lineCounter)] : []))
}

function duplicate(text: string, at: number, lineCounter: LineCounter): string {
  const key = /^[^\s:]+/.exec(text.slice(at))?.[0] ?? ''
  return `  line ${lineCounter.linePos(at).line}: key "${key}" already set in map`
}

function lowered(message: string): string {
  const [first = ''] = message.split('\n')
  return first.charAt(0).toLowerCase() + first.slice(1).replace(/ at line .*$/, '')
}

function unrecognized({ kind }: Kind, why: string, text: string): ApiError {
  return badRequest(`the object provided is unrecognized (must be of type ${kind}): ${why} (${summary(text)})`)
}

/** The beginning of a body that was not understood: text when it may be JSON, else hexadecimal digits. */
function summary(text: string): string {
  if (text === '') return '<empty>'
  const shown = text.slice(0, 30)
  const digits = [...shown].map(character => character.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return (text.startsWith('{') ? shown : digits) + (text.length > 30 ? ' ...' : '')
}
