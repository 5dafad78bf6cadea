import { describe, expect, it } from 'vitest'
import { stationsOf } from './stations.ts'

const said = (stage: string, verdict: string, by = '', detail = '') => ({ stage, verdict, by, detail })

describe('the way of a request through its API server', () => {
  it('[A3] goes by every station of a write, each with who said what', () => {
    const stages = [
      said('authentication', 'known', 'X509'),
      said('authorization', 'allowed', 'RBAC', 'allowed by ClusterRoleBinding "cluster-admin"'),
      said('mutating admission', 'passed', 'ServiceAccount'),
      said('validation', 'valid'),
      said('validating admission', 'allowed', 'PodSecurity'),
      said('storage', 'written'),
    ]
    const way = stationsOf(stages, false)
    expect(way.map(({ name, tone, verdict }) => `${name} ${tone} ${String(verdict)}`)).toEqual([
      'authentication good known',
      'authorization good allowed',
      'mutating good passed',
      'validation good valid',
      'validating good allowed',
      'storage good written',
    ])
    expect(way[1]?.said).toEqual([
      { by: 'RBAC', detail: 'allowed by ClusterRoleBinding "cluster-admin"', verdict: 'allowed' },
    ])
  })

  it('[A3] shows where a refused request ended, and what it did not reach', () => {
    const stages = [said('authentication', 'known'), said('authorization', 'denied', 'RBAC')]
    expect(stationsOf(stages, true).map(({ name, tone }) => `${name} ${tone}`)).toEqual([
      'authentication good',
      'authorization bad',
      'mutating idle',
      'validation idle',
      'validating idle',
      'storage idle',
    ])
  })

  it('[A3] finds the one plugin that refused among those that nodded', () => {
    const stages = [
      said('validating admission', 'allowed', 'ResourceQuota'),
      said('validating admission', 'denied', 'PodSecurity', 'violates PodSecurity "restricted:latest"'),
    ]
    const [station] = stationsOf(stages, true)
    expect(station).toMatchObject({ name: 'validating', tone: 'bad', verdict: 'denied' })
    expect(station?.said).toHaveLength(2)
  })

  it('[A3] does without admission where something is only read', () => {
    const stages = [said('authentication', 'known'), said('authorization', 'allowed'), said('storage', 'not found')]
    expect(stationsOf(stages, true).map(({ name, verdict }) => [name, verdict])).toEqual([
      ['authentication', 'known'],
      ['authorization', 'allowed'],
      ['storage', 'notFound'],
    ])
  })
})
