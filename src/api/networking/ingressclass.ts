import { type FieldError, invalid, required, tooLong } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { immutableError, isDomainPrefixedPath } from '../../machinery/validation.ts'
import type { IngressClass as Model } from '../generated/networking.v1.ts'
import { checkSupported } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type IngressClass = Model

/** Marks the class of Ingresses that name none. */
const defaultAnnotation = 'ingressclass.kubernetes.io/is-default-class'

/** Strategy: pkg/registry/networking/ingressclass/strategy.go. */
export const IngressClass = defineKind<IngressClass>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  namespaced: false,
  countsGenerations: true,

  defaults({ spec }) {
    if (spec.parameters) spec.parameters.scope ??= 'Cluster'
  },

  validate({ spec: { controller = '', parameters } }) {
    const errors: FieldError[] = []
    if (controller.length > 250) errors.push(tooLong('spec.controller', 250))
    for (const { bad, message } of isDomainPrefixedPath(controller))
      errors.push(invalid('spec.controller', bad, message))
    if (!parameters) return errors
    const path = 'spec.parameters'
    if (!parameters.kind) errors.push(required(`${path}.kind`))
    if (!parameters.name) errors.push(required(`${path}.name`))
    checkSupported(errors, `${path}.scope`, parameters.scope, ['Cluster', 'Namespace'])
    if (parameters.scope === 'Namespace' && !parameters.namespace) {
      errors.push(required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'"))
    }
    return errors
  },

  validateUpdate({ spec }, old) {
    return spec.controller === old.spec.controller
      ? []
      : [invalid('spec.controller', spec.controller ?? '', immutableError)]
  },

  columns: [
    {
      ...nameColumn,
      cell: ingressClass => `${ingressClass.metadata.name}${isDefault(ingressClass) ? ' (default)' : ''}`,
    },
    { name: 'Controller', cell: ({ spec }) => spec.controller ?? '' },
    { name: 'Parameters', cell: formatParameters },
    ageColumn,
  ],
})

export function isDefault({ metadata: { annotations } }: Pick<IngressClass, 'metadata'>): boolean {
  return annotations?.[defaultAnnotation] === 'true'
}

function formatParameters({ spec: { parameters } }: IngressClass): string {
  if (!parameters) return '<none>'
  return `${parameters.kind}${parameters.apiGroup ? `.${parameters.apiGroup}` : ''}/${parameters.name}`
}
