import { defineKind } from '../../machinery/kind.ts'
import type { APIService as Model } from '../generated/apiregistration.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { findCondition } from '../meta/conditions.ts'

export type APIService = Model

/** Who serves a group and version: the API server itself, or a Service behind it. */
export const APIService = defineKind<APIService>({
  group: 'apiregistration.k8s.io',
  version: 'v1',
  kind: 'APIService',
  plural: 'apiservices',
  categories: ['api-extensions'],
  namespaced: false,
  subresources: ['status'],
  countsGenerations: false,

  defaults({ spec }) {
    if (spec.service) spec.service.port ??= 443
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  columns: [
    nameColumn,
    {
      name: 'Service',
      cell: ({ spec: { service } }) => (service ? `${service.namespace ?? ''}/${service.name ?? ''}` : 'Local'),
    },
    { name: 'Available', cell: availability },
    ageColumn,
  ],
})

function availability({ status }: APIService): string {
  const available = findCondition(status.conditions, 'Available')
  if (!available) return 'Unknown'
  return available.status === 'True' || !available.reason
    ? available.status
    : `${available.status} (${available.reason})`
}
