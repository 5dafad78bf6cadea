import { invalid } from '../../machinery/fieldpath.ts'
import { decode, strictDecodingError } from '../../machinery/decode.ts'
import { goValue } from '../../machinery/go-text.ts'
import { applyMergePatch } from '../../machinery/json-merge-patch.ts'
import { applyJsonPatch, decodeJsonPatch } from '../../machinery/json-patch.ts'
import { documentOf, type JsonDocument } from '../../machinery/json-text.ts'
import { isObject, type JsonObject } from '../../machinery/json-value.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { PatchType } from '../../machinery/rest.ts'
import type { Schema, TypeSchema } from '../../machinery/schema.ts'
import { ApiError, badRequest } from '../../machinery/status.ts'
import { applyStrategicMergePatch } from '../../machinery/strategic-merge-patch.ts'
import { isApiObject } from './objects.ts'
import { fieldsOf, isFields, textOf } from './record.ts'
import { invalidError } from './registry/invalid.ts'
import type { ResourceTable } from './resources.ts'

export type FieldValidation = 'Ignore' | 'Warn' | 'Strict'

/** A body that was checked against the schema. */
export interface Decoded {
  readonly object: ApiObject
  readonly warnings: readonly string[]
}

/** Reads bodies and patches by the schema: endpoints/handlers/{create,patch}.go and the codecs behind them. */
export class Decoder {
  constructor(
    private readonly schema: Schema,
    private readonly resources: ResourceTable,
  ) {}

  /** A body of the kind: fields that do not exist are taken away, and warned of or refused. */
  decode(kind: Kind, document: JsonDocument, validation: FieldValidation): Decoded {
    const { value } = document
    if (value !== null && !isFields(value)) throw unrecognized(kind, value)
    this.checkKind(kind, fieldsOf(value))
    const { object, error, strict } = this.read(kind, document)
    if (error !== undefined) throw cannotHandle(kind, kind.kind, kind.version, error)
    if (strict.length > 0 && validation === 'Strict') {
      throw cannotHandle(kind, kind.kind, kind.version, strictDecodingError(strict))
    }
    return { object, warnings: validation === 'Warn' ? strict : [] }
  }

  /** The object that a patch makes of another, decoded. */
  patch(
    kind: Kind,
    type: PatchType,
    current: ApiObject,
    patch: JsonDocument,
    validation: FieldValidation,
    showsPatched = true,
  ): Decoded {
    const patched = this.apply(kind, type, current, patch.value)
    const { object, error, strict } = this.read(kind, documentOf(patched))
    // Written out only for an error: status patches come by the thousand.
    const shown = (): string => (type === 'strategic' || !showsPatched ? goValue(patch.value) : JSON.stringify(patched))
    if (error !== undefined) throw refusedPatch(shown(), type === 'strategic' ? conversionError(error) : error)
    if (strict.length > 0 && validation === 'Strict') throw refusedPatch(shown(), strictDecodingError(strict))
    return { object, warnings: validation === 'Warn' ? strict : [] }
  }

  /** An object that was put together here, in the form in which decoding would leave it: so it is stored. */
  normalize(kind: Kind, object: ApiObject): ApiObject {
    return this.read(kind, documentOf(object)).object
  }

  private apply(kind: Kind, type: PatchType, current: ApiObject, patch: unknown): unknown {
    const document: JsonObject = { ...current }
    if (type === 'json') {
      const { value, error } = decodeJsonPatch(patch)
      if (error !== undefined) throw badRequest(`error decoding patch: ${error}`)
      const applied = applyJsonPatch(document, value)
      if (applied.error === undefined) return applied.value
      throw new ApiError('Invalid', 'the server rejected our request due to an error in our request', {})
    }
    if (!isObject(patch)) throw badRequest(`error decoding patch: ${notAMap(patch)}`)
    if (type === 'merge') return applyMergePatch(document, patch)
    const schema = this.typeOf(kind)
    if (!schema) throw new ApiError('UnsupportedMediaType', 'strategic merge patch is not supported for this resource')
    return applyStrategicMergePatch(document, patch, schema)
  }

  private read(kind: Kind, document: JsonDocument): { object: ApiObject; error?: string; strict: readonly string[] } {
    const type = this.typeOf(kind)
    const { value, error, strict } = type
      ? decode(type, document)
      : { value: document.value, error: undefined, strict: [] }
    const fields = fieldsOf(value)
    const object: unknown = isApiObject(fields) ? fields : { ...fields, metadata: {} }
    if (!isApiObject(object)) throw new Error('an object with metadata is an API object')
    return { object, strict, ...(error !== undefined && { error }) }
  }

  private typeOf({ group, version, kind }: Kind): TypeSchema | undefined {
    return this.schema.schemaOf({ group, version, kind })
  }

  /** A body may leave its kind out, but must not say another one. */
  private checkKind(kind: Kind, body: Record<string, unknown>): void {
    const apiVersion = textOf(body.apiVersion) || kind.apiVersion
    const name = textOf(body.kind) || kind.kind
    if (apiVersion === kind.apiVersion && name === kind.kind) return
    const version = apiVersion.slice(apiVersion.indexOf('/') + 1)
    const [group, ownVersion] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    const isKnown =
      this.resources.findKind(apiVersion, name) ??
      this.schema.schemaOf({ group: group ?? '', version: ownVersion ?? '', kind: name })
    if (isKnown) {
      const why = `converting (${version}.${name}) to (${internalPackage(kind.group)}.${kind.kind}): unknown conversion`
      throw cannotHandle(kind, name, version, why)
    }
    const scheme = 'in scheme "pkg/api/legacyscheme/scheme.go:30"'
    throw cannotHandle(kind, name, version, `no kind "${name}" is registered for version "${apiVersion}" ${scheme}`)
  }
}

/** `core` of the legacy group, `networking` of `networking.k8s.io`: the Go packages of the internal types. */
function internalPackage(group: string): string {
  if (group === '' || group === 'events.k8s.io') return 'core'
  return group.split('.')[0] ?? group
}

function cannotHandle({ kind }: Kind, found: string, version: string, why: string): ApiError {
  return badRequest(`${found} in version "${version}" cannot be handled as a ${kind}: ${why}`)
}

function unrecognized({ kind }: Kind, value: unknown): ApiError {
  const target =
    'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'
  const why = `couldn't get version/kind; json parse error: json: cannot unmarshal ${goWord(value)} into Go value of type ${target}`
  return badRequest(
    `the object provided is unrecognized (must be of type ${kind}): ${why} (${hex(JSON.stringify(value))})`,
  )
}

function notAMap(value: unknown): string {
  return `json: cannot unmarshal ${goWord(value)} into Go value of type map[string]interface {}`
}

function goWord(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return typeof value === 'boolean' ? 'bool' : typeof value
}

/** The first bytes of a body in hexadecimal digits: runtime.NewNotRegistered's way to show what was not understood. */
export function hex(text: string): string {
  const shown = [...text.slice(0, 30)].map(character => character.charCodeAt(0).toString(16).padStart(2, '0')).join('')
  return text.length > 30 ? `${shown} ...` : shown
}

function refusedPatch(shown: string, why: string): ApiError {
  return invalidError({ group: '', kind: '' }, '', [invalid('patch', shown, why)])
}

/** A strategic patch is decoded by another converter (apimachinery/pkg/runtime/converter.go), whose words are its own. */
function conversionError(error: string): string {
  const match = /^json: cannot unmarshal (\S+) into Go (?:struct field \S+|value) of type (\S+)$/.exec(error)
  if (!match) return error
  const [, source, target = ''] = match
  if (target.startsWith('[]')) return `cannot restore slice from ${source === 'object' ? 'map' : source}`
  if (target.startsWith('map[')) return `cannot restore map from ${source === 'array' ? 'slice' : source}`
  if (target.includes('.')) return `cannot restore struct from: ${source}`
  return `unrecognized type: ${target}`
}
