import { ApiError } from '../../../machinery/status.ts'
import { type Info } from '../api/builder.ts'
import { pathOf } from '../api/client.ts'
import { qualifiedName } from '../api/discovery.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand, type Outcome, type Signal } from '../command.ts'
import { attemptUsage, type Failure, PlainError, throwGathered, UsageError } from '../errors.ts'
import { messageOf } from '../failure.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { allNamespacesFlag, fieldSelectorFlag, fileFlags, selectorFlag } from '../subject-flags.ts'
import { isGiven } from '../subjects.ts'
import { objectsAt, textAt } from '../unstructured.ts'
import { eventsIn, watchOne } from '../watching.ts'
import { reporter } from '../writing.ts'
import { nothingGiven } from './delete.ts'
import { type Condition, readConditions } from './wait-conditions.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  kustomize: { ...fileFlags.kustomize, hidden: true },
  recursive: { ...fileFlags.recursive, initial: true, shown: 'true' },
  ...selectorFlag,
  ...fieldSelectorFlag,
  ...allNamespacesFlag,
  all: flag.bool('Select all resources in the namespace of the specified resource types'),
  for: flag.array(
    "The condition to wait on: [create|delete|condition=condition-name[=condition-value]|jsonpath='{JSONPath expression}'=[JSONPath value]]. The default condition-value is true.",
  ),
  local: flag.bool('If true, annotation will NOT contact api-server but run locally.'),
  timeout: flag.duration(
    "The length of time to wait before giving up. Zero means check once and don't wait, negative means wait for a week.",
    { default: 30_000 },
  ),
}

type WaitContext = Context<typeof flags>

interface Waiting {
  /** Undefined while those that are to be created are not there. */
  readonly queue: readonly Info[] | undefined
  /** Which condition of the first in the queue is waited for. */
  readonly condition: number
  readonly deadlineMs: number
  /** What went wrong so far, as it will be printed. */
  readonly failed: readonly string[]
  readonly text: string
}

const createPollMs = 500
const weekMs = 168 * 3_600_000

/** kubectl/pkg/cmd/wait/wait.go. */
export const wait = defineCommand<typeof flags, Waiting>({
  use: "wait ([-f FILENAME] | resource.group/resource.name | resource.group [(-l label | --all)]) [--for=create|--for=delete|--for condition=available|--for=jsonpath='{}'[=value]]",
  short: 'Wait for a specific condition on one or many resources',
  flags,

  run(context) {
    const { flags: given, host } = context
    const conditions = readConditions(given.for)
    reporter(context)
    if (!isGiven(context)) throw nothingGiven()
    const deadlineMs = host.now + (given.timeout < 0 ? weekMs : given.timeout)
    const state: Waiting = { queue: undefined, condition: 0, deadlineMs, failed: [], text: '' }
    return conditions.some(({ type }) => type === 'create') ? waitForCreation(context, state) : begin(context, state)
  },

  resume(context, state, signal) {
    if (!state.queue) return waitForCreation(context, state)
    return advance(context, state, state.queue, signal)
  },
})

function waitForCreation(context: WaitContext, state: Waiting): Outcome<Waiting> {
  const { host } = context
  const { infos, failures } = liveSubjects(context)
  const isMissing = (failure: Failure): boolean => failure instanceof ApiError && failure.reason === 'NotFound'
  throwGathered(failures.filter(failure => !isMissing(failure)))
  if (infos.length > 0 && failures.length === 0) return begin(context, state)
  if (host.now >= state.deadlineMs) throw new UsageError('timed out waiting for the condition')
  return { state, streams: [], wakeAtMs: Math.min(host.now + createPollMs, state.deadlineMs) }
}

function begin(context: WaitContext, state: Waiting): Outcome<Waiting> {
  const isForDelete = readConditions(context.flags.for).some(({ type }) => type === 'delete')
  const { infos, failures } = liveSubjects(context)
  const serious = failures.filter(each => !(isForDelete && each instanceof ApiError && each.reason === 'NotFound'))
  if (infos.length === 0) {
    throwGathered(serious)
    if (isForDelete) return undefined
    throw new UsageError('no matching resources found')
  }
  return next(context, { ...state, queue: infos, failed: serious.map(messageOf) })
}

/** Goes through the queue until something is not as it should be yet. */
function next(context: WaitContext, state: Waiting): Outcome<Waiting> {
  const { flags: given, host } = context
  const conditions = readConditions(given.for)
  const failed = [...state.failed]
  let index = state.condition
  for (const [place, info] of (state.queue ?? []).entries()) {
    for (; index < conditions.length; index++) {
      const condition = conditions[index]
      if (!condition) continue
      if (given.timeout !== 0 && host.now >= state.deadlineMs) {
        failed.push(timedOut(info))
        break
      }
      const check = look(context, info, condition)
      if (check === 'met') reporter(context)(info.object ?? {}, 'condition met')
      else if (typeof check === 'object') {
        failed.push(check.failed)
        break
      } else if (given.timeout === 0) {
        failed.push(`condition not met for ${info.resource.plural}/${info.name}`)
        break
      } else {
        const queue = state.queue?.slice(place)
        const stream = watchOne(context, pathOf(info.resource, info.namespace), info.name, check)
        const waiting = { ...state, queue, condition: index, failed, text: '' }
        return { state: waiting, streams: [stream], wakeAtMs: state.deadlineMs }
      }
    }
    index = 0
  }
  // What a server has refused is printed in its own words, without error: before it.
  return throwGathered(
    failed.map(text => (text.startsWith('Error from server') ? new PlainError(text) : new UsageError(text))),
  )
}

/** `met`, the version from which on to watch, or what is wrong. */
function look(context: WaitContext, info: Info, condition: Condition): string | { readonly failed: string } {
  const { resource, namespace, name } = info
  if (condition.type === 'create') return 'met'
  const list = context.client.get(pathOf(resource, namespace), { query: { fieldSelector: `metadata.name=${name}` } })
  const [object] = objectsAt(list, 'items')
  const version = textAt(list, 'metadata', 'resourceVersion')
  if (condition.type === 'delete') return object && hasSameUid(object, info) ? version : 'met'
  if (!object) return { failed: `Error from server (NotFound): ${qualifiedName(resource)} "${name}" not found` }
  let isMet = false
  const mistake = attemptUsage(() => void (isMet = condition.isMet(object)))
  if (mistake) return { failed: mistake.message }
  return isMet ? 'met' : version
}

function hasSameUid(object: unknown, info: Info): boolean {
  return textAt(object, 'metadata', 'uid') === textAt(info.object, 'metadata', 'uid')
}

function advance(context: WaitContext, state: Waiting, queue: readonly Info[], signal: Signal): Outcome<Waiting> {
  const [info, ...others] = queue
  const condition = readConditions(context.flags.for)[state.condition]
  if (!info || !condition) return undefined
  if (signal.type === 'time') {
    return next(context, { ...state, queue: others, condition: 0, failed: [...state.failed, timedOut(info)] })
  }
  if (signal.type !== 'data') return next(context, state)
  const { events, rest } = eventsIn(state.text + signal.text)
  const isMet = events.some(({ type, object }) =>
    condition.type === 'state' ? type !== 'DELETED' && condition.isMet(object) : type === 'DELETED',
  )
  if (!isMet) return { state: { ...state, text: rest }, wakeAtMs: state.deadlineMs }
  reporter(context)(info.object ?? {}, 'condition met')
  const isLast = state.condition + 1 >= context.flags.for.length
  return next(context, {
    ...state,
    queue: isLast ? others : queue,
    condition: isLast ? 0 : state.condition + 1,
  })
}

function timedOut({ resource, name }: Info): string {
  return `timed out waiting for the condition on ${resource.plural}/${name}`
}
