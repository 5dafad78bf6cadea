// The in-page kubectl on a session that also has clients outside: what it asks goes the way of theirs.

import { X509Certificate } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { docs } from '../../api/docs.ts'
import { fingerprintOf } from '../../bridge/certificates.ts'
import type { OutsideNews } from '../../session/outside.ts'
import type { Session } from '../../session/session.ts'
import type { Signal, StreamRequest } from '../../tools/kubectl/command.ts'
import {
  type Endpoint,
  type Files,
  type Host,
  type HttpRequest,
  type HttpResponse,
  type KubeClient,
  shown,
} from '../../tools/kubectl/host.ts'
import { kubectl, type Result, resume } from '../../tools/kubectl/kubectl.ts'
import type { RecordedOutput } from '../golden-kubectl.ts'
import type { ProcessOptions } from './real-kubectl.ts'

type Certificate = { readonly user: string; readonly groups: readonly string[]; readonly fingerprint: string }

interface Stream {
  readonly news: OutsideNews[]
  readonly refusal?: { readonly status: number; readonly body: string }
  readonly lines?: (news: OutsideNews) => string
}

/** Runs the in-page kubectl as if it were a program of this machine: its files, its clock, one session's API. */
export class PageKubectl {
  private connections = 1_000_000

  constructor(
    private readonly session: Session,
    /** Where the session's API server is, as kubeconfigs say it. */
    private readonly server: string,
  ) {}

  run(words: readonly string[], options: ProcessOptions): RecordedOutput {
    const argv = ['kubectl', ...words]
    const host = this.host(options)
    let result: Result = kubectl(argv, host)
    let { stdout, stderr } = result
    let streams: Stream[] = []
    while (result.pause) {
      const { pause } = result
      if (pause.streams) streams = pause.streams.map(request => this.open(request))
      const signal = signalFrom(streams) ?? this.nothing(pause.wakeAtMs)
      if (!signal) return { stdout, stderr, code: null }
      result = resume(argv, host, pause, signal)
      stdout += result.stdout
      stderr += result.stderr
    }
    return { stdout, stderr, code: result.code ?? 0 }
  }

  /** Time stands: what waits for a while has waited, what waits for news is interrupted. */
  private nothing(wakeAtMs: number | undefined): Signal | undefined {
    return wakeAtMs === undefined ? undefined : { type: 'time' }
  }

  private host({ cwd, env, stdin }: ProcessOptions): Host {
    return {
      files: filesIn(cwd),
      env,
      cwd,
      now: Date.now(),
      stdin: () => stdin ?? '',
      connect: endpoint => this.connect(endpoint),
      random: () => 0.5,
      docs,
      isPortFree: () => true,
    }
  }

  private connect({ server }: Endpoint): KubeClient | undefined {
    return server === this.server ? { send: request => this.send(request) } : undefined
  }

  private send(request: HttpRequest): HttpResponse {
    const answer = this.ask(request)
    if ('body' in answer) return answer
    throw new Error(`${request.method} ${request.path} has no answer that ends`)
  }

  private ask(request: HttpRequest, connection?: number) {
    const result = this.session.input({
      type: 'http',
      request: withCertificate(request),
      ...(connection !== undefined && { connection }),
    })
    if (!result || !('outside' in result)) throw new Error(`${request.method} ${request.path} was not sent`)
    return result.outside
  }

  private open({ method, path, headers }: StreamRequest): Stream {
    const number = ++this.connections
    const news: OutsideNews[] = []
    this.session.outside.listen(number, each => void news.push(each))
    const answer = this.ask({ method, path, headers }, number)
    this.session.advance(this.session.now)
    if ('body' in answer) return { news, refusal: answer }
    if (!('lines' in answer)) return { news }
    return { news, lines: each => ('watchId' in each ? answer.lines(each) : '') }
  }
}

function signalFrom(streams: readonly Stream[]): Signal | undefined {
  for (const [stream, { news, refusal, lines }] of streams.entries()) {
    if (refusal) return { type: 'end', stream, refusal }
    const next = news.shift()
    if (!next) continue
    if ('watchId' in next) return { type: 'data', stream, channel: 'stdout', text: lines?.(next) ?? '' }
    if (next.what === 'data') return { type: 'data', stream, channel: next.channel, text: next.text }
    if (next.what === 'end') return { type: 'end', stream, code: 0 }
  }
  return undefined
}

/** The certificate that kubectl shows, as TLS hands it over. */
function withCertificate({ headers, ...request }: HttpRequest) {
  const { [shown.certificate]: pem, [shown.key]: _, ...others } = headers
  const lowered = Object.fromEntries(Object.entries(others).map(([name, value]) => [name.toLowerCase(), value]))
  if (pem === undefined) return { ...request, headers: { authorization: '', ...lowered } }
  return { ...request, headers: lowered, certificate: certificateIn(pem) }
}

function certificateIn(pem: string): Certificate {
  const { subject, raw } = new X509Certificate(pem)
  const fields = subject.split('\n').map(line => line.split('='))
  const named = (field: string): string[] => fields.flatMap(([name, value = '']) => (name === field ? [value] : []))
  return { user: named('CN')[0] ?? '', groups: named('O'), fingerprint: fingerprintOf(raw) }
}

function filesIn(cwd: string): Files {
  const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
  return {
    read(name) {
      const path = resolve(cwd, name)
      if (isFolder(path) || !statSync(path, { throwIfNoEntry: false })) return undefined
      return readFileSync(path, 'utf8')
    },
    list(name) {
      const path = resolve(cwd, name)
      return isFolder(path) ? readdirSync(path) : undefined
    },
    write(name, text) {
      const path = resolve(cwd, name)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, text)
    },
  }
}
