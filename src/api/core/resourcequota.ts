import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { asQuantity } from '../../machinery/quantity.ts'
import { immutableError, isQualifiedName } from '../../machinery/validation.ts'
import type { ResourceQuota as Model } from '../generated/core.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { roundAmounts } from './podspec/defaults.ts'
import { checkAmount, isStandardResource } from './podspec/resources.ts'

export type ResourceQuota = Model

/** Strategy: pkg/registry/core/resourcequota/strategy.go. */
export const ResourceQuota = defineKind<ResourceQuota>({
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  shortNames: ['quota'],
  namespaced: true,
  subresources: ['status'],
  countsGenerations: false,

  defaults({ spec }) {
    roundAmounts(spec.hard)
  },

  prepareForCreate(draft) {
    draft.status = {}
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ spec }) {
    const errors: FieldError[] = []
    for (const name of Object.keys(spec.hard ?? {}).sort()) {
      const path = `spec.hard[${name}]`
      addInvalid(errors, path, name, isQualifiedName(name))
      if (!name.includes('/') && !isStandardResource(name)) {
        errors.push(invalid(path, name, 'must be a standard resource for quota'))
      }
      checkAmount(errors, path, name, spec.hard?.[name] ?? '0')
    }
    return errors
  },

  validateUpdate({ spec }, old) {
    const before = [...(old.spec.scopes ?? [])].sort()
    const now = [...(spec.scopes ?? [])].sort()
    return isEqual(before, now) ? [] : [invalid('spec.scopes', spec.scopes ?? null, immutableError)]
  },

  columns: [
    nameColumn,
    { name: 'Request', cell: quota => usage(quota, name => !name.startsWith('limits')) },
    { name: 'Limit', cell: quota => usage(quota, name => name.startsWith('limits')) },
    ageColumn,
  ],
})

/** `pods: 3/10, requests.cpu: 1500m/4`. */
function usage({ status }: ResourceQuota, isShown: (name: string) => boolean): string {
  return Object.keys(status.hard ?? {})
    .filter(isShown)
    .sort()
    .map(name => `${name}: ${amount(status.used?.[name])}/${amount(status.hard?.[name])}`)
    .join(', ')
}

function amount(text: string | undefined): string {
  return asQuantity(text ?? '0').text
}
