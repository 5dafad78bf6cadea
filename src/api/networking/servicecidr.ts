import { defineKind } from '../../machinery/kind.ts'
import type { IPAddress as IPAddressModel, ServiceCIDR as ServiceCIDRModel } from '../generated/networking.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type ServiceCIDR = ServiceCIDRModel
export type IPAddress = IPAddressModel

/** A range that Services get their addresses from. Strategy: pkg/registry/networking/servicecidr/strategy.go. */
export const ServiceCIDR = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  subresources: ['status'],

  prepareForCreate(draft) {
    draft.status = {}
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  columns: [nameColumn, { name: 'CIDRs', cell: ({ spec }) => (spec.cidrs ?? []).join(',') }, ageColumn],
})

/** One address of such a range that somebody has. */
export const IPAddress = defineKind<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  countsGenerations: false,

  columns: [
    nameColumn,
    {
      name: 'ParentRef',
      cell: ({ spec: { parentRef } }) =>
        [parentRef.resource + (parentRef.group ? `.${parentRef.group}` : ''), parentRef.namespace, parentRef.name]
          .filter(part => part)
          .join('/'),
    },
  ],
})
