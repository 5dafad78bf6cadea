import { describe, expect, it } from 'vitest'
import { CustomResourceDefinition } from '../../api/apiextensions/customresourcedefinition.ts'
import { ConfigMap } from '../../api/core/configmap.ts'
import { Namespace } from '../../api/core/namespace.ts'
import { defineKind } from '../../machinery/kind.ts'
import type { ApiObject, OwnerReference } from '../../machinery/object.ts'
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
