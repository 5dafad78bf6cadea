import { invalid } from '../../machinery/fieldpath.ts'
import { decode, strictDecodingError } from '../../machinery/decode.ts'
import { compareBytes, goValue } from '../../machinery/go-text.ts'
import { applyMergePatch } from '../../machinery/json-merge-patch.ts'
import { applyJsonPatch, decodeJsonPatch } from '../../machinery/json-patch.ts'
import { documentOf, type JsonDocument } from '../../machinery/json-text.ts'
import { isObject, type JsonObject } from '../../machinery/json-value.ts'
import type { Kind } from '../../machinery/kind.ts'
import { type ApiObject, draftOf } from '../../machinery/object.ts'
import { type DraftOptions, quickDraft } from '../../machinery/quick-decode.ts'
import type { PatchType } from '../../machinery/rest.ts'
import type { Schema, TypeSchema } from '../../machinery/schema.ts'
import { settle, settleRaw } from '../../machinery/settle.ts'
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

const nothing: readonly string[] = []

/** Custom resources know no strategies. */
const noStrategicPatch =
  'the body of the request was in an unknown format - accepted media types include: ' +
  'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml'

/**
 * Reads bodies and patches by the schema: endpoints/handlers/{create,patch}.go and the codecs behind them. What there is
 * nothing to say about is decoded quickly, all else once more by the decoder that knows the words.
 */
export class Decoder {
  private readonly types = new WeakMap<Kind, TypeSchema>()

  constructor(
    private readonly schema: Schema,
    private readonly resources: ResourceTable,
  ) {}

  /** A draft of the kind from a body: fields that do not exist are taken away, and warned of or refused. */
  decode(kind: Kind, document: JsonDocument, validation: FieldValidation, takesItems = false): Decoded {
    const { value } = document
    if (value !== null && !isFields(value)) throw unrecognized(kind, value)
    this.checkKind(kind, fieldsOf(value))
    const draft = this.quick(kind, document, { takesItems })
    if (draft) return { object: draft, warnings: nothing }
    const { object, error, strict } = this.read(kind, document)
    if (error !== undefined) throw cannotHandle(kind, kind.kind, kind.version, error)
    if (strict.length > 0 && validation === 'Strict') {
      throw cannotHandle(kind, kind.kind, kind.version, strictDecodingError(strict))
    }
    return { object: draftOf(object), warnings: validation === 'Warn' ? strict : nothing }
  }

  /** The object that a patch makes of another, decoded. What the patch leaves alone is the other's. */
  patch(
    kind: Kind,
    type: PatchType,
    current: ApiObject,
    patch: JsonDocument,
    validation: FieldValidation,
    showsPatched = true,
  ): Decoded {
    const patched = this.apply(kind, type, current, patch.value)
    const document = documentOf(patched)
    if (type !== 'strategic') this.checkPatchedKind(kind, document, current)
    const quick = this.quick(kind, document, { stored: current })
    if (quick) return { object: quick, warnings: nothing }
    const { object, error, strict } = this.read(kind, document)
    // Written out only for an error: status patches come by the thousand.
    const shown = (): string =>
      type === 'strategic' || !showsPatched ? goValue(patch.value) : patchedText(patched, current)
    if (error !== undefined) throw refusedPatch(shown(), type === 'strategic' ? conversionError(error) : error)
    if (strict.length > 0 && validation === 'Strict') throw refusedPatch(shown(), strictDecodingError(strict))
    return { object, warnings: validation === 'Warn' ? strict : nothing }
  }

  /** What a patch makes of an object, unseen: for our own components, whose patches need only be settled. */
  merge(kind: Kind, type: PatchType, current: ApiObject, patch: unknown): ApiObject {
    const merged = this.apply(kind, type, current, patch)
    if (isApiObject(merged)) return merged
    throw badRequest('a patch of a component takes metadata away')
  }

  /**
   * A draft in the form in which it is stored: as decoding would leave it, frozen, and with every part that it has in
   * common with the version before, which it is itself when nothing differs. The draft may be changed for it, unless it
   * is made of others' parts.
   */
  settle(kind: Kind, draft: ApiObject, before: unknown, isOthers = false): ApiObject {
    const type = this.typeOf(kind)
    if (!type || !isFields(draft)) return settleRaw(draft, before, isOthers)
    const settled = settle(type, draft, before, isOthers)
    return isApiObject(settled) ? settled : settleRaw(this.read(kind, documentOf(draft)).object, before)
  }

  private quick(
    kind: Kind,
    { value, repeated, spellings }: JsonDocument,
    options: DraftOptions,
  ): ApiObject | undefined {
    const type = this.typeOf(kind)
    if (!type || repeated.size > 0 || spellings.size > 0 || !isFields(value)) return undefined
    const draft: unknown = quickDraft(type, value, options)
    if (!isFields(draft)) return undefined
    if (isApiObject(draft)) return draft
    const object: unknown = { ...draft, metadata: {} }
    return isApiObject(object) ? object : undefined
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
    if (!isObject(patch))
      throw badRequest(type === 'merge' ? `error decoding patch: ${notAMap(patch)}` : notAMap(patch))
    if (type === 'merge') return applyMergePatch(document, patch)
    const schema = this.typeOf(kind)
    if (!schema) throw new ApiError('UnsupportedMediaType', noStrategicPatch)
    return applyStrategicMergePatch(document, patch, schema)
  }

  private read(kind: Kind, document: JsonDocument): { object: ApiObject; error?: string; strict: readonly string[] } {
    const type = this.typeOf(kind)
    const unknown = { value: document.value, error: undefined, strict: [] }
    const { value, error, strict } = type ? decode(type, document) : (kind.read?.(document) ?? unknown)
    const fields = fieldsOf(value)
    const object: unknown = isApiObject(fields) ? fields : { ...fields, metadata: {} }
    if (!isApiObject(object)) throw new Error('an object with metadata is an API object')
    return { object, strict, ...(error !== undefined && { error }) }
  }

  private typeOf(kind: Kind): TypeSchema | undefined {
    const known = this.types.get(kind)
    if (known) return known
    const type = this.schema.schemaOf(kind)
    if (type) this.types.set(kind, type)
    return type
  }

  /** A patch may say of the object that it is something else, and is then told what is wrong with that. */
  private checkPatchedKind({ apiVersion, kind }: Kind, document: JsonDocument, current: ApiObject): void {
    const { apiVersion: version, kind: name } = fieldsOf(document.value)
    if (version === apiVersion && name === kind) return
    const other = this.resources.findKind(textOf(version), textOf(name))
    const type = other && this.typeOf(other.kind)
    const { error } = type ? decode(type, document) : {}
    if (error !== undefined) throw refusedPatch(patchedText(document.value, current), error)
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

/** A patched document as the patch libraries leave it: keys are sorted wherever something has changed. */
function patchedText(patched: unknown, current: unknown): string {
  if (!isObject(patched) || patched === current) return JSON.stringify(patched) ?? 'null'
  const before = isObject(current) ? current : {}
  const members = Object.entries(patched).sort(([a], [b]) => compareBytes(a, b))
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${patchedText(item, before[name])}`).join(',')}}`
}

function refusedPatch(shown: string, why: string): ApiError {
  return invalidError({ group: '', kind: '' }, '', [invalid('patch', shown, why)])
}

/** A strategic patch is decoded by another converter (apimachinery/pkg/runtime/converter.go), whose words are its own. */
export function conversionError(error: string): string {
  const match = /^json: cannot unmarshal (\S+) into Go (?:struct field \S+|value) of type (\S+)$/.exec(error)
  if (!match) return error
  const [, source, target = ''] = match
  if (target.startsWith('[]')) return `cannot restore slice from ${source === 'object' ? 'map' : source}`
  if (target.startsWith('map[')) return `cannot restore map from ${source === 'array' ? 'slice' : source}`
  if (target.includes('.')) return `cannot restore struct from: ${source}`
  return `unrecognized type: ${target}`
}
