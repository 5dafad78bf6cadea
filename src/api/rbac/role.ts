import { defineKind } from '../../machinery/kind.ts'
import { isPathSegmentName } from '../../machinery/validation.ts'
import type { ClusterRole as ClusterRoleModel, Role as RoleModel } from '../generated/rbac.v1.ts'
import { checkRules, rbacGroup } from './rules.ts'

export type Role = RoleModel
export type ClusterRole = ClusterRoleModel

/** What may be done inside one namespace. Strategy: pkg/registry/rbac/role/strategy.go. */
export const Role = defineKind<Role>({
  group: rbacGroup,
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  namespaced: true,
  validateName: isPathSegmentName,
  prepareForCreate: dropEmptyRules,
  prepareForUpdate: dropEmptyRules,
  validate: ({ rules }) => checkRules(rules, true),
})

/** What may be done in the whole cluster. Strategy: pkg/registry/rbac/clusterrole/strategy.go. */
export const ClusterRole = defineKind<ClusterRole>({
  group: rbacGroup,
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  namespaced: false,
  validateName: isPathSegmentName,
  prepareForCreate: dropEmptyRules,
  prepareForUpdate: dropEmptyRules,
  validate: ({ rules }) => checkRules(rules, false),
})

/** The storage does not tell an empty list from none, and what has none is written as null. */
function dropEmptyRules(role: Role | ClusterRole): void {
  if (!role.rules?.length) Object.assign(role, { rules: null })
}
