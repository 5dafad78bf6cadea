// The recorded API cases against a server that is reached over HTTPS. The replay is synchronous: this thread sleeps while
// another one (golden-http-worker.ts) serves and asks.

import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { HttpServer } from './golden-api-replay.ts'
import type { Channel, Order } from './golden-http-worker.ts'

/** Servers behind HTTPS, one after the other. */
export class GoldenHttp {
  private readonly worker: Worker
  private readonly done = new Int32Array(new SharedArrayBuffer(4))
  private readonly channel = new MessageChannel()

  constructor() {
    const { port1, port2 } = this.channel
    const workerData: Channel = { port: port2, done: this.done }
    const file = new URL('golden-http-worker.ts', import.meta.url)
    // A thread of Node's own reads no TypeScript before tsx has taught it to.
    const start = `import('tsx/esm/api').then(tsx => { tsx.register(); return import(${JSON.stringify(file.href)}) })`
    this.worker = new Worker(start, { eval: true, workerData, transferList: [port2] })
    port1.unref()
  }

  /** A server in which nothing has happened yet. */
  fresh(): HttpServer {
    this.order({ do: 'fresh' })
    return {
      send: request => this.order({ do: 'send', request }),
      advance: ms => this.order({ do: 'advance', ms }),
      compact: () => this.order({ do: 'compact' }),
      watch: request => {
        const { watch, ...head } = this.order<ReturnType<NonNullable<HttpServer['watch']>> & { watch: number }>({
          do: 'watch',
          request,
        })
        return { ...head, body: () => this.order({ do: 'read', watch }) }
      },
    }
  }

  end(): Promise<number> {
    this.order({ do: 'end' })
    return this.worker.terminate()
  }

  private order<Value>(order: Order): Value {
    Atomics.store(this.done, 0, 0)
    this.channel.port1.postMessage(order)
    if (Atomics.wait(this.done, 0, 0, 60_000) === 'timed-out') throw new Error(`${order.do} took more than a minute`)
    // The word that it is done may be faster than the message.
    let received: { message: { value: Value; error?: string } } | undefined
    while (!received) received = receiveMessageOnPort(this.channel.port1)
    const { value, error } = received.message
    if (error !== undefined) throw new Error(error)
    return value
  }
}
