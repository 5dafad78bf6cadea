import { type FieldError, invalid, notSupported } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import type { CustomResourceDefinition as Model } from '../generated/apiextensions.v1.ts'

export type CustomResourceDefinition = Model

/** Strategy: apiextensions-apiserver/pkg/registry/customresourcedefinition/strategy.go. */
export const CustomResourceDefinition = defineKind<CustomResourceDefinition>({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],

  defaults({ spec }) {
    spec.names.singular ||= spec.names.kind.toLowerCase()
    spec.names.listKind ||= `${spec.names.kind}List`
    spec.conversion ??= { strategy: 'None' }
    const { webhook } = spec.conversion
    if (webhook?.clientConfig?.service) webhook.clientConfig.service.port ??= 443
  },

  prepareForCreate(draft) {
    const storedVersions = draft.spec.versions.filter(({ storage }) => storage).map(({ name }) => name)
    draft.status = { acceptedNames: { plural: '', kind: '' }, storedVersions }
    // Go writes null for a list that was never made.
    Object.assign(draft.status, { conditions: null })
  },

  prepareForUpdate(draft, old) {
    const stored = new Set(old.status.storedVersions)
    for (const { name, storage } of draft.spec.versions) if (storage) stored.add(name)
    draft.status = { ...old.status, storedVersions: [...stored] }
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    if (metadata.name !== `${spec.names.plural}.${spec.group}`) {
      errors.push(invalid('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'))
    }
    if (!spec.group.includes('.')) {
      errors.push(invalid('spec.group', spec.group, 'should be a domain with at least one dot'))
    }
    const scopes = ['Cluster', 'Namespaced']
    if (!scopes.includes(spec.scope)) errors.push(notSupported('spec.scope', spec.scope, scopes))
    return errors
  },
})
