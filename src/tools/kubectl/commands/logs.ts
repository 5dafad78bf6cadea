import type { JsonObject } from '../../../machinery/json-value.ts'
import { ApiError } from '../../../machinery/status.ts'
import { pathOf, refusalIn, withQuery } from '../api/client.ts'
import { type Context, defineCommand, type Outcome, type Signal, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { bestForLogs } from '../pod-order.ts'
import { chooseContainer, objectNamed, podsMatching, podsOf } from '../pod-target.ts'
import { selectorFlag } from '../subject-flags.ts'
import { nameOf, namespaceOf, objectsAt, textAt } from '../unstructured.ts'

const flags = {
  ...selectorFlag,
  'all-containers': flag.bool("Get all containers' logs in the pod(s)."),
  'all-pods': flag.bool('Get logs from all pod(s). Sets prefix to true.'),
  container: flag.text('Print the logs of this container', { short: 'c' }),
  follow: flag.bool('Specify if the logs should be streamed.', { short: 'f' }),
  'ignore-errors': flag.bool('If watching / following pod logs, allow for any errors that occur to be non-fatal'),
  'insecure-skip-tls-verify-backend': flag.bool(
    'Skip verifying the identity of the kubelet that logs are requested from.',
  ),
  'limit-bytes': flag.int('Maximum bytes of logs to return. Defaults to no limit.'),
  'max-log-requests': flag.int(
    'Specify maximum number of concurrent logs to follow when using by a selector. Defaults to 5.',
    {
      default: 5,
    },
  ),
  'pod-running-timeout': flag.duration('The length of time to wait until at least one pod is running', {
    default: 20_000,
  }),
  prefix: flag.bool('Prefix each log line with the log source (pod name and container name)'),
  previous: flag.bool('If true, print the logs for the previous instance of the container in a pod if it exists.', {
    short: 'p',
  }),
  since: flag.duration('Only return logs newer than a relative duration like 5s, 2m, or 3h. Defaults to all logs.'),
  'since-time': flag.text('Only return logs after a specific date (RFC3339). Defaults to all logs.'),
  tail: flag.int(
    'Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.',
    {
      default: -1,
    },
  ),
  timestamps: flag.bool('Include timestamps on each line in the log output'),
}

type LogsContext = Context<typeof flags>

/** Before there is a Pod, and then while logs are followed. */
type Following =
  | { readonly phase: 'search'; readonly deadlineMs: number }
  | {
      readonly phase: 'follow'
      readonly prefixes: readonly string[]
      readonly rests: readonly string[]
      readonly open: number
    }

const pollMs = 500

/** kubectl/pkg/cmd/logs/logs.go. */
export const logs = defineCommand<typeof flags, Following>({
  use: 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]',
  short: 'Print the logs for a container in a pod',
  flags,

  run(context) {
    validate(context)
    return start(context, context.host.now + context.flags['pod-running-timeout'])
  },

  resume(context, state, signal) {
    return state.phase === 'search' ? start(context, state.deadlineMs) : goOn(context, state, signal)
  },
})

function validate(context: LogsContext): void {
  const { args, flags: given } = context
  if (args.length === 0 && given.selector === '') {
    const words = "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'."
    throw usageError(context, `${words}\nPOD or TYPE/NAME is a required argument for the logs command`)
  }
  if (args.length > 0 && given.selector !== '') {
    throw new UsageError('only a selector (-l) or a POD name is allowed')
  }
  if (args.length > 2) throw usageError(context, "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.")
  if (args.length === 2 && given.container !== '')
    throw new UsageError('only one of -c or an inline [CONTAINER] arg is allowed')
  if (given['all-containers'] && containerOf(context) !== '') {
    throw new UsageError('--all-containers=true should not be specified with container name')
  }
  if (given.since !== 0 && given['since-time'] !== '') {
    throw new UsageError('at most one of `sinceTime` or `sinceSeconds` may be specified')
  }
  if (given.tail < -1) throw new UsageError('--tail must be greater than or equal to -1')
  if (context.isSet('limit-bytes') && given['limit-bytes'] <= 0)
    throw new UsageError('--limit-bytes must be greater than 0')
}

function containerOf({ args, flags: given }: LogsContext): string {
  return args[1] ?? given.container
}

function start(context: LogsContext, deadlineMs: number): Outcome<Following> {
  const pods = wantedPods(context)
  if (!pods) {
    if (context.host.now >= deadlineMs) throw new UsageError('timed out waiting for the condition')
    return {
      state: { phase: 'search', deadlineMs },
      streams: [],
      wakeAtMs: Math.min(context.host.now + pollMs, deadlineMs),
    }
  }
  if (pods.length === 0) return context.err(`No resources found in ${context.namespace} namespace.\n`)
  const sources = pods.flatMap(pod => sourcesOf(context, pod))
  if (context.flags.follow) return follow(context, sources)
  for (const { path, prefix } of sources) context.out(prefixed(context.client.text('GET', path), prefix))
  return undefined
}

/** The Pods to read from; undefined while the object that was named has none. */
function wantedPods(context: LogsContext): readonly JsonObject[] | undefined {
  const { args, flags: given, namespace } = context
  const [word] = args
  if (word === undefined) return podsMatching(context, namespace, given.selector)
  const info = named(context, word)
  const pods = podsOf(context, info)
  if (given['all-pods']) return pods
  const pod = bestForLogs(pods)
  if (pods.length > 1 && pod) context.err(`Found ${pods.length} pods, using pod/${nameOf(pod)}\n`)
  return pod && [pod]
}

/** The object; that it is missing is said in words of this verb's own. */
function named(context: LogsContext, word: string) {
  try {
    return objectNamed(context, word)
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== 'NotFound') throw error
    throw new UsageError(`error from server (NotFound): ${error.message} in namespace "${context.namespace}"`)
  }
}

interface Source {
  readonly path: string
  readonly prefix: string
}

function sourcesOf(context: LogsContext, pod: JsonObject): readonly Source[] {
  const { flags: given, mapper } = context
  const containers = given['all-containers'] ? inOrder(pod) : [chooseContainer(context, pod, containerOf(context))]
  const path = pathOf(mapper().ofGroup('', 'pods'), namespaceOf(pod), nameOf(pod), 'log')
  return containers.map(container => ({
    path: withQuery(path, { container, ...logOptions(context) }),
    prefix: given.prefix || given['all-pods'] ? `[pod/${nameOf(pod)}/${container}] ` : '',
  }))
}

/** Init containers first, as they ran. */
function inOrder(pod: JsonObject): readonly string[] {
  return ['initContainers', 'containers', 'ephemeralContainers'].flatMap(list =>
    objectsAt(pod, 'spec', list).map(container => textAt(container, 'name')),
  )
}

function logOptions(context: LogsContext) {
  const { flags: given } = context
  const tail = given.selector !== '' && !context.isSet('tail') && !given.follow ? 10 : given.tail
  return {
    follow: given.follow || undefined,
    previous: given.previous || undefined,
    timestamps: given.timestamps || undefined,
    sinceSeconds: given.since > 0 ? Math.ceil(given.since / 1000) : undefined,
    sinceTime: given['since-time'] || undefined,
    limitBytes: given['limit-bytes'] > 0 ? given['limit-bytes'] : undefined,
    tailLines: tail >= 0 ? tail : undefined,
  }
}

function follow(context: LogsContext, sources: readonly Source[]): Outcome<Following> {
  const { client, flags: given } = context
  const most = given['max-log-requests']
  if (sources.length > 1 && sources.length > most) {
    const words = `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}`
    throw new UsageError(`${words}, use --max-log-requests to increase the limit`)
  }
  return {
    state: {
      phase: 'follow',
      prefixes: sources.map(({ prefix }) => prefix),
      rests: sources.map(() => ''),
      open: sources.length,
    },
    streams: sources.map(({ path }) => ({
      method: 'GET',
      path,
      headers: { ...client.headers, Accept: 'application/json, */*' },
    })),
  }
}

function goOn(context: LogsContext, state: Following & { phase: 'follow' }, signal: Signal): Outcome<Following> {
  if (signal.type === 'end') {
    if (signal.refusal) throw refusalIn(signal.refusal)
    if (signal.error !== undefined && !context.flags['ignore-errors']) throw new UsageError(signal.error)
    const open = state.open - 1
    return open === 0 ? undefined : { state: { ...state, open } }
  }
  if (signal.type !== 'data') return { state }
  const prefix = state.prefixes[signal.stream] ?? ''
  if (prefix === '') {
    context.out(signal.text)
    return { state }
  }
  const lines = `${state.rests[signal.stream] ?? ''}${signal.text}`.split('\n')
  const rest = lines.pop() ?? ''
  for (const line of lines) context.out(`${prefix}${line}\n`)
  return { state: { ...state, rests: state.rests.map((old, index) => (index === signal.stream ? rest : old)) } }
}

function prefixed(text: string, prefix: string): string {
  return prefix === '' ? text : text.replace(/^(?=.|\n)/gm, prefix)
}
