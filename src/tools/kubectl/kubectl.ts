import { ApiError } from '../../machinery/status.ts'
import { parseDuration } from '../../machinery/duration.ts'
import { quote } from '../../machinery/go-text.ts'
import { RestClient } from './api/client.ts'
import { discover } from './api/discovery.ts'
import { Mapper } from './api/mapper.ts'
import { type Command, commandName, type Context, type Outcome, type Pause, type Signal } from './command.ts'
import { commands } from './commands/index.ts'
import { PlainError, UsageError } from './errors.ts'
import { failureText } from './failure.ts'
import { type Flags, flag, parseFlags, type ParsedFlags } from './flags.ts'
import { globalFlags } from './global-flags.ts'
import { helpText, usageText } from './help.ts'
import type { Host } from './host.ts'
import {
  credentialsOf,
  currentContext,
  endpointOf,
  type Kubeconfig,
  type Overrides,
  readKubeconfig,
} from './kubeconfig.ts'
import { textAt } from './unstructured.ts'

/** What a run of kubectl wrote, and whether it is done. */
export interface Result {
  readonly stdout: string
  readonly stderr: string
  /** The exit code; undefined while it goes on. */
  readonly code: number | undefined
  /** What it waits for, when it goes on. Plain data: hand it back to `resume` with the same command line. */
  readonly pause?: Pause
}

export const root: Command = {
  use: 'kubectl [flags]',
  short: 'kubectl controls the Kubernetes cluster manager',
  long: 'kubectl controls the Kubernetes cluster manager.\n\n Find more information at: https://kubernetes.io/docs/reference/kubectl/',
  flags: {},
  commands,
}

/** Runs a command line, program name first. */
export function kubectl(argv: readonly string[], host: Host): Result {
  return execute(argv, host, (command, context) => command.run?.(context))
}

/** Goes on with a command line that paused. */
export function resume(argv: readonly string[], host: Host, { state }: Pause, signal: Signal): Result {
  return execute(argv, host, (command, context) => command.resume?.(context, state, signal))
}

type Action = (command: Command, context: Context) => Outcome

function execute(argv: readonly string[], host: Host, action: Action): Result {
  let stdout = ''
  let stderr = ''
  const out = (text: string): void => void (stdout += text)
  const err = (text: string): void => void (stderr += text)
  const outcome = attemptCommand(err, () => {
    const place = findCommand(argv.slice(1))
    return runCommand(place, argv, host, { out, err }, action)
  })
  if (typeof outcome === 'object') return { stdout, stderr, code: undefined, pause: outcome }
  return { stdout, stderr, code: outcome ?? 0 }
}

/** The command shell's catch: what a command throws becomes text and an exit code. */
function attemptCommand(err: (text: string) => void, run: () => Outcome): Outcome {
  try {
    return run()
  } catch (error) {
    if (error instanceof ApiError) {
      err(failureText(error))
      return 1
    }
    if (!(error instanceof UsageError)) throw error
    err(failureText(error))
    return error.code
  }
}

export interface Place {
  readonly command: Command
  /** `kubectl create configmap`. */
  readonly path: string
  /** The command line without the names of commands. */
  readonly rest: readonly string[]
}

/** Follows the names of commands; flags may stand between them, as cobra allows. */
export function findCommand(words: readonly string[]): Place {
  let command = root
  let path = 'kubectl'
  const rest = [...words]
  for (;;) {
    const index = nextArgument(rest, { ...globalFlags, ...command.flags })
    const word = index < 0 ? undefined : rest[index]
    const found = word === undefined ? undefined : command.commands?.find(each => answersTo(each, word))
    if (!found) break
    command = found
    path = `${path} ${commandName(found)}`
    rest.splice(index, 1)
  }
  return { command, path, rest }
}

export function answersTo(command: Command, word: string): boolean {
  return commandName(command) === word || (command.aliases ?? []).includes(word)
}

/** The place of the first word that is neither a flag nor a flag's value. */
function nextArgument(words: readonly string[], flags: Flags): number {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] ?? ''
    if (word === '--') return -1
    if (!word.startsWith('-') || word === '-') return index
    if (word.includes('=')) continue
    const name = word.startsWith('--') ? word.slice(2) : nameOfShort(flags, word.charAt(1))
    const declared = name === undefined ? undefined : flags[name]
    const isWhole = word.startsWith('--') || word.length === 2
    if (declared && declared.bare === undefined && isWhole) index++
  }
  return -1
}

function nameOfShort(flags: Flags, letter: string): string | undefined {
  return Object.entries(flags).find(([, { short }]) => short === letter)?.[0]
}

const help = { help: flag.bool('help', { short: 'h', hidden: true }) }

interface Streams {
  out(text: string): void
  err(text: string): void
}

function runCommand(place: Place, argv: readonly string[], host: Host, streams: Streams, action: Action): Outcome {
  const { command, path } = place
  const declared: Flags = { ...globalFlags, ...help, ...command.flags }
  const parsed = readFlags(declared, place)
  for (const warning of parsed.warnings) streams.err(`${warning}\n`)
  if (parsed.values.get('help') === true) return streams.out(helpText(path, command))
  if (!command.run) return runGroup(place, parsed, streams)
  const missing = Object.entries(command.flags).filter(([name, { required }]) => required && !parsed.values.has(name))
  if (missing.length > 0) {
    const names = missing.map(([name]) => quote(name)).sort()
    throw new UsageError(`required flag(s) ${names.join(', ')} not set`)
  }
  const context = makeContext(place, { argv, declared, parsed, host, streams })
  return action(command, context)
}

function readFlags(declared: Flags, { path, rest }: Place): ParsedFlags {
  try {
    return parseFlags(declared, rest)
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    throw new UsageError(`${error.message}\nSee '${path} --help' for usage.`)
  }
}

/** A command that only has commands prints its help: to stderr and with exit code 1, as most of kubectl's groups do. */
function runGroup({ command, path }: Place, { args }: ParsedFlags, { out, err }: Streams): Outcome {
  if (command === root) {
    const [word] = args
    if (word === undefined) return out(helpText(path, command))
    throw new UsageError(`unknown command ${quote(word)} for "kubectl"${suggestions(word)}`)
  }
  if (args.length > 0 && !command.wantsHelp) {
    throw new UsageError(`unknown command ${quote(args.join(' '))}\nSee '${path} -h' for help and examples`)
  }
  if (command.wantsHelp) return out(helpText(path, command))
  if (command.helpOnStdout) out(helpText(path, command))
  else err(helpText(path, command))
  return 1
}

/** Names that are near: cobra's SuggestionsFor. */
function suggestions(word: string): string {
  const near = commands
    .map(commandName)
    .filter(name => distance(word, name) <= 2 || name.toLowerCase().startsWith(word.toLowerCase()))
  return near.length === 0 ? '' : `\n\nDid you mean this?\n${near.map(name => `\t${name}\n`).join('')}`
}

/** Levenshtein's distance, letters in any case. */
function distance(a: string, b: string): number {
  const [left, right] = [a.toLowerCase(), b.toLowerCase()]
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}

interface Parts {
  readonly argv: readonly string[]
  readonly declared: Flags
  readonly parsed: ParsedFlags
  readonly host: Host
  readonly streams: Streams
}

function makeContext({ command, path }: Place, { argv, declared, parsed, host, streams }: Parts): Context {
  const value = (name: string): unknown => (parsed.values.has(name) ? parsed.values.get(name) : declared[name]?.initial)
  // A verb's own --user or --server is not the global flag of that name.
  const text = (name: string): string => (Object.hasOwn(command.flags, name) ? '' : String(value(name) ?? ''))
  const overrides: Overrides = {
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    cluster: text('cluster'),
    user: text('user'),
    server: text('server'),
    token: text('token'),
    namespace: text('namespace'),
    timeout: text('request-timeout'),
  }
  const parts: { config?: Kubeconfig; client?: RestClient; mapper?: Mapper } = {}
  const config = (): Kubeconfig => (parts.config ??= readKubeconfig(host, overrides.kubeconfig))
  const client = (): RestClient => (parts.client ??= connect(host, config(), overrides, impersonation(value), streams))
  const { out, err } = streams
  return {
    flags: Object.fromEntries(Object.keys(declared).map(name => [name, value(name)])),
    args: parsed.args,
    dash: parsed.dash,
    argv,
    path,
    command,
    root,
    host,
    get config() {
      return config()
    },
    get namespace() {
      return overrides.namespace || textAt(currentContext(config(), overrides), 'namespace') || 'default'
    },
    isNamespaceGiven: overrides.namespace !== '',
    get client() {
      return client()
    },
    // What the server serves is read as oneself: kubectl has it on disk, whoever it acts as.
    mapper: () => (parts.mapper ??= new Mapper(discover(connect(host, config(), overrides, {}, streams)))),
    isSet: name => parsed.values.has(name),
    out,
    err,
  }
}

function connect(
  host: Host,
  config: Kubeconfig,
  overrides: Overrides,
  headers: Record<string, string>,
  { err }: Streams,
): RestClient {
  checkTimeout(overrides.timeout ?? '0')
  const endpoint = endpointOf(config, overrides, host.files)
  const agent = { 'User-Agent': 'kubectl/v1.36.2 (linux/amd64) kubernetes/$Format' }
  return new RestClient({
    client: host.connect(endpoint),
    server: endpoint.server.replace(/^https?:\/\//, ''),
    headers: { ...agent, ...credentialsOf(endpoint), ...headers },
    warn: text => err(`Warning: ${text}\n`),
  })
}

/** ParseTimeout of client-go's tools/clientcmd. */
function checkTimeout(text: string): void {
  if (/^[+-]?\d+$/.test(text) || parseDuration(text).error === undefined) return
  const form = 'a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)'
  throw new UsageError(`Invalid timeout value. Timeout must be ${form}`)
}

function impersonation(value: (name: string) => unknown): Record<string, string> {
  const [user, groups, uid, extra] = ['as', 'as-group', 'as-uid', 'as-user-extra'].map(value)
  const names = Array.isArray(groups) ? groups.join(', ') : ''
  const isSomebody = typeof user === 'string' && user !== ''
  if (!isSomebody && names !== '')
    throw new PlainError('error: requesting uid, groups or user-extra for  without impersonating a user')
  return {
    ...(isSomebody && { 'Impersonate-User': user }),
    ...(names !== '' && { 'Impersonate-Group': names }),
    ...(typeof uid === 'string' && uid !== '' && { 'Impersonate-Uid': uid }),
    ...extraHeaders(extra),
  }
}

/** `scopes=view` as `Impersonate-Extra-scopes: view`. */
function extraHeaders(extra: unknown): Record<string, string> {
  const pairs: string[] = Array.isArray(extra) ? extra.map(String) : []
  return Object.fromEntries(
    pairs.map(pair => {
      const equals = pair.indexOf('=')
      return [`Impersonate-Extra-${encodeURIComponent(pair.slice(0, equals))}`, pair.slice(equals + 1)]
    }),
  )
}

/** Prints how a command is used, to stderr. */
export function showUsage({ command, path, err }: Context): void {
  err(usageText(path, command))
}
