import type { JsonObject } from '../../../machinery/json-value.ts'
import { sayHowItIs } from '../attaching.ts'
import { type Context, defineCommand, type Outcome } from '../command.ts'
import { attemptUsage, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { bestForAttaching } from '../pod-order.ts'
import { chooseContainer, objectNamed, podsOf } from '../pod-target.ts'
import { asInput, endOfStream, openStream, setUpTerminal, shownData } from '../streaming.ts'
import { nameOf, namespaceOf, objectsAt, textAt } from '../unstructured.ts'

const flags = {
  container: flag.text(
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container.',
    {
      short: 'c',
    },
  ),
  'detach-keys': flag.text('Override the key sequence for detaching a container', { default: 'ctrl-p,ctrl-q' }),
  'pod-running-timeout': flag.duration('The length of time to wait until at least one pod is running', {
    default: 60_000,
  }),
  quiet: flag.bool('Only print output from the remote session', { short: 'q' }),
  stdin: flag.bool('Pass stdin to the container', { short: 'i' }),
  tty: flag.bool('Stdin is a TTY', { short: 't' }),
}

/** A container whose output is shown. */
interface Attached {
  readonly pod: string
  readonly namespace: string
  readonly container: string
  readonly isRaw: boolean
}

/** kubectl/pkg/cmd/attach/attach.go. */
export const attach = defineCommand<typeof flags, Attached>({
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  short: 'Attach to a running container',
  flags,
  run: start,
  resume(context, state, signal) {
    if (signal.type !== 'end') {
      shownData(context, signal)
      return { state }
    }
    endOfStream(context, signal)
    if (context.flags.quiet || !context.flags.stdin || !state.isRaw) return undefined
    const { pod, container, namespace } = state
    context.out(`Session ended, resume using 'kubectl attach ${pod} -c ${container} -n ${namespace} -i -t' command\n`)
    return undefined
  },
})

function start(context: Context<typeof flags>): Outcome<Attached> {
  const { args, err, flags: given } = context
  const [target, more, third] = args
  if (target === undefined) throw new UsageError('at least 1 argument is required for attach')
  if (third !== undefined)
    throw new UsageError(
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
    )
  if (given['pod-running-timeout'] <= 0) throw new UsageError('--pod-running-timeout must be higher than zero')
  const pod = bestForAttaching(podsOf(context, objectNamed(context, more === undefined ? target : `${target}/${more}`)))
  if (!pod) throw new UsageError('timed out waiting for the condition')
  const phase = textAt(pod, 'status', 'phase')
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new UsageError(`cannot attach a container in a completed pod; current phase is ${phase}`)
  }
  let container = ''
  const mistake = attemptUsage(() => void (container = chooseContainer(context, pod, given.container, given.quiet)))
  if (mistake) throw new UsageError(`cannot attach to the container: ${mistake.message}`)
  const isRaw = setUpTerminal(context, hasTerminal(context, pod, container))
  if (!given.quiet) sayHowItIs(err)
  const query = [
    ['container', container],
    ...(given.stdin ? [['stdin', 'true']] : []),
    ['stdout', 'true'],
    isRaw ? ['tty', 'true'] : ['stderr', 'true'],
  ]
  const state: Attached = { pod: nameOf(pod), namespace: namespaceOf(pod), container, isRaw }
  return openStream(context, pod, 'attach', query, asInput(context, isRaw), state)
}

/** Whether the container was started with a terminal; without one there is nothing to use. */
function hasTerminal({ err, flags: given }: Context<typeof flags>, pod: JsonObject, container: string): boolean {
  const all = ['containers', 'initContainers', 'ephemeralContainers'].flatMap(list => objectsAt(pod, 'spec', list))
  const isThere = all.some(({ name, tty }) => name === container && tty === true)
  if (given.tty && !isThere && !given.quiet) {
    err(`error: Unable to use a TTY - container ${container} did not allocate one\n`)
  }
  return isThere
}
