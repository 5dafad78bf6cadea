import { defineKind } from '../../machinery/kind.ts'
import type {
  FlowSchema as FlowSchemaModel,
  PriorityLevelConfiguration as PriorityLevelModel,
} from '../generated/flowcontrol.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type FlowSchema = FlowSchemaModel
export type PriorityLevelConfiguration = PriorityLevelModel

/** Which requests belong to which priority level. Our API server serves every request at once and keeps these only. */
export const FlowSchema = defineKind<FlowSchema>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'FlowSchema',
  plural: 'flowschemas',
  namespaced: false,
  subresources: ['status'],

  defaults({ spec }) {
    spec.matchingPrecedence ??= 1000
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

  columns: [
    nameColumn,
    { name: 'PriorityLevel', cell: ({ spec }) => spec.priorityLevelConfiguration.name },
    { name: 'MatchingPrecedence', cell: ({ spec }) => spec.matchingPrecedence ?? 0 },
    { name: 'DistinguisherMethod', cell: ({ spec }) => spec.distinguisherMethod?.type ?? '<none>' },
    ageColumn,
    {
      name: 'MissingPL',
      cell: ({ status }) => status.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
    },
  ],
})

export const PriorityLevelConfiguration = defineKind<PriorityLevelConfiguration>({
  group: 'flowcontrol.apiserver.k8s.io',
  version: 'v1',
  kind: 'PriorityLevelConfiguration',
  plural: 'prioritylevelconfigurations',
  namespaced: false,
  subresources: ['status'],

  defaults({ spec: { limited } }) {
    if (!limited) return
    limited.nominalConcurrencyShares ??= 30
    limited.lendablePercent ??= 0
    const { queuing } = limited.limitResponse
    if (!queuing) return
    queuing.queues ??= 64
    queuing.handSize ??= 8
    queuing.queueLengthLimit ??= 50
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

  columns: [
    nameColumn,
    { name: 'Type', cell: ({ spec }) => spec.type },
    { name: 'NominalConcurrencyShares', cell: ({ spec }) => spec.limited?.nominalConcurrencyShares ?? '<none>' },
    { name: 'Queues', cell: ({ spec }) => spec.limited?.limitResponse.queuing?.queues ?? '<none>' },
    { name: 'HandSize', cell: ({ spec }) => spec.limited?.limitResponse.queuing?.handSize ?? '<none>' },
    {
      name: 'QueueLengthLimit',
      cell: ({ spec }) => spec.limited?.limitResponse.queuing?.queueLengthLimit ?? '<none>',
    },
    ageColumn,
  ],
})
