import { type Column, defineKind } from '../../machinery/kind.ts'
import { isPathSegmentName } from '../../machinery/validation.ts'
import type { ClusterRoleBinding as ClusterModel, RoleBinding as Model } from '../generated/rbac.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { checkBinding, checkRoleRef, defaultBinding, rbacGroup, subjectNames } from './rules.ts'

export type RoleBinding = Model
export type ClusterRoleBinding = ClusterModel

const columns: Column<Model | ClusterModel>[] = [
  nameColumn,
  { name: 'Role', cell: ({ roleRef }) => `${roleRef.kind}/${roleRef.name}` },
  ageColumn,
  { name: 'Users', wide: true, cell: binding => subjectNames(binding, 'User') },
  { name: 'Groups', wide: true, cell: binding => subjectNames(binding, 'Group') },
  { name: 'ServiceAccounts', wide: true, cell: binding => subjectNames(binding, 'ServiceAccount') },
]

/** Who has a role inside a namespace. Strategy: pkg/registry/rbac/rolebinding/strategy.go. */
export const RoleBinding = defineKind<RoleBinding>({
  group: rbacGroup,
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  namespaced: true,
  validateName: isPathSegmentName,
  defaults: defaultBinding,
  validate: binding => checkBinding(binding, ['Role', 'ClusterRole']),
  validateUpdate: checkRoleRef,
  columns,
})

/** Who has a role in the whole cluster. Strategy: pkg/registry/rbac/clusterrolebinding/strategy.go. */
export const ClusterRoleBinding = defineKind<ClusterRoleBinding>({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  namespaced: false,
  validateName: isPathSegmentName,
  defaults: defaultBinding,
  validate: binding => checkBinding(binding, ['ClusterRole']),
  validateUpdate: checkRoleRef,
  columns,
})
