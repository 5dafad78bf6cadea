import { formatDuration } from '../../../machinery/duration.ts'
import { quote } from '../../../machinery/go-text.ts'
import { ApiError } from '../../../machinery/status.ts'
import { type Context, defineCommand, type Outcome } from '../command.ts'
import { SeveralErrors, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { chunkFlag, dryRunFlag, selectorFlag } from '../subject-flags.ts'
import { textAt } from '../unstructured.ts'
import { dryRunOf, dryRunSuffix } from '../writing.ts'
import { setSchedulable } from './cordon.ts'
import { type DrainedPod, type DrainRules, isLongTerminating, podsToDrain } from './drain-pods.ts'

const flags = {
  ...selectorFlag,
  ...dryRunFlag,
  ...chunkFlag,
  'delete-emptydir-data': flag.bool(
    'Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).',
  ),
  'disable-eviction': flag.bool(
    'Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.',
  ),
  force: flag.bool('Continue even if there are pods that do not declare a controller.'),
  'grace-period': flag.int(
    'Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.',
    { default: -1 },
  ),
  'ignore-daemonsets': flag.bool('Ignore DaemonSet-managed pods.'),
  'pod-selector': flag.text('Label selector to filter pods on the node'),
  'skip-wait-for-delete-timeout': flag.int(
    'If pod DeletionTimestamp older than N seconds, skip waiting for the pod.  Seconds must be greater than 0 to skip.',
  ),
  timeout: flag.duration('The length of time to wait before giving up, zero means infinite'),
}

type DrainContext = Context<typeof flags>

/** A Pod whose eviction was refused is tried again; one that was accepted is waited for. */
interface Leaving extends DrainedPod {
  readonly phase: 'evict' | 'wait'
  readonly dueMs: number
}

interface Draining {
  /** Nodes that are left, the first of which is being drained. */
  readonly nodes: readonly string[]
  readonly pods: readonly Leaving[]
  /** When to give up; undefined never. */
  readonly deadlineMs: number | undefined
  /** Whether evictions have begun on the first Node. */
  readonly begun: boolean
  /** What went wrong with Pods of this Node. */
  readonly errors: readonly string[]
  /** Nodes that could not be drained, and why. */
  readonly pending: readonly { readonly node: string; readonly errors: readonly string[] }[]
}

const retryMs = 5_000
const pollMs = 1_000

/** kubectl/pkg/cmd/drain/drain.go and kubectl/pkg/drain/drain.go. */
export const drain = defineCommand<typeof flags, Draining>({
  use: 'drain NODE',
  short: 'Drain node in preparation for maintenance',
  flags,

  run(context) {
    const nodes = setSchedulable(context, true, 'drain')
    return nextNode(context, { nodes, pods: [], deadlineMs: undefined, begun: false, errors: [], pending: [] })
  },

  resume: (context, state) => goOn(context, state),
})

/** Begins with the first Node that is left; at the end says which Nodes could not be drained. */
function nextNode(context: DrainContext, state: Draining): Outcome<Draining> {
  const { client, err, flags: given, host, out } = context
  const [node] = state.nodes
  if (node === undefined) return finish(context, state)
  const { pods, warnings, errors } = podsToDrain(client, node, rulesOf(context), host.now)
  if (errors.length > 0) return nodeFailed(context, { ...state, errors })
  if (warnings !== '') err(`Warning: ${warnings}\n`)
  if (dryRunOf(context) === 'client') {
    for (const { namespace, name } of pods) out(`evicting pod ${namespace}/${name} (dry run)\n`)
    return nodeDone(context, state)
  }
  const deadlineMs = given.timeout > 0 ? host.now + given.timeout : undefined
  const leaving = pods.map(pod => ({ ...pod, phase: 'evict' as const, dueMs: host.now }))
  return goOn(context, { ...state, pods: leaving, deadlineMs, begun: true, errors: [] })
}

function rulesOf({ flags: given }: DrainContext): DrainRules {
  return {
    ignoreDaemonSets: given['ignore-daemonsets'],
    deleteLocalData: given['delete-emptydir-data'],
    force: given.force,
    podSelector: given['pod-selector'],
    skipTerminatingSeconds: given['skip-wait-for-delete-timeout'],
  }
}

/** Does what is due for the Pods of a Node. */
function goOn(context: DrainContext, state: Draining): Outcome<Draining> {
  const { host } = context
  const errors = [...state.errors]
  const attempt = (pod: Leaving): readonly Leaving[] => {
    if (pod.dueMs > host.now) return [pod]
    const left = pod.phase === 'evict' ? evict(context, pod, state.deadlineMs) : look(context, pod, state.deadlineMs)
    if (typeof left === 'string') errors.push(left)
    return typeof left === 'string' || left === undefined ? [] : [left]
  }
  const evicted = state.pods.flatMap(attempt)
  const pods = evicted.flatMap(pod => (pod.phase === 'wait' ? attempt(pod) : [pod]))
  const now = { ...state, pods, errors }
  if (pods.length > 0) return { state: now, streams: [], wakeAtMs: Math.min(...pods.map(({ dueMs }) => dueMs)) }
  return errors.length > 0 ? nodeFailed(context, now) : nodeDone(context, now)
}

/** Asks for an eviction; returns what to do next, nothing, or what went wrong. */
function evict(context: DrainContext, pod: Leaving, deadlineMs: number | undefined): Leaving | string | undefined {
  const { client, err, flags: given, host, out } = context
  const { namespace, name } = pod
  const what = `error when evicting pods/${quote(name)} -n ${quote(namespace)}`
  const isEviction = !given['disable-eviction']
  if (isEviction) out(`evicting pod ${namespace}/${name}${dryRunSuffix(dryRunOf(context))}\n`)
  if (deadlineMs !== undefined && host.now >= deadlineMs)
    return `${what}: global timeout reached: ${formatDuration(given.timeout)}`
  try {
    if (isEviction) client.create(`${podPath(pod)}/eviction`, evictionOf(context, pod))
    else client.delete(podPath(pod), deleteOptions(context))
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.reason === 'NotFound') return undefined
    if (error.reason !== 'TooManyRequests') return `${what}: ${error.message}`
    err(`${what} (will retry after 5s): ${error.message}\n`)
    return { ...pod, dueMs: host.now + retryMs }
  }
  if (dryRunOf(context) === 'server') return undefined
  return { ...pod, phase: 'wait', dueMs: host.now }
}

const podPath = ({ namespace, name }: DrainedPod): string => `/api/v1/namespaces/${namespace}/pods/${name}`

function deleteOptions(context: DrainContext) {
  const period = context.flags['grace-period']
  return {
    ...(period >= 0 && { gracePeriodSeconds: period }),
    ...(dryRunOf(context) === 'server' && { dryRun: ['All'] }),
  }
}

function evictionOf(context: DrainContext, { namespace, name }: DrainedPod) {
  return {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: deleteOptions(context),
  }
}

/** Looks whether a Pod is gone. */
function look(context: DrainContext, pod: Leaving, deadlineMs: number | undefined): Leaving | string | undefined {
  const { client, flags: given, host, out } = context
  const done = `pod/${pod.name} ${given['disable-eviction'] ? 'deleted' : 'evicted'}\n`
  try {
    const live = client.get(podPath(pod))
    if (textAt(live, 'metadata', 'uid') !== pod.uid) return void out(done)
    const seconds = given['skip-wait-for-delete-timeout']
    if (isLongTerminating(live, seconds, host.now)) {
      return void out(`pod ${pod.name} has DeletionTimestamp older than ${seconds} seconds, skipping\n`)
    }
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.reason === 'NotFound') return void out(done)
    return error.message
  }
  if (deadlineMs !== undefined && host.now >= deadlineMs) {
    const what = `error when waiting for pod ${quote(pod.name)} in namespace ${quote(pod.namespace)} to terminate`
    return `${what}: global timeout reached: ${formatDuration(given.timeout)}`
  }
  return { ...pod, dueMs: host.now + pollMs }
}

function nodeDone(context: DrainContext, { nodes, pending }: Draining): Outcome<Draining> {
  const [node = '', ...others] = nodes
  context.out(`node/${node} drained${dryRunSuffix(dryRunOf(context))}\n`)
  return nextNode(context, { nodes: others, pods: [], deadlineMs: undefined, begun: false, errors: [], pending })
}

function nodeFailed(context: DrainContext, { nodes, errors, begun, pending }: Draining): Outcome<Draining> {
  const { client, err, host } = context
  const [node = '', ...others] = nodes
  const shown = errors.length > 1 ? `[${errors.join(', ')}]` : errors.join('')
  if (begun) {
    const left = podsToDrain(client, node, rulesOf(context), host.now).pods
    if (left.length > 0) {
      err(`There are pending pods in node ${quote(node)} when an error occurred: ${shown}\n`)
      for (const { name } of left) err(`pod/${name}\n`)
    }
  }
  err(`error: unable to drain node ${quote(node)} due to error: ${shown}, continuing command...\n`)
  const failed = [...pending, { node, errors }]
  return nextNode(context, {
    nodes: others,
    pods: [],
    deadlineMs: undefined,
    begun: false,
    errors: [],
    pending: failed,
  })
}

function finish({ err }: DrainContext, { pending }: Draining): undefined {
  if (pending.length === 0) return undefined
  err('There are pending nodes to be drained:\n')
  for (const { node } of pending) err(` ${node}\n`)
  throw new SeveralErrors(pending.flatMap(({ errors }) => errors.map(text => new UsageError(text))))
}
