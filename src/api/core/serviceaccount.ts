import { defineKind } from '../../machinery/kind.ts'
import type { ServiceAccount as Model } from '../generated/core.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type ServiceAccount = Model

/** Strategy: pkg/registry/core/serviceaccount/strategy.go. */
export const ServiceAccount = defineKind<ServiceAccount>({
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  shortNames: ['sa'],
  namespaced: true,
  subresources: ['token'],
  columns: [nameColumn, ageColumn],
})

/** The name of a service account as a user: `system:serviceaccount:lab:default`. */
export function serviceAccountUser(namespace: string, name: string): string {
  return `system:serviceaccount:${namespace}:${name}`
}
