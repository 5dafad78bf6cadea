import { once } from 'node:events'
import { Agent, request as httpRequest } from 'node:https'
import { connect } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeAt } from '../control-plane/etcd/history.ts'
import type { EtcdState } from '../control-plane/etcd/store.ts'
import { Chance } from '../testing/fuzz/chance.ts'
import { shown } from '../testing/fuzz/fuzz.ts'
import { problemsOf, touchedPrototypes } from '../testing/fuzz/judge.ts'
import { type Known, randomRequest } from '../testing/fuzz/requests.ts'
import type { HttpRequest, HttpResponse } from '../testing/golden-api-replay.ts'
import { type Bridge, startBridge } from './bridge.ts'

/** `FUZZ_HTTP_REQUESTS=20000 FUZZ_SEED=7 npx vitest run src/bridge/fuzz.test.ts` sends more, and others. */
const requests = Number(process.env['FUZZ_HTTP_REQUESTS'] ?? 400)
const seed = Number(process.env['FUZZ_SEED'] ?? 1)

const bare = { preset: 'm-k8s', masters: 1, workers: 0, workerCpu: 2, workerMemoryMiB: 2560, components: ['apiserver'] }
const health: HttpRequest = { method: 'GET', path: '/readyz', headers: {}, body: undefined }

describe('[A3] [I3] the API over HTTPS, asked for nonsense', () => {
  let bridge: Bridge
  const agent = new Agent({ keepAlive: true })
  beforeAll(async () => {
    bridge = await startBridge({ port: 0, topology: bare, seed: 1, speed: 1 })
  }, 60_000)
  afterAll(() => {
    agent.destroy()
    return bridge.close()
  })

  const etcd = (): EtcdState => {
    const { session } = bridge.host
    if (!session) throw new Error('there is no session')
    return session.cluster.simulation.state<EtcdState>('etcd')
  }

  const send = ({ method, path, headers, body }: HttpRequest): Promise<HttpResponse> =>
    new Promise((resolve, reject) => {
      const { port, pki } = bridge
      const { admin } = pki
      const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
      const place = {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        ca: pki.ca,
        cert: admin.certificate,
        key: admin.key,
      }
      const sent = httpRequest({ ...place, headers: { ...headers, ...length } }, answer => {
        const pieces: Buffer[] = []
        const end = (): void => {
          const text = Buffer.concat(pieces).toString()
          resolve({ status: answer.statusCode ?? 0, headers: distinct(answer.headersDistinct), body: text })
        }
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('end', end)
        answer.on('error', reject)
        // A watch goes on: what it has brought by now is enough.
        if (answer.headers['content-length'] === undefined) setTimeout(() => (end(), answer.destroy()), 20)
      })
      sent.on('error', reject)
      sent.end(body)
    })

  it(
    `answers ${requests} random requests of seed ${seed} with a proper Status each`,
    { timeout: 60_000 + requests * 100 },
    async () => {
      const chance = new Chance(seed, 'http')
      const problems: string[] = []
      for (let i = 0; i < requests; i++) {
        const request = asSendable(randomRequest(chance, knownIn(chance)))
        const { revision } = etcd()
        const answer = await send(request).catch(
          (error: unknown) => `${shown(request)} got no answer: ${String(error)}`,
        )
        if (typeof answer === 'string') {
          problems.push(answer)
          continue
        }
        problems.push(
          ...[...problemsOf(request, answer), ...touchedPrototypes()].map(
            problem => `request ${i}: ${problem}\n  ${shown(request)}`,
          ),
        )
        const isRead = request.method === 'GET' || request.method === 'HEAD'
        if ((isRead || answer.status >= 400) && request.method !== 'DELETE' && etcd().revision !== revision) {
          problems.push(
            `request ${i} was answered with ${answer.status} and changed ${changeAt(etcd(), revision + 1).key}: ${shown(request)}`,
          )
        }
      }
      expect(problems.slice(0, 5).join('\n\n')).toBe('')
      expect(await send(health)).toMatchObject({ status: 200, body: 'ok' })
    },
  )

  const known: Known[] = []
  function knownIn(chance: Chance): Known | undefined {
    if (known.length === 0) {
      for (const name of ['kube-system', 'default']) {
        known.push({ path: `/api/v1/namespaces/${name}`, object: { metadata: { name, labels: { a: 'b' } } } })
      }
      const data = { a: '1', b: '2' }
      known.push({ path: '/api/v1/namespaces/default/configmaps/x', object: { metadata: { name: 'x' }, data } })
    }
    return chance.any(known)
  }

  const head =
    'POST /api/v1/namespaces/default/configmaps HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
  const object = '{"metadata":{"name":"half"},"data":{"a":"b"}}'

  it.each([
    ['a body that ends before its length', `${head}Content-Length: 1000\r\n\r\n${object}`],
    [
      'a body in pieces of which the last never comes',
      `${head}Transfer-Encoding: chunked\r\n\r\n10\r\n${object.slice(0, 16)}\r\n`,
    ],
    ['a piece whose length is no number', `${head}Transfer-Encoding: chunked\r\n\r\nzz\r\n${object}\r\n0\r\n\r\n`],
    ['two lengths that differ', `${head}Content-Length: 5\r\nContent-Length: 45\r\n\r\n${object}`],
    ['a length and pieces at once', `${head}Content-Length: 45\r\nTransfer-Encoding: chunked\r\n\r\n${object}`],
    ['a length below zero', `${head}Content-Length: -1\r\n\r\n${object}`],
    ['half a line', 'POST /api/v1/names'],
    ['no HTTP at all', '\u0000\u0001\u0002\u0003 hello\r\n\r\n'],
    ['a header without end', `${head}X-Long: ${'x'.repeat(2_000_000)}`],
    ['ten thousand headers', `${head}${Array.from({ length: 10_000 }, (_, i) => `X-${i}: 1\r\n`).join('')}`],
  ])('does nothing with %s, and goes on', async (_, text) => {
    const { revision } = etcd()
    const { ca, admin } = bridge.pki
    const socket = connect({ port: bridge.port, host: '127.0.0.1', ca, cert: admin.certificate, key: admin.key })
    socket.on('error', () => undefined)
    await once(socket, 'secureConnect')
    let answer = ''
    socket.on('data', (piece: Buffer) => (answer += piece.toString()))
    socket.write(text)
    await Promise.race([once(socket, 'close'), new Promise(resolve => setTimeout(resolve, 100))])
    socket.destroy()
    expect(answer).toMatch(/^$|^HTTP\/1\.1 4\d\d /)
    expect(await send(health)).toMatchObject({ status: 200, body: 'ok' })
    expect(etcd().revision).toBe(revision)
  })
})

function distinct(headers: Readonly<Record<string, string[] | undefined>>): HttpResponse['headers'] {
  return Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values ?? []]))
}

/** What an HTTP client lets through: the rest never reaches a server. */
function asSendable({ method, path, headers, body }: HttpRequest): HttpRequest {
  const isMethod = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'].includes(method)
  const line = path.startsWith('/') ? path : `/${path}`
  return {
    method: isMethod ? method : 'GET',
    path: line.replace(/[^\x21-\x7e]+/g, text => encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))),
    headers: { ...Object.fromEntries(Object.entries(headers).filter(([name]) => !name.includes('%'))) },
    body,
  }
}
