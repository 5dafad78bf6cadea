import { describe, expect, it } from 'vitest'
import { Pod } from '../api/core/pod.ts'
import type { Reply } from '../protocol/messages.ts'
import { freshRecord } from '../testing/fresh-session.ts'
import { answer, Refusal } from './answers.ts'
import { Host } from './host.ts'
import { Session, startOfTime } from './session.ts'
import { heroOf, placementAnswer, storyAnswer } from './story.ts'

const fresh = freshRecord(7)

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 1
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx, readinessProbe: { httpGet: { port: 80 } } }] }
`

function podOf({ cluster }: Session): string {
  return cluster.api.list(Pod, 'default')[0]?.metadata.name ?? ''
}

function story(session: Session, name: string): string[] {
  const hero = heroOf(session.cluster, 'pods', 'default', name)
  if (!hero) throw new Error('there is no such Pod')
  return storyAnswer(session.cluster, hero).steps.map(({ from, to, text }) => `${from} → ${to}: ${text.en}`)
}

describe('[A14] the story of a Pod', () => {
  it('is the eight steps of its birth, from the command to its status, in the order in which they happened', () => {
    const session = new Session(fresh)
    session.advance(startOfTime + 60_000)
    session.input({ type: 'apply', yaml: manifest })
    session.advance(session.now + 20_000)
    const name = podOf(session)
    const set = name.slice(0, name.lastIndexOf('-'))
    const told = story(session, name)
    const milestones = [
      'user → apiserver: Create Deployment web',
      /^apiserver → etcd: Stored as revision \d+$/,
      /^apiserver → controllers: Watch: kube-controller-manager hears of revision \d+$/,
      `controllers → apiserver: Create ReplicaSet ${set}`,
      `controllers → apiserver: Create Pod ${name}`,
      /^apiserver → scheduler: Watch: kube-scheduler hears of revision \d+$/,
      /^scheduler → scheduler: Chooses w\d-k8s.* \(3 of 4 nodes could take it\)$/,
      `scheduler → apiserver: Bind Pod ${name} to its node`,
      /^apiserver → kubelet: Watch: kubelet w\d-k8s hears of revision \d+$/,
      `kubelet → apiserver: Report the status of Pod ${name}`,
      /^kubelet → runtime: Make the sandbox/,
      /^kubelet → runtime: Pull the image web/,
      /^kubelet → runtime: Create the container web/,
      'runtime → runtime: web runs',
      'kubelet → runtime: The readiness probe of web succeeds',
      `kubelet → apiserver: Report the status of Pod ${name}`,
    ]
    let at = 0
    for (const milestone of milestones) {
      const found = told.findIndex(
        (step, index) => index >= at && (typeof milestone === 'string' ? step === milestone : milestone.test(step)),
      )
      expect(found, `${String(milestone)} after\n${told.slice(0, at).join('\n')}`).toBeGreaterThanOrEqual(at)
      at = found + 1
    }
    // What became of its owners afterwards is their story.
    expect(told.slice(told.indexOf(`controllers → apiserver: Create Pod ${name}`) + 1).join()).not.toContain(
      'ReplicaSet',
    )
  })

  it('knows how the scheduler judged every node', () => {
    const session = new Session(fresh)
    session.advance(startOfTime + 60_000)
    session.input({ type: 'apply', yaml: manifest })
    session.advance(session.now + 5_000)
    const name = podOf(session)
    const placement = placementAnswer(session.cluster, 'default', name)
    const { nodeName } = session.cluster.api.get(Pod, name, 'default').spec
    expect(placement).toMatchObject({ node: nodeName })
    const [best, ...others] = placement?.verdicts ?? []
    expect(others).toHaveLength(3)
    expect(Object.keys(best?.scores ?? {})).toContain('NodeResourcesFit')
    const sum = Object.values(best?.scores ?? {}).reduce((total, score) => total + score, 0)
    expect(best?.total).toBe(sum)
    expect(others.at(-1)).toMatchObject({ node: 'm-k8s', refusedBy: 'TaintToleration' })
    expect(placementAnswer(session.cluster, 'default', 'nobody')).toBeUndefined()
  })

  it('tells of its end, too', () => {
    const session = new Session(fresh)
    session.advance(startOfTime + 60_000)
    session.input({ type: 'shell', terminal: '1', line: 'kubectl run one --image=nginx' })
    session.advance(session.now + 20_000)
    const hero = heroOf(session.cluster, 'pods', 'default', 'one')
    if (!hero) throw new Error('there is no such Pod')
    session.input({ type: 'shell', terminal: '1', line: 'kubectl delete pod one' })
    session.advance(session.now + 40_000)
    const told = storyAnswer(session.cluster, hero).steps.map(({ from, text }) => `${from}: ${text.en}`)
    const end = told.slice(told.indexOf('user: Delete Pod one'))
    expect(end).toContain('runtime: one gets SIGQUIT')
    expect(end.findIndex(step => step.startsWith('kubelet: Take the sandbox down'))).toBeGreaterThan(0)
    // Once, and nobody is asked again.
    expect(end.filter(step => step.includes('kubelet: Delete'))).toEqual(['kubelet: Delete Pod one'])
  })

  it('goes on step by step: each press runs until the next thing happens to the Pod, and time stands', () => {
    const replies: Reply[] = []
    let realMs = 0
    const host = new Host(
      () => realMs,
      reply => replies.push(reply),
    )
    host.ask(1, { ask: 'open', record: fresh })
    while (!host.session?.cluster.isBooted()) {
      realMs += 20
      host.tick()
    }
    host.ask(2, { ask: 'pause' })
    host.ask(3, { ask: 'input', input: { type: 'shell', terminal: '1', line: 'kubectl run one --image=nginx' } })
    const { session } = host
    if (!session.cluster.api.find(Pod, 'one', 'default')) session.advance(session.now + 100)
    const before = story(session, 'one')
    const found: string[][] = []
    for (let id = 10; id < 16; id++) {
      host.ask(id, { ask: 'next', resource: 'pods', namespace: 'default', name: 'one' })
      while (!replies.some(reply => reply.id === id)) {
        realMs += 20
        host.tick()
      }
      expect(replies.find(reply => reply.id === id)).toMatchObject({
        ok: true,
        value: { found: true, at: session.now },
      })
      const after = story(session, 'one')
      found.push(after.slice(before.length + found.flat().length))
      realMs += 20
      expect(host.tick()?.playing).not.toBe(true)
    }
    expect(found.every(steps => steps.length > 0 && steps.length <= 8)).toBe(true)
    expect(found.flat()).toEqual(story(session, 'one').slice(before.length))
  })

  it('is refused in words while no API server answers, whoever asks', () => {
    const session = new Session(fresh)
    const object = { resource: 'pods', namespace: 'default', name: 'one' } as const
    const asks = [
      { ask: 'story', ...object },
      { ask: 'why', ...object },
      { ask: 'placement', namespace: 'default', name: 'one' },
      { ask: 'allocation', name: 'w1-k8s' },
    ] as const
    for (const ask of asks) expect(() => answer(session, ask), ask.ask).toThrow(Refusal)
    const replies: Reply[] = []
    const host = new Host(
      () => 0,
      reply => replies.push(reply),
    )
    host.ask(1, { ask: 'open', record: fresh, paused: true })
    host.ask(2, { ask: 'next', ...object })
    expect(replies.at(-1)).toMatchObject({ id: 2, ok: false })
  })
})
