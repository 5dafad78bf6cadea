import type { Http2SecureServer } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { createHttpsServer } from '../../bridge/api-server.ts'
import { createPki, type Pki } from '../../bridge/certificates.ts'
import { kubeconfigText } from '../../bridge/kubeconfig.ts'
import type { Connection, Listener, Requests } from '../../bridge/live-session.ts'
import { serveUpgrades } from '../../bridge/upgrade.ts'
import type { WatchDelivery } from '../../machinery/rest.ts'
import type { OutsideRequest } from '../../protocol/messages.ts'
import type { OutsideAnswer } from '../../session/outside.ts'
import type { ApiLab } from '../api-lab.ts'

type Lab = Pick<ApiLab, 'simulation' | 'api' | 'self' | 'advance'>

interface Open {
  readonly deliveries: WatchDelivery[]
  readonly listener: Listener
}

/** How often time goes on, in ms. */
const tickMs = 10

/** A lab behind the bridge's own HTTPS server, its virtual time following the real one. */
export class LabServer implements Requests {
  private readonly open = new Set<Open>()
  private clients = 0
  private timer: NodeJS.Timeout | undefined

  private constructor(
    private readonly lab: Lab,
    private readonly pki: Pki,
    /** Virtual seconds a real second. */
    private readonly speed: number,
  ) {}

  /** Begins to listen; time goes on when `run` is told to. */
  static async start(lab: Lab, { pki, speed }: { pki?: Pki; speed: number }) {
    const requests = new LabServer(lab, pki ?? (await createPki()), speed)
    const server = createHttpsServer({ live: requests, pki: requests.pki, staticTokens: {} })
    serveUpgrades(server, { live: requests, staticTokens: {} })
    await new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve))
    const address = `127.0.0.1:${portOf(server)}`
    const kubeconfig = kubeconfigText({ server: `https://${address}`, ca: requests.pki.ca, client: requests.pki.admin })
    const close = (): void => {
      requests.pause()
      server.close()
    }
    return { requests, address, kubeconfig, close }
  }

  request(request: OutsideRequest): Promise<OutsideAnswer> {
    return Promise.resolve(this.lab.api.http(this.lab.self, request))
  }

  connect(request: OutsideRequest, listener: Listener): Promise<{ answer: OutsideAnswer; connection: Connection }> {
    const { simulation, api, self } = this.lab
    const number = ++this.clients
    const component = `outside-${number}`
    const state: { deliveries: WatchDelivery[] } = { deliveries: [] }
    simulation.add(component, 'client', state)
    const answer = api.http(self, request, { component, delayMs: 1 })
    const open = { deliveries: state.deliveries, listener }
    if ('watchId' in answer) this.open.add(open)
    const send: Connection['send'] = () => {
      if (this.open.delete(open) && 'watchId' in answer) api.stopWatch(self, answer.watchId)
    }
    return Promise.resolve({ answer, connection: { number, send } })
  }

  /** Lets time pass. */
  run(): void {
    this.timer ??= setInterval(() => {
      this.lab.advance(tickMs * this.speed)
      this.deliver()
    }, tickMs)
  }

  pause(): void {
    clearInterval(this.timer)
    this.timer = undefined
  }

  private deliver(): void {
    for (const open of [...this.open]) {
      for (const delivery of open.deliveries.splice(0)) {
        open.listener.news(delivery)
        if (delivery.closed !== undefined) this.open.delete(open)
      }
    }
  }
}

function portOf(server: Http2SecureServer): number {
  const address: AddressInfo | string | null = server.address()
  if (typeof address === 'object' && address) return address.port
  throw new Error('the server listens nowhere')
}
