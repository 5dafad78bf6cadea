import type { Outcome, ProgramCall, ShellProgram } from '../host.ts'
import { parseArguments } from './filter.ts'
import { type Address, isNetworkAnswer, type NetworkAnswer, parseAddress } from './network-request.ts'

const maxRedirects = 5

interface Progress {
  readonly url: string
  readonly redirects: number
}

/** wget as busybox has it: -q, -O FILE, -S, -T SECONDS, --spider, --header, --post-data. */
export const wget: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(joined(call.argv), 'OTtPU')
    const [first] = operands
    const progress = isProgress(call.memory) ? call.memory : { url: first ?? '', redirects: 0 }
    if (first === undefined) {
      call.err(
        'BusyBox v1.37.0 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR] URL...\n',
      )
      return { exit: 1 }
    }
    const address = parseAddress(progress.url)
    if (!address) {
      call.err(`wget: bad address '${progress.url}'\n`)
      return { exit: 1 }
    }
    call.memory = progress
    if (isNetworkAnswer(call.answer)) return finish(call, options, address, progress, call.answer)
    return ask(address, options)
  },
}

/** Long options whose value is the next word, as `--header STR`. */
function joined(argv: readonly string[]): string[] {
  const words: string[] = []
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? ''
    const takesNext = /^--(header|post-data|timeout|tries|output-document)$/.test(word)
    words.push(takesNext ? `${word}=${argv[++i] ?? ''}` : word)
  }
  return words
}

function ask({ scheme, host, port, path }: Address, options: ReadonlyMap<string, string>): Outcome {
  const seconds = options.get('T') ?? options.get('timeout')
  const [name = '', ...value] = (options.get('header') ?? '').split(':')
  const body = options.get('post-data')
  const headers = {
    Host: port === (scheme === 'https' ? 443 : 80) ? host : `${host}:${port}`,
    'User-Agent': options.get('U') ?? 'Wget',
    Connection: 'close',
    ...(name !== '' && { [name]: value.join(':').trim() }),
  }
  const request = {
    kind: 'http',
    ...{ scheme, host, port, path, headers },
    method: body === undefined ? (options.has('spider') ? 'HEAD' : 'GET') : 'POST',
    ...(body !== undefined && { body }),
    ...(seconds !== undefined && { timeoutMs: Number(seconds) * 1_000 }),
  }
  return { wait: 'answer', request }
}

function finish(
  call: ProgramCall,
  options: ReadonlyMap<string, string>,
  address: Address,
  progress: Progress,
  answer: NetworkAnswer,
): Outcome {
  const isQuiet = options.has('q')
  const { host, port } = address
  if (!answer.ok) {
    const reached = answer.remote !== '' && answer.failure !== 'name not resolved'
    if (!isQuiet && reached)
      call.err(`Connecting to ${host}${port === 80 ? '' : `:${port}`} (${answer.remote}:${port})\n`)
    call.err(`wget: ${failureOf(answer.failure, address, answer.remote)}\n`)
    return { exit: 1 }
  }
  if (!isQuiet) call.err(`Connecting to ${host}${port === 80 ? '' : `:${port}`} (${answer.remote}:${port})\n`)
  const { status, headers, body } = answer.http ?? { status: 200, headers: {}, body: '' }
  const location = Object.entries(headers).find(([name]) => name.toLowerCase() === 'location')?.[1]
  if (status >= 300 && status < 400 && location !== undefined && progress.redirects < maxRedirects) {
    const url = location.startsWith('/') ? `${address.scheme}://${host}:${port}${location}` : location
    const next = parseAddress(url)
    call.memory = { url, redirects: progress.redirects + 1 } satisfies Progress
    if (next) return ask(next, options)
  }
  if (status >= 400) {
    call.err(`wget: server returned error: HTTP/1.1 ${status} ${reasons[status] ?? ''}\n`)
    return { exit: 1 }
  }
  if (options.has('spider')) {
    if (!isQuiet) call.err('remote file exists\n')
    return { exit: 0 }
  }
  return save(call, options, address, body)
}

const reasons: Readonly<Record<number, string>> = {
  ...{ 400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 405: 'Not Allowed' },
  ...{
    500: 'Internal Server Error',
    502: 'Bad Gateway',
    503: 'Service Temporarily Unavailable',
    504: 'Gateway Time-out',
  },
}

function save(call: ProgramCall, options: ReadonlyMap<string, string>, { path }: Address, body: string): Outcome {
  const target = options.get('O') ?? options.get('output-document')
  const isQuiet = options.has('q')
  if (target === '-') {
    call.out(body)
    if (!isQuiet) call.err(`writing to stdout\n${bar('-', body.length)}written to stdout\n`)
    return { exit: 0 }
  }
  const name = target ?? (path.split('?')[0]?.split('/').at(-1) || 'index.html')
  const full = call.path(name)
  if (target === undefined && call.host.files.read(full) !== undefined) {
    call.err(`wget: can't open '${name}': File exists\n`)
    return { exit: 1 }
  }
  if (name !== '/dev/null') call.host.files.write(full, body)
  if (!isQuiet) call.err(`saving to '${name}'\n${bar(name, body.length)}'${name}' saved\n`)
  return { exit: 0 }
}

/** The one state of the progress bar that stays: all is there. */
function bar(name: string, size: number): string {
  return `${name.slice(0, 20).padEnd(20)} 100% |${'*'.repeat(32)}|${String(size).padStart(6)}  0:00:00 ETA\n`
}

function failureOf(
  failure: (NetworkAnswer & { ok: false })['failure'],
  { host, port }: Address,
  remote: string,
): string {
  const where = `can't connect to remote host (${remote || host})`
  switch (failure) {
    case 'name not resolved':
      return `bad address '${host}${port === 80 ? '' : `:${port}`}'`
    case 'connection refused':
      return `${where}: Connection refused`
    case 'no route':
      return `${where}: Host is unreachable`
    case 'connect timed out':
    case 'timed out':
      return 'download timed out'
    case 'empty reply':
      return 'error getting response'
    case 'reset':
      return 'error getting response: Connection reset by peer'
  }
}

function isProgress(memory: unknown): memory is Progress {
  return typeof memory === 'object' && memory !== null && 'redirects' in memory
}
