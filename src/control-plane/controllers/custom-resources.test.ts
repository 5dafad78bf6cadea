import { describe, expect, it } from 'vitest'
import { CustomResourceDefinition } from '../../api/apiextensions/customresourcedefinition.ts'
import { HorizontalPodAutoscaler } from '../../api/autoscaling/horizontalpodautoscaler.ts'
import { ConfigMap } from '../../api/core/configmap.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { ResourceQuota } from '../../api/core/resourcequota.ts'
import { defineKind } from '../../machinery/kind.ts'
import type { ApiObject, OwnerReference } from '../../machinery/object.ts'
import { attempt } from '../../machinery/status.ts'
import { type ControlPlane, controlPlane } from '../../testing/control-plane.ts'
import { controllers } from './index.ts'

const group = 'shop.example.com'
const Basket = defineKind<ApiObject>({ group, version: 'v1', kind: 'Basket', plural: 'baskets', namespaced: true })

const definition = {
  metadata: { name: `baskets.${group}` },
  spec: {
    group,
    names: { kind: 'Basket', plural: 'baskets' },
    scope: 'Namespaced' as const,
    versions: ['v1alpha1', 'v1'].map(name => ({
      name,
      served: true,
      storage: name === 'v1',
      schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
    })),
  },
}

/** A cluster whose controllers have heard of baskets. */
function start(): ControlPlane {
  const cluster = controlPlane({ controllers })
  cluster.runFor(1_000)
  cluster.api.create(CustomResourceDefinition, definition)
  cluster.runFor(31_000)
  return cluster
}

const inShop = (name: string, ...ownerReferences: OwnerReference[]) => ({
  metadata: { name, namespace: 'default', ...(ownerReferences.length > 0 && { ownerReferences }) },
})

function ownedBy({ apiVersion = '', kind = '', metadata: { name, uid } }: ApiObject): OwnerReference {
  return { apiVersion, kind, name, uid, blockOwnerDeletion: true }
}

function references(cluster: ControlPlane, name: string): string[] | undefined {
  return cluster.get(Basket, name).metadata.ownerReferences?.map(owner => owner.name)
}

describe('[H1, B7] controllers and custom resources', () => {
  it('count custom resources against quotas, and those that are gone no more', () => {
    const cluster = start()
    const hard = { [`count/baskets.${group}`]: '2', 'count/configmaps': '5', 'count/deployments.apps': '1' }
    cluster.api.create(ResourceQuota, { metadata: { name: 'few', namespace: 'default' }, spec: { hard } })
    cluster.runFor(1_000)
    const used = (): unknown => cluster.get(ResourceQuota, 'few').status.used
    const first = cluster.api.create(Basket, inShop('first'))
    cluster.api.create(Basket, inShop('second'))
    expect(used()).toMatchObject({ [`count/baskets.${group}`]: '2', 'count/configmaps': '1' })
    expect(attempt(() => cluster.api.create(Basket, inShop('third')))?.message).toBe(
      `baskets.${group} "third" is forbidden: exceeded quota: few, requested: count/baskets.${group}=1, ` +
        `used: count/baskets.${group}=2, limited: count/baskets.${group}=2`,
    )
    cluster.api.delete(Basket, first)
    const label = cluster.api.create(ConfigMap, inShop('label'))
    cluster.runFor(2_000)
    expect(used()).toMatchObject({ [`count/baskets.${group}`]: '1', 'count/configmaps': '2' })
    cluster.api.delete(ConfigMap, label)
    cluster.runFor(2_000)
    expect(used()).toMatchObject({ 'count/configmaps': '1' })
    cluster.api.create(Basket, inShop('third'))
  })

  it('scale custom resources as an autoscaler wants it', () => {
    const cluster = start()
    const Crew = defineKind<ApiObject>({ group, version: 'v1', kind: 'Crew', plural: 'crews', namespaced: true })
    const paths = { specReplicasPath: '.spec.hands', statusReplicasPath: '.status.hands' }
    const versions = [{ ...definition.spec.versions[1], name: 'v1', subresources: { status: {}, scale: paths } }]
    const names = { kind: 'Crew', plural: 'crews' }
    cluster.api.create(CustomResourceDefinition, {
      metadata: { name: `crews.${group}` },
      spec: { ...definition.spec, names, versions },
    })
    cluster.runFor(1_000)
    cluster.api.create(Crew, { ...inShop('night'), ...{ spec: { hands: 1 } } })
    const scaleTargetRef = { apiVersion: `${group}/v1`, kind: 'Crew', name: 'night' }
    cluster.api.create(HorizontalPodAutoscaler, {
      ...inShop('night'),
      spec: { scaleTargetRef, minReplicas: 3, maxReplicas: 5 },
    })
    cluster.runFor(20_000)
    expect(cluster.get(Crew, 'night')).toMatchObject({ spec: { hands: 3 } })
    expect(cluster.events).toContain(
      'Normal SuccessfulRescale: New size: 3; reason: Current number of replicas below Spec.MinReplicas',
    )
  })

  it('delete dependents of a custom resource that is gone', () => {
    const cluster = start()
    const basket = cluster.api.create(Basket, inShop('big'))
    cluster.api.create(ConfigMap, inShop('label', ownedBy(basket)))
    cluster.api.create(Basket, inShop('small', ownedBy(basket)))
    cluster.runFor(1_000)
    cluster.api.delete(Basket, basket)
    cluster.runFor(1_000)
    expect(cluster.api.list(Basket)).toEqual([])
    expect(cluster.api.find(ConfigMap, 'label', 'default')).toBeUndefined()
  })

  it('delete custom resources whose owner was gone before they were heard of', () => {
    const cluster = controlPlane({ controllers })
    cluster.runFor(1_000)
    cluster.api.create(CustomResourceDefinition, definition)
    cluster.runFor(1_000)
    const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'gone', uid: 'no-such-uid' }
    cluster.api.create(Basket, inShop('lost', owner))
    cluster.runFor(1_000)
    expect(cluster.api.list(Basket)).toHaveLength(1)
    cluster.runFor(30_000)
    expect(cluster.api.list(Basket)).toEqual([])
  })

  it('keep a custom resource that is deleted in the foreground until its dependents are gone', () => {
    const cluster = start()
    const basket = cluster.api.create(Basket, inShop('big'))
    const child = inShop('small', ownedBy(basket))
    cluster.api.create(Basket, { metadata: { ...child.metadata, finalizers: ['shop.example.com/wait'] } })
    cluster.runFor(1_000)
    cluster.api.delete(Basket, basket, { propagationPolicy: 'Foreground' })
    cluster.runFor(1_000)
    expect(cluster.get(Basket, 'big').metadata.finalizers).toEqual(['foregroundDeletion'])
    const going = cluster.get(Basket, 'small')
    expect(going.metadata.deletionTimestamp).toBeDefined()
    cluster.api.patch(Basket, going, 'merge', { metadata: { finalizers: null } })
    cluster.runFor(1_000)
    expect(cluster.api.list(Basket)).toEqual([])
  })

  it('take owners that are gone off custom resources, which accept no strategic patch', () => {
    const cluster = start()
    const [a, b] = ['a', 'b'].map(name => cluster.api.create(ConfigMap, inShop(name)))
    if (!a || !b) throw new Error('not created')
    cluster.api.create(Basket, inShop('shared', ownedBy(a), ownedBy(b)))
    cluster.api.create(Basket, inShop('orphan', ownedBy(b)))
    cluster.runFor(1_000)
    cluster.api.delete(ConfigMap, a)
    cluster.runFor(1_000)
    expect(references(cluster, 'shared')).toEqual(['b'])
    cluster.api.delete(ConfigMap, b, { propagationPolicy: 'Orphan' })
    cluster.runFor(1_000)
    expect(cluster.api.find(ConfigMap, 'b', 'default')).toBeUndefined()
    expect(references(cluster, 'shared')).toBeUndefined()
    expect(references(cluster, 'orphan')).toBeUndefined()
  })

  it('empty a namespace of custom resources, too', () => {
    const cluster = start()
    cluster.api.create(Namespace, { metadata: { name: 'lab' } })
    cluster.runFor(1_000)
    cluster.api.create(Basket, { metadata: { name: 'last', namespace: 'lab' } })
    cluster.api.delete(Namespace, { metadata: { name: 'lab' } })
    cluster.runFor(20_000)
    expect(cluster.api.find(Namespace, 'lab')).toBeUndefined()
    expect(cluster.api.list(Basket)).toEqual([])
  })

  it('forget a kind whose definition is gone, and hear of it when it comes again', () => {
    const cluster = start()
    cluster.api.create(Basket, inShop('big'))
    cluster.api.delete(CustomResourceDefinition, definition)
    cluster.runFor(31_000)
    expect(cluster.api.find(CustomResourceDefinition, definition.metadata.name)).toBeUndefined()
    cluster.api.create(CustomResourceDefinition, definition)
    cluster.runFor(31_000)
    const basket = cluster.api.create(Basket, inShop('big'))
    cluster.api.create(ConfigMap, inShop('label', ownedBy(basket)))
    cluster.runFor(1_000)
    cluster.api.delete(Basket, basket)
    cluster.runFor(1_000)
    expect(cluster.api.find(ConfigMap, 'label', 'default')).toBeUndefined()
  })
})
