import type { Scale } from '../../../api/generated/autoscaling.v1.ts'
import { ageColumn } from '../../../api/meta/columns.ts'
import { defineKind } from '../../../machinery/kind.ts'

/** What the scale subresource is made of. It has no storage of its own. */
export const scaleKind = defineKind<Scale>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scale',
  namespaced: true,
  columns: [
    { name: 'Name', format: 'name', cell: ({ metadata }) => metadata.name },
    { name: 'Desired', type: 'integer', cell: ({ spec }) => spec?.replicas ?? 0 },
    { name: 'Available', type: 'integer', cell: ({ status }) => status?.replicas ?? 0 },
    ageColumn,
  ],
})
