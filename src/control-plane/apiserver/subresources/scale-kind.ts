import type { Scale } from '../../../api/generated/autoscaling.v1.ts'
import { defineKind } from '../../../machinery/kind.ts'

/** What the scale subresource is made of. It has no storage of its own. */
export const scaleKind = defineKind<Scale>({
  group: 'autoscaling',
  version: 'v1',
  kind: 'Scale',
  plural: 'scale',
  namespaced: true,
})
