import { decode } from '../../../machinery/decode.ts'
import { documentOf } from '../../../machinery/json-text.ts'
import { isNone, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { type ApiObject, draftOf } from '../../../machinery/object.ts'
import { ApiError, badRequest } from '../../../machinery/status.ts'
import type { Owners } from '../../../machinery/structured-merge/owners.ts'
import { isConflicts } from '../../../machinery/structured-merge/update.ts'
import { validate, validationText } from '../../../machinery/structured-merge/validate.ts'
import { timestamp } from '../../../machinery/time.ts'
import type { Call } from '../call.ts'
import { conversionError } from '../decoder.ts'
import { isApiObject } from '../objects.ts'
import { fieldsOf, textOf } from '../record.ts'
import { documentIn } from '../registry/body.ts'
import { conflictError } from './conflicts.ts'
import { type AppliedObject, applyTo, type FieldManager } from './field-manager.ts'
import { conflictsBesidesLastApplied, followLastApplied, kubectlManager } from './last-applied.ts'
import { managerName } from './manager-name.ts'

export interface AppliedDraft {
  /** What the configuration makes of the object. It may be changed. */
  readonly draft: ApiObject
  readonly owners: Owners
}

/** Applies a request's configuration to an object, or to none yet: handlers/patch.go, applyPatcher. */
export function applyRequest(
  call: Call,
  manager: FieldManager,
  live: ApiObject | undefined,
  owners: Owners,
): AppliedDraft {
  const config = configIn(call)
  checkConfig(manager.kind, config)
  const problem = validationText(validate(manager.atom, config))
  if (problem !== undefined) {
    throw new ApiError('', `failed to create typed patch object (${nameOf(config)}): ${problem}`)
  }
  const { value, owners: next } = applied(call, manager, live, config, owners)
  const draft = value === undefined && live ? draftOf(live) : decoded(call, manager.kind, value ?? config, config)
  if (managerName(call) === kubectlManager) followLastApplied(draft, config)
  return { draft, owners: next }
}

function configIn(call: Call): JsonObject {
  const { value } = documentIn(call)
  if (isNone(value)) return {}
  if (isObject(value)) return value
  const word = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
  const why = `json: cannot unmarshal ${word} into Go value of type map[string]interface {}`
  throw badRequest(`error decoding patch: error unmarshaling JSON: while decoding JSON: ${why}`)
}

/** The configuration must say what it is, and nothing of owners. */
function checkConfig({ apiVersion, kind }: Kind, config: JsonObject): void {
  if (config.apiVersion !== apiVersion || config.kind !== kind) {
    throw badRequest(`invalid object type: ${typeText(config)}`)
  }
  if (Array.isArray(fieldsOf(config.metadata).managedFields)) throw badRequest('metadata.managedFields must be nil')
}

/** `apps/v1, Kind=Deployment` */
function typeText({ apiVersion, kind }: JsonObject): string {
  const [first = '', second] = textOf(apiVersion).split('/')
  const [group, version] = second === undefined ? ['', first] : [first, second]
  return `${group}/${version}, Kind=${textOf(kind)}`
}

function nameOf(config: JsonObject): string {
  const { namespace, name } = fieldsOf(config.metadata)
  return `${textOf(namespace)}/${textOf(name)}; ${typeText(config)}`
}

function applied(
  call: Call,
  manager: FieldManager,
  live: ApiObject | undefined,
  config: JsonObject,
  owners: Owners,
): AppliedObject {
  const author = { manager: managerName(call), time: timestamp(call.self.now) }
  const force = call.options.force ?? false
  const result = applyTo(manager, live, config, owners, author, force)
  if (!isConflicts(result)) return result
  const { atom, kind } = manager
  const isKubectl = author.manager === kubectlManager
  const left = isKubectl ? conflictsBesidesLastApplied(atom, kind.apiVersion, live, result) : result
  if (left.length > 0) throw conflictError(left)
  const forced = applyTo(manager, live, config, owners, author, true)
  if (isConflicts(forced)) throw conflictError(forced)
  return forced
}

/** The merged object as one of its kind. */
function decoded({ server }: Call, kind: Kind, merged: unknown, config: JsonObject): ApiObject {
  const type = server.options.schema.schemaOf(kind)
  const { value, error } = type ? decode(type, documentOf(merged)) : { value: merged, error: undefined }
  if (error !== undefined) {
    const why = `unable to convert unstructured object to ${typeText(config)}: ${conversionError(error)}`
    throw new ApiError('', `failed to convert new object (${nameOf(config)}) to proper version: ${why}`)
  }
  const draft: unknown = { metadata: {}, ...draftOf(fieldsOf(value)) }
  if (!isApiObject(draft)) throw new Error('an object with metadata is an API object')
  return draft
}
