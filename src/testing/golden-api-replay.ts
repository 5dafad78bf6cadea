// Replays a recorded API case against a server and lists what differs. What the server must bring: golden/api/README.md.

import { casesFor } from './golden-api.ts'
import type { GoldenCase, GoldenExchange, GoldenRequest, GoldenResponse, GoldenStep } from './golden-api.ts'
import { at, canonical, mapTexts, orElse, parseJson } from './golden-json.ts'
import type { Json } from './golden-json.ts'
import { Bindings, matchJson, matchOutput, matchParts, show } from './golden-match.ts'
import type { MatchOptions, Mismatch } from './golden-match.ts'
import { objectOfCommand } from './golden-omitted.ts'

export interface HttpRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
}

export interface HttpResponse {
  status: number
  headers: Record<string, string | readonly string[]>
  body: string
}

/**
 * A server on virtual time, with controllers switched off. A request without `Authorization` and without impersonation
 * comes from `admin` of group `system:masters`; an `Authorization` that is empty means that there are no credentials.
 */
export interface HttpServer {
  send(request: HttpRequest): HttpResponse
  advance(ms: number): void
  /** Throws history away: older versions are Gone from here on. */
  compact(): void
  /** Opens a watch; `body` reads everything written so far. Without it, `send` must answer with the whole stream. */
  watch?(request: HttpRequest): { status: number; headers: HttpResponse['headers']; body(): string }
}

export interface KubectlRun {
  args: string[]
  /** Files of the working directory, by name. */
  files: Record<string, string>
  stdin: string | undefined
  env: Record<string, string>
}
export interface KubectlOutput {
  exitCode: number
  stdout: string
  stderr: string
}

export interface ReplayOptions extends MatchOptions {
  /** With it, kubectl steps are run and their output is compared; without it, their recorded exchanges are replayed. */
  kubectl?: (run: KubectlRun) => KubectlOutput
  /** Runs only the kubectl steps of which no exchanges were recorded. */
  unrecorded?: (run: KubectlRun) => KubectlOutput
}

export interface Replay {
  mismatches: Mismatch[]
  /** Exchanges and commands that were compared. */
  compared: number
  /** kubectl steps without exchanges that were left out for want of a kubectl. */
  skipped: number
}

/** Runs one case from its empty world on and compares every answer. */
export function replayCase(golden: GoldenCase, server: HttpServer, options: ReplayOptions = {}): Replay {
  const player = new Player(server, options)
  player.makeNamespaces(golden)
  for (const [index, step] of (golden.setup ?? []).entries()) player.play(step, `setup[${index}]`)
  for (const [index, step] of golden.steps.entries()) player.play(step, `steps[${index}]`)
  return player.result
}

export interface Report {
  /** All cases, those whose resources the server knows, and those of them that agree with the recording. */
  total: number
  known: number
  passed: number
  failures: { id: string; mismatches: Mismatch[] }[]
}

/** Replays every case of known resources, each against a server of its own, and counts. */
export function replayKnown(
  cases: readonly GoldenCase[],
  known: (resource: string) => boolean,
  newServer: () => HttpServer,
  options: ReplayOptions = {},
): Report {
  const chosen = casesFor(cases, known)
  const played = chosen.map(golden => ({
    id: golden.id,
    mismatches: replayCase(golden, newServer(), options).mismatches,
  }))
  const failures = played.filter(({ mismatches }) => mismatches.length > 0)
  return { total: cases.length, known: chosen.length, passed: chosen.length - failures.length, failures }
}

class Player {
  readonly result: Replay = { mismatches: [], compared: 0, skipped: 0 }
  private readonly bindings = new Bindings()
  private readonly variables = new Map<string, string>()
  private readonly files: Record<string, string> = {}

  constructor(
    private readonly server: HttpServer,
    private readonly options: ReplayOptions,
  ) {}

  makeNamespaces(golden: GoldenCase): void {
    for (const { name, labels, noServiceAccount } of golden.namespaces ?? []) {
      this.put('/api/v1/namespaces', {
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name, ...(labels && { labels }) },
      })
      if (noServiceAccount) continue
      const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } }
      this.put(`/api/v1/namespaces/${name}/serviceaccounts`, account)
    }
  }

  private put(path: string, object: Json): void {
    const headers = { 'Content-Type': 'application/json', Accept: 'application/json', 'User-Agent': 'curl/8.5.0' }
    const answer = this.server.send({ method: 'POST', path, headers, body: JSON.stringify(object) })
    if (answer.status === 201 || answer.status === 409) return
    this.result.mismatches.push({
      path: `namespaces POST ${path}`,
      expected: '201',
      got: `${answer.status} ${answer.body}`,
    })
  }

  play(step: GoldenStep, where: string): void {
    if (step.settle !== undefined) return this.server.advance((step.seconds ?? 1) * 1000)
    if (step.compact !== undefined) return this.server.compact()
    if (step.kubectl) return this.playKubectl(step, step.kubectl, where)
    const { request, response, save } = step
    if (!request || !response) return
    const anyOrder = step.anyOrder ?? response.anyOrder ?? false
    this.exchange({ request, response: { ...response, anyOrder }, ...(save && { save }) }, where)
  }

  private playKubectl(step: GoldenStep, args: string[], where: string): void {
    Object.assign(this.files, step.files)
    const place = `${where} kubectl ${args.join(' ')}`
    const kubectl = this.options.kubectl ?? (step.http ? undefined : this.options.unrecorded)
    if (kubectl) {
      const run = { args: args.map(arg => this.fill(arg)), files: this.files, stdin: step.stdin, env: step.env ?? {} }
      this.compareOutput(step, kubectl(run), place)
      return
    }
    if (!step.http) this.result.skipped++
    for (const [index, exchange] of (step.http ?? []).entries()) {
      const response = { ...exchange.response, anyOrder: step.anyOrder ?? exchange.response.anyOrder ?? false }
      const request = exchange.request.bodyOmitted ? spokenInJson(exchange.request, args) : exchange.request
      const headers = { 'User-Agent': 'kubectl/v1.36.2 (linux/amd64) kubernetes/recorded', ...request.headers }
      this.exchange({ ...exchange, request: { ...request, headers }, response }, `${place} http[${index}]`)
    }
  }

  private compareOutput(step: GoldenStep, output: KubectlOutput, place: string): void {
    this.result.compared++
    if (output.exitCode !== step.exitCode) {
      const [expected, got] = [String(step.exitCode), `${output.exitCode}: ${show(output.stderr)}`]
      this.result.mismatches.push({ path: `${place} exit code`, expected, got })
    }
    for (const stream of ['stdout', 'stderr'] as const) {
      const compare = step.anyOrder ? matchParts : matchOutput
      this.result.mismatches.push(...compare(step[stream] ?? '', output[stream], this.bindings, `${place} ${stream}`))
    }
  }

  private exchange(exchange: GoldenExchange, where: string): void {
    const { response } = exchange
    const request = this.prepare(exchange.request)
    const place = `${where} ${request.method} ${request.path}`
    const answer = response.events ? this.openWatch(request) : this.server.send(request)
    this.result.compared++
    const mismatches = [...this.compareHead(response, answer), ...this.compareBody(response, answer)]
    this.result.mismatches.push(...mismatches.map(found => ({ ...found, path: `${place}: ${found.path}` })))
    for (const [name, path] of Object.entries(exchange.save ?? {})) {
      const value = at(tryJson(answer.body), ...path.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part)))
      this.variables.set(name, typeof value === 'string' ? value : canonical(value))
    }
  }

  private openWatch(request: HttpRequest): HttpResponse {
    if (!this.server.watch) return this.server.send(request)
    const stream = this.server.watch(request)
    const seconds = Number(/[?&]timeoutSeconds=(\d+)/.exec(request.path)?.[1] ?? 1)
    this.server.advance(seconds * 1000 + 1)
    return { status: stream.status, headers: stream.headers, body: stream.body() }
  }

  private fill(text: string): string {
    const filled = text.replace(/\$\{(\w+)\}/g, (whole, name: string) => this.variables.get(name) ?? whole)
    return this.bindings.fill(filled)
  }

  private prepare(request: GoldenRequest): HttpRequest {
    const headers = Object.fromEntries(
      Object.entries(request.headers ?? {}).map(([name, value]) => [name, this.fill(value)]),
    )
    return { method: request.method, path: this.fill(request.path), headers, body: this.bodyOf(request) }
  }

  private bodyOf({ body, bodyText, bodyGenerated }: GoldenRequest): string | undefined {
    if (bodyText !== undefined) return this.fill(bodyText)
    if (bodyGenerated) return bodyGenerated.into.replace('@', () => bodyGenerated.repeat.repeat(bodyGenerated.times))
    return body === undefined ? undefined : JSON.stringify(mapTexts(body, text => this.fill(text)))
  }

  private compareHead(recorded: GoldenResponse, answer: HttpResponse): Mismatch[] {
    const mismatches: Mismatch[] = []
    if (recorded.status !== answer.status) {
      const got = `${answer.status} ${show(answer.body)}`
      mismatches.push({ path: 'status', expected: String(recorded.status), got })
    }
    if (recorded.bodyOmitted) return mismatches
    const recordedType = mediaType(headerLines(recorded.headers, 'Content-Type')[0])
    const ourType = mediaType(headerLines(answer.headers, 'Content-Type')[0])
    if (recordedType !== ourType) mismatches.push({ path: 'Content-Type', expected: recordedType, got: ourType })
    for (const name of ['Warning', 'Allow', 'Retry-After', 'Location']) {
      const [expected, actual] = [headerLines(recorded.headers, name), headerLines(answer.headers, name)]
      const sort = (lines: string[]) => (recorded.anyOrder ? [...lines].sort() : lines)
      mismatches.push(...matchJson(sort(expected), sort(actual), this.bindings, name))
    }
    return mismatches
  }

  private compareBody(recorded: GoldenResponse, answer: HttpResponse): Mismatch[] {
    const options = { ...this.options, anyOrder: recorded.anyOrder ?? false }
    if (recorded.events) {
      const events = withoutRepeatedBookmarks(answer.body.split('\n').filter(Boolean).map(tryJson))
      return matchJson(recorded.events, events, this.bindings, 'events', options)
    }
    if (recorded.bodyText !== undefined) return matchOutput(recorded.bodyText, answer.body, this.bindings, 'body')
    if (recorded.body === undefined) return []
    return matchJson(recorded.body, tryJson(answer.body), this.bindings, 'body', options)
  }
}

/** What kubectl sent as protobuf, sent as JSON; without an object that we can rebuild, an empty one. */
function spokenInJson(request: GoldenRequest, args: string[]): GoldenRequest {
  const headers = { ...request.headers, Accept: 'application/json', 'Content-Type': 'application/json' }
  return { method: request.method, path: request.path, headers, body: objectOfCommand(args) ?? {} }
}

/** A body that should be JSON and is not is shown as the text that it is. */
function tryJson(text: string): Json {
  return orElse<Json>(text, () => parseJson(text))
}

function mediaType(contentType: string | undefined): string {
  return (contentType ?? '(absent)').split(';')[0]?.trim() ?? ''
}

/** The values of a header. Several warnings in one line, as HTTP allows, are taken apart. */
function headerLines(headers: Record<string, string | readonly string[]> | undefined, name: string): string[] {
  const lines = Object.entries(headers ?? {})
    .filter(([key]) => key.toLowerCase() === name.toLowerCase())
    .flatMap(([, value]) => value)
  if (name !== 'Warning') return lines
  return lines.flatMap(line => line.match(/\d{3} \S+ "(?:[^"\\]|\\.)*"/g) ?? [line])
}

/** Bookmarks that follow each other were written once. */
function withoutRepeatedBookmarks(events: Json[]): Json[] {
  const isBookmark = (event: Json | undefined) => at(event, 'type') === 'BOOKMARK'
  return events.filter((event, index) => !(isBookmark(event) && isBookmark(events[index - 1])))
}
