import { child, type FieldError, forbidden, index, invalid, required, tooLong } from '../../../machinery/fieldpath.ts'
import { byteLength, Printed } from '../../../machinery/go-text.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ObjectMeta, OwnerReference } from '../../../machinery/object.ts'
import {
  immutableError,
  isDns1123Label,
  isDns1123Subdomain,
  isLabelValue,
  isPathSegmentName,
  isQualifiedName,
  maskTrailingDash,
} from '../../../machinery/validation.ts'

/** Metadata is checked alike for every kind: apimachinery/pkg/api/validation/objectmeta.go, pkg/apis/core/validation. */

const path = 'metadata'
const annotationsMaxBytes = 256 * 1024
const standardFinalizers = ['kubernetes', 'orphan', 'foregroundDeletion']

export function validateMeta(meta: ObjectMeta, kind: Kind): FieldError[] {
  const errors: FieldError[] = []
  const messagesOf = (name: string): string[] =>
    kind.validateName ? kind.validateName(name) : isDns1123Subdomain(name)
  if (meta.generateName) {
    for (const message of messagesOf(maskTrailingDash(meta.generateName))) {
      errors.push(invalid(child(path, 'generateName'), meta.generateName, message))
    }
  }
  if (!meta.name) errors.push(required(child(path, 'name'), 'name or generateName is required'))
  else for (const message of messagesOf(meta.name)) errors.push(invalid(child(path, 'name'), meta.name, message))
  validateNamespace(meta.namespace, kind.namespaced, errors)
  if ((meta.generation ?? 0) < 0) {
    errors.push(invalid(child(path, 'generation'), meta.generation, 'must be greater than or equal to 0'))
  }
  validateLabels(meta.labels, errors)
  validateAnnotations(meta.annotations, errors)
  validateOwners(meta.ownerReferences, errors)
  validateFinalizers(meta.finalizers, errors)
  return errors
}

/** Names that cannot be part of a path, such as `a/b`: asked after the kind's own rules were met. */
export function validatePathName(meta: ObjectMeta): FieldError[] {
  return isPathSegmentName(meta.name).map(message => invalid(child(path, 'name'), meta.name, message))
}

function validateNamespace(namespace: string | undefined, isNamespaced: boolean, errors: FieldError[]): void {
  const field = child(path, 'namespace')
  if (!isNamespaced) {
    if (namespace) errors.push(forbidden(field, 'not allowed on this type'))
  } else if (!namespace) errors.push(required(field))
  else for (const message of isDns1123Label(namespace)) errors.push(invalid(field, namespace, message))
}

function validateLabels(labels: ObjectMeta['labels'], errors: FieldError[]): void {
  const field = child(path, 'labels')
  for (const name in labels) {
    for (const message of isQualifiedName(name)) errors.push(invalid(field, name, message))
    const value = labels[name] ?? ''
    for (const message of isLabelValue(value)) errors.push(invalid(field, value, message))
  }
}

function validateAnnotations(annotations: ObjectMeta['annotations'], errors: FieldError[]): void {
  const field = child(path, 'annotations')
  let bytes = 0
  for (const name in annotations) {
    // The rule is that of qualified names, except that case does not matter.
    for (const message of isQualifiedName(name.toLowerCase())) errors.push(invalid(field, name, message))
    bytes += byteLength(name) + byteLength(annotations[name] ?? '')
  }
  if (bytes > annotationsMaxBytes) errors.push(tooLong(field, annotationsMaxBytes))
}

function validateOwners(owners: readonly OwnerReference[] | undefined, errors: FieldError[]): void {
  if (!owners) return
  const field = child(path, 'ownerReferences')
  let controller: string | undefined
  for (const owner of owners) {
    if (!owner.apiVersion) errors.push(invalid(child(field, 'apiVersion'), '', 'version must not be empty'))
    if (!owner.kind) errors.push(invalid(child(field, 'kind'), '', 'must not be empty'))
    if (!owner.name) errors.push(invalid(child(field, 'name'), '', 'must not be empty'))
    if (!owner.uid) errors.push(invalid(child(field, 'uid'), '', 'must not be empty'))
    if (owner.kind === 'Event' && owner.apiVersion === 'v1') {
      errors.push(invalid(field, owner, '/v1, Kind=Event is disallowed from being an owner'))
    }
    if (!owner.controller) continue
    const current = `${owner.kind}/${owner.name}`
    if (controller !== undefined) {
      const found = `Found "true" in references for ${controller} and ${current}`
      errors.push(invalid(field, owners, `Only one reference can have Controller set to true. ${found}`))
    } else controller = current
  }
}

function validateFinalizers(finalizers: readonly string[] | undefined, errors: FieldError[]): void {
  if (!finalizers) return
  const field = child(path, 'finalizers')
  finalizers.forEach((finalizer, i) => {
    for (const message of isQualifiedName(finalizer)) errors.push(invalid(index(field, i), finalizer, message))
  })
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')) {
    errors.push(invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set'))
  }
  finalizers.forEach((finalizer, i) => {
    if (finalizer.includes('/') || standardFinalizers.includes(finalizer)) return
    const why = 'name is neither a standard finalizer name nor is it fully qualified'
    errors.push(invalid(index(field, i), finalizer, why))
  })
}

/** What an update may not do to metadata: ValidateObjectMetaUpdate. Parts that are shared need no look. */
export function validateMetaUpdate(meta: ObjectMeta, old: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  if (old.deletionTimestamp && meta.finalizers !== old.finalizers) {
    const added = meta.finalizers?.filter(finalizer => !old.finalizers?.includes(finalizer)) ?? []
    if (added.length > 0) {
      const found = `[]string{${added.map(finalizer => JSON.stringify(finalizer)).join(', ')}}`
      const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${found}`
      errors.push(forbidden(child(path, 'finalizers'), why))
    }
  }
  const immutable = (field: 'name' | 'namespace' | 'uid' | 'deletionTimestamp'): void => {
    const before = old[field]
    const now = meta[field]
    if ((now ?? '') === (before ?? '')) return
    const shown = now ?? (field === 'deletionTimestamp' ? new Printed('null') : '')
    errors.push(invalid(child(path, field), shown, immutableError))
  }
  immutable('name')
  immutable('namespace')
  immutable('uid')
  immutable('deletionTimestamp')
  if (meta.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds) {
    const shown = meta.deletionGracePeriodSeconds ?? new Printed('null')
    errors.push(invalid(child(path, 'deletionGracePeriodSeconds'), shown, immutableError))
  }
  if (meta.labels !== old.labels) validateLabels(meta.labels, errors)
  if (meta.annotations !== old.annotations) validateAnnotations(meta.annotations, errors)
  if (meta.ownerReferences !== old.ownerReferences) validateOwners(meta.ownerReferences, errors)
  return errors
}
