import { humanDuration } from '../../../api/meta/age.ts'
import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { ApiError } from '../../../machinery/status.ts'
import { parseTime } from '../../../machinery/time.ts'
import { gather, type Info, isSingle, listOf, manifestInfo, type Subjects, subjectsOf, visit } from '../api/builder.ts'
import { pathOf, tableForm, withQuery } from '../api/client.ts'
import { kindName, type Resource } from '../api/discovery.ts'
import { type Context, defineCommand, type Outcome, selectionOf, type Signal, usageError } from '../command.ts'
import { type Failure, throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { chosenOutput, getFormats, outputFlags, printerFor } from '../printers/output.ts'
import { sortObjects, sortRows } from '../printers/sorting.ts'
import { tableText, type TableOptions } from '../printers/table.ts'
import { align, tableTabs } from '../printers/tabwriter.ts'
import { allNamespacesFlag, chunkFlag, fieldSelectorFlag, fileFlags, selectorFlag } from '../subject-flags.ts'
import { items, objectsAt, textAt } from '../unstructured.ts'
import { isProxied, type RawRequest, sendRaw, showRaw } from './get-raw.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlag,
  ...fieldSelectorFlag,
  ...allNamespacesFlag,
  ...chunkFlag,
  raw: flag.text('Raw URI to request from the server.  Uses the transport specified by the kubeconfig file.'),
  watch: flag.bool('After listing/getting the requested object, watch for changes.', { short: 'w' }),
  'watch-only': flag.bool('Watch for changes to the requested object(s), without listing/getting first.'),
  'output-watch-events': flag.bool(
    'Output watch event objects when --watch or --watch-only is used. Existing objects are output as initial ADDED events.',
  ),
  'ignore-not-found': flag.bool('If set to true, suppresses NotFound error for specific objects that do not exist.'),
  'server-print': flag.bool(
    'If true, have the server return the appropriate table output. Supports extension APIs and CRDs.',
    { default: true },
  ),
  'no-headers': flag.bool(
    "When using the default or custom-column output format, don't print headers (default print headers).",
  ),
  'show-labels': flag.bool('When printing, show all labels as the last column (default hide labels column)'),
  'label-columns': flag.list('Accepts a comma separated list of labels that are going to be presented as columns.', {
    short: 'L',
  }),
  'show-kind': flag.bool('If present, list the resource type for the requested object(s).'),
  'sort-by': flag.text('If non-empty, sort list types using this field specification.'),
  subresource: flag.text('If specified, gets the subresource of the requested object.'),
}

type GetContext = Context<typeof flags>

/** What `get -w` remembers: how far it has come and how wide its columns are. */
interface Watching {
  readonly namespace: string
  readonly columns: readonly JsonObject[]
  readonly widths: number[]
  /** Whether headers are on the screen. */
  readonly hasHeaders: boolean
  /** The first event repeats the object that is on the screen already. */
  readonly skipsFirst: boolean
  readonly text: string
}

export const get = defineCommand<typeof flags, Watching | RawRequest>({
  use: 'get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  short: 'Display one or many resources',
  flags,

  run(context): Outcome<Watching | RawRequest> {
    const { args, flags: given } = context
    if (given.raw !== '') return getRaw(context)
    checkFlags(context)
    if (given.watch || given['watch-only']) return startWatch(context)
    const subjects = subjectsOf(context.host, context.mapper, selectionOf(context, selectionExtras(context)))
    if (subjects.sort === 'none' && args.length === 0) throw nothingAsked(context)
    return isHuman(context) ? printTables(context, subjects) : printObjects(context, subjects)
  },

  resume: (context, state, signal) =>
    'raw' in state ? showRaw(context, signal) : continueWatch(context, state, signal),
})

function selectionExtras({ flags: given }: GetContext) {
  return { allowEmptySelector: true, subresource: given.subresource, validate: false }
}

function nothingAsked(context: GetContext): UsageError {
  const advice = 'Use "kubectl api-resources" for a complete list of supported resources.'
  context.err(`You must specify the type of resource to get. ${advice}\n\n`)
  const explain =
    'Use "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).'
  return usageError(context, `Required resource not specified.\n${explain}`)
}

function isHuman(context: GetContext): boolean {
  const { format } = chosenOutput(context)
  return (format === '' || format === 'wide') && context.flags['server-print']
}

function checkFlags(context: GetContext): void {
  const { flags: given } = context
  const { format } = chosenOutput(context)
  if (given['show-labels'] && format !== '' && format !== 'wide') {
    throw new UsageError(`--show-labels option cannot be used with ${given.output} printer`)
  }
  if (given['label-columns'].length > 0 && format.startsWith('custom-columns')) {
    throw new UsageError(`--label-columns option cannot be used with ${given.output} printer`)
  }
  if (given['output-watch-events'] && !given.watch && !given['watch-only']) {
    throw new UsageError('--output-watch-events option can only be used with --watch or --watch-only')
  }
}

function getRaw({ args, flags: given, client, out }: GetContext): Outcome<RawRequest> {
  if (args.length > 0) throw new UsageError('arguments may not be passed when --raw is specified')
  if (given.watch || given['watch-only'] || given.selector !== '') {
    throw new UsageError(
      '--raw may not be specified with other flags that filter the server request or alter the output',
    )
  }
  if (given.output !== '') throw new UsageError('--raw and --output are mutually exclusive')
  if (isProxied(given.raw)) return sendRaw(client.headers, given.raw)
  out(client.text('GET', given.raw))
}

/** One Table of the server, and what it is of. */
interface Printed {
  readonly resource: Resource
  readonly table: JsonObject
}

function printTables(context: GetContext, subjects: Subjects): void {
  const { flags: given, out, err, namespace } = context
  const { printed, failures } = fetchTables(context, subjects)
  const tables = sorted(context, printed)
  const kinds = new Set(tables.map(({ resource }) => `${resource.group}/${resource.kind}`))
  const withKind = given['show-kind'] || kinds.size > 1
  let isNamespaced = !given['all-namespaces']
  let withNamespace = false
  const texts = blocksOf(tables).map(({ resource, table }) => {
    isNamespaced &&= resource.namespaced
    // Once it is there the column stays: the printers of a command share their flags.
    withNamespace ||= given['all-namespaces'] && resource.namespaced
    const options = { ...tableOptions(context, resource, withKind), withNamespace }
    return align(tableText(table, options), tableTabs)
  })
  const shown = texts.filter(text => text !== '')
  out(shown.join(given['no-headers'] ? '' : '\n'))
  if (shown.length === 0 && !given['ignore-not-found'] && failures.length === 0) {
    err(isNamespaced ? `No resources found in ${namespace} namespace.\n` : 'No resources found\n')
  }
  throwGathered(failures)
}

function tableOptions(context: GetContext, resource: Resource, withKind: boolean): TableOptions {
  const { flags: given } = context
  return {
    wide: chosenOutput(context).format === 'wide',
    noHeaders: given['no-headers'],
    withNamespace: given['all-namespaces'] && resource.namespaced,
    showLabels: given['show-labels'],
    labelColumns: given['label-columns'],
    ...(withKind && { kind: kindName(resource) }),
  }
}

/** Tables of one resource that follow each other share their headers. */
function blocksOf(tables: readonly Printed[]): readonly Printed[] {
  const blocks: Printed[] = []
  for (const { resource, table } of tables) {
    const last = blocks.at(-1)
    if (last?.resource === resource) {
      const rows = [...items(last.table.rows), ...items(table.rows)]
      blocks[blocks.length - 1] = { resource, table: { ...last.table, rows } }
    } else blocks.push({ resource, table })
  }
  return blocks
}

function fetchTables(context: GetContext, subjects: Subjects): { printed: readonly Printed[]; failures: Failure[] } {
  const { client, flags: given, mapper } = context
  const selection = selectionOf(context, selectionExtras(context))
  const query = { ...(given['sort-by'] !== '' && { includeObject: 'Object' }) }
  if (subjects.sort === 'lists') {
    const { results, failures } = gather(subjects.resources, resource => {
      const place = listPlace(context, resource)
      const limits = { limit: given['sort-by'] !== '' || given['chunk-size'] === 0 ? undefined : given['chunk-size'] }
      const selectors = { labelSelector: given.selector, fieldSelector: given['field-selector'] }
      const options = { accept: tableForm, query: { ...query, ...limits, ...selectors } }
      return { resource, table: listOf(client, resource, place, options) }
    })
    return { printed: results, failures }
  }
  const named =
    subjects.sort === 'files'
      ? gather(subjects.manifests, manifest => manifestInfo(mapper(), manifest, selection))
      : { results: subjects.sort === 'names' ? subjects.infos : [], failures: [] }
  const { results, failures } = gather(named.results, ({ resource, namespace, name }) => {
    const path = pathOf(resource, namespace, name, given.subresource)
    return { resource, table: client.get(path, { accept: tableForm, query }) }
  })
  return {
    printed: results,
    failures: [...named.failures, ...failures].filter(failure => !isIgnored(context, failure)),
  }
}

function listPlace({ flags: given, namespace }: GetContext, resource: Resource): string | undefined {
  return given['all-namespaces'] || !resource.namespaced ? undefined : namespace
}

function isIgnored({ flags: given }: GetContext, failure: Failure): boolean {
  return given['ignore-not-found'] && failure instanceof ApiError && failure.reason === 'NotFound'
}

function sorted({ flags: given }: GetContext, tables: readonly Printed[]): readonly Printed[] {
  const path = given['sort-by']
  if (path === '') return tables
  // A table that cannot be sorted is not printed, and nobody says so.
  return gather(tables, ({ resource, table }) => ({ resource, table: sortRows(table, path) })).results
}

function printObjects(context: GetContext, subjects: Subjects): void {
  const { client, flags: given, mapper, out } = context
  const selection = selectionOf(context, selectionExtras(context))
  const printer = printerFor(context, getFormats) ?? localTable(context)
  const { infos, failures } = visit(client, mapper, subjects, selection)
  const serious = failures.filter(failure => !isIgnored(context, failure))
  const single = isSingle(subjects)
  if (single && serious.length > 0) throwGathered(serious)
  if (infos.length === 0 && (given['ignore-not-found'] || subjects.sort === 'none')) return throwGathered(serious)
  const objects = infos.flatMap(({ object }) => (object ? [object] : []))
  const path = given['sort-by']
  const ordered = path === '' ? objects : sortObjects(objects, path)
  const [only] = ordered
  const printed =
    single && only ? only : { apiVersion: 'v1', items: ordered, kind: 'List', metadata: { resourceVersion: '' } }
  out(printer.print(printed))
  if (ordered.length === 0 && !given['server-print'])
    context.err(`No resources found in ${context.namespace} namespace.\n`)
  throwGathered(serious)
}

/** `--server-print=false`: names and ages, which kubectl knows of every object. */
function localTable(context: GetContext) {
  return {
    print(object: JsonObject): string {
      const objects = Array.isArray(object.items) ? objectsAt(object, 'items') : [object]
      const rows = objects.map(each => ({
        cells: [textAt(each, 'metadata', 'name'), ageOf(each, context.host.now)],
        object: each,
      }))
      const columnDefinitions = [
        { name: 'Name', type: 'string', format: 'name', priority: 0 },
        { name: 'Age', type: 'string', format: '', priority: 0 },
      ]
      const options: TableOptions = {
        wide: false,
        noHeaders: context.flags['no-headers'],
        withNamespace: context.flags['all-namespaces'],
        showLabels: context.flags['show-labels'],
        labelColumns: context.flags['label-columns'],
      }
      return align(tableText({ columnDefinitions, rows }, options), tableTabs)
    },
  }
}

function startWatch(context: GetContext): Outcome<Watching> {
  const { client, flags: given, host, mapper, out, err } = context
  const subjects = subjectsOf(host, mapper, selectionOf(context, selectionExtras(context)))
  if (given['sort-by'] !== '') err('warning: --watch requested, --sort-by will be ignored for watch events received\n')
  const target = watchTarget(context, subjects)
  if (!target) throw nothingAsked(context)
  const { path, resource, query } = target
  const listed = client.get(path, {
    accept: isHuman(context) ? tableForm : 'application/json',
    query: { ...query, limit: undefined },
  })
  const columns = objectsAt(listed, 'columnDefinitions')
  const widths: number[] = []
  let hasHeaders = false
  if (!given['watch-only']) {
    out(showWatched(context, resource, listed, { columns, widths, hasHeaders, event: 'ADDED' }))
    hasHeaders = items(listed.rows).length > 0
  }
  const version = target.isList ? textAt(listed, 'metadata', 'resourceVersion') : '0'
  return {
    state: { namespace: context.namespace, columns, widths, hasHeaders, skipsFirst: !target.isList, text: '' },
    streams: [watchStream(context, target.watchPath, { ...target.watchQuery, resourceVersion: version })],
  }
}

function watchStream(context: GetContext, path: string, query: Record<string, string>) {
  const accept = isHuman(context) ? tableForm : 'application/json'
  const headers = { ...context.client.headers, Accept: accept }
  return { method: 'GET' as const, path: withQuery(path, { ...query, watch: 'true' }), headers }
}

function watchTarget(context: GetContext, subjects: Subjects) {
  const { flags: given, mapper } = context
  const query = { labelSelector: given.selector, fieldSelector: given['field-selector'] }
  if (subjects.sort === 'lists') {
    const [resource, another] = subjects.resources
    if (another) throw new UsageError('you may only specify a single resource type')
    if (!resource) return undefined
    const path = pathOf(resource, listPlace(context, resource))
    return { resource, path, query, isList: true, watchPath: path, watchQuery: query }
  }
  const infos: readonly Info[] =
    subjects.sort === 'names'
      ? subjects.infos
      : subjects.sort === 'files'
        ? subjects.manifests.map(manifest => manifestInfo(mapper(), manifest, selectionOf(context)))
        : []
  const [info, another] = infos
  if (another) {
    const words = 'watch is only supported on individual resources and resource collections'
    throw new UsageError(`${words} - ${infos.length} resources were found`)
  }
  if (!info) return undefined
  const { resource, namespace, name } = info
  return {
    resource,
    path: pathOf(resource, namespace, name),
    query: {},
    isList: false,
    watchPath: pathOf(resource, namespace),
    watchQuery: { fieldSelector: `metadata.name=${name}` },
  }
}

interface Shown {
  readonly columns: readonly JsonObject[]
  readonly widths: number[]
  readonly hasHeaders: boolean
  readonly event: string
}

function showWatched(context: GetContext, resource: Resource | undefined, object: JsonObject, shown: Shown): string {
  const { flags: given } = context
  if (!isHuman(context)) {
    const printer = printerFor(context, getFormats)
    if (!given['output-watch-events']) return printer?.print(object) ?? ''
    return printer?.print({ kind: 'WatchEvent', type: shown.event, object }) ?? ''
  }
  const base: TableOptions = {
    wide: chosenOutput(context).format === 'wide',
    noHeaders: given['no-headers'] || shown.hasHeaders,
    withNamespace: given['all-namespaces'],
    showLabels: given['show-labels'],
    labelColumns: given['label-columns'],
    ...(given['show-kind'] && resource && { kind: kindName(resource) }),
    ...(given['output-watch-events'] && { event: shown.event }),
  }
  return align(tableText(object, base, shown.columns), tableTabs, shown.widths)
}

function continueWatch(context: GetContext, state: Watching, signal: Signal): Outcome<Watching> {
  if (signal.type !== 'data') return undefined
  const text = state.text + signal.text
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  const widths = [...state.widths]
  let { columns, hasHeaders, skipsFirst } = state
  for (const line of lines) {
    const event: unknown = line === '' ? undefined : JSON.parse(line)
    if (!isObject(event) || !isObject(event.object) || event.type === 'BOOKMARK') continue
    const { object } = event
    if (event.type === 'ERROR') throw new UsageError(textAt(object, 'message'))
    const own = objectsAt(object, 'columnDefinitions')
    if (own.length > 0) columns = own
    if (skipsFirst) {
      skipsFirst = false
      if (!context.flags['watch-only']) continue
    }
    context.out(showWatched(context, undefined, object, { columns, widths, hasHeaders, event: textAt(event, 'type') }))
    hasHeaders = true
  }
  return { state: { ...state, columns, widths, hasHeaders, skipsFirst, text: rest } }
}

function ageOf(object: JsonObject, now: number): string {
  const created = textAt(object, 'metadata', 'creationTimestamp')
  return created === '' ? '<unknown>' : humanDuration(now - parseTime(created))
}
