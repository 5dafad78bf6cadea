import type { Outcome, ProgramCall, ShellProgram } from '../host.ts'
import {
  type Address,
  type HttpAnswer,
  isNetworkAnswer,
  type NetworkAnswer,
  type NetworkFailure,
  type NetworkRequest,
  parseAddress,
} from './network-request.ts'

/** What a command line asks for. */
interface Options {
  readonly url: string
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string | undefined
  readonly silent: boolean
  readonly showError: boolean
  readonly include: boolean
  readonly head: boolean
  readonly verbose: boolean
  readonly fail: boolean
  readonly follow: boolean
  readonly output: string | undefined
  readonly writeOut: string | undefined
  readonly timeoutMs: number | undefined
  readonly resolve: ReadonlyMap<string, string>
}

/** Where curl stands between its calls: the address it asks now and how often it was sent on. */
interface Progress {
  readonly url: string
  readonly redirects: number
}

const maxRedirects = 50
const userAgent = 'curl/8.5.0'

/** curl: asks an HTTP server and prints what it answers, or why there is no answer, with curl's own exit codes. */
export const curl: ShellProgram = {
  run(call) {
    const parsed = parseOptions(call.argv)
    if (typeof parsed === 'string') {
      call.err(`curl: ${parsed}\ncurl: try 'curl --help' or 'curl --manual' for more information\n`)
      return { exit: 2 }
    }
    const progress = isProgress(call.memory) ? call.memory : { url: parsed.url, redirects: 0 }
    const address = parseAddress(progress.url)
    if (!address) {
      call.err(`curl: (3) URL rejected: Malformed input to a URL function\n`)
      return { exit: 3 }
    }
    call.memory = progress
    if (!isNetworkAnswer(call.answer)) return { wait: 'answer', request: requestFor(parsed, address) }
    return finish(call, parsed, address, progress, call.answer)
  },
}

function requestFor(options: Options, address: Address): NetworkRequest {
  const { scheme, host, port, path } = address
  const isDefaultPort = port === (scheme === 'https' ? 443 : 80)
  const own: (readonly [string, string])[] = [
    ['Host', isDefaultPort ? host : `${host}:${port}`],
    ['User-Agent', userAgent],
    ['Accept', '*/*'],
  ]
  if (options.body !== undefined) own.push(['Content-Type', 'application/x-www-form-urlencoded'])
  const given = new Set(options.headers.map(([name]) => name.toLowerCase()))
  const headers = Object.fromEntries([...own.filter(([name]) => !given.has(name.toLowerCase())), ...options.headers])
  return {
    kind: 'http',
    scheme,
    host: options.resolve.get(`${host}:${port}`) ?? host,
    port,
    method: options.method,
    path,
    headers,
    ...(options.body !== undefined && { body: options.body }),
    ...(options.timeoutMs !== undefined && { timeoutMs: options.timeoutMs }),
  }
}

function finish(
  call: ProgramCall,
  options: Options,
  address: Address,
  progress: Progress,
  answer: NetworkAnswer,
): Outcome {
  if (!answer.ok) return refuse(call, options, address, answer)
  const http = answer.http ?? { status: 200, headers: {}, body: '' }
  if (options.verbose) call.err(conversation(options, address, answer.remote, http))
  const location = headerOf(http, 'Location')
  const isSentOn = http.status >= 300 && http.status < 400 && location !== undefined
  if (options.follow && isSentOn) {
    if (progress.redirects >= maxRedirects) {
      call.err(`curl: (47) Maximum (${maxRedirects}) redirects followed\n`)
      return { exit: 47 }
    }
    const url = location.startsWith('/') ? `${address.scheme}://${address.host}:${address.port}${location}` : location
    const next = parseAddress(url)
    call.memory = { url, redirects: progress.redirects + 1 } satisfies Progress
    if (next) return { wait: 'answer', request: requestFor(options, next) }
  }
  if (options.fail && http.status >= 400) {
    if (!options.silent || options.showError) call.err(`curl: (22) The requested URL returned error: ${http.status}\n`)
    writeOut(call, options, answer, http)
    return { exit: 22 }
  }
  const body = options.head || options.method === 'HEAD' ? '' : http.body
  const text = (options.include || options.head ? headText(http) : '') + body
  if (options.output === undefined) call.out(text)
  else if (options.output !== '/dev/null') call.host.files.write(call.path(options.output), text)
  writeOut(call, options, answer, http)
  return { exit: 0 }
}

/** curl's words and exit codes (src/tool_cfgable, lib/connect.c). */
function refuse(call: ProgramCall, options: Options, address: Address, answer: NetworkAnswer & { ok: false }): Outcome {
  const { host, port } = address
  const took = `${Math.max(Math.round(answer.tookMs), 0)} ms`
  const where = `Failed to connect to ${host} port ${port} after ${took}`
  const known: Record<NetworkFailure, readonly [number, string]> = {
    'name not resolved': [6, `Could not resolve host: ${host}`],
    'no route': [7, `${where}: Couldn't connect to server`],
    'connection refused': [7, `${where}: Couldn't connect to server`],
    'connect timed out': [
      28,
      options.timeoutMs === undefined
        ? `${where}: Couldn't connect to server`
        : `Connection timed out after ${Math.round(answer.tookMs)} milliseconds`,
    ],
    'timed out': [28, `Operation timed out after ${Math.round(answer.tookMs)} milliseconds with 0 bytes received`],
    reset: [56, 'Recv failure: Connection reset by peer'],
    'empty reply': [52, 'Empty reply from server'],
  }
  const [code, text] = known[answer.failure]
  if (!options.silent || options.showError) call.err(`curl: (${code}) ${text}\n`)
  writeOut(call, options, answer, undefined)
  return { exit: code }
}

function writeOut(call: ProgramCall, options: Options, answer: NetworkAnswer, http: HttpAnswer | undefined): void {
  if (options.writeOut === undefined) return
  const seconds = (answer.tookMs / 1000).toFixed(6)
  const values: Record<string, string> = {
    http_code: String(http?.status ?? 0).padStart(3, '0'),
    response_code: String(http?.status ?? 0).padStart(3, '0'),
    remote_ip: answer.remote,
    time_total: seconds,
    size_download: String(http?.body.length ?? 0),
  }
  const text = options.writeOut.replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
  call.out(text.replace(/\\n/g, '\n').replace(/\\t/g, '\t'))
}

const reasons: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Moved Temporarily',
  304: 'Not Modified',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
}

function headText({ status, headers }: HttpAnswer): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} ${reasons[status] ?? ''}`.trimEnd(), ...lines, '', ''].join('\r\n')
}

function conversation(options: Options, address: Address, remote: string, http: HttpAnswer): string {
  const { host, port, path } = address
  const request = requestFor(options, address)
  const sent =
    request.kind === 'http' ? Object.entries(request.headers).map(([name, value]) => `> ${name}: ${value}`) : []
  const received = Object.entries(http.headers).map(([name, value]) => `< ${name}: ${value}`)
  const lines = [
    `*   Trying ${remote}:${port}...`,
    `* Connected to ${host} (${remote}) port ${port}`,
    `> ${options.method} ${path} HTTP/1.1`,
    ...sent,
    '> ',
    `< HTTP/1.1 ${http.status} ${reasons[http.status] ?? ''}`,
    ...received,
    '< ',
    `* Connection #0 to host ${host} left intact`,
  ]
  return lines.map(line => `${line}\n`).join('')
}

function headerOf({ headers }: HttpAnswer, name: string): string | undefined {
  return Object.entries(headers).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
}

/** Letters that take a value, with their long names. */
const valued: Readonly<Record<string, string>> = {
  request: 'X',
  header: 'H',
  data: 'd',
  'data-raw': 'd',
  output: 'o',
  'write-out': 'w',
  'max-time': 'm',
  'connect-timeout': 'T',
  resolve: 'R',
  'user-agent': 'A',
  cacert: '_',
  cert: '_',
  key: '_',
  user: '_',
}

const flags: Readonly<Record<string, string>> = {
  silent: 's',
  'show-error': 'S',
  include: 'i',
  head: 'I',
  verbose: 'v',
  fail: 'f',
  location: 'L',
  insecure: 'k',
  'no-progress-meter': 's',
  'http1.1': 'k',
}

function parseOptions(argv: readonly string[]): Options | string {
  const found = new Map<string, string[]>()
  const urls: string[] = []
  const words = argv.slice(1)
  const note = (letter: string, value = ''): void => void found.set(letter, [...(found.get(letter) ?? []), value])
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (word.startsWith('--')) {
      const name = word.slice(2)
      const letter = valued[name]
      if (letter !== undefined) note(letter, words.shift() ?? '')
      else if (flags[name] !== undefined) note(flags[name])
      else return `option ${word}: is unknown`
    } else if (word.startsWith('-') && word !== '-') {
      for (let letters = word.slice(1); letters !== ''; letters = letters.slice(1)) {
        const letter = letters.charAt(0)
        if ('XHdowmAu'.includes(letter)) {
          note(letter, letters.slice(1) || (words.shift() ?? ''))
          break
        }
        if (!'sSiIvfLkg4#'.includes(letter)) return `option ${word}: is unknown`
        note(letter)
      }
    } else urls.push(word)
  }
  const [url] = urls
  if (url === undefined) return '(2) no URL specified'
  return optionsOf(url, found)
}

function optionsOf(url: string, found: ReadonlyMap<string, readonly string[]>): Options {
  const last = (letter: string): string | undefined => found.get(letter)?.at(-1)
  const headers = (found.get('H') ?? []).map((line): [string, string] => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
  })
  const agent = last('A')
  const seconds = [last('m'), last('T')].flatMap(text => (text === undefined ? [] : [Number(text)]))
  const resolve = (found.get('R') ?? []).map((entry): [string, string] => {
    const [host = '', port = '', address = ''] = entry.split(':')
    return [`${host}:${port}`, address]
  })
  return {
    url,
    headers: agent === undefined ? headers : [...headers, ['User-Agent', agent]],
    body: found.get('d')?.join('&'),
    method: last('X') ?? (found.has('d') ? 'POST' : found.has('I') ? 'HEAD' : 'GET'),
    silent: found.has('s'),
    showError: found.has('S'),
    include: found.has('i'),
    head: found.has('I'),
    verbose: found.has('v'),
    fail: found.has('f'),
    follow: found.has('L'),
    output: last('o'),
    writeOut: last('w'),
    timeoutMs: seconds.length > 0 ? Math.min(...seconds) * 1000 : undefined,
    resolve: new Map(resolve),
  }
}

function isProgress(memory: unknown): memory is Progress {
  return typeof memory === 'object' && memory !== null && 'redirects' in memory
}
