import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import type { Ingress as Model, IngressBackend, IngressRule } from '../generated/networking.v1.ts'
import { ageColumn, nameColumn, someOf } from '../meta/columns.ts'
import { checkIngressSpec } from './ingressvalidation.ts'

export type { IngressBackend, IngressRule }
export type Ingress = Model

/** Where classes were named before there was a field; controllers still read it. */
export const ingressClassAnnotation = 'kubernetes.io/ingress.class'

/** Strategy: pkg/registry/networking/ingress/strategy.go. */
export const Ingress = defineKind<Ingress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  namespaced: true,
  subresources: ['status'],

  prepareForCreate(draft) {
    draft.status = { loadBalancer: {} }
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validate({ metadata, spec }) {
    const errors: FieldError[] = []
    const annotation = metadata.annotations?.[ingressClassAnnotation]
    if (!metadata.resourceVersion && annotation !== undefined && spec.ingressClassName !== undefined) {
      const path = `metadata.annotations.${ingressClassAnnotation}`
      errors.push(invalid(path, annotation, 'can not be set when the class field is also set'))
    }
    checkIngressSpec(errors, spec)
    return errors
  },

  warnings({ metadata }, old) {
    if (metadata.annotations?.[ingressClassAnnotation] === undefined) return []
    if (old?.metadata.annotations?.[ingressClassAnnotation] !== undefined) return []
    return [`annotation "${ingressClassAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`]
  },

  columns: [
    nameColumn,
    { name: 'Class', cell: ({ spec }) => spec.ingressClassName ?? '<none>' },
    { name: 'Hosts', cell: ({ spec }) => formatHosts(spec.rules ?? []) },
    { name: 'Address', cell: ingressAddress },
    { name: 'Ports', cell: ({ spec }) => (spec.tls?.length ? '80, 443' : '80') },
    ageColumn,
  ],
})

function formatHosts(rules: readonly IngressRule[]): string {
  const hosts = rules.flatMap(({ host }) => (host ? [host] : []))
  return hosts.length === 0 ? '*' : someOf(hosts)
}

/** Where the controller can be reached. */
export function ingressAddress({ status }: Ingress): string {
  return (status.loadBalancer?.ingress ?? [])
    .map(({ ip, hostname }) => ip || hostname || '')
    .filter(address => address !== '')
    .join(',')
}
