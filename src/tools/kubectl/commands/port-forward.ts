import type { JsonObject } from '../../../machinery/json-value.ts'
import type { Info } from '../api/builder.ts'
import { pathOf } from '../api/client.ts'
import { type Context, defineCommand, type Outcome, type Signal, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { bestForAttaching } from '../pod-order.ts'
import { objectNamed, podsOf } from '../pod-target.ts'
import { freePort } from '../ports.ts'
import { upgradeFailure } from '../streaming.ts'
import { nameOf, namespaceOf, numberAt, objectsAt, textAt } from '../unstructured.ts'
import { klogWarning } from '../writing.ts'

const flags = {
  address: flag.list('Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value.', {
    default: ['localhost'],
  }),
  'pod-running-timeout': flag.duration('The length of time to wait until at least one pod is running', {
    default: 60_000,
  }),
}

/** Looks for a Pod until it is time to give up, then forwards until it is interrupted. */
type Forwarding =
  | { readonly phase: 'search'; readonly deadlineMs: number }
  | { readonly phase: 'forward'; readonly pairs: readonly Pair[] }

/** A port here and one in the Pod. */
interface Pair {
  readonly local: number
  readonly remote: number
}

const pollMs = 500

/** kubectl/pkg/cmd/portforward/portforward.go and client-go/tools/portforward. */
export const portForward = defineCommand<typeof flags, Forwarding>({
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  short: 'Forward one or more local ports to a pod',
  flags,
  run(context) {
    if (context.args.length < 2) throw usageError(context, 'TYPE/NAME and list of ports are required for port-forward')
    return start(context, context.host.now + context.flags['pod-running-timeout'])
  },
  resume(context, state, signal) {
    if (state.phase === 'search') return start(context, state.deadlineMs)
    if (signal.type === 'end') {
      throw signal.refusal ? upgradeFailure(signal.refusal) : new UsageError('lost connection to pod')
    }
    if (signal.type === 'connection') return handled(context, state, signal)
    return { state }
  },
})

function start(context: Context<typeof flags>, deadlineMs: number): Outcome<Forwarding> {
  const { args, host } = context
  const [target = '', ...ports] = args
  const info = objectNamed(context, target)
  const pod = bestForAttaching(podsOf(context, info))
  if (!pod) {
    if (host.now >= deadlineMs) throw new UsageError('timed out waiting for the condition')
    const wakeAtMs = Math.min(host.now + pollMs, deadlineMs)
    return { state: { phase: 'search', deadlineMs }, streams: [], wakeAtMs }
  }
  const words = ports.map(port => translated(info, pod, port))
  const phase = textAt(pod, 'status', 'phase')
  if (phase !== 'Running') {
    throw new UsageError(`unable to forward port because pod is not running. Current status=${phase}`)
  }
  return listen(context, pod, words.map(pairOf))
}

function listen(context: Context<typeof flags>, pod: JsonObject, wanted: readonly Pair[]): Outcome<Forwarding> {
  const { client, flags: given, host, mapper, out } = context
  const pairs = wanted.map(pair => (pair.local === 0 ? { ...pair, local: freePort(host) } : pair))
  const addresses = given.address.flatMap(address => (address === 'localhost' ? ['127.0.0.1', '[::1]'] : [address]))
  const free = pairs.filter(({ local }) => host.isPortFree?.(local) ?? true)
  for (const { local } of pairs) {
    if (free.some(pair => pair.local === local)) continue
    const causes = addresses.map(address => {
      const network = address.startsWith('[') ? 'tcp6' : 'tcp4'
      return `unable to create listener: Error listen ${network} ${address}:${local}: bind: address already in use`
    })
    context.err(
      `Unable to listen on port ${local}: Listeners failed to create with the following errors: [${causes.join(' ')}]\n`,
    )
  }
  if (free.length === 0) {
    const ports = pairs.map(({ local, remote }) => `{${local} ${remote}}`)
    throw new UsageError(`unable to listen on any of the requested ports: [${ports.join(' ')}]`)
  }
  for (const { local, remote } of free) {
    for (const address of addresses) out(`Forwarding from ${address}:${local} -> ${remote}\n`)
  }
  const resource = mapper().ofGroup('', 'pods')
  const path = pathOf(resource, namespaceOf(pod), nameOf(pod), 'portforward')
  return {
    state: { phase: 'forward', pairs: free },
    streams: [{ method: 'POST', path, headers: client.headers }],
    listeners: free.map(({ local, remote }) => ({ port: local, to: { what: 'stream', stream: 0, port: remote } })),
  }
}

function handled(
  { err, host, out }: Context<typeof flags>,
  state: Extract<Forwarding, { phase: 'forward' }>,
  { port, error }: Extract<Signal, { type: 'connection' }>,
): Outcome<Forwarding> {
  if (error === undefined) {
    out(`Handling connection for ${port}\n`)
    return { state }
  }
  const remote = state.pairs.find(({ local }) => local === port)?.remote ?? port
  const what = `an error occurred forwarding ${port} -> ${remote}: ${error}`
  err(klogWarning(host.now, 'portforward.go:424', `"Unhandled Error" err="${what}"`).replace(/^W/, 'E'))
  throw new UsageError('lost connection to pod')
}

/** A port as it is in the Pod: named ports have numbers, and those of a Service lead to others. */
function translated(info: Info, pod: JsonObject, text: string): string {
  const [local = '', remote = local, more] = text.split(':')
  if (remote === '' || more !== undefined) throw new UsageError('remote port cannot be empty')
  const number = info.resource.kind === 'Service' ? servicePort(info, pod, remote) : podPort(info, pod, remote)
  const near = local === remote && !/^\d+$/.test(local) ? String(number) : local
  return near === String(number) ? String(number) : `${near}:${number}`
}

function containerPorts(pod: JsonObject): readonly JsonObject[] {
  return objectsAt(pod, 'spec', 'containers').flatMap(container => objectsAt(container, 'ports'))
}

function podPort(info: Info, pod: JsonObject, remote: string): string {
  const isUdpOnly = (is: (port: JsonObject) => boolean): boolean => {
    const found = containerPorts(pod).filter(is)
    return found.length > 0 && found.every(({ protocol }) => protocol === 'UDP')
  }
  if (/^[-+]?\d+$/.test(remote)) {
    if (isUdpOnly(({ containerPort }) => containerPort === Number(remote))) throw noUdp(remote)
    return remote
  }
  const found = containerPorts(pod).find(({ name }) => name === remote)
  if (!found) {
    throw new UsageError(`${info.resource.kind} '${info.name}' does not have a named port '${remote}'`)
  }
  if (found.protocol === 'UDP') throw noUdp(remote)
  return String(numberAt(found, 'containerPort'))
}

function noUdp(port: string): UsageError {
  return new UsageError(`UDP protocol is not supported for ${port}`)
}

/** Where a port of a Service leads in one of its Pods. */
function servicePort({ name, object }: Info, pod: JsonObject, remote: string): string {
  const ports = objectsAt(object, 'spec', 'ports')
  const isNumber = /^[-+]?\d+$/.test(remote)
  const found = ports.find(port => (isNumber ? port.port === Number(remote) : port.name === remote))
  if (!found) {
    const what = isNumber ? `a service port ${remote}` : `a named port '${remote}'`
    throw new UsageError(`Service ${isNumber ? name : `'${name}'`} does not have ${what}`)
  }
  if (found.protocol === 'UDP') throw noUdp(remote)
  const { targetPort } = found
  if (textAt(object, 'spec', 'clusterIP') === 'None') {
    return String(numberAt(found, 'port'))
  }
  if (typeof targetPort !== 'string')
    return String(typeof targetPort === 'number' ? targetPort : numberAt(found, 'port'))
  const inPod = containerPorts(pod).find(port => port.name === targetPort)
  if (inPod) return String(numberAt(inPod, 'containerPort'))
  throw new UsageError(`Pod '${nameOf(pod)}' does not have a named port '${targetPort}'`)
}

/** `8080:80`, `80`, `:80`. */
function pairOf(text: string): Pair {
  const [near = '', far = near] = text.split(':')
  return { local: near === '' ? 0 : portNumber('local', near), remote: portNumber('remote', far) }
}

function portNumber(which: string, text: string): number {
  const why = /^\d+$/.test(text) ? 'value out of range' : 'invalid syntax'
  const port = Number(text)
  if (!/^\d+$/.test(text) || port > 65_535) {
    throw new UsageError(`error parsing ${which} port '${text}': strconv.ParseUint: parsing "${text}": ${why}`)
  }
  if (which === 'remote' && port === 0) throw new UsageError('remote port must be > 0')
  return port
}
