import { defineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { chooseContainer, objectNamed } from '../pod-target.ts'
import { notSimulated } from './exec.ts'

/** kubectl/pkg/cmd/cp/cp.go: what is wrong with the arguments; copying itself is not there. */
export const cp = defineCommand({
  use: 'cp <file-spec-src> <file-spec-dest>',
  short: 'Copy files and directories to and from containers',
  examples: `
    # Copy /tmp/foo local file to /tmp/bar in a remote pod in namespace <some-namespace>
    kubectl cp /tmp/foo <some-namespace>/<some-pod>:/tmp/bar`,
  flags: {
    container: flag.text('Container name.', { short: 'c' }),
    'no-preserve': flag.bool(
      "The copied file/directory's ownership and permissions will not be preserved in the container",
    ),
    retries: flag.int(
      'Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying.',
    ),
  },
  run(context) {
    const { args, flags, host } = context
    const [source, target, more] = args
    if (source === undefined || target === undefined || more !== undefined) {
      throw new UsageError('source and destination are required')
    }
    const [from, to] = [placeOf(source), placeOf(target)]
    if (from && to) throw new UsageError('one of src or dest must be a local file specification')
    const remote = from ?? to
    if (to && host.files.read(source) === undefined && host.files.list(source) === undefined) {
      throw new UsageError(`${source} doesn't exist in local filesystem`)
    }
    if (!remote) throw new UsageError('one of src or dest must be a remote file specification')
    const place = remote.namespace === '' ? context : { ...context, namespace: remote.namespace }
    const pod = objectNamed(place, remote.pod)
    chooseContainer(context, pod.object ?? {}, flags.container)
    throw notSimulated('cp')
  },
})

interface Place {
  readonly namespace: string
  readonly pod: string
}

/** The Pod of `[namespace/]pod:path`; undefined for a local path. */
function placeOf(text: string): Place | undefined {
  const [, before = ''] = /^([^:]*):(.*)$/.exec(text) ?? []
  if (before === '') return undefined
  const [first = '', second] = before.split('/')
  return second === undefined ? { namespace: '', pod: first } : { namespace: first, pod: second }
}
