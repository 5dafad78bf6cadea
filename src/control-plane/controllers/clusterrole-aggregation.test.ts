import { describe, expect, it } from 'vitest'
import { ClusterRole } from '../../api/rbac/role.ts'
import { controlPlane } from '../../testing/control-plane.ts'
import { clusterRoleAggregation } from './clusterrole-aggregation.ts'

const rule = { verbs: ['get'], apiGroups: ['stable.example.com'], resources: ['crontabs'] }

describe('[G2] clusterrole-aggregation-controller', () => {
  it('puts together admin, edit and view, and takes a labelled role in and out again', () => {
    const cluster = controlPlane({ controllers: [clusterRoleAggregation] })
    const resources = (name: string) => {
      const { rules } = cluster.get(ClusterRole, name)
      return new Set((rules ?? []).flatMap(({ resources: own = [], verbs }) => own.map(one => `${verbs[0]} ${one}`)))
    }
    cluster.runFor(5_000)
    expect(resources('view')).toContain('get pods')
    expect(resources('view')).not.toContain('get secrets')
    expect(resources('edit')).toContain('get secrets')
    expect(resources('edit')).not.toContain('create localsubjectaccessreviews')
    expect(resources('admin')).toContain('create localsubjectaccessreviews')

    const labels = { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }
    const extra = cluster.api.create(ClusterRole, { metadata: { name: 'cron-view', labels }, rules: [rule] })
    cluster.runFor(5_000)
    expect(['view', 'edit', 'admin'].map(name => resources(name).has('get crontabs'))).toEqual([true, true, true])
    cluster.api.delete(ClusterRole, extra)
    cluster.runFor(5_000)
    expect(['view', 'edit', 'admin'].map(name => resources(name).has('get crontabs'))).toEqual([false, false, false])
  })

  it('writes nothing when there is nothing new', () => {
    const cluster = controlPlane({ controllers: [clusterRoleAggregation] })
    cluster.runFor(5_000)
    const before = cluster.get(ClusterRole, 'admin').metadata.resourceVersion
    const role = cluster.api.create(ClusterRole, { metadata: { name: 'other' }, rules: [rule] })
    cluster.runFor(5_000)
    cluster.api.delete(ClusterRole, role)
    cluster.runFor(60_000)
    expect(cluster.get(ClusterRole, 'admin').metadata.resourceVersion).toBe(before)
  })
})
