import type { HttpRequest } from '../../control-plane/apiserver/http/message.ts'
import type { StreamAnswer, StreamMessage, StreamRequest } from '../../machinery/streams.ts'
import type { NetworkAnswer } from '../../shell/programs/network-request.ts'
import type { Simulation } from '../../sim/simulation.ts'
import type { Listener, ProxyRules, Signal } from '../../tools/kubectl/command.ts'
import type { Followers } from './following.ts'
import { processAt } from './levels.ts'
import type { Connection } from './requests.ts'
import type { TerminalSelf, TerminalState } from './terminal-state.ts'

/** What is needed of the world to answer on ports of a machine. */
export interface LoopbackOptions {
  simulation(): Simulation
  /** Sends a request to the API server. Throws ApiError when none can be reached. */
  http(request: HttpRequest): {
    readonly status: number
    readonly headers: Readonly<Record<string, unknown>>
    readonly body: string
  }
  /** The text of a file of a machine. */
  read(machine: string, path: string): string | undefined
  readonly followers: Followers
}

interface Resumed {
  readonly key: number
  readonly answer: Signal
}

/** Which request of which process an answer of a Pod belongs to. */
interface Back {
  readonly back: Connection['from']
  readonly port: number
}

/** The ports of machines on which kubectl answers: port-forward and proxy. */
export class Loopback {
  constructor(private readonly options: LoopbackOptions) {}

  isFree(machine: string, port: number): boolean {
    return this.find(machine, port) === undefined
  }

  /** Hands a request to whoever listens on the machine's port. Returns whether somebody does. */
  local(self: TerminalSelf, connection: Connection): boolean {
    const { machine, request } = connection
    if (request.kind === 'lookup' || !isLoopback(request.host)) return false
    const found = this.find(machine, request.port)
    if (found === undefined) return false
    self.send(found, 0, 'connection', connection)
    return true
  }

  /** Passes a request on that came for a port of this terminal's programs. */
  connected(self: TerminalSelf, connection: Connection): Resumed | undefined {
    const { machine, request, from } = connection
    if (request.kind === 'lookup') return undefined
    for (const [key, { listeners, streams }] of self.state.following) {
      const listener = listeners.find(({ port }) => port === request.port)
      if (!listener || processAt(self.state, key)?.level.machine !== machine) continue
      const { to } = listener
      if (to.what === 'api') {
        const answer = request.kind === 'http' ? this.proxied(to, machine, request) : okay()
        self.send(from.component, 0, 'local-answer', { key: from.key, answer })
        return undefined
      }
      const open = streams[to.stream]
      if (!open || !('ref' in open)) return undefined
      const tag: Back = { back: from, port: request.port }
      const message: StreamRequest = {
        ...{ stream: open.ref.id, tag, port: to.port },
        ...(request.kind === 'http' && { http: httpOf(request) }),
      }
      self.send(open.ref.component, 0, 'stream-request', message)
      return { key, answer: { type: 'connection', port: request.port } }
    }
    self.send(from.component, 0, 'local-answer', { key: from.key, answer: refused })
    return undefined
  }

  /** Passes a Pod's answer back to the program that asked. The listener hears of failures. */
  answered(self: TerminalSelf, message: StreamMessage): Resumed | undefined {
    if (message.what !== 'answer' || !isBack(message.tag)) return undefined
    const { tag, answer } = message
    const passed = fromStream(answer)
    self.send(tag.back.component, 0, 'local-answer', { key: tag.back.key, answer: passed })
    const found = answer.ok ? undefined : this.options.followers.find(self.state, message.stream)
    if (answer.ok || !found) return undefined
    return { key: found.key, answer: { type: 'connection', port: tag.port, error: answer.failure } }
  }

  /** The terminal in which somebody listens on a port of a machine. */
  private find(machine: string, port: number): string | undefined {
    const simulation = this.options.simulation()
    return simulation.namesOf('terminal').find(name => {
      const state = simulation.state<TerminalState>(name)
      return [...state.following].some(([key, { listeners }]) => {
        return (
          processAt(state, key)?.level.machine === machine && listeners.some((each: Listener) => each.port === port)
        )
      })
    })
  }

  /** What `kubectl proxy` answers (kubectl/pkg/proxy/proxy_server.go). */
  private proxied(
    rules: ProxyRules,
    machine: string,
    request: Extract<Connection['request'], { kind: 'http' }>,
  ): NetworkAnswer {
    const { method, path, headers, body, host } = request
    const [plain = ''] = path.split('?')
    if (rules.acceptPaths.length > 0 && !isAccepted(rules, method, plain, host)) return okay(403, '<h3>Forbidden</h3>')
    if (rules.filesFrom !== '' && plain.startsWith(rules.filesPrefix)) {
      const text = this.options.read(machine, `${rules.filesFrom}/${plain.slice(rules.filesPrefix.length)}`)
      return text === undefined ? okay(404, '404 page not found\n') : okay(200, text)
    }
    if (!plain.startsWith(rules.apiPrefix)) return okay(404, '404 page not found\n')
    const inside = `/${path.slice(rules.apiPrefix.length)}`
    const answer = this.options.http({
      ...{ method, path: inside, headers: { ...headers, ...rules.headers } },
      ...(body !== undefined && { body }),
    })
    const texts = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
    return { ok: true, remote: '127.0.0.1', tookMs: 1, http: { ...answer, headers: Object.fromEntries(texts) } }
  }
}

function isAccepted(rules: ProxyRules, method: string, path: string, host: string): boolean {
  const fits = (patterns: readonly string[], text: string): boolean =>
    patterns.some(pattern => new RegExp(pattern).test(text))
  if (fits(rules.rejectPaths, path) || fits(rules.rejectMethods, method)) return false
  return fits(rules.acceptPaths, path) && fits(rules.acceptHosts, host)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.startsWith('127.')
}

function httpOf({ method, path, headers, body }: Extract<Connection['request'], { kind: 'http' }>) {
  return { method, path, headers, ...(body !== undefined && { body }) }
}

const refused: NetworkAnswer = { ok: false, failure: 'connection refused', remote: '127.0.0.1', tookMs: 0 }

function okay(status = 200, body = ''): NetworkAnswer {
  return { ok: true, remote: '127.0.0.1', tookMs: 1, http: { status, headers: {}, body } }
}

function fromStream(answer: StreamAnswer): NetworkAnswer {
  const where = { remote: '127.0.0.1', tookMs: 1 }
  if (!answer.ok) return { ok: false, failure: 'empty reply', ...where }
  if (answer.status === undefined) return { ok: true, ...where }
  const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
  return {
    ok: true,
    ...where,
    http: { status: answer.status, headers: Object.fromEntries(headers), body: answer.body },
  }
}

function isBack(tag: unknown): tag is Back {
  return typeof tag === 'object' && tag !== null && 'back' in tag && 'port' in tag
}
