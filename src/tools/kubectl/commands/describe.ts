import { ApiError } from '../../../machinery/status.ts'
import { gather, type Info, manifestInfo, subjectsOf, visit, fetchInfo } from '../api/builder.ts'
import { listOf, infoOfItem } from '../api/builder.ts'
import { type Context, defineCommand, selectionOf } from '../command.ts'
import { describers } from '../describe/index.ts'
import { describeGeneric } from '../describe/generic.ts'
import type { Describing } from '../describe/sections.ts'
import { Page } from '../describe/page.ts'
import { type Failure, throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { allNamespacesFlag, chunkFlag, fileFlags, selectorFlag } from '../subject-flags.ts'
import { objectsAt } from '../unstructured.ts'

const flags = {
  ...fileFlags,
  ...selectorFlag,
  ...allNamespacesFlag,
  ...chunkFlag,
  'show-events': flag.bool('If true, display events related to the described object.', { default: true }),
}

type DescribeContext = Context<typeof flags>

export const describe = defineCommand({
  use: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  short: 'Show details of a specific resource or group of resources',
  flags,

  run(context) {
    const { args, flags: given, host, mapper, err, namespace } = context
    if (args.length === 0 && given.filename.length === 0 && given.kustomize === '') {
      throw new UsageError(
        'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
      )
    }
    const selection = selectionOf(context, { allowEmptySelector: true, validate: false })
    const subjects = subjectsOf(host, mapper, selection)
    const {
      infos,
      failures,
      isExact = true,
    }: Found = subjects.sort === 'names'
      ? named(context, subjects.infos)
      : subjects.sort === 'files'
        ? fromFiles(
            context,
            gather(subjects.manifests, manifest => manifestInfo(mapper(), manifest, selection)),
          )
        : visit(context.client, mapper, subjects, selection)
    // Several things are described without their events, unless they were asked for.
    const showEvents =
      given['show-events'] && (context.isSet('show-events') || (infos.length === 1 && failures.length === 0 && isExact))
    const described = gather(infos, info => describeOne(context, info, showEvents))
    context.out(described.results.join('\n\n'))
    if (infos.length === 0 && failures.length === 0) {
      err(given['all-namespaces'] ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`)
    }
    throwGathered([...failures, ...described.failures])
  },
})

interface Found {
  readonly infos: readonly Info[]
  readonly failures: readonly Failure[]
  /** Whether what was found has the names that were given, and not only begins with them. */
  readonly isExact?: boolean
}

function fromFiles(
  { client }: DescribeContext,
  { results, failures }: { results: Info[]; failures: Failure[] },
): Found {
  const live = gather(results, info => fetchInfo(client, info))
  return { infos: live.results, failures: [...failures, ...live.failures] }
}

/** Things by name; where nothing has the name, all whose names begin with it. */
function named(context: DescribeContext, wanted: readonly Info[]): Found {
  const { results, failures } = gather(wanted, info => {
    try {
      return [fetchInfo(context.client, info)]
    } catch (error) {
      if (!(error instanceof ApiError) || error.reason !== 'NotFound') throw error
      const matching = withPrefix(context, info)
      if (matching.length === 0) throw error
      return matching
    }
  })
  const infos = results.flat()
  return { infos, failures, isExact: infos.every(({ name }) => wanted.some(info => info.name === name)) }
}

function withPrefix({ client }: DescribeContext, { resource, namespace, name }: Info): readonly Info[] {
  const list = listOf(client, resource, namespace || undefined, { query: { limit: 500 } })
  return objectsAt(list, 'items')
    .map(item => infoOfItem(resource, item))
    .filter(info => info.name.startsWith(name))
}

function describeOne(context: DescribeContext, { resource, object = {} }: Info, showEvents: boolean): string {
  const describing: Describing = {
    client: context.client,
    mapper: context.mapper,
    now: context.host.now,
    showEvents,
  }
  const page = new Page()
  const describer = describers.get(`${resource.group}/${resource.kind}`) ?? describeGeneric
  describer(page, object, describing, resource)
  return page.text()
}
