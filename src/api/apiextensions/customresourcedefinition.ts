import { defineKind } from '../../machinery/kind.ts'
import type { CustomResourceDefinition as Model } from '../generated/apiextensions.v1.ts'
import { validateDefinition, validateDefinitionUpdate, validateNewDefinition } from './definition-rules.ts'
import { definitionWarnings } from './definition-warnings.ts'

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
    const storage = draft.spec.versions.find(version => version.storage)
    draft.status = { acceptedNames: { plural: '', kind: '' }, storedVersions: storage ? [storage.name] : [] }
    // Go writes null for a list that was never made.
    Object.assign(draft.status, { conditions: null })
  },

  prepareForUpdate(draft, old) {
    const stored = new Set(old.status.storedVersions)
    const storage = draft.spec.versions.find(version => version.storage)
    if (storage) stored.add(storage.name)
    draft.status = { ...old.status, storedVersions: [...stored] }
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate: validateDefinition,
  validateCreate: validateNewDefinition,
  validateUpdate: validateDefinitionUpdate,
  warnings: definitionWarnings,

  columns: [
    { name: 'Name', format: 'name', cell: ({ metadata }) => metadata.name },
    { name: 'Created At', type: 'date', cell: ({ metadata }) => metadata.creationTimestamp },
  ],
})
