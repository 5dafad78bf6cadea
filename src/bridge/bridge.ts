import type { AddressInfo, Server, Socket } from 'node:net'
import { type Reply, recordFormat, type SessionRecord, type Topology } from '../protocol/messages.ts'
import { Host } from '../session/host.ts'
import { createHttpsServer } from './api-server.ts'
import { createPki, type Pki } from './certificates.ts'
import { kubeconfigText } from './kubeconfig.ts'
import { LiveSession } from './live-session.ts'
import type { StaticUser } from './options.ts'
import { PageDoor } from './page-door.ts'
import { createPageServer } from './page-server.ts'
import { serveUpgrades } from './upgrade.ts'

export interface BridgeOptions {
  readonly port: number
  readonly topology: Topology
  readonly seed: number
  readonly speed: number
  readonly staticTokens?: Readonly<Record<string, StaticUser>>
  /** Certificates of an earlier start; made anew if left out. */
  readonly pki?: Pki
  /** Serve the built page as well: from this folder, on this port. */
  readonly page?: { readonly folder: string; readonly port: number }
}

/** A session behind the Kubernetes API on this machine. */
export interface Bridge {
  readonly url: string
  readonly port: number
  readonly kubeconfig: string
  /** Where the page is, with the token in the fragment. */
  readonly pageUrl?: string
  readonly pki: Pki
  readonly host: Host
  readonly live: LiveSession
  close(): Promise<void>
}

/** Only this machine. */
const address = '127.0.0.1'

/** Installs a cluster, in as little real time as that takes, and serves it. */
export async function startBridge(options: BridgeOptions): Promise<Bridge> {
  const { seed, topology, speed, staticTokens = {} } = options
  const pki = options.pki ?? (await createPki())
  const replies: { take?: (reply: Reply) => void } = {}
  const host = openSession(freshRecord(seed, topology), reply => replies.take?.(reply))
  install(host)
  setSpeed(host, speed)
  const live = new LiveSession(host)
  const page = options.page && (await servePage(options.page, host, live))
  if (page) replies.take = reply => page.door.reply(reply)
  const server = createHttpsServer({ live, pki, staticTokens })
  serveUpgrades(server, { live, staticTokens })
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await listen(server, options.port)
  live.start()
  const url = `https://${address}:${port}`
  return {
    url,
    port,
    pki,
    host,
    live,
    kubeconfig: kubeconfigText({ server: url, ca: pki.ca, client: pki.admin }),
    ...(page && { pageUrl: page.url }),
    close: () => {
      live.stop()
      page?.close()
      return new Promise(resolve => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      })
    },
  }
}

async function servePage({ folder, port }: NonNullable<BridgeOptions['page']>, host: Host, live: LiveSession) {
  const door = new PageDoor(host, live)
  const { server, token } = createPageServer(folder, door)
  const url = `http://${address}:${await listen(server, port)}/#live=${token}`
  door.start()
  const close = (): void => {
    door.stop()
    server.close()
    server.closeAllConnections()
  }
  return { door, url, close }
}

/** Begins to listen, on this machine only, and tells the port. */
async function listen(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  return addressOf(server.address()).port
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (typeof address === 'object' && address) return address
  throw new Error('the server listens nowhere')
}

export function freshRecord(seed: number, topology: Topology): SessionRecord {
  return { format: recordFormat, engine: '', seed, topology, inputs: [], at: 0 }
}

function openSession(record: SessionRecord, reply: (reply: Reply) => void): Host {
  const host = new Host(() => performance.now(), reply)
  host.ask(0, { ask: 'open', record })
  return host
}

/** What a control plane without machines needs until its server is up, in virtual ms. */
const startMs = 1_000

function install(host: Host): void {
  const { session } = host
  if (!session) return
  session.advance(session.now + startMs)
  const giveUpAt = session.now + 5 * 60_000
  while (!session.cluster.isBooted() && session.now < giveUpAt) session.advance(session.now + startMs)
}

function setSpeed(host: Host, speed: number): void {
  if (speed > 0) host.ask(0, { ask: 'speed', speed })
  host.ask(0, { ask: speed > 0 ? 'play' : 'pause' })
}
