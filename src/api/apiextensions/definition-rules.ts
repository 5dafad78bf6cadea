import { child, type FieldError, index, invalid, key, notSupported, required } from '../../machinery/fieldpath.ts'
import { Printed } from '../../machinery/go-text.ts'
import { isEqual } from '../../machinery/object.ts'
import { immutableError, isDns1035Label, isDns1123Subdomain } from '../../machinery/validation.ts'
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
} from '../generated/apiextensions.v1.ts'
import { approvalOf, isProtectedGroup } from './approval.ts'
import { conversionErrors } from './conversion-rules.ts'
import {
  columnErrors,
  deprecationErrors,
  selectableFieldErrors,
  subresourceErrors,
  validationErrors,
} from './version-rules.ts'

/** apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go: whole definitions. */

const nameError = 'must be spec.names.plural+"."+spec.group'

export function validateDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { metadata, spec, status } = definition
  const errors: FieldError[] = []
  if (metadata.name !== `${spec.names.plural}.${spec.group}`) {
    errors.push(invalid('metadata.name', metadata.name, nameError))
  }
  errors.push(...specErrors(spec), ...nameErrors('status.acceptedNames', status.acceptedNames))
  return [...errors, ...storedVersionErrors(status.storedVersions ?? [], spec.versions)]
}

/** Checks of a new definition, which later ones are spared. */
export function validateNewDefinition({ metadata, spec }: CustomResourceDefinition): FieldError[] {
  return [...approvalErrors(spec, metadata.annotations), ...preservationErrors(spec)]
}

export function validateDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const { spec, metadata } = definition
  const errors: FieldError[] = []
  const immutable = (field: string, value: string, before: string): void => {
    if (value !== before) errors.push(invalid(field, value, immutableError))
  }
  if (old.status.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')) {
    immutable('spec.scope', spec.scope, old.spec.scope)
    immutable('spec.names.kind', spec.names.kind, old.spec.names.kind)
  }
  immutable('spec.group', spec.group, old.spec.group)
  immutable('spec.names.plural', spec.names.plural, old.spec.names.plural)
  if (approvalOf(metadata.annotations).state !== approvalOf(old.metadata.annotations).state) {
    errors.push(...approvalErrors(spec, metadata.annotations))
  }
  return old.spec.preserveUnknownFields ? errors : [...errors, ...preservationErrors(spec)]
}

/** What all versions say alike is checked once, as upstream's internal version holds it. */
interface Shared {
  readonly schema: boolean
  readonly subresources: boolean
  readonly columns: boolean
  readonly selectableFields: boolean
}

function sharedIn([first, ...others]: readonly CustomResourceDefinitionVersion[]): Shared {
  const isShared = (name: keyof CustomResourceDefinitionVersion): boolean =>
    first !== undefined && others.every(other => isEqual(other[name], first[name]))
  return {
    schema: isShared('schema'),
    subresources: isShared('subresources'),
    columns: isShared('additionalPrinterColumns'),
    selectableFields: isShared('selectableFields'),
  }
}

function specErrors(spec: CustomResourceDefinitionSpec): FieldError[] {
  const shared = sharedIn(spec.versions)
  const [first] = spec.versions
  const errors: FieldError[] = [...groupErrors(spec.group), ...scopeErrors(spec.scope)]
  if (!(shared.schema && first?.schema?.openAPIV3Schema)) {
    spec.versions.forEach(({ schema }, i) => {
      if (schema?.openAPIV3Schema) return
      errors.push(required(`${index('spec.versions', i)}.schema.openAPIV3Schema`))
    })
  }
  spec.versions.forEach((version, i) => errors.push(...versionErrors(version, index('spec.versions', i), shared)))
  const shown = (): Printed => new Printed(JSON.stringify(spec.versions.map(version => goVersion(version, shared))))
  const names = spec.versions.map(({ name }) => name)
  if (new Set(names).size < names.length) {
    errors.push(invalid('spec.versions', shown(), 'must contain unique version names'))
  }
  if (spec.versions.filter(({ storage }) => storage).length !== 1) {
    errors.push(invalid('spec.versions', shown(), 'must have exactly one version marked as storage version'))
  }
  for (const name of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if (!spec.names[name]) errors.push(required(`spec.names.${name}`))
  }
  errors.push(...nameErrors('spec.names', spec.names))
  if (first) errors.push(...sharedErrors(first, shared, spec.versions))
  return [...errors, ...conversionErrors('spec.conversion', spec.conversion)]
}

function groupErrors(group: string): FieldError[] {
  if (!group) return [required('spec.group')]
  const wrong = isDns1123Subdomain(group)
  if (wrong.length > 0) return [invalid('spec.group', group, wrong.join(','))]
  return group.includes('.') ? [] : [invalid('spec.group', group, 'should be a domain with at least one dot')]
}

function scopeErrors(scope: string): FieldError[] {
  const scopes = ['Cluster', 'Namespaced']
  if (!scope) return [required('spec.scope')]
  return scopes.includes(scope) ? [] : [notSupported('spec.scope', scope, scopes)]
}

function versionErrors(version: CustomResourceDefinitionVersion, path: string, shared: Shared): FieldError[] {
  const errors: FieldError[] = []
  const wrong = isDns1035Label(version.name)
  if (wrong.length > 0) errors.push(invalid(child(path, 'name'), version.name, wrong.join(',')))
  errors.push(...deprecationErrors(path, version))
  const { subresources } = version
  if (!shared.schema)
    errors.push(...validationErrors(child(path, 'schema'), version.schema, Boolean(subresources?.status)))
  if (!shared.subresources) errors.push(...subresourceErrors(child(path, 'subresources'), subresources))
  if (!shared.columns) errors.push(...columnErrors(child(path, 'additionalPrinterColumns'), version))
  if (!shared.selectableFields) errors.push(...selectableFieldErrors(child(path, 'selectableFields'), version))
  return errors
}

function sharedErrors(
  first: CustomResourceDefinitionVersion,
  shared: Shared,
  versions: readonly CustomResourceDefinitionVersion[],
): FieldError[] {
  const hasStatus = versions.some(({ subresources }) => subresources?.status)
  return [
    ...(shared.schema ? validationErrors('spec.validation', first.schema, hasStatus) : []),
    ...(shared.subresources ? subresourceErrors('spec.subresources', first.subresources) : []),
    ...(shared.columns ? columnErrors('spec.additionalPrinterColumns', first) : []),
    ...(shared.selectableFields ? selectableFieldErrors('spec.selectableFields', first) : []),
  ]
}

/** A version as Go writes the internal struct, which has no names of its own for JSON. */
function goVersion(version: CustomResourceDefinitionVersion, shared: Shared): object {
  const { name, served, storage, deprecated = false, deprecationWarning = null } = version
  const { schema = null, subresources = null, additionalPrinterColumns = null, selectableFields = null } = version
  return {
    ...{ Name: name, Served: served, Storage: storage, Deprecated: deprecated, DeprecationWarning: deprecationWarning },
    Schema: shared.schema ? null : schema,
    Subresources: shared.subresources ? null : subresources,
    AdditionalPrinterColumns: shared.columns ? null : additionalPrinterColumns,
    SelectableFields: shared.selectableFields ? null : selectableFields,
  }
}

function nameErrors(path: string, names: CustomResourceDefinitionNames): FieldError[] {
  const errors: FieldError[] = []
  const check = (field: string, value: string | undefined, isKind: boolean): void => {
    const wrong = value ? isDns1035Label(isKind ? value.toLowerCase() : value) : []
    const prefix = isKind ? 'may have mixed case, but should otherwise match: ' : ''
    if (wrong.length > 0) errors.push(invalid(field, value, prefix + wrong.join(',')))
  }
  check(child(path, 'plural'), names.plural, false)
  check(child(path, 'singular'), names.singular, false)
  check(child(path, 'kind'), names.kind, true)
  check(child(path, 'listKind'), names.listKind, true)
  names.shortNames?.forEach((name, i) => check(index(child(path, 'shortNames'), i), name || ' ', false))
  if (names.kind && names.kind === names.listKind) {
    errors.push(invalid(child(path, 'listKind'), names.listKind, 'kind and listKind may not be the same'))
  }
  names.categories?.forEach((name, i) => check(index(child(path, 'categories'), i), name || ' ', false))
  return errors
}

function storedVersionErrors(
  stored: readonly string[],
  versions: readonly CustomResourceDefinitionVersion[],
): FieldError[] {
  const path = 'status.storedVersions'
  if (stored.length === 0) return [invalid(path, stored, 'must have at least one stored version')]
  const errors: FieldError[] = []
  for (const { name, storage } of versions) {
    if (storage && !stored.includes(name)) {
      errors.push(invalid(path, stored, `must have the storage version ${name}`))
    }
  }
  stored.forEach((name, i) => {
    if (versions.some(version => version.name === name)) return
    const why = `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`
    errors.push(invalid(index(path, i), name, why))
  })
  return errors
}

function approvalErrors(
  spec: CustomResourceDefinitionSpec,
  annotations: Record<string, string> | undefined,
): FieldError[] {
  if (!isProtectedGroup(spec.group)) return []
  const field = key('metadata.annotations', 'api-approved.kubernetes.io')
  const { state, reason, value } = approvalOf(annotations)
  if (state === 'missing') return [required(field, reason)]
  return state === 'invalid' ? [invalid(field, value, reason)] : []
}

function preservationErrors({ preserveUnknownFields }: CustomResourceDefinitionSpec): FieldError[] {
  if (!preserveUnknownFields) return []
  const why = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalid('spec.preserveUnknownFields', true, why)]
}
