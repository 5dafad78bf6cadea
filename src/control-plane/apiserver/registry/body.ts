import { documentOf, type JsonDocument } from '../../../machinery/json-text.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { ApiError, badRequest } from '../../../machinery/status.ts'
import type { Call } from '../call.ts'
import type { FieldValidation } from '../decoder.ts'

/**
 * Whether the body comes from our own typed clients. Kubectl and HTTP clients name a field manager or a way of
 * validation, and are told of what does not belong into their documents.
 */
export function isTrusted({ options }: Call): boolean {
  return options.fieldValidation === undefined && options.fieldManager === undefined
}

/** Whether one of our own components reports what it has seen: only status and a little metadata can change. */
export function isOwnStatus(call: Call): boolean {
  return call.request.subresource === 'status' && isTrusted(call)
}

export function fieldValidation(call: Call): FieldValidation {
  return call.options.fieldValidation ?? (isTrusted(call) ? 'Ignore' : 'Warn')
}

/** The body as it was sent: with what only its text knows, when it came as text. */
export function documentIn({ document, request }: Call): JsonDocument {
  return document ?? documentOf(request.body ?? null)
}

/** A draft from the body of a create or update: an object of the kind, checked against the schema. */
export function bodyOf(call: Call, kind: Kind): ApiObject {
  const takesItems = kind.hasLongLists && isTrusted(call) && !call.document
  const { object, warnings } = call.server.decoder.decode(kind, documentIn(call), fieldValidation(call), takesItems)
  call.warnings.push(...warnings)
  return object
}

/** The draft of a whole object, said to be of the kind, with the namespace of the request. */
export function newDraft(draft: ApiObject, kind: Kind, namespace: string | undefined): ApiObject {
  draft.apiVersion = kind.apiVersion
  draft.kind = kind.kind
  const { metadata } = draft
  delete metadata.selfLink
  metadata.name ??= ''
  checkNamespace(metadata.namespace, namespace)
  if (namespace !== undefined) metadata.namespace = namespace
  return draft
}

/** checkName of endpoints/handlers/rest.go. */
export function checkName(inBody: string | undefined, inRequest: string): void {
  if (inBody === inRequest) return
  if (!inBody) {
    throw badRequest(`the name of the object (${inRequest} based on URL) was undeterminable: name must be provided`)
  }
  throw badRequest(`the name of the object (${inBody}) does not match the name on the URL (${inRequest})`)
}

/** EnsureObjectNamespaceMatchesRequestNamespace. */
export function checkNamespace(inBody: string | undefined, inRequest: string | undefined): void {
  if (!inBody || inRequest === undefined || inBody === inRequest) return
  throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
}

/** The revision that a resourceVersion in a body stands for; 0 when it is not given. */
export function revisionIn(resourceVersion: string | undefined): number {
  if (!resourceVersion || resourceVersion === '0') return 0
  if (/^[0-9]{1,16}$/.test(resourceVersion)) return Number(resourceVersion)
  const why = /^[0-9]+$/.test(resourceVersion) ? 'value out of range' : 'invalid syntax'
  throw new ApiError('', `strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: ${why}`)
}
