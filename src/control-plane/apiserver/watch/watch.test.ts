import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ApiList, ApiObject } from '../../../machinery/object.ts'
import type { RequestOptions, WatchEvent } from '../../../machinery/rest.ts'
import { attempt } from '../../../machinery/status.ts'
import { apiLab, type ApiLab } from '../../../testing/api-lab.ts'

const at = { namespace: 'default' }

function isList(value: unknown): value is ApiList {
  return typeof value === 'object' && value !== null && 'items' in value
}

function list(lab: ApiLab, resource: string, options: RequestOptions, namespace?: string): ApiObject[] {
  const { body } = lab.request('list', resource, { options, ...(namespace !== undefined && { namespace }) })
  return isList(body) ? body.items : []
}

const versions = (objects: readonly ApiObject[]): string[] =>
  objects.map(({ metadata }) => `${metadata.namespace}/${metadata.name}@${metadata.resourceVersion}`).sort()

/** The state that a client has who was told of these events. Complains of events that make no sense to it. */
function replay(events: readonly WatchEvent[], start: readonly ApiObject[]): ApiObject[] {
  const keyOf = ({ metadata: { namespace, name } }: ApiObject): string => `${namespace}/${name}`
  const known = new Map(start.map(object => [keyOf(object), object]))
  for (const { type, object } of events) {
    if (type === 'BOOKMARK') continue
    const key = keyOf(object)
    if (known.has(key) !== (type !== 'ADDED')) throw new Error(`${type} of ${key}, which is known: ${known.has(key)}`)
    if (type === 'DELETED') known.delete(key)
    else known.set(key, object)
  }
  return [...known.values()]
}

type Step = readonly [what: 'create' | 'label' | 'delete' | 'wait', name: string, color: string, namespace: string]
const step: fc.Arbitrary<Step> = fc.tuple(
  fc.constantFrom('create', 'label', 'delete', 'wait'),
  fc.constantFrom('a', 'b', 'c'),
  fc.constantFrom('red', 'blue'),
  fc.constantFrom('default', 'kube-system'),
)

function apply(lab: ApiLab, [what, name, color, namespace]: Step): void {
  const metadata = { name, labels: { color } }
  attempt(() => {
    if (what === 'wait') lab.advance(3)
    else if (what === 'create') lab.request('create', 'configmaps', { namespace, body: { metadata } })
    else if (what === 'label') lab.request('update', 'configmaps', { namespace, name, body: { metadata } })
    else lab.request('delete', 'configmaps', { namespace, name })
  })
}

const views: readonly { options: RequestOptions; namespace?: string }[] = [
  { options: {} },
  { options: {}, namespace: 'default' },
  { options: { labelSelector: 'color=red' } },
  { options: { labelSelector: 'color!=red' }, namespace: 'kube-system' },
  { options: { fieldSelector: 'metadata.name=a' } },
  { options: { fieldSelector: 'metadata.name=a', labelSelector: 'color in (blue)' }, namespace: 'default' },
]

describe('[A3] watches', () => {
  it('lead whoever follows them to what a list shows, whatever they select and whenever they began', () => {
    const run = (before: readonly Step[], after: readonly Step[], delayMs: number): void => {
      const lab = apiLab()
      const early = views.map(({ options, namespace }) => {
        const rest = namespace === undefined ? {} : { namespace }
        return lab.watch('configmaps', { ...options, resourceVersion: '1' }, rest, delayMs)
      })
      for (const each of before) apply(lab, each)
      const revision = String(lab.etcd.revision)
      const start = views.map(({ options, namespace }) => list(lab, 'configmaps', options, namespace))
      for (const each of after) apply(lab, each)
      const late = views.map(({ options, namespace }) => {
        const rest = namespace === undefined ? {} : { namespace }
        return lab.watch('configmaps', { ...options, resourceVersion: revision }, rest, delayMs)
      })
      lab.advance(100)
      views.forEach(({ options, namespace }, i) => {
        const shown = versions(list(lab, 'configmaps', options, namespace))
        expect(versions(replay(early[i]?.events() ?? [], []))).toEqual(shown)
        expect(versions(replay(late[i]?.events() ?? [], start[i] ?? []))).toEqual(shown)
      })
    }
    const steps = fc.array(step, { maxLength: 25 })
    fc.assert(fc.property(steps, steps, fc.nat(10), run), { numRuns: 60 })
  })

  it('tell of every revision once and in order', () => {
    const lab = apiLab()
    const watcher = lab.watch('configmaps', { resourceVersion: String(lab.etcd.revision) })
    for (let i = 0; i < 50; i++) {
      apply(lab, ['create', 'a', 'red', 'default'])
      if (i % 7 === 0) lab.advance(2)
      apply(lab, ['delete', 'a', 'red', 'default'])
    }
    lab.advance(10)
    const revisions = watcher.events().map(({ revision }) => revision)
    expect(revisions).toHaveLength(100)
    expect(revisions).toEqual([...new Set(revisions)].sort((a, b) => a - b))
  })

  it('deliver after their own delay, with all that became due at one instant in one delivery', () => {
    const lab = apiLab()
    const options = { resourceVersion: String(lab.etcd.revision) }
    const near = lab.watch('configmaps', options, at, 2)
    const far = lab.watch('configmaps', options, at, 20)
    for (const name of ['a', 'b', 'c']) apply(lab, ['create', name, 'red', 'default'])
    lab.advance(1)
    expect(near.deliveries).toEqual([])
    lab.advance(1)
    expect(near.deliveries.map(({ events }) => events.length)).toEqual([3])
    expect(far.deliveries).toEqual([])
    lab.advance(18)
    expect(far.deliveries.map(({ events }) => events.length)).toEqual([3])
  })

  it('give a kubelet the Pods of its node only: one that is bound there is ADDED', () => {
    const lab = apiLab()
    const spec = { containers: [{ name: 'c', image: 'nginx' }] }
    const watch = (node: string) => lab.watch('pods', { fieldSelector: `spec.nodeName=${node}`, resourceVersion: '1' })
    const [here, there, nowhere] = [watch('w1'), watch('w2'), watch('')]
    lab.request('create', 'pods', { ...at, body: { metadata: { name: 'web' }, spec } })
    const body = { metadata: { name: 'web' }, target: { kind: 'Node', name: 'w1' } }
    lab.request('create', 'pods', { ...at, name: 'web', subresource: 'binding', body })
    lab.request('delete', 'pods', { ...at, name: 'web', options: { gracePeriodSeconds: 0 } })
    lab.advance(10)
    const types = (watcher: typeof here): string[] => watcher.events().map(({ type }) => type)
    expect(types(here)).toEqual(['ADDED', 'MODIFIED', 'DELETED'])
    expect(types(there)).toEqual([])
    expect(types(nowhere)).toEqual(['ADDED', 'DELETED'])
  })

  it('are refused from a version that was compacted away', () => {
    const lab = apiLab()
    lab.advance(11 * 60 * 1000)
    const refusal = attempt(() => void lab.watch('configmaps', { resourceVersion: '2' }))
    expect(refusal).toMatchObject({ reason: 'Expired', code: 410 })
    expect(refusal?.message).toMatch(/^too old resource version: 2 \(\d+\)$/)
  })

  it('get a bookmark every minute while other things change, and can be taken up from it', () => {
    const lab = apiLab()
    const watcher = lab.watch('secrets', { resourceVersion: '1', allowWatchBookmarks: true })
    const silent = lab.watch('secrets', { resourceVersion: '1' })
    apply(lab, ['create', 'a', 'red', 'default'])
    lab.advance(61_000)
    expect(watcher.events().map(({ type, revision }) => [type, revision])).toEqual([['BOOKMARK', lab.etcd.revision]])
    expect(silent.events()).toEqual([])
    lab.advance(10 * 60_000)
    expect(watcher.events()).toHaveLength(1)
  })

  it('of a component that is gone are forgotten', () => {
    const dead = new Set<string>()
    const lab = apiLab({ isAlive: component => !dead.has(component) })
    const watcher = lab.watch('configmaps')
    lab.advance(10)
    dead.add(watcher.component)
    apply(lab, ['create', 'a', 'red', 'default'])
    lab.advance(10)
    expect(lab.self.state.watches.size).toBe(0)
    expect(watcher.events().map(({ object }) => object.metadata.name)).not.toContain('a')
  })

  it('end after timeoutSeconds, and say so', () => {
    const lab = apiLab()
    const watcher = lab.watch('configmaps', { resourceVersion: '1', timeoutSeconds: 30 })
    lab.advance(30_010)
    expect(watcher.deliveries).toEqual([{ watchId: watcher.id, events: [], closed: 'closed' }])
    apply(lab, ['create', 'a', 'red', 'default'])
    lab.advance(10)
    expect(watcher.deliveries).toHaveLength(1)
  })

  it('go on from a checkpoint with what was on its way', () => {
    const lab = apiLab()
    const watcher = lab.watch('configmaps', { resourceVersion: String(lab.etcd.revision) })
    apply(lab, ['create', 'a', 'red', 'default'])
    const checkpoint = lab.simulation.checkpoint()
    lab.advance(10)
    expect(watcher.events()).toHaveLength(1)
    lab.simulation.restore(checkpoint)
    const state = lab.simulation.state<{ deliveries: { events: unknown[] }[] }>(watcher.component)
    expect(state.deliveries).toEqual([])
    lab.advance(10)
    expect(lab.simulation.state<typeof state>(watcher.component).deliveries).toHaveLength(1)
  })
})
