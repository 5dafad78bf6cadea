import { describe, expect, it } from 'vitest'
import { item } from '../testing/items.ts'
import { exposuresOf } from './exposures.ts'

describe('the way in from outside', () => {
  it('[D1] leads to Ingresses and to Services with a node port or a load balancer, and to no others', () => {
    const scene = [
      item('outside', 'outside', { id: 'outside' }),
      item('ingress', 'web'),
      item('service', 'np', { facts: { type: 'NodePort' } }),
      item('service', 'lb', { facts: { type: 'LoadBalancer' } }),
      item('service', 'inner', { facts: { type: 'ClusterIP' } }),
    ]
    expect(exposuresOf(scene).map(({ to }) => to)).toEqual(['ingress/web', 'service/np', 'service/lb'])
  })
})
