import { describe, expect, it } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { deepFreeze } from '../../machinery/object.ts'
import { goldenFiles, goldenJson, goldenNames } from '../../testing/golden-json.ts'
import type { PodTemplateSpec } from '../generated/core.v1.ts'
import { defaultPodTemplate } from './podspec/defaults.ts'
import { podTemplateHash, revisionData, revisionHash } from './podtemplate-hash.ts'

interface Recorded {
  kind: string
  metadata: { name: string; uid: string; labels?: Record<string, string>; ownerReferences?: { uid: string }[] }
  spec: { template: PodTemplateSpec }
  data: { spec: { template: PodTemplateSpec } }
  status: { collisionCount?: number }
}

interface Scenario {
  hashes?: Record<string, string>
  steps: { kubectl?: string }[]
}

const world = goldenJson<Recorded[]>('behaviour', 'kubectl', 'world-lab', 'state.json')

function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

/** Workload templates of a scenario's manifests, with defaults, and again for every `kubectl set image`. */
function templatesOf(id: string, { steps }: Scenario): { kind: string; template: PodTemplateSpec }[] {
  const workloads = Object.entries(goldenFiles('behaviour', 'scenarios', id))
    .filter(([name]) => name.endsWith('.yaml'))
    .flatMap(([, text]) => parseAllDocuments(text).map(document => document.toJS()))
    .filter(object => ['Deployment', 'DaemonSet', 'StatefulSet'].includes(object?.kind))
    .map(({ kind, spec }) => ({ kind, template: defaultPodTemplate(spec.template) }))
  const images = steps.flatMap(({ kubectl = '' }) => /set image \S+ \w+=(\S+)/.exec(kubectl)?.[1] ?? [])
  return workloads.flatMap(({ kind, template }) => [
    { kind, template },
    ...images.map(image => ({ kind, template: withImage(template, image) })),
  ])
}

function withImage(template: PodTemplateSpec, image: string): PodTemplateSpec {
  const [first, ...others] = template.spec?.containers ?? []
  if (!template.spec || !first) return template
  return { ...template, spec: { ...template.spec, containers: [{ ...first, image }, ...others] } }
}

describe('[B3] hashes in the names of ReplicaSets and revisions', () => {
  const replicaSets = world.filter(
    ({ kind, metadata }) => kind === 'ReplicaSet' && metadata.labels?.['pod-template-hash'],
  )

  it.each(replicaSets.map(rs => [rs.metadata.name, rs] as const))(
    'names ReplicaSet %s',
    (_name, { metadata, spec }) => {
      expect(podTemplateHash(withoutHash(spec.template))).toBe(metadata.labels?.['pod-template-hash'])
    },
  )

  const revisions = world.filter(({ kind }) => kind === 'ControllerRevision')

  it.each(revisions.map(revision => [revision.metadata.name, revision] as const))(
    'names revision %s',
    (name, revision) => {
      const owner = world.find(({ metadata }) => metadata.uid === revision.metadata.ownerReferences?.[0]?.uid)
      const template = owner?.spec.template ?? {}
      const { collisionCount } = owner?.status ?? {}
      const isDaemonSet = owner?.kind === 'DaemonSet'
      const hash = isDaemonSet
        ? podTemplateHash(template, collisionCount)
        : revisionHash(revisionData(template), collisionCount)
      expect(`${owner?.metadata.name}-${hash}`).toBe(name)
    },
  )

  it('finds every hash of the recorded scenarios', () => {
    let recorded = 0
    for (const id of goldenNames('behaviour', 'scenarios')) {
      const scenario = goldenJson<Scenario>('behaviour', 'scenarios', id, 'scenario.json')
      const ours = templatesOf(id, scenario).map(({ kind, template }) =>
        kind === 'StatefulSet' ? revisionHash(revisionData(template)) : podTemplateHash(template),
      )
      const theirs = Object.values(scenario.hashes ?? {})
      expect({ id, missing: theirs.filter(hash => !ours.includes(hash)) }).toEqual({ id, missing: [] })
      recorded += theirs.length
    }
    expect(recorded).toBeGreaterThan(50)
  })

  it('differs by the number of collisions, and stays the same for a template that is asked twice', () => {
    const template = deepFreeze(defaultPodTemplate(parse('spec: { containers: [{ name: c, image: "x:1" }] }')))
    const hash = podTemplateHash(template)
    expect(podTemplateHash(template)).toBe(hash)
    expect(podTemplateHash({ ...template })).toBe(hash)
    expect(new Set([hash, podTemplateHash(template, 0), podTemplateHash(template, 1)]).size).toBe(3)
  })
})
