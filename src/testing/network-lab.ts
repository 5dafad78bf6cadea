import type { HopEvidence } from '../machinery/evidence.ts'
import { createNetwork } from '../network/network.ts'
import type { DnsAnswer } from '../network/dns.ts'
import type { Answer, Delivered, Host, OpenExchange, Respond } from '../network/exchange.ts'
import type { Packet, Rules, Translation } from '../network/route.ts'
import { newNetwork } from '../network/state.ts'
import { defineComponent } from '../sim/component.ts'
import { Simulation } from '../sim/simulation.ts'

interface Recorder {
  readonly answers: Answer[]
  readonly served: Delivered[]
  /** How the server answers. */
  readonly respond: Omit<Respond, 'exchange'> | null
}

const ok: Omit<Respond, 'exchange'> = { afterMs: 2, http: { status: 200, headers: {}, body: 'hello\n' } }

const recorder = defineComponent<Recorder>({
  type: 'recorder',
  on: {
    answer: (self, answer: Answer) => void self.state.answers.push(answer),
    exchange: (self, request: Delivered) => {
      self.state.served.push(request)
      if (self.state.respond) self.send('network', 0, 'respond', { exchange: request.exchange, ...self.state.respond })
    },
  },
})

/** Knows names and remembers what it was asked. */
const nameServer = defineComponent<{ known: Readonly<Record<string, string>>; asked: string[] }>({
  type: 'name server',
  on: {
    exchange: (self, { exchange, payload }: Delivered) => {
      const { name } = payload as { name: string }
      self.state.asked.push(name)
      const data = self.state.known[name]
      const answer: DnsAnswer = {
        code: data === undefined ? 'NXDOMAIN' : 'NOERROR',
        answers: data === undefined ? [] : [{ name, type: 'A', ttl: 30, data }],
        authoritative: true,
      }
      self.send('network', 0, 'respond', { exchange, afterMs: 0, payload: answer })
    },
  },
})

const machines: Record<string, string> = {
  'm-k8s': '192.168.1.10',
  'w1-k8s': '192.168.1.101',
  'w2-k8s': '192.168.1.102',
  workstation: '192.168.1.5',
}
const webRule: Extract<Translation, { verdict: 'forward' }> = {
  verdict: 'forward',
  place: 'service/default/web',
  rule: 'default/web -> 172.16.2.2:80',
  address: '172.16.2.2',
  port: 80,
  masquerade: true,
}

/** Node port 30000 and a ClusterIP lead to the Pod on w2. */
function translateWeb(machine: string, { destination, port, isLocal }: Packet): Translation | undefined {
  if (machine === 'workstation') return undefined
  if ((isLocal && port === 30000) || (destination === '10.96.0.50' && port === 80)) return webRule
  if (destination === '10.96.0.51') {
    return { verdict: 'reject', place: 'service/default/none', rule: 'default/none has no endpoints' }
  }
  if (destination === '10.96.0.52') {
    return { verdict: 'drop', place: 'service/default/local', rule: 'default/local has no local endpoints' }
  }
  return undefined
}

/** Three machines and a workstation, a client Pod on w1, a web server on w2, and service rules made by hand. */
export class Lab {
  readonly simulation: Simulation
  constructor(rules: Partial<Rules> = {}, seed = 1) {
    const network = createNetwork({ translate: translateWeb, ...rules })
    this.simulation = new Simulation({
      seed,
      startMs: 0,
      traceCapacity: 100_000,
      definitions: [network, recorder, nameServer],
    })
    this.simulation.add('network', 'network', newNetwork())
    this.simulation.add('client', 'recorder', { answers: [], served: [], respond: null })
    this.simulation.add('web', 'recorder', { answers: [], served: [], respond: ok })
    this.simulation.add('silent', 'recorder', { answers: [], served: [], respond: null })
    for (const [name, address] of Object.entries(machines)) {
      this.host({ name, addresses: [address], up: true, hosts: machines })
      if (name !== 'workstation') this.tell('pod-network', { machine: name, plugin: 'calico' })
    }
    this.host({ name: 'pod/a', addresses: ['172.16.1.2'], machine: 'w1-k8s', up: true })
    this.host({ name: 'pod/web', addresses: ['172.16.2.2'], machine: 'w2-k8s', up: true })
    this.listen('pod/web', 80, 'web')
    this.listen('pod/web', 81, 'silent')
    this.run(0)
  }
  host(host: Host): void {
    this.tell('host', host)
  }
  tell(type: string, data: unknown): void {
    this.simulation.schedule('network', 0, type, data)
  }
  listen(host: string, port: number, component: string, protocol: 'tcp' | 'udp' = 'tcp'): void {
    this.tell('listen', { host, port, protocol, tag: { component } })
  }
  unlisten(host: string, port: number, component: string): void {
    this.tell('unlisten', { host, port, protocol: 'tcp', tag: { component } })
  }
  run(ms: number): void {
    this.simulation.runUntil(this.simulation.now + ms)
  }
  get(from: string, host: string, port: number, more: Partial<OpenExchange> = {}): void {
    const http = { method: 'GET', path: '/', headers: {} }
    const replyTo = { component: 'client', tag: null }
    this.tell('open', { from, protocol: 'http', host, port, http, replyTo, ...more })
  }
  get answers(): readonly Answer[] {
    return this.simulation.state<Recorder>('client').answers
  }
  /** Answers in words, with the ms that they took. */
  get ends(): string[] {
    return this.answers.map(answer => {
      const what = answer.ok ? String(answer.http?.status ?? 'ok') : answer.failure
      return `${what} ${Math.round(answer.tookMs / 10) / 100}s`
    })
  }
  served(component: string): readonly Delivered[] {
    return this.simulation.state<Recorder>(component).served
  }
  get hops(): string[] {
    return this.evidence<HopEvidence>('hop').map(hop => `${hop.direction} ${hop.from} → ${hop.to} ${hop.verdict}`)
  }
  evidence<Data>(type: string): Data[] {
    return this.simulation.trace
      .since(0)
      .filter(entry => entry.type === type)
      .map(entry => entry.data as Data)
  }
}
