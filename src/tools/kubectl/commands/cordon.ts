import { gather, infoPath } from '../api/builder.ts'
import { liveSubjects } from '../changing.ts'
import { type Command, type Context, defineCommand, usageError } from '../command.ts'
import { throwGathered } from '../errors.ts'
import { dryRunFlag, selectorFlag } from '../subject-flags.ts'
import { at } from '../unstructured.ts'
import { dryRunOf, dryRunSuffix } from '../writing.ts'

const flags = { ...selectorFlag, ...dryRunFlag }

export const cordon: Command = defineCommand({
  use: 'cordon NODE',
  short: 'Mark node as unschedulable',
  flags,
  run: context => void setSchedulable(context, true, 'cordon'),
})

export const uncordon: Command = defineCommand({
  use: 'uncordon NODE',
  short: 'Mark node as schedulable',
  flags,
  run: context => void setSchedulable(context, false, 'uncordon'),
})

/** Marks Nodes, and returns their names (kubectl/pkg/drain/cordon.go). */
export function setSchedulable(context: Context, unschedulable: boolean, verb: string): readonly string[] {
  const { args, client, flags: given, out } = context
  if (args.length === 0 && given.selector === '') throw usageError(context, `USAGE: ${verb} NODE [flags]`)
  const dryRun = dryRunOf(context)
  const words = args.length === 0 ? ['nodes'] : ['nodes', ...args.map(word => word.replace(/^(?:nodes?|no)\//, ''))]
  const { infos, failures } = liveSubjects({ ...context, args: words })
  const done = unschedulable ? 'cordoned' : 'uncordoned'
  throwGathered(failures)
  const { results, failures: refused } = gather(infos, info => {
    const isSo = (at(info.object, 'spec', 'unschedulable') === true) === unschedulable
    if (!isSo && dryRun !== 'client') {
      const query = dryRun === 'server' ? { dryRun: 'All' } : {}
      client.patch(infoPath(info), 'strategic', { spec: { unschedulable: unschedulable ? true : null } }, query)
    }
    out(`node/${info.name} ${isSo ? 'already ' : ''}${done}${dryRunSuffix(dryRun)}\n`)
    return info.name
  })
  throwGathered(refused)
  return results
}
