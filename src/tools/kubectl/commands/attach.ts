import { type Context, defineCommand, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { bestPod, chooseContainer, objectNamed, podsOf } from '../pod-target.ts'
import { attemptUsage } from '../api/builder.ts'
import { textAt } from '../unstructured.ts'
import { goOn, openStream } from './exec.ts'

const flags = {
  container: flag.text(
    'Container name. If omitted, use the kubectl.kubernetes.io/default-container annotation or the first container.',
    {
      short: 'c',
    },
  ),
  'detach-keys': flag.text('Override the key sequence for detaching a container.'),
  'pod-running-timeout': flag.duration('The length of time to wait until at least one pod is running', {
    default: 60_000,
  }),
  quiet: flag.bool('Only print output from the remote session', { short: 'q' }),
  stdin: flag.bool('Pass stdin to the container', { short: 'i' }),
  tty: flag.bool('Stdin is a TTY', { short: 't' }),
}

/** A container whose output is shown. */
interface Attached {
  readonly container: string
}

/** kubectl/pkg/cmd/attach/attach.go. */
export const attach = defineCommand<typeof flags, Attached>({
  use: 'attach (POD | TYPE/NAME) -c CONTAINER',
  short: 'Attach to a running container',
  examples: `
    # Get output from running pod mypod
    kubectl attach mypod`,
  flags,
  run: start,
  resume: goOn,
})

function start(context: Context<typeof flags>): Outcome<Attached> {
  const { args, err, flags: given } = context
  const [target, more] = args
  if (target === undefined) throw new UsageError('at least 1 argument is required for attach')
  if (more !== undefined)
    throw new UsageError(
      `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
    )
  const pod = bestPod(podsOf(context, objectNamed(context, target)))
  if (!pod) throw new UsageError('timed out waiting for the condition')
  const phase = textAt(pod, 'status', 'phase')
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new UsageError(`cannot attach a container in a completed pod; current phase is ${phase}`)
  }
  let container = ''
  const mistake = attemptUsage(() => void (container = chooseContainer(context, pod, given.container, given.quiet)))
  if (mistake) throw new UsageError(`cannot attach to the container: ${mistake.message}`)
  if (!given.quiet) {
    const what = 'All commands and output from this session will be recorded in container logs'
    err(`${what}, including credentials and sensitive information passed through the command prompt.\n`)
    err("If you don't see a command prompt, try pressing enter.\n")
  }
  const query = [
    ['container', container],
    ...(given.stdin ? [['stdin', 'true']] : []),
    ['stdout', 'true'],
    given.tty ? ['tty', 'true'] : ['stderr', 'true'],
  ]
  return openStream(context, pod, 'attach', query, { container })
}
