import { defineKind } from '../../machinery/kind.ts'
import type {
  DeviceClass as ClassModel,
  ResourceClaim as ClaimModel,
  ResourceClaimTemplate as TemplateModel,
  ResourceSlice as SliceModel,
} from '../generated/resource.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type DeviceClass = ClassModel
export type ResourceClaim = ClaimModel
export type ResourceClaimTemplate = TemplateModel
export type ResourceSlice = SliceModel

/** Dynamic resource allocation. The objects are kept; no driver or scheduler plugin of ours acts on them. */
const common = { group: 'resource.k8s.io', version: 'v1' } as const

export const DeviceClass = defineKind<DeviceClass>({
  ...common,
  kind: 'DeviceClass',
  plural: 'deviceclasses',
  namespaced: false,
  countsGenerations: true,
  columns: [nameColumn, ageColumn],
})

export const ResourceClaim = defineKind<ResourceClaim>({
  ...common,
  kind: 'ResourceClaim',
  plural: 'resourceclaims',
  namespaced: true,
  countsGenerations: false,
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

  columns: [nameColumn, { name: 'State', cell: claimState }, ageColumn],
})

export const ResourceClaimTemplate = defineKind<ResourceClaimTemplate>({
  ...common,
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  namespaced: true,
  columns: [nameColumn, ageColumn],
})

export const ResourceSlice = defineKind<ResourceSlice>({
  ...common,
  kind: 'ResourceSlice',
  plural: 'resourceslices',
  namespaced: false,
  countsGenerations: true,
  columns: [
    nameColumn,
    { name: 'Node', cell: ({ spec }) => spec.nodeName ?? (spec.allNodes ? '<all>' : '<unset>') },
    { name: 'Driver', cell: ({ spec }) => spec.driver },
    { name: 'Pool', cell: ({ spec }) => spec.pool.name },
    ageColumn,
  ],
})

/** `allocated,reserved`. */
function claimState({ metadata, status }: ResourceClaim): string {
  const states: string[] = []
  if (metadata.deletionTimestamp) states.push('deleted')
  if (!status.allocation) states.push('pending')
  else {
    states.push('allocated')
    if (status.reservedFor?.length) states.push('reserved')
  }
  return states.join(',')
}
