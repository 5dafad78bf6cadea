import { describe, expect, it } from 'vitest'
import { Deployment } from '../api/apps/deployment.ts'
import { Node } from '../api/core/node.ts'
import { type Input } from '../protocol/messages.ts'
import { freshRecord } from '../testing/fresh-session.ts'
import { answer } from './answers.ts'
import { Session, startOfTime } from './session.ts'

const fresh = freshRecord(7)

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec: { containers: [{ name: web, image: nginx }] }
`
const apply: Input = { type: 'apply', yaml: manifest }

function at(seconds: number): number {
  return startOfTime + seconds * 1000
}

/** A session in which something was applied, scaled and broken. */
function eventful(): Session {
  const session = new Session(fresh)
  session.advance(at(60))
  session.input(apply)
  session.advance(at(75))
  session.input({ type: 'shell', terminal: '1', line: 'for i in 1 2 3; do echo $i; sleep 1; done' })
  session.advance(at(80))
  session.input({ type: 'fault', fault: { what: 'stop-machine', target: 'w2-k8s' } })
  session.advance(at(100))
  return session
}

function readyReplicas({ cluster }: Session): number | undefined {
  return cluster.api.find(Deployment, 'web', 'default')?.status.readyReplicas
}

describe('[J4] [J6] session', () => {
  it('boots the lab of the seed notes within a virtual minute', () => {
    const session = new Session(fresh)
    session.advance(at(60))
    expect(session.cluster.isBooted()).toBe(true)
    expect(session.cluster.api.list(Node).map(node => node.metadata.name)).toEqual([
      'm-k8s',
      'w1-k8s',
      'w2-k8s',
      'w3-k8s',
    ])
  })

  it('gives the same digest when its record is opened and run to where it was', () => {
    const session = eventful()
    const copy = new Session(JSON.parse(JSON.stringify(session.record())))
    copy.advance(copy.end)
    expect(copy.now).toBe(session.now)
    expect(copy.digest()).toBe(session.digest())
    expect(new Session({ ...session.record(), seed: 8 }).digest()).not.toBe(session.digest())
  })

  it('does not depend on how its time was sliced', () => {
    const session = eventful()
    const sliced = new Session(session.record())
    while (!sliced.advance(at(100), 37)) expect(sliced.now).toBeLessThanOrEqual(at(100))
    expect(sliced.digest()).toBe(session.digest())
  })

  it('shows the past as it was and comes back to the same present', () => {
    const session = eventful()
    const present = session.digest()
    const fresher = new Session(session.record())
    for (const seconds of [70, 20, 90, 61]) {
      session.seek(at(seconds))
      fresher.rewind(startOfTime)
      fresher.advance(at(seconds))
      expect(session.now).toBe(at(seconds))
      expect(session.digest()).toBe(fresher.digest())
    }
    session.seek(at(100))
    expect(session.digest()).toBe(present)
  })

  it('goes on from the past when something new is done there, and forgets the other future', () => {
    const session = eventful()
    session.seek(at(70))
    expect(readyReplicas(session)).toBe(3)
    session.input({ type: 'apply', yaml: manifest.replace('replicas: 3', 'replicas: 1') })
    session.advance(at(100))
    expect(readyReplicas(session)).toBe(1)
    expect(session.record().inputs.map(({ input }) => input.type)).toEqual(['apply', 'apply'])
    const copy = new Session(session.record())
    copy.advance(copy.end)
    expect(copy.digest()).toBe(session.digest())
  })

  it('goes on as if nobody had looked after somebody has looked, tried a change or completed a word', () => {
    const asked = new Session(fresh)
    const unasked = new Session(fresh)
    for (const session of [asked, unasked]) {
      session.advance(at(60))
      session.input(apply)
      session.advance(at(61))
    }
    answer(asked, { ask: 'diff', yaml: manifest.replaceAll('web', 'other') })
    answer(asked, { ask: 'input', input: { ...apply, yaml: manifest.replaceAll('web', 'third'), dryRun: true } })
    answer(asked, { ask: 'object', resource: 'deployments.apps', namespace: 'default', name: 'web' })
    answer(asked, { ask: 'complete', terminal: '1', line: 'kubectl get pods we' })
    answer(asked, { ask: 'api', path: '/api/v1/pods' })
    for (const session of [asked, unasked]) session.advance(at(90))
    expect(asked.digest()).toBe(unasked.digest())
  })

  it('replays what was done while time was being stepped', () => {
    const session = new Session(fresh)
    session.advance(at(60))
    session.input(apply)
    for (let i = 0; i < 25; i++) session.step()
    session.input({ type: 'apply', yaml: manifest.replace('replicas: 3', 'replicas: 2') })
    session.advance(at(90))
    expect(readyReplicas(session)).toBe(2)
    const copy = new Session(session.record())
    copy.advance(copy.end)
    expect(copy.digest()).toBe(session.digest())
  })
})
