// A bare control plane behind HTTPS, in a thread of its own: what golden-http.ts tells it to do is done one after the other.

import { Agent, request as httpsRequest } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { type MessagePort, workerData } from 'node:worker_threads'
import { type Bridge, startBridge } from '../bridge/bridge.ts'
import { createPki, type KeyPair, type Pki } from '../bridge/certificates.ts'
import { compact } from '../control-plane/etcd/compaction.ts'
import type { EtcdState } from '../control-plane/etcd/store.ts'
import type { HttpRequest, HttpResponse } from './golden-api-replay.ts'

export type Order =
  | { readonly do: 'fresh' }
  | { readonly do: 'send'; readonly request: HttpRequest }
  | { readonly do: 'watch'; readonly request: HttpRequest }
  | { readonly do: 'read'; readonly watch: number }
  | { readonly do: 'advance'; readonly ms: number }
  | { readonly do: 'compact' }
  | { readonly do: 'end' }

export interface Channel {
  readonly port: MessagePort
  /** Set to 1 and notified when an order has been carried out. */
  readonly done: Int32Array
}

const topology = {
  preset: 'm-k8s',
  masters: 1,
  workers: 0,
  workerCpu: 2,
  workerMemoryMiB: 2560,
  components: ['apiserver'],
}

/** How long a watch is given to bring what has been written, in real ms. */
const settleMs = 15

/** Carries out orders on servers of its own. */
class GoldenServer {
  private bridge: Bridge | undefined
  private agent = new Agent({ keepAlive: true })
  private readonly watches: { text: string; ended: boolean }[] = []

  constructor(
    private readonly pki: Pki,
    /** The recordings' user, whose certificate is shown unless a request brings other credentials. */
    private readonly admin: KeyPair,
  ) {}

  async carryOut(order: Order): Promise<unknown> {
    switch (order.do) {
      case 'fresh':
        await this.end()
        this.agent = new Agent({ keepAlive: true })
        this.bridge = await startBridge({ port: 0, topology, seed: 1, speed: 0, pki: this.pki })
        return undefined
      case 'send':
        return whole(await this.open(order.request))
      case 'watch':
        return this.watch(await this.open(order.request))
      case 'read': {
        const watch = this.watches[order.watch]
        // Its time is over, so it ends as soon as everything has arrived.
        for (let tries = 0; watch && !watch.ended && tries < 100; tries++) await sleep(settleMs)
        const text = watch?.text ?? ''
        if (watch) watch.text = ''
        return text
      }
      case 'advance':
        this.session.advance(this.session.now + order.ms)
        return undefined
      case 'compact': {
        const etcd = this.session.cluster.simulation.state<EtcdState>('etcd')
        return compact(etcd, etcd.revision)
      }
      case 'end':
        return this.end()
    }
  }

  private get session() {
    const session = this.bridge?.host.session
    if (!session) throw new Error('there is no server yet')
    return session
  }

  private async end(): Promise<void> {
    this.agent.destroy()
    await this.bridge?.close()
    this.bridge = undefined
  }

  private open({ method, path, headers, body }: HttpRequest): Promise<IncomingMessage> {
    const { authorization, ...others } = lowered(headers)
    const client = authorization === undefined ? { cert: this.admin.certificate, key: this.admin.key } : {}
    const credentials = authorization ? { authorization } : {}
    const length = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
    return new Promise((resolve, reject) => {
      const sent = httpsRequest(
        {
          ...{
            host: '127.0.0.1',
            port: this.bridge?.port,
            method,
            path: path.replace(/[^\x21-\x7e]+/g, encodeURIComponent),
            agent: this.agent,
          },
          ...{ ca: this.pki.ca, ...client, headers: { ...others, ...credentials, ...length } },
        },
        resolve,
      )
      sent.on('error', reject)
      sent.end(body)
    })
  }

  private watch(answer: IncomingMessage) {
    const watch = { text: '', ended: false }
    this.watches.push(watch)
    answer.setEncoding('utf8')
    answer.on('data', (piece: string) => void (watch.text += piece))
    answer.on('end', () => void (watch.ended = true))
    answer.on('error', () => void (watch.ended = true))
    return { watch: this.watches.length - 1, ...headOf(answer) }
  }
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

/** The whole of an answer. Of one that goes on, which nobody expected, what it brings at first. */
function whole(answer: IncomingMessage): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    const end = (): void => resolve({ ...headOf(answer), body: Buffer.concat(pieces).toString('utf8') })
    answer.on('data', (piece: Buffer) => pieces.push(piece))
    answer.on('end', end)
    answer.on('error', reject)
    if (answer.headers['content-length'] !== undefined) return
    setTimeout(() => {
      end()
      answer.destroy()
    }, 10 * settleMs)
  })
}

function headOf({ statusCode = 0, headersDistinct }: IncomingMessage): Omit<HttpResponse, 'body'> {
  const headers: HttpResponse['headers'] = {}
  for (const [name, values] of Object.entries(headersDistinct)) {
    // As the API server writes them.
    const written = name.replace(/(^|-)[a-z]/g, letter => letter.toUpperCase())
    if (values) headers[written] = values.length === 1 ? (values[0] ?? '') : values
  }
  return { status: statusCode, headers }
}

function lowered(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

async function work({ port, done }: Channel): Promise<void> {
  const pki = await createPki()
  const server = new GoldenServer(pki, await pki.issue('admin', ['system:masters']))
  port.on('message', (order: Order) => {
    server
      .carryOut(order)
      .then(value => port.postMessage({ value }))
      .catch((error: unknown) => port.postMessage({ error: error instanceof Error ? error.stack : String(error) }))
      .finally(() => {
        Atomics.store(done, 0, 1)
        Atomics.notify(done, 0)
      })
  })
}

void work(workerData as Channel)
