import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Pod } from '../../api/core/pod.ts'
import { Service } from '../../api/core/service.ts'
import type { NewObject } from '../../client/api.ts'
import { type NodeOptions, schedulerLab } from '../../testing/scheduler-lab.ts'

interface SetUp {
  readonly id: string
  readonly title: string
  readonly nodes: readonly (NodeOptions & { name: string; cpu: string; memory: string; pods: string })[]
  readonly existing: readonly NewObject<Pod>[]
  readonly service?: { name: string; selector: Record<string, string> }
  readonly pod: NewObject<Pod>
  readonly scores: Record<string, Record<string, number>>
  readonly chosenInTenRuns: Record<string, number>
}

const file = new URL('../../testing/golden/behaviour/scheduling-scores.json', import.meta.url)
const setUps = JSON.parse(readFileSync(file, 'utf8')) as SetUp[]

describe('[B1] scheduling scores', () => {
  it.each(setUps)(
    'are those of the recording: $title',
    ({ nodes, existing, service, pod, scores, chosenInTenRuns }) => {
      const lab = schedulerLab()
      for (const { name, cpu, memory, pods, ...more } of nodes) {
        lab.node(name, { ...more, allocatable: { cpu, memory, pods } })
      }
      if (service) {
        const { name, selector } = service
        lab.api.create(Service, { metadata: { name, namespace: 'default' }, spec: { selector, ports: [{ port: 80 }] } })
      }
      for (const { metadata, spec } of existing) {
        lab.api.create(Pod, { metadata: { ...metadata, namespace: 'default' }, spec: { ...spec } })
      }
      lab.advance(100)
      lab.api.create(Pod, { metadata: { ...pod.metadata, namespace: 'default' }, spec: { ...pod.spec } })
      lab.advance(100)

      const [decision] = lab.decisions()
      const seen = decision?.nodes.flatMap(({ node, scores: given, total }) =>
        given ? [[node, { ...given, total }]] : [],
      )
      expect(Object.fromEntries(seen ?? [])).toEqual(scores)
      expect(Math.max(...Object.values(chosenInTenRuns))).toBe(chosenInTenRuns[decision?.node ?? ''])
      expect(setUps).toHaveLength(14)
    },
  )
})
