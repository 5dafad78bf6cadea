import { type Context, defineCommand, type Outcome, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { bestForAttaching } from '../pod-order.ts'
import { chooseContainer, objectNamed, podsOf } from '../pod-target.ts'
import { asInput, endOfStream, openStream, setUpTerminal, shownData } from '../streaming.ts'
import { fileFlags } from '../subject-flags.ts'
import { textAt } from '../unstructured.ts'

const flags = {
  filename: fileFlags.filename,
  container: flag.text(
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container.',
    {
      short: 'c',
    },
  ),
  'pod-running-timeout': flag.duration('The length of time to wait until at least one pod is running', {
    default: 60_000,
  }),
  quiet: flag.bool('Only print output from the remote session', { short: 'q' }),
  stdin: flag.bool('Pass stdin to the container', { short: 'i' }),
  tty: flag.bool('Stdin is a TTY', { short: 't' }),
}

type ExecContext = Context<typeof flags>

/** A command that runs in a container. */
interface Running {
  readonly command: string
}

/** kubectl/pkg/cmd/exec/exec.go. */
export const exec = defineCommand<typeof flags, Running>({
  use: 'exec (POD | TYPE/NAME) [-c CONTAINER] [flags] -- COMMAND [args...]',
  short: 'Execute a command in a container',
  flags,

  run(context) {
    const { args, dash, flags: given } = context
    const words = dash < 0 ? args : args.slice(0, dash)
    const command = dash < 0 ? args.slice(1) : args.slice(dash)
    const [target] = words
    if (target === undefined && given.filename.length === 0) {
      throw new UsageError('pod, type/name or --filename must be specified')
    }
    if (dash < 0 && args.length > 1) {
      throw usageError(context, 'exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead')
    }
    if (command.length === 0) throw new UsageError('you must specify at least one command for the container')
    return start(context, target ?? '', command)
  },

  resume(context, state, signal) {
    if (signal.type === 'end') return endOfStream(context, signal)
    shownData(context, signal)
    return { state }
  },
})

function start(context: ExecContext, target: string, command: readonly string[]): Outcome<Running> {
  const { flags: given } = context
  const info = objectNamed(context, target)
  const pod = bestForAttaching(podsOf(context, info))
  if (!pod) throw new UsageError('timed out waiting for the condition')
  const phase = textAt(pod, 'status', 'phase')
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new UsageError(`cannot exec into a container in a completed pod; current phase is ${phase}`)
  }
  const container = chooseContainer(context, pod, given.container, given.quiet)
  const isRaw = setUpTerminal(context)
  const query = [
    ['container', container],
    ...command.map(word => ['command', word]),
    ...(given.stdin ? [['stdin', 'true']] : []),
    ['stdout', 'true'],
    isRaw ? ['tty', 'true'] : ['stderr', 'true'],
  ]
  return openStream(context, pod, 'exec', query, asInput(context, isRaw), { command: command.join(' ') })
}
