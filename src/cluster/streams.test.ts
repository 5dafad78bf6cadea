import { beforeAll, describe, expect, it } from 'vitest'
import type { HttpConnection, HttpResponse } from '../control-plane/apiserver/http/message.ts'
import { exitCodeOf, type StreamMessage, type StreamRef } from '../machinery/streams.ts'
import { defineComponent } from '../sim/component.ts'
import type { Checkpoint } from '../sim/simulation.ts'
import { Cluster } from './cluster.ts'
import { defaultTopology } from './topology.ts'

interface Ear {
  readonly messages: StreamMessage[]
}

const ear = defineComponent<Ear>({
  type: 'ear',
  on: { stream: ({ state }, message: StreamMessage) => void state.messages.push(message) },
})

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    containers: [
      { name: 'nginx', image: 'nginx:1.29', ports: [{ containerPort: 80 }] },
      { name: 'box', image: 'busybox', command: ['sh', '-c', 'while true; do echo tick; sleep 5; done'] },
    ],
  },
}

/** Whom kubeadm's admin.conf makes one. */
const certificate = { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'], fingerprint: '' }

/** A booted lab with one Pod and somebody who connects to it. */
class Lab {
  readonly cluster = new Cluster({
    seed: 1,
    topology: defaultTopology,
    startMs: 1_768_467_600_000,
    definitions: [ear] as never,
  })

  constructor() {
    this.cluster.simulation.add('ear', 'ear', { messages: [] })
    while (!this.cluster.isBooted()) this.runFor(1_000)
    this.send('POST', '/api/v1/namespaces/default/pods', pod)
    this.runFor(30_000)
  }

  runFor(ms: number): void {
    this.cluster.simulation.runUntil(this.cluster.simulation.now + ms)
  }

  send(method: string, path: string, body?: object): HttpResponse {
    const response = this.cluster.http({ method, path, headers: {}, certificate, body: body && JSON.stringify(body) })
    if ('body' in response) return response
    throw new Error('the answer is a stream')
  }

  connect(path: string, method = 'POST'): HttpConnection | HttpResponse {
    const response = this.cluster.http({ method, path, headers: {}, certificate }, { component: 'ear', delayMs: 1 })
    if ('watchId' in response) throw new Error('the answer is a watch')
    return response
  }

  open(path: string, method = 'POST'): StreamRef {
    const response = this.connect(path, method)
    if ('connection' in response) return response.connection
    throw new Error(`${response.status} ${response.body}`)
  }

  tell({ component, id }: StreamRef, type: string, data: object = {}): void {
    this.cluster.simulation.schedule(component, 0, type, { stream: id, ...data })
  }

  messages({ id }: StreamRef): StreamMessage[] {
    return this.cluster.simulation.state<Ear>('ear').messages.filter(({ stream }) => stream === id)
  }

  text(ref: StreamRef, channel = 'stdout'): string {
    return this.messages(ref)
      .map(message => (message.what === 'data' && message.channel === channel ? message.text : ''))
      .join('')
  }

  end(ref: StreamRef): unknown {
    const [end] = this.messages(ref).flatMap(message => (message.what === 'end' ? [message] : []))
    return end?.status && (exitCodeOf(end.status) ?? end.status.message)
  }
}

const pods = '/api/v1/namespaces/default/pods'

describe('[I3] cluster: connections to containers', () => {
  let lab: Lab
  let start: Checkpoint
  beforeAll(() => {
    lab = new Lab()
    start = lab.cluster.simulation.checkpoint()
  })

  it('runs a command, with its output, its errors and its exit code', () => {
    const ref = lab.open(
      `${pods}/web/exec?container=nginx&command=sh&command=-c&command=echo+out;+echo+err+%3E%262;+exit+3`,
    )
    lab.runFor(100)
    expect([lab.text(ref), lab.text(ref, 'stderr'), lab.end(ref)]).toEqual(['out\n', 'err\n', 3])
  })

  it('reads input until there is no more', () => {
    const ref = lab.open(`${pods}/web/exec?container=box&command=cat&stdin=true`)
    lab.runFor(100)
    lab.tell(ref, 'stream-input', { text: 'one\n' })
    lab.tell(ref, 'stream-input')
    lab.runFor(100)
    expect([lab.text(ref), lab.end(ref)]).toEqual(['one\n', 0])
  })

  it('goes on with an open stream after a rewind', () => {
    const ref = lab.open(`${pods}/web/exec?container=box&command=sh&stdin=true&tty=true`)
    lab.runFor(100)
    lab.tell(ref, 'stream-input', { text: 'cd /tmp\r' })
    lab.runFor(100)
    const then = lab.cluster.simulation.checkpoint()
    const leave = (): string => {
      lab.tell(ref, 'stream-input', { text: 'pwd; exit 4\r' })
      lab.runFor(100)
      return `${lab.text(ref)}${String(lab.end(ref))}`
    }
    const first = leave()
    expect(first).toBe('/ # cd /tmp\r\n/tmp # pwd; exit 4\r\n/tmp\r\n4')
    lab.cluster.simulation.restore(then)
    expect(lab.end(ref)).toBeUndefined()
    expect(leave()).toBe(first)
  })

  it('says why there is no command, no container, no host', () => {
    const ref = lab.open(`${pods}/web/exec?container=nginx&command=nothere`)
    lab.runFor(100)
    expect(lab.end(ref)).toMatch(
      /^Internal error occurred: error executing command in container: failed to exec in container: failed to start exec "\w{64}": OCI runtime exec failed: exec failed: unable to start container process: exec: "nothere": executable file not found in \$PATH: unknown$/,
    )
    expect(lab.connect(`${pods}/web/exec?container=x&command=ls`)).toMatchObject({ status: 400 })
    expect(lab.connect(`${pods}/web/exec?command=ls`)).toMatchObject({
      body: expect.stringContaining('a container name must be specified for pod web, choose one of: [nginx box]'),
    })
    expect(lab.connect(`${pods}/gone/exec?command=ls`)).toMatchObject({ status: 404 })
    lab.send('POST', pods, { ...pod, metadata: { name: 'far' }, spec: { ...pod.spec, nodeSelector: { far: 'away' } } })
    lab.runFor(1_000)
    const body = expect.stringContaining('pod far does not have a host assigned')
    expect(lab.connect(`${pods}/far/exec?container=box&command=ls`)).toMatchObject({ status: 400, body })
    expect(lab.send('POST', `${pods}/web/exec?container=box&command=ls`)).toMatchObject({
      status: 400,
      body: expect.stringContaining('Upgrade request required'),
    })
  })

  it('shows those who are attached what the container prints, and follows its log', () => {
    lab.cluster.simulation.restore(start)
    const attached = lab.open(`${pods}/web/attach?container=box`)
    const followed = lab.open(`${pods}/web/log?container=box&follow=true&tailLines=1`, 'GET')
    lab.runFor(12_000)
    expect([lab.text(attached), lab.text(followed)]).toEqual(['tick\n'.repeat(2), 'tick\n'.repeat(3)])
    lab.tell(attached, 'stream-close')
    lab.send('DELETE', `${pods}/web?gracePeriodSeconds=1`)
    lab.runFor(20_000)
    expect([lab.text(attached), lab.end(attached), lab.end(followed)]).toEqual(['tick\n'.repeat(2), undefined, 0])
  })

  it('carries requests to a port of a Pod, and through the API server', () => {
    lab.cluster.simulation.restore(start)
    const forward = lab.open(`${pods}/web/portforward`)
    lab.runFor(100)
    const http = { method: 'GET', path: '/', headers: { Host: 'localhost' } }
    lab.tell(forward, 'stream-request', { tag: 'page', port: 80, http })
    lab.tell(forward, 'stream-request', { tag: 'try', port: 80 })
    lab.tell(forward, 'stream-request', { tag: 'closed', port: 81 })
    lab.runFor(1_000)
    const answers = lab.messages(forward).flatMap(each => (each.what === 'answer' ? [[each.tag, each.answer]] : []))
    expect(Object.fromEntries(answers)).toMatchObject({
      page: { ok: true, status: 200, body: expect.stringContaining('Welcome to nginx') },
      try: { ok: true },
      closed: { ok: false, failure: 'connection refused' },
    })
    const selector = { app: 'web' }
    const service = { metadata: { name: 'web' }, spec: { selector, ports: [{ port: 8080, targetPort: 80 }] } }
    lab.send('POST', '/api/v1/namespaces/default/services', { apiVersion: 'v1', kind: 'Service', ...service })
    lab.runFor(2_000)
    const ask = (path: string): unknown => {
      const ref = lab.open(path, 'GET')
      lab.runFor(2_000)
      const [answer] = lab.messages(ref).flatMap(each => (each.what === 'answer' ? [each.answer] : []))
      return answer
    }
    expect(ask(`${pods}/web/proxy/`)).toMatchObject({ status: 200, body: expect.stringContaining('nginx') })
    expect(ask('/api/v1/namespaces/default/services/web:8080/proxy/none')).toMatchObject({ status: 404 })
    expect(ask(`${pods}/web:99/proxy/`)).toMatchObject({
      status: 503,
      body: expect.stringMatching(/error trying to reach service: dial tcp [\d.]+:99: connect: connection refused/),
    })
    expect(lab.connect('/api/v1/namespaces/default/services/web:x/proxy/', 'GET')).toMatchObject({
      status: 503,
      body: expect.stringContaining('no service port \\"x\\" found for service \\"web\\"'),
    })
  })
})
