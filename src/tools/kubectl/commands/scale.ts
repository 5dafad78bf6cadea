import { gather, type Info, infoPath, manifestInfo, subjectsOf, visit } from '../api/builder.ts'
import { type Context, defineCommand, selectionOf } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { dryRunFlag, fileFlags, recordFlag, selectorFlag } from '../subject-flags.ts'
import { numberAt, textAt } from '../unstructured.ts'
import { dryRunOf, reporter } from '../writing.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlag,
  ...dryRunFlag,
  ...recordFlag,
  all: flag.bool('Select all resources in the namespace of the specified resource types'),
  'current-replicas': flag.int(
    'Precondition for current size. Requires that the current size of the resource match this value in order to scale. -1 (default) for no condition.',
    {
      default: -1,
    },
  ),
  replicas: flag.int('The new desired number of replicas. Required.', { required: true }),
  'resource-version': flag.text(
    'Precondition for resource version. Requires that the current resource version match this value in order to scale.',
  ),
  timeout: flag.duration("The length of time to wait before giving up on a scale operation, zero means don't wait."),
}

export const scale = defineCommand({
  use: 'scale [--resource-version=version] [--current-replicas=count] --replicas=COUNT (-f FILENAME | TYPE NAME)',
  short: 'Set a new size for a deployment, replica set, or replication controller',
  flags,

  run(context) {
    const { flags: given, host, mapper, client } = context
    if (given.replicas < 0) {
      throw new UsageError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    }
    const report = reporter(context)
    const selection = selectionOf(context)
    const subjects = subjectsOf(host, mapper, selection)
    const { infos, failures } =
      subjects.sort === 'files'
        ? renamed(gather(subjects.manifests, manifest => manifestInfo(mapper(), manifest, selection)))
        : visit(client, mapper, subjects, selection)
    if (infos.length === 0 && failures.length === 0) throw new UsageError('no objects passed to scale')
    const scaled = gather(infos, info => {
      setSize(context, info)
      report(info.object ?? {}, 'scaled')
    })
    throwGathered([...failures, ...scaled.failures])
  },
})

function renamed<F>({ results, failures }: { results: Info[]; failures: F[] }): {
  infos: readonly Info[]
  failures: readonly F[]
} {
  return { infos: results, failures }
}

/** Writes the scale subresource; preconditions are looked at first. */
function setSize(context: Context<typeof flags>, info: Info): void {
  const { client, flags: given } = context
  if (dryRunOf(context) === 'client') return
  const path = infoPath(info, 'scale')
  const query = dryRunOf(context) === 'server' ? { dryRun: 'All' } : {}
  const [count, version] = [given['current-replicas'], given['resource-version']]
  if (count < 0 && version === '') {
    client.patch(path, 'merge', { spec: { replicas: given.replicas } }, query)
    return
  }
  const current = client.get(path)
  const replicas = numberAt(current, 'spec', 'replicas')
  if (count >= 0 && count !== replicas) throw new UsageError(`Expected replicas to be ${count}, was ${replicas}`)
  const found = textAt(current, 'metadata', 'resourceVersion')
  if (version !== '' && version !== found)
    throw new UsageError(`Expected resource version to be ${version}, was ${found}`)
  client.update(path, { ...current, spec: { replicas: given.replicas } }, query)
}
