import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isDns1123Label } from '../../machinery/validation.ts'
import type { Namespace as Model } from '../generated/core.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type Namespace = Model

/** Strategy: pkg/registry/core/namespace/strategy.go. */
export const Namespace = defineKind<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  shortNames: ['ns'],
  namespaced: false,
  subresources: ['finalize', 'status'],
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  countsGenerations: false,
  validateName: isDns1123Label,

  defaults(draft) {
    // Lets a namespaceSelector choose a namespace by its name.
    const { name } = draft.metadata
    if (name) draft.metadata.labels = { ...draft.metadata.labels, 'kubernetes.io/metadata.name': name }
  },

  prepareForCreate(draft) {
    draft.status = { phase: 'Active' }
    const { finalizers = [] } = draft.spec
    // The namespace controller removes it when everything inside is gone.
    if (!finalizers.includes('kubernetes')) draft.spec.finalizers = [...finalizers, 'kubernetes']
  },

  prepareForUpdate(draft, old) {
    draft.spec = old.spec
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validateStatusUpdate({ metadata, status: { phase } }): FieldError[] {
    const expected = metadata.deletionTimestamp ? 'Terminating' : 'Active'
    if (phase === expected) return []
    const when = metadata.deletionTimestamp ? 'is not empty' : 'is empty'
    return [invalid('status.Phase', phase ?? '', `may only be '${expected}' if \`deletionTimestamp\` ${when}`)]
  },

  selectableFields: { 'status.phase': namespace => namespace.status.phase ?? '' },

  columns: [nameColumn, { name: 'Status', cell: namespace => namespace.status.phase ?? '' }, ageColumn],
})
