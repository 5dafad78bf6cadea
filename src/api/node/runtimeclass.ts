import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { immutableError, isDns1123Label } from '../../machinery/validation.ts'
import { roundAmounts } from '../core/podspec/defaults.ts'
import type { RuntimeClass as Model } from '../generated/node.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkLabels } from '../meta/labelselector.ts'
import { checkContainerResources } from '../core/podspec/resources.ts'
import { checkTolerations } from '../core/podspec/tolerations.ts'

export type RuntimeClass = Model

/** Strategy: pkg/registry/node/runtimeclass/strategy.go. */
export const RuntimeClass = defineKind<RuntimeClass>({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  plural: 'runtimeclasses',
  namespaced: false,

  defaults({ overhead }) {
    roundAmounts(overhead?.podFixed)
  },

  validate({ handler, overhead, scheduling }) {
    const errors: FieldError[] = []
    addInvalid(errors, 'handler', handler, isDns1123Label(handler))
    if (overhead?.podFixed) checkContainerResources(errors, 'overhead', { limits: overhead.podFixed })
    if (scheduling?.nodeSelector) checkLabels(errors, 'scheduling.nodeSelector', scheduling.nodeSelector)
    if (scheduling?.tolerations) checkTolerations(errors, 'scheduling.tolerations', scheduling.tolerations)
    return errors
  },

  validateUpdate: ({ handler }, old) => (handler === old.handler ? [] : [invalid('handler', handler, immutableError)]),

  columns: [nameColumn, { name: 'Handler', cell: ({ handler }) => handler }, ageColumn],
})
