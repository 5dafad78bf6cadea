import { decode } from '../../../machinery/decode.ts'
import { wordFor } from '../../../machinery/decode-values.ts'
import { byteLength } from '../../../machinery/go-text.ts'
import { documentOf, type JsonDocument, parseJson } from '../../../machinery/json-text.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { PatchType, RequestOptions } from '../../../machinery/rest.ts'
import type { Schema } from '../../../machinery/schema.ts'
import { ApiError, badRequest } from '../../../machinery/status.ts'
import { type Fields, fieldsOf, isFields, textOf } from '../record.ts'
import { duplicateKeys, jsonInYaml, parseYamlText } from './yaml-text.ts'

/** A body longer than this is not read. */
const maxBytes = 3 * 1024 * 1024

const accepted = 'application/json, application/yaml, application/vnd.kubernetes.protobuf'

/** Reads the body of a create or update. */
export function readBody(kind: Kind, contentType: string | undefined, body: string, isStrict: boolean): JsonDocument {
  const text = received(body)
  const type = mediaType(contentType)
  if (type === 'application/json') {
    const { value, error } = parseJson(text)
    if (error === undefined) return value
    throw unrecognized(kind, `${noVersion}: ${error}`, text)
  }
  if (type === 'application/yaml') return readYaml(kind, text, isStrict)
  throw unknownFormat()
}

/** Reads an applied configuration, which is YAML. Keys that stand twice are refused or warned of. */
export function readConfig(
  body: string,
  validation: RequestOptions['fieldValidation'],
  warnings: string[],
): JsonDocument {
  const text = received(body)
  const json = jsonInYaml(text)
  if (json) return json
  const { value, error } = parseYamlText(text)
  if (error !== undefined) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${withoutLine(error)}`)
  const lines = validation === 'Strict' || validation === 'Warn' ? duplicateKeys(text) : []
  if (lines.length > 0) {
    const why = `error converting YAML to JSON: yaml: unmarshal errors:\n${lines.join('\n')}`
    if (validation === 'Strict') throw badRequest(`error strict decoding patch: ${why}`)
    warnings.push(why)
  }
  return documentOf(value)
}

/** The options of a deletion from its body. What they mean is not looked at here. */
export function readDeleteOptions(schema: Schema, contentType: string | undefined, body: string): Fields {
  const text = received(body)
  const document = deletionDocument(mediaType(contentType), text)
  const fields = fieldsOf(document.value)
  if (document.value !== null && !isFields(document.value)) {
    throw badRequest(
      `${noVersion}: json: cannot unmarshal ${wordFor(document.value)} into Go value of type ${typeMeta}`,
    )
  }
  for (const name of ['apiVersion', 'kind']) {
    const value = fields[name]
    if (value === undefined || value === null || typeof value === 'string') continue
    const where = `struct field .${name}`
    throw badRequest(`${noVersion}: json: cannot unmarshal ${wordFor(value)} into Go ${where} of type string`)
  }
  const kind = textOf(fields.kind)
  if (kind !== '' && kind !== 'DeleteOptions') {
    const scheme = 'k8s.io/apimachinery/pkg/apis/meta/internalversion/scheme/register.go:27'
    throw badRequest(`no kind "${kind}" is registered for version "${textOf(fields.apiVersion)}" in scheme "${scheme}"`)
  }
  const type = schema.schemaOf({ group: '', version: 'v1', kind: 'DeleteOptions' })
  const { value, error } = type ? decode(type, document) : { value: fields }
  if (error !== undefined) throw badRequest(error)
  return fieldsOf(value)
}

const noVersion = "couldn't get version/kind; json parse error"
const typeMeta =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

function deletionDocument(type: string, text: string): JsonDocument {
  if (type === 'application/json') {
    const { value, error } = parseJson(text)
    if (error === undefined) return value
    throw badRequest(`${noVersion}: ${error}`)
  }
  if (type !== 'application/yaml') throw unknownFormat()
  const json = jsonInYaml(text)
  if (json) return json
  const { value, error } = parseYamlText(text)
  if (error !== undefined) throw badRequest(error)
  return documentOf(value)
}

function unknownFormat(): ApiError {
  const words = `the body of the request was in an unknown format - accepted media types include: ${accepted}`
  return new ApiError('UnsupportedMediaType', words)
}

/** Go's patch reader does not say the line. */
function withoutLine(error: string): string {
  return /^yaml: line /.test(error) ? 'yaml: did not find expected key' : error
}

/** Reads a patch of one of the JSON sorts. Of a strategic one the decoder's words stand alone (handlers/patch.go). */
export function readPatch(body: string, type: PatchType): JsonDocument {
  const { value, error } = parseJson(received(body))
  if (error !== undefined) throw badRequest(type === 'strategic' ? error : `error decoding patch: ${error}`)
  return value
}

/**
 * A body as it would come through a connection: half a surrogate pair cannot be sent, and Go reads the replacement
 * character in its place.
 */
function received(body: string): string {
  // No character is shorter than a byte, and none longer than three.
  if (body.length > maxBytes || (body.length > maxBytes / 3 && byteLength(body) > maxBytes)) {
    throw new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${maxBytes}`)
  }
  return /[\ud800-\udfff]/.test(body) ? body.replace(/\p{Surrogate}/gu, '\ufffd') : body
}

/** `application/json` of `application/json; charset=utf-8`; JSON when nothing is said. */
export function mediaType(contentType: string | undefined): string {
  const type = contentType?.split(';')[0]?.trim().toLowerCase()
  return type ? type : 'application/json'
}

function readYaml(kind: Kind, text: string, isStrict: boolean): JsonDocument {
  const json = jsonInYaml(text)
  if (json) return json
  const { value, error } = parseYamlText(text)
  if (error !== undefined) throw unrecognized(kind, error, text)
  const lines = isStrict ? duplicateKeys(text) : []
  if (lines.length > 0) {
    const why = `strict decoding error: yaml: unmarshal errors:\n${lines.join('\n')}`
    throw badRequest(`${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}: ${why}`)
  }
  return documentOf(value)
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
