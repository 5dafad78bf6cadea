import { ApiError } from '../../machinery/status.ts'
import type { JsonObject } from '../../machinery/json-value.ts'
import { pathOf, withQuery } from './api/client.ts'
import type { Context, Outcome, Signal } from './command.ts'
import { Exit, UsageError } from './errors.ts'
import { asInput, openStream, setUpTerminal, shownData, upgradeFailure } from './streaming.ts'
import { at, fields, nameOf, namespaceOf, numberAt, objectsAt, textAt } from './unstructured.ts'
import { eventsIn, watchOne } from './watching.ts'

// `run -it` and `debug -it`: wait until a container runs, speak to it, and perhaps wait for its end.

/** What is to happen around the session. */
export interface Wishes {
  /** A container that has ended will do: its log is shown (debug). Otherwise the Pod has to be ready. */
  readonly waitsForAny?: boolean
  /** The verb ends with the container's exit code (run with restartPolicy Never or OnFailure). */
  readonly exits?: 'Never' | 'OnFailure'
  /** The Pod is deleted afterwards: `--rm`. */
  readonly removes?: boolean
  readonly deadlineMs?: number
}

interface Place extends Wishes {
  readonly namespace: string
  readonly name: string
  readonly container: string
}

/** A session with a container, or the wait before or after it. */
export type Attaching =
  | ({ readonly phase: 'starting' | 'ending'; readonly rest: string } & Place)
  | ({ readonly phase: 'attached'; readonly isRaw: boolean } & Place)

/** Waits until a container runs and then attaches to it. */
export function attachWhenRunning(
  context: Context,
  pod: JsonObject,
  container: string,
  wishes: Wishes,
): Outcome<Attaching> {
  const place: Place = { ...wishes, namespace: namespaceOf(pod), name: nameOf(pod), container }
  return watching(context, 'starting', place, pod)
}

/** Goes on with a session or with the wait around it. */
export function goOnAttaching(context: Context, state: Attaching, signal: Signal): Outcome<Attaching> {
  if (state.phase === 'attached') return goOnAttached(context, state, signal)
  if (signal.type === 'time') throw removed(context, state, new UsageError('timed out waiting for the condition'))
  if (signal.type !== 'data') return watching(context, state.phase, state, readPod(context, state))
  const { events, rest } = eventsIn(state.rest + signal.text)
  for (const { type, object } of events) {
    if (type === 'DELETED') throw new ApiError('NotFound', 'pods "" not found')
    const outcome = state.phase === 'starting' ? begun(context, state, object) : ended(context, state, object)
    if (outcome) return outcome.goesOn
  }
  return { state: { ...state, rest } }
}

function watching(context: Context, phase: 'starting' | 'ending', place: Place, pod: JsonObject): Outcome<Attaching> {
  const already = phase === 'starting' ? begun(context, place, pod) : ended(context, place, pod)
  if (already) return already.goesOn
  const collection = pathOf(context.mapper().ofGroup('', 'pods'), place.namespace)
  const { deadlineMs: wakeAtMs } = place
  return {
    state: { ...place, phase, rest: '' },
    streams: [watchOne(context, collection, place.name, textAt(pod, 'metadata', 'resourceVersion'))],
    ...(wakeAtMs !== undefined && { wakeAtMs }),
  }
}

/** A step that is done; `goesOn` is what the verb does next. */
interface Step {
  readonly goesOn: Outcome<Attaching>
}

function begun(context: Context, place: Place, pod: JsonObject): Step | undefined {
  const phase = textAt(pod, 'status', 'phase')
  const isOver = phase === 'Succeeded' || phase === 'Failed'
  const state = stateOf(pod, place.container)
  if (place.waitsForAny === true) {
    if (state.terminated !== undefined) return { goesOn: showLog(context, place) }
    const waiting = textAt(state, 'waiting', 'message')
    if (waiting !== '' && context.flags.quiet !== true) {
      context.err(`Warning: container ${place.container}: ${waiting}\n`)
    }
    return state.running === undefined ? undefined : { goesOn: attach(context, place, pod) }
  }
  if (isOver) {
    showLog(context, place)
    return { goesOn: afterwards(context, place, pod) }
  }
  const conditions = objectsAt(pod, 'status', 'conditions')
  const isReady = conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
  if (phase !== 'Running' || !isReady) return undefined
  showLog(context, place)
  return { goesOn: attach(context, place, pod) }
}

function stateOf(pod: JsonObject, container: string): JsonObject {
  const lists = ['containerStatuses', 'initContainerStatuses', 'ephemeralContainerStatuses']
  const all = lists.flatMap(list => objectsAt(pod, 'status', list))
  return fields(all.find(({ name }) => name === container)?.state)
}

function showLog({ client, mapper, out }: Context, { namespace, name, container }: Place): undefined {
  const path = pathOf(mapper().ofGroup('', 'pods'), namespace, name, 'log')
  out(client.text('GET', withQuery(path, { container })))
}

function attach(context: Context, place: Place, pod: JsonObject): Outcome<Attaching> {
  const { err, flags } = context
  const isRaw = setUpTerminal(context)
  if (flags.quiet !== true) sayHowItIs(err)
  const query = [
    ['container', place.container],
    ...(flags.stdin === true ? [['stdin', 'true']] : []),
    ['stdout', 'true'],
    isRaw ? ['tty', 'true'] : ['stderr', 'true'],
  ]
  const state: Attaching = { ...place, phase: 'attached', isRaw }
  return openStream(context, pod, 'attach', query, asInput(context, isRaw), state)
}

/** What is said before a session. */
export function sayHowItIs(err: (text: string) => void): void {
  const what = 'All commands and output from this session will be recorded in container logs'
  err(`${what}, including credentials and sensitive information passed through the command prompt.\n`)
  err("If you don't see a command prompt, try pressing enter.\n")
}

function goOnAttached(
  context: Context,
  state: Extract<Attaching, { phase: 'attached' }>,
  signal: Signal,
): Outcome<Attaching> {
  if (shownData(context, signal)) return { state }
  if (signal.type !== 'end') return { state }
  const error = signal.refusal ? upgradeFailure(signal.refusal).message : signal.error
  if (error !== undefined) {
    context.err(`warning: couldn't attach to pod/${state.name}, falling back to streaming logs: ${error}\n`)
    showLog(context, state)
  } else sayHowToResume(context, state)
  return state.exits === undefined
    ? void remove(context, state)
    : watching(context, 'ending', state, readPod(context, state))
}

function sayHowToResume(
  context: Context,
  { isRaw, name, namespace, container, waitsForAny }: Extract<Attaching, { phase: 'attached' }>,
) {
  const { flags, out } = context
  if (flags.quiet === true || flags.stdin !== true || !isRaw) return
  const line = `'kubectl attach ${name} -c ${container} -n ${namespace} -i -t'`
  const isEphemeral = waitsForAny === true && flags['copy-to'] === '' && !name.startsWith('node-debugger-')
  out(
    isEphemeral
      ? `Session ended, the ephemeral container will not be restarted but may be reattached using ${line} if it is still running\n`
      : `Session ended, resume using ${line} command\n`,
  )
}

function readPod({ client, mapper }: Context, { namespace, name }: Place): JsonObject {
  return client.get(pathOf(mapper().ofGroup('', 'pods'), namespace, name))
}

function ended(context: Context, place: Place, pod: JsonObject): Step | undefined {
  const phase = textAt(pod, 'status', 'phase')
  const isEnd = place.exits === 'OnFailure' ? phase === 'Succeeded' : phase === 'Succeeded' || phase === 'Failed'
  return isEnd ? { goesOn: afterwards(context, place, pod) } : undefined
}

/** The verb's end after the container's: its exit code, and the Pod goes. */
function afterwards(context: Context, place: Place, pod: JsonObject): Outcome<Attaching> {
  const isFailed = place.exits !== undefined && textAt(pod, 'status', 'phase') === 'Failed'
  if (!isFailed) return void remove(context, place)
  const { namespace, name } = place
  const terminated = at(stateOf(pod, place.container), 'terminated')
  const code = numberAt(terminated, 'exitCode')
  if (code === 0)
    throw removed(context, place, new UsageError(`pod ${namespace}/${name} failed with unknown exit code`))
  const why = `pod ${namespace}/${name} terminated (${textAt(terminated, 'reason')})\n${textAt(terminated, 'message')}`
  remove(context, place)
  context.err(`${why}\n`)
  throw new Exit(code)
}

function removed(context: Context, place: Place, error: UsageError): UsageError {
  remove(context, place)
  return error
}

/** `--rm`: the Pod is deleted, and nobody waits for its end. */
function remove({ client, flags, mapper, out }: Context, { removes, namespace, name }: Place): void {
  if (removes !== true) return
  client.delete(pathOf(mapper().ofGroup('', 'pods'), namespace, name), { propagationPolicy: 'Background' })
  if (flags.quiet !== true) out(`pod "${name}" deleted from ${namespace} namespace\n`)
}
