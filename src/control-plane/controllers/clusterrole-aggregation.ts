import { ClusterRole } from '../../api/rbac/role.ts'
import { defineController } from '../../client/controller.ts'
import { matches } from '../../machinery/labels.ts'
import { isEqual } from '../../machinery/object.ts'
import type { PolicyRule } from '../../api/generated/rbac.v1.ts'

/**
 * Fills ClusterRoles that have an aggregation rule with the rules of those that it selects: admin, edit and view come
 * about so, and whoever brings new kinds labels a role to join in. Models pkg/controller/clusterroleaggregation.
 */
export const clusterRoleAggregation = defineController({
  name: 'clusterrole-aggregation-controller',
  reconciles: ClusterRole,
  watches: [
    {
      kind: ClusterRole,
      // Any role may be one that is selected: all that select are looked at again.
      keys: (_old, _next, cache) =>
        cache
          .list(ClusterRole)
          .filter(({ aggregationRule }) => aggregationRule)
          .map(({ metadata }) => metadata.name),
    },
  ],
  concerns: () => false,

  reconcile(role, { api, cache }) {
    const selectors = role.aggregationRule?.clusterRoleSelectors
    if (!selectors) return
    const selected = cache
      .list(ClusterRole)
      .filter(({ metadata }) => metadata.name !== role.metadata.name)
      .filter(({ metadata }) => selectors.some(selector => matches(selector, metadata.labels)))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
    const rules: PolicyRule[] = []
    for (const rule of selected.flatMap(({ rules: own }) => own ?? [])) {
      if (!rules.some(known => isEqual(known, rule))) rules.push(rule)
    }
    if (!isEqual(rules, role.rules ?? [])) api.patch(ClusterRole, role, 'merge', { rules })
  },
})
