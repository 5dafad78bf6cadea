import { request as httpRequest, type RequestOptions } from 'node:https'
import { connect } from 'node:tls'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Session } from '../session/session.ts'
import { type Bridge, startBridge } from './bridge.ts'
import type { KeyPair } from './certificates.ts'

const bare = { preset: 'm-k8s', masters: 1, workers: 0, workerCpu: 2, workerMemoryMiB: 2560, components: ['apiserver'] }

interface Answer {
  readonly status: number
  readonly headers: Record<string, string | string[] | undefined>
  readonly bytes: Buffer
  readonly text: string
}

describe('[I3] bridge: the API over HTTPS', () => {
  let bridge: Bridge
  beforeAll(async () => {
    bridge = await startBridge({ port: 0, topology: bare, seed: 1, speed: 1 })
  })
  afterAll(() => bridge.close())

  const send = (options: RequestOptions, body?: string | Buffer, client: KeyPair | null = bridge.pki.admin) =>
    new Promise<Answer>((resolve, reject) => {
      const { port, pki } = bridge
      const tls = { ca: pki.ca, servername: 'localhost', ...(client && { cert: client.certificate, key: client.key }) }
      const sent = httpRequest({ host: '127.0.0.1', port, agent: false, ...tls, ...options }, answer => {
        const pieces: Buffer[] = []
        answer.on('data', (piece: Buffer) => pieces.push(piece))
        answer.on('end', () => {
          const bytes = Buffer.concat(pieces)
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, bytes, text: bytes.toString() })
        })
      })
      sent.on('error', reject)
      sent.end(body)
    })

  it('answers to Hosts of this machine only', async () => {
    expect(await send({ path: '/livez', headers: { host: 'evil.example:6443' } })).toMatchObject({ status: 403 })
    expect(await send({ path: '/livez', headers: { host: 'localhost' } })).toMatchObject({ status: 200, text: 'ok' })
  })

  it('refuses a body of more than 3 MiB with a Status, and goes on', async () => {
    const options = { method: 'POST', path: '/api/v1/namespaces/default/configmaps' }
    const headers = { 'content-type': 'application/json' }
    const answer = await send({ ...options, headers }, Buffer.alloc(3 * 1024 * 1024 + 1, 'x'))
    expect(JSON.parse(answer.text)).toMatchObject({
      code: 413,
      reason: 'RequestEntityTooLarge',
      message: 'Request entity too large: limit is 3145728',
    })
    expect(await send({ path: '/livez' })).toMatchObject({ status: 200 })
  })

  it('does nothing with a body that broke off', async () => {
    const before = bridge.live.record()?.inputs.length
    await new Promise<void>(resolve => {
      const { ca, admin } = bridge.pki
      const socket = connect(
        { port: bridge.port, host: '127.0.0.1', ca, cert: admin.certificate, key: admin.key },
        () => {
          const head = 'POST /api/v1/namespaces HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'
          socket.write(`${head}Content-Length: 1000\r\n\r\n{"metadata":{"name":"half"}}`)
          setTimeout(() => socket.destroy(), 100)
        },
      )
      socket.on('close', () => resolve())
    })
    expect(await send({ path: '/api/v1/namespaces/half' })).toMatchObject({ status: 404 })
    expect(bridge.live.record()?.inputs.length).toBe((before ?? 0) + 1)
  })

  it('packs long answers for those who can unpack them', async () => {
    const data = { text: 'x'.repeat(200_000) }
    const body = JSON.stringify({ metadata: { name: 'long' }, data })
    const path = '/api/v1/namespaces/default/configmaps'
    await send({ method: 'POST', path, headers: { 'content-type': 'application/json' } }, body)
    const plain = await send({ path })
    const packed = await send({ path, headers: { 'accept-encoding': 'gzip' } })
    expect(packed.headers['content-encoding']).toBe('gzip')
    expect(packed.bytes.length).toBeLessThan(plain.bytes.length / 10)
    expect(gunzipSync(packed.bytes).toString()).toBe(plain.text)
  })

  it('keeps a record that leads to the same digest without any client', async () => {
    const headers = { 'content-type': 'application/json' }
    await send({ method: 'POST', path: '/api/v1/namespaces', headers }, JSON.stringify({ metadata: { name: 'mine' } }))
    const record = bridge.live.record()
    const digest = bridge.host.session?.digest()
    if (!record) throw new Error('there is no record')
    const again = new Session(JSON.parse(JSON.stringify(record)))
    again.advance(record.at)
    expect(again.digest()).toBe(digest)
  })
})
