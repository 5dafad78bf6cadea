import type { Topology } from '../protocol/messages.ts'

/** What `npm run serve` was asked for. */
export interface ServeOptions {
  readonly port: number
  readonly topology: Topology
  /** Virtual time runs so many times as fast as real time; 0 stands still. */
  readonly speed: number
  readonly seed: number
  /** Where the kubeconfig goes; a file of its own in the system's temporary folder if left out. */
  readonly kubeconfig: string | undefined
  readonly log: string | undefined
  /** Where the page is served, if it is to be. */
  readonly pagePort: number | undefined
  readonly staticTokens: Readonly<Record<string, StaticUser>>
}

export interface StaticUser {
  readonly user: string
  readonly groups: readonly string[]
}

/** A mistake on the command line, to be printed as it is. */
export class OptionError extends Error {}

export const usage = `Runs a cluster behind the Kubernetes API on 127.0.0.1 and writes a kubeconfig for it.

  npm run serve -- [options]

  --port N                 port to listen on, 0 for a free one (6443)
  --preset NAME            the lab whose names and addresses are used (m-k8s)
  --masters N --workers N  how many machines (1 and 3)
  --components LIST        only these programs and no machines: apiserver, controller-manager, scheduler
  --speed X                virtual seconds a real second, 0 to stand still (1)
  --seed N                 another seed, another history (1)
  --kubeconfig FILE        where to write the kubeconfig
  --page                   serves the page, too, looking at this session; prints its address
  --page-port N            port of the page, 0 for a free one (6480)
  --log FILE               writes the session's record, which the page opens and \`npm run sim\` plays
  --static-token T=USER[:GROUP...]   a bearer token and whose it is; may be repeated
`

const defaultPort = 6443
const defaultPagePort = 6480

/** Options that are said and have no value. */
const switches = new Set(['--page'])

/** Reads the command line. Throws OptionError. */
export function parseOptions(argv: readonly string[]): ServeOptions {
  const given = new Map<string, string[]>()
  for (let at = 0; at < argv.length; at++) {
    const [name = '', inline] = splitOnce(argv[at] ?? '')
    if (!names.has(name)) throw new OptionError(`there is no option ${name}\n\n${usage}`)
    const value = inline ?? (switches.has(name) ? '' : argv[++at])
    if (value === undefined) throw new OptionError(`${name} needs a value`)
    given.set(name, [...(given.get(name) ?? []), value])
  }
  const last = (name: string): string | undefined => given.get(name)?.at(-1)
  const number = (name: string, usual: number): number => numberIn(name, last(name), usual)
  const components = last('--components')?.split(',').filter(Boolean)
  return {
    port: number('--port', defaultPort),
    topology: {
      preset: last('--preset') ?? 'm-k8s',
      masters: components ? 1 : number('--masters', 1),
      workers: components ? 0 : number('--workers', 3),
      workerCpu: 2,
      workerMemoryMiB: 2560,
      ...(components && { components }),
    },
    speed: number('--speed', 1),
    seed: number('--seed', 1),
    kubeconfig: last('--kubeconfig'),
    log: last('--log'),
    pagePort: given.has('--page') || given.has('--page-port') ? number('--page-port', defaultPagePort) : undefined,
    staticTokens: Object.fromEntries((given.get('--static-token') ?? []).map(tokenIn)),
  }
}

const names = new Set([
  ...['--port', '--preset', '--masters', '--workers', '--components', '--speed', '--seed', '--kubeconfig', '--log'],
  ...['--page', '--page-port', '--static-token'],
])

function splitOnce(word: string): [string, string | undefined] {
  const equals = word.indexOf('=')
  return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)]
}

function numberIn(name: string, text: string | undefined, usual: number): number {
  if (text === undefined) return usual
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value
  throw new OptionError(`${name} is ${text}: it must be a number, 0 or more`)
}

function tokenIn(text: string): [string, StaticUser] {
  const [token, who = ''] = splitOnce(text)
  const [user = '', ...groups] = who.split(':')
  if (token === '' || user === '') throw new OptionError(`--static-token is ${text}: it must be TOKEN=USER[:GROUP...]`)
  return [token, { user, groups }]
}
