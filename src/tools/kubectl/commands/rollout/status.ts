import type { JsonObject } from '../../../../machinery/json-value.ts'
import { quote } from '../../../../machinery/go-text.ts'
import { pathOf } from '../../api/client.ts'
import type { Resource } from '../../api/discovery.ts'
import { type Context, defineCommand, type Outcome, type Signal } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { fileFlags, selectorFlag } from '../../subject-flags.ts'
import { at, nameOf, numberAt, objectsAt, textAt } from '../../unstructured.ts'
import { eventsIn, watchOne, type WatchEvent } from '../../watching.ts'
import { negativeRevision, noResources, workloads } from './workloads.ts'

const flags = {
  ...fileFlags,
  ...selectorFlag,
  revision: flag.int('Pin to a specific revision for showing its status. Defaults to 0 (last revision).'),
  timeout: flag.duration(
    'The length of time to wait before ending watch, zero means never. Any other values should contain a corresponding time unit (e.g. 1s, 2m, 3h).',
  ),
  watch: flag.bool("Watch the status of the rollout until it's done.", { short: 'w', default: true }),
}

/** One workload whose rollout is watched. */
interface Watched {
  readonly kind: string
  readonly collection: string
  readonly name: string
}

/** The workloads to look at, the first of which is being watched. */
interface Following {
  readonly queue: readonly Watched[]
  /** When to give up on the first; undefined never. */
  readonly deadlineMs: number | undefined
  readonly text: string
}

export const rolloutStatus = defineCommand<typeof flags, Following>({
  use: 'status (TYPE NAME | TYPE/NAME) [flags]',
  short: 'Show the status of the rollout',
  flags,

  run(context) {
    if (context.flags.revision < 0) throw negativeRevision(context.flags.revision)
    const { infos, failures } = workloads(context)
    if (infos.length === 0 && failures.length === 0) return noResources(context)
    throwGathered(failures)
    const watchable = infos.filter(({ resource }) => viewers[resource.kind] !== undefined)
    const missing = infos.filter(({ resource }) => viewers[resource.kind] === undefined)
    if (missing.length > 0) throwGathered(missing.map(({ resource }) => noViewer(resource)))
    return start(
      context,
      watchable.map(({ resource, namespace, name }) => ({
        kind: resource.kind,
        collection: pathOf(resource, namespace),
        name,
      })),
    )
  },

  resume(context, state, signal): Outcome<Following> {
    const [watched, ...others] = state.queue
    if (!watched) return undefined
    if (signal.type === 'time') throw new UsageError('timed out waiting for the condition')
    if (signal.type !== 'data') return start(context, state.queue)
    return advance(context, state, watched, others, signal)
  },
})

function advance(
  context: Context<typeof flags>,
  state: Following,
  watched: Watched,
  others: readonly Watched[],
  signal: Extract<Signal, { readonly type: 'data' }>,
): Outcome<Following> {
  const { events, rest } = eventsIn(state.text + signal.text)
  for (const event of events) if (isDone(context, watched, event)) return start(context, others)
  return { state: { ...state, text: rest }, ...wakeAt(state.deadlineMs) }
}

/** Looks at the first workload of the queue, and goes on with the next when it has rolled out. */
function start(context: Context<typeof flags>, queue: readonly Watched[]): Outcome<Following> {
  const { client, flags: given, host } = context
  for (const [index, watched] of queue.entries()) {
    const { collection, name } = watched
    const list = client.get(collection, { query: { fieldSelector: `metadata.name=${name}` } })
    const [object] = objectsAt(list, 'items')
    if (object && isDone(context, watched, { type: 'ADDED', object })) continue
    const deadlineMs = given.timeout > 0 ? host.now + given.timeout : undefined
    const stream = watchOne(context, collection, name, textAt(list, 'metadata', 'resourceVersion'))
    return { state: { queue: queue.slice(index), deadlineMs, text: '' }, streams: [stream], ...wakeAt(deadlineMs) }
  }
  return undefined
}

const wakeAt = (deadlineMs: number | undefined) => (deadlineMs === undefined ? {} : { wakeAtMs: deadlineMs })

function isDone(
  { flags: given, out }: Context<typeof flags>,
  { kind }: Watched,
  { type, object }: WatchEvent,
): boolean {
  if (type === 'DELETED') throw new UsageError('object has been deleted')
  const status = viewers[kind]?.(object, given.revision)
  if (!status) return true
  out(status.text)
  return status.done || !given.watch
}

interface RolloutState {
  readonly text: string
  readonly done: boolean
}

type Viewer = (object: JsonObject, revision: number) => RolloutState

/** What is said of a rollout: kubectl/pkg/polymorphichelpers/rollout_status.go. */
const viewers: Readonly<Record<string, Viewer>> = {
  Deployment: deploymentStatus,
  DaemonSet: daemonSetStatus,
  StatefulSet: statefulSetStatus,
}

const waiting = (text: string): RolloutState => ({ text: `${text}...\n`, done: false })
const finished = (text: string): RolloutState => ({ text: `${text}\n`, done: true })

function deploymentStatus(deployment: JsonObject, revision: number): RolloutState {
  const name = quote(nameOf(deployment))
  const running = Number(textAt(deployment, 'metadata', 'annotations', 'deployment.kubernetes.io/revision'))
  if (revision > 0 && revision !== running) {
    throw new UsageError(`desired revision (${revision}) is different from the running revision (${running})`)
  }
  if (!isObserved(deployment)) return waiting('Waiting for deployment spec update to be observed')
  const progressing = objectsAt(deployment, 'status', 'conditions').find(({ type }) => type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') {
    throw new UsageError(`deployment ${name} exceeded its progress deadline`)
  }
  const wanted = numberAt(deployment, 'spec', 'replicas')
  const [all, updated, available] = [
    numberAt(deployment, 'status', 'replicas'),
    numberAt(deployment, 'status', 'updatedReplicas'),
    numberAt(deployment, 'status', 'availableReplicas'),
  ]
  const start = `Waiting for deployment ${name} rollout to finish:`
  if (updated < wanted) return waiting(`${start} ${updated} out of ${wanted} new replicas have been updated`)
  if (all > updated) return waiting(`${start} ${all - updated} old replicas are pending termination`)
  if (available < updated) return waiting(`${start} ${available} of ${updated} updated replicas are available`)
  return finished(`deployment ${name} successfully rolled out`)
}

function daemonSetStatus(daemonSet: JsonObject): RolloutState {
  requireRolling(daemonSet)
  const name = quote(nameOf(daemonSet))
  if (!isObserved(daemonSet)) return waiting('Waiting for daemon set spec update to be observed')
  const [updated, wanted, available] = [
    numberAt(daemonSet, 'status', 'updatedNumberScheduled'),
    numberAt(daemonSet, 'status', 'desiredNumberScheduled'),
    numberAt(daemonSet, 'status', 'numberAvailable'),
  ]
  const start = `Waiting for daemon set ${name} rollout to finish:`
  if (updated < wanted) return waiting(`${start} ${updated} out of ${wanted} new pods have been updated`)
  if (available < wanted) return waiting(`${start} ${available} of ${wanted} updated pods are available`)
  return finished(`daemon set ${name} successfully rolled out`)
}

function statefulSetStatus(set: JsonObject): RolloutState {
  requireRolling(set)
  if (numberAt(set, 'status', 'observedGeneration') === 0 || !isObserved(set)) {
    return waiting('Waiting for statefulset spec update to be observed')
  }
  const wanted = numberAt(set, 'spec', 'replicas')
  const [ready, updated] = [numberAt(set, 'status', 'readyReplicas'), numberAt(set, 'status', 'updatedReplicas')]
  if (ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready`)
  if (at(set, 'spec', 'updateStrategy', 'rollingUpdate') !== undefined) {
    const above = wanted - numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition')
    if (updated < above) {
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${above} new pods have been updated`,
      )
    }
    return finished(`partitioned roll out complete: ${updated} new pods have been updated...`)
  }
  const [current, update] = [textAt(set, 'status', 'currentRevision'), textAt(set, 'status', 'updateRevision')]
  if (update !== current) {
    return waiting(`waiting for statefulset rolling update to complete ${updated} pods at revision ${update}`)
  }
  const done = numberAt(set, 'status', 'currentReplicas')
  return finished(`statefulset rolling update complete ${done} pods at revision ${current}...`)
}

function isObserved(object: JsonObject): boolean {
  return numberAt(object, 'metadata', 'generation') <= numberAt(object, 'status', 'observedGeneration')
}

function requireRolling(object: JsonObject): void {
  if (textAt(object, 'spec', 'updateStrategy', 'type') === 'RollingUpdate') return
  throw new UsageError('rollout status is only available for RollingUpdate strategy type')
}

function noViewer({ kind, group }: Resource): UsageError {
  return new UsageError(`no status viewer has been implemented for ${group === '' ? kind : `${kind}.${group}`}`)
}
