import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { Ask, Frame, Reply, SessionMessage } from '../protocol/messages.ts'
import { type Bridge, startBridge } from './bridge.ts'

const bare = { preset: 'm-k8s', masters: 1, workers: 0, workerCpu: 2, workerMemoryMiB: 2560, components: ['apiserver'] }

/** A page at the other end of a WebSocket. */
class FakePage {
  readonly frames: Frame[] = []
  private readonly replies = new Map<number, (reply: Reply) => void>()
  private asked = 0

  constructor(readonly socket: WebSocket) {
    socket.on('message', data => this.take(JSON.parse(String(data))))
  }

  ask(ask: Ask): Promise<Reply> {
    const id = ++this.asked
    this.socket.send(JSON.stringify({ id, ask }))
    return new Promise(resolve => void this.replies.set(id, resolve))
  }

  private take(message: SessionMessage): void {
    if (message.type === 'frame') this.frames.push(message.frame)
    if (message.type === 'reply') this.replies.get(message.reply.id)?.(message.reply)
  }
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (isSo()) return
    await new Promise(resolve => setTimeout(resolve, 20))
  }
  throw new Error(`it did not come to pass: ${String(isSo)}`)
}

describe('[I3] the page of npm run serve', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podscape-page-'))
  let bridge: Bridge
  let [host, token] = ['', '']
  beforeAll(async () => {
    mkdirSync(join(folder, 'assets'))
    writeFileSync(join(folder, 'index.html'), '<title>Podscape</title>')
    writeFileSync(join(folder, 'assets/page.js'), 'export {}')
    bridge = await startBridge({ port: 0, topology: bare, seed: 1, speed: 1, page: { folder, port: 0 } })
    const found = /^http:\/\/(127\.0\.0\.1:\d+)\/#live=(.+)$/.exec(bridge.pageUrl ?? '')
    ;[host, token] = [found?.[1] ?? '', found?.[2] ?? '']
  })
  afterAll(async () => {
    await bridge.close()
    rmSync(folder, { recursive: true })
  })

  const get = (path: string, more: { method?: string; headers?: Record<string, string> } = {}) =>
    new Promise<{ status: number; type: string; text: string }>((resolve, reject) => {
      const [hostname, port] = host.split(':')
      const sent = httpRequest({ hostname, port, path, agent: false, ...more }, answer => {
        let text = ''
        answer.on('data', piece => (text += String(piece)))
        answer.on('end', () => {
          resolve({ status: answer.statusCode ?? 0, type: answer.headers['content-type'] ?? '', text })
        })
      })
      sent.on('error', reject)
      sent.end()
    })

  /** The status with which a WebSocket is refused, or the page that it is. */
  const connect = (given: { secret?: string; origin?: string; host?: string } = {}): Promise<number | FakePage> =>
    new Promise((resolve, reject) => {
      const { secret = token, origin = `http://${host}` } = given
      const headers = given.host === undefined ? {} : { host: given.host }
      const socket = new WebSocket(`ws://${host}/session`, ['podscape', secret], { origin, headers })
      socket.on('unexpected-response', (_request, answer) => resolve(answer.statusCode ?? 0))
      socket.on('open', () => resolve(new FakePage(socket)))
      socket.on('error', reject)
    })

  const look = async (): Promise<FakePage> => {
    const page = await connect()
    if (typeof page === 'number') throw new Error(`refused with ${page}`)
    expect(await page.ask({ ask: 'open', record: emptyRecord })).toMatchObject({ ok: true })
    return page
  }
  const emptyRecord = { format: 1, engine: '', seed: 9, topology: bare, inputs: [], at: 0 }

  it('hands out the files of the built page and no others, to Hosts of this machine', async () => {
    expect(await get('/')).toEqual({ status: 200, type: 'text/html; charset=utf-8', text: '<title>Podscape</title>' })
    expect(await get('/assets/page.js?v=1')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' })
    expect(await get('/../package.json')).toMatchObject({ status: 404 })
    expect(await get('/assets')).toMatchObject({ status: 404 })
    expect(await get('/', { method: 'POST' })).toMatchObject({ status: 405 })
    expect(await get('/', { headers: { host: 'evil.example' } })).toMatchObject({ status: 403 })
  })

  it('lets nobody look without the token, from another origin or under another name', async () => {
    expect(await connect({ secret: 'guess' })).toBe(403)
    expect(await connect({ secret: `${token}x` })).toBe(403)
    expect(await connect({ origin: 'http://evil.example' })).toBe(403)
    expect(await connect({ origin: 'http://evil.example', host: 'evil.example' })).toBe(403)
  })

  it('shows the session that the API serves, to every page, and leaves it as it is', async () => {
    const seed = bridge.live.record()?.seed
    const [one, two] = [await look(), await look()]
    await until(() => one.frames.length > 0 && two.frames.length > 0)
    expect(one.frames[0]?.booted).toBe(true)
    const apply = { type: 'apply', yaml: 'apiVersion: v1\nkind: Namespace\nmetadata: { name: seen }' } as const
    const answers = [await two.ask({ ask: 'digest' }), await one.ask({ ask: 'input', input: apply })]
    expect(answers[1]).toMatchObject({ ok: true, value: { lines: ['namespace/seen created'], errors: [] } })
    const read = await two.ask({ ask: 'api', path: '/api/v1/namespaces/seen' })
    expect(read).toMatchObject({ ok: true, value: { status: 200 } })
    expect(bridge.live.record()?.seed).toBe(seed)
    one.socket.close()
    two.socket.close()
  })

  it('ends what clients have open when a page goes to another time', async () => {
    const page = await look()
    let lost = 0
    const request = { method: 'GET', path: '/api/v1/namespaces?watch=1', headers: {}, certificate: administrator }
    await bridge.live.connect(request, { news: () => undefined, lost: () => lost++ })
    const at = bridge.host.session?.now ?? 0
    expect(await page.ask({ ask: 'seek', at: at - 100 })).toMatchObject({ ok: true })
    expect(lost).toBe(1)
    page.socket.close()
  })
  const administrator = { user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'] }

  it('hangs up on what is no question', async () => {
    const page = await look()
    const closed = new Promise(resolve => page.socket.on('close', resolve))
    page.socket.send('{"id":1}')
    expect(await closed).toBe(1007)
  })
})
