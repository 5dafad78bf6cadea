import { type Info } from '../api/builder.ts'
import { type Context, defineCommand, type Outcome, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { bestPod, objectNamed, podsOf } from '../pod-target.ts'
import { numberAt, objectsAt, textAt } from '../unstructured.ts'
import { notSimulated } from './exec.ts'

const flags = {
  address: flag.list('Addresses to listen on (comma separated). Only accepts IP addresses or localhost as a value.', {
    default: ['localhost'],
  }),
  'pod-running-timeout': flag.duration('The length of time to wait until at least one pod is running', {
    default: 60_000,
  }),
}

/** Looks for a Pod until it is time to give up. */
interface Searching {
  readonly deadlineMs: number
}

const pollMs = 500

/** kubectl/pkg/cmd/portforward/portforward.go. */
export const portForward = defineCommand<typeof flags, Searching>({
  use: 'port-forward TYPE/NAME [options] [LOCAL_PORT:]REMOTE_PORT [...[LOCAL_PORT_N:]REMOTE_PORT_N]',
  short: 'Forward one or more local ports to a pod',
  examples: `
    # Listen on port 8888 locally, forwarding to 5000 in the pod
    kubectl port-forward pod/mypod 8888:5000`,
  flags,
  run(context) {
    if (context.args.length < 2) throw usageError(context, 'TYPE/NAME and list of ports are required for port-forward')
    return start(context, context.host.now + context.flags['pod-running-timeout'])
  },
  resume: (context, { deadlineMs }) => start(context, deadlineMs),
})

function start(context: Context<typeof flags>, deadlineMs: number): Outcome<Searching> {
  const { args, host } = context
  const [target = '', ...ports] = args
  const info = objectNamed(context, target)
  const pod = bestPod(podsOf(context, info))
  if (!pod) {
    if (host.now >= deadlineMs) throw new UsageError('timed out waiting for the condition')
    return { state: { deadlineMs }, streams: [], wakeAtMs: Math.min(host.now + pollMs, deadlineMs) }
  }
  for (const port of ports) checkPort(info, pod, port)
  const phase = textAt(pod, 'status', 'phase')
  if (phase !== 'Running') {
    throw new UsageError(`unable to forward port because pod is not running. Current status=${phase}`)
  }
  throw notSimulated('port-forward')
}

function checkPort(info: Info, pod: unknown, text: string): void {
  const [local = '', remote = local] = text.split(':')
  if (!/^\d+$/.test(remote)) {
    const named = objectsAt(pod, 'spec', 'containers').flatMap(container => objectsAt(container, 'ports'))
    const found = named.find(({ name }) => name === remote)
    if (!found || numberAt(found, 'containerPort') === 0) {
      throw new UsageError(`${info.resource.kind} '${info.name}' does not have a named port '${remote}'`)
    }
  }
  if (local !== '' && /^\d+$/.test(local) && Number(local) > 65_535) {
    throw new UsageError(
      `error parsing local port '${local}': strconv.ParseUint: parsing "${local}": value out of range`,
    )
  }
}
