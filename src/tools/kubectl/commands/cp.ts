import { entriesBelow } from '../../../shell/programs/tar.ts'
import { readArchive, writeArchive } from '../../../shell/programs/tar-archive.ts'
import { pathOf } from '../api/client.ts'
import { type Context, defineCommand, type Outcome } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { chooseContainer } from '../pod-target.ts'
import { endOfStream, openStream } from '../streaming.ts'
import { textAt } from '../unstructured.ts'

const flags = {
  container: flag.text('Container name.', { short: 'c' }),
  'no-preserve': flag.bool(
    "The copied file/directory's ownership and permissions will not be preserved in the container",
  ),
  retries: flag.int(
    'Set number of retries to complete a copy operation from a container. Specify 0 to disable or any negative value for infinite retrying.',
  ),
}

/** kubectl/pkg/cmd/cp/cp.go: tar at both ends of an exec. */
export const cp = defineCommand<typeof flags, Copying>({
  use: 'cp <file-spec-src> <file-spec-dest>',
  short: 'Copy files and directories to and from containers',
  flags,
  run(context) {
    const { args, host } = context
    const [source, target, more] = args
    if (source === undefined || target === undefined || more !== undefined) {
      throw new UsageError('source and destination are required')
    }
    const [from, to] = [placeOf(source), placeOf(target)]
    if (from.pod !== '' && to.pod !== '') throw new UsageError('one of src or dest must be a local file specification')
    if (from.path === '' || to.path === '') throw new UsageError('filepath can not be empty')
    if (from.pod !== '')
      return exec(context, from, ['tar', 'cf', '-', from.path], undefined, { phase: 'from', text: '' })
    if (to.pod === '') throw new UsageError('one of src or dest must be a remote file specification')
    if (entriesBelow(host.files, source, baseName(source)).length === 0) {
      throw new UsageError(`${source} doesn't exist in local filesystem`)
    }
    return exec(context, to, ['test', '-d', to.path], undefined, { phase: 'test' })
  },

  resume(context, state, signal): Outcome<Copying> {
    const [source = '', target = ''] = context.args
    if (state.phase === 'from' && signal.type === 'data' && signal.channel === 'stdout') {
      return { state: { ...state, text: state.text + signal.text } }
    }
    if (signal.type !== 'end') {
      if (state.phase !== 'test' && signal.type === 'data') context.out(signal.text)
      return { state }
    }
    if (state.phase === 'test') {
      const to = placeOf(target)
      const isDirectory = signal.error === undefined && (signal.code ?? 0) === 0
      return sendTo(context, source, isDirectory ? { ...to, path: `${to.path}/${baseName(source)}` } : to)
    }
    endOfStream(context, signal)
    if (state.phase === 'from') keep(context, placeOf(source), target, state.text)
    return undefined
  },
})

type CopyContext = Context<typeof flags>

/** Whether the target is a directory is found out, then the archive goes there; or it comes from there. */
type Copying = { readonly phase: 'test' | 'to' } | { readonly phase: 'from'; readonly text: string }

interface Place {
  readonly namespace: string
  /** '' for this machine. */
  readonly pod: string
  readonly path: string
}

/** The parts of `[namespace/]pod:path`, or a local path. */
function placeOf(text: string): Place {
  const colon = text.indexOf(':')
  const pieces = text.slice(0, Math.max(colon, 0)).split('/')
  if (colon < 0) return { namespace: '', pod: '', path: text }
  if (colon === 0 || pieces.length > 2)
    throw new UsageError('filespec must match the canonical format: [[namespace/]pod:]file/path')
  const [first = '', second] = pieces
  const path = text.slice(colon + 1)
  return second === undefined ? { namespace: '', pod: first, path } : { namespace: first, pod: second, path }
}

function baseName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? path
}

function sendTo(context: CopyContext, source: string, to: Place): Outcome<Copying> {
  const { flags: given, host } = context
  const entries = entriesBelow(host.files, source.replace(/\/+$/, ''), baseName(to.path))
  const folder = to.path.replace(/\/+$/, '').replace(/\/?[^/]*$/, '')
  const isAbsolute = to.path.startsWith('/')
  const where = folder === '' ? (isAbsolute ? '/' : '.') : folder
  const options = given['no-preserve'] ? ['--no-same-permissions', '--no-same-owner'] : []
  const command = ['tar', ...options, '-xmf', '-', '-C', where]
  return exec(context, to, command, writeArchive(entries, host.now), { phase: 'to' })
}

function exec(
  context: CopyContext,
  { namespace, pod: name }: Place,
  command: readonly string[],
  input: string | undefined,
  state: Copying,
): Outcome<Copying> {
  const { flags: given } = context
  const place = namespace === '' ? context : { ...context, namespace }
  const { client, mapper } = context
  const pod = client.get(pathOf(mapper().ofGroup('', 'pods'), place.namespace, name))
  const phase = textAt(pod, 'status', 'phase')
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw new UsageError(`cannot exec into a container in a completed pod; current phase is ${phase}`)
  }
  const container = chooseContainer(context, pod, given.container, state.phase !== 'from' && state.phase !== 'to')
  const query = [
    ['container', container],
    ...command.map(word => ['command', word]),
    ...(input === undefined ? [] : [['stdin', 'true']]),
    ['stdout', 'true'],
    ['stderr', 'true'],
  ]
  const text = input === undefined ? undefined : ({ from: 'text', text: input } as const)
  return openStream(place, pod, 'exec', query, text, state)
}

/** Writes what came out of a Pod. */
function keep({ host }: CopyContext, from: Place, target: string, archive: string): void {
  const prefix = from.path.replace(/^[./]+/, '').replace(/\/+$/, '')
  const isFolder = host.files.list(target) !== undefined
  const base = isFolder ? `${target.replace(/\/+$/, '')}/${baseName(from.path)}` : target
  for (const { name, text } of readArchive(archive) ?? []) {
    if (text !== undefined) host.files.write(`${base}${name.slice(prefix.length)}`, text)
  }
}
