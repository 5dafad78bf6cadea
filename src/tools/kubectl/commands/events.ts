import { humanDuration } from '../../../api/meta/age.ts'
import { compareBytes } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { parseTime } from '../../../machinery/time.ts'
import { allChunks } from '../api/client.ts'
import { type Context, defineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { chosenOutput, outputFlags, printerFor } from '../printers/output.ts'
import { goSort } from '../printers/go-sort.ts'
import { align, tableTabs } from '../printers/tabwriter.ts'
import { allNamespacesFlag, chunkFlag } from '../subject-flags.ts'
import { at, namespaceOf, numberAt, objectsAt, textAt } from '../unstructured.ts'

const flags = {
  ...outputFlags,
  ...allNamespacesFlag,
  ...chunkFlag,
  for: flag.text('Filter events to only those pertaining to the specified resource.'),
  'no-headers': flag.bool("When using the default output format, don't print headers."),
  types: flag.list('Output only events of given types.'),
  watch: flag.bool('After listing the requested events, watch for more events.', { short: 'w' }),
}

export const events = defineCommand({
  use: 'events [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file] [--for TYPE/NAME] [--watch] [--types=Normal,Warning]',
  short: 'List events',
  flags,
  run(context) {
    const { client, err, flags: given, namespace, out } = context
    for (const type of given.types) {
      if (!['normal', 'warning'].includes(type.toLowerCase()))
        throw new UsageError('valid --types are Normal or Warning')
    }
    const path = given['all-namespaces'] ? '/api/v1/events' : `/api/v1/namespaces/${namespace}/events`
    const fieldSelector = given.for === '' ? '' : subjectSelector(context)
    const found = objectsAt(allChunks(client, path, { query: { fieldSelector, limit: given['chunk-size'] } }), 'items')
    const wanted = found.filter(
      event =>
        given.types.length === 0 ||
        given.types.some(type => type.toLowerCase() === textAt(event, 'type').toLowerCase()),
    )
    if (wanted.length === 0) {
      return err(given['all-namespaces'] ? 'No events found.\n' : `No events found in ${namespace} namespace.\n`)
    }
    const ordered = [...wanted]
    goSort(ordered, (a, b) => compareBytes(lastSeen(a), lastSeen(b)) < 0)
    const printer = printerFor(context)
    // The printer of names takes no lists that are typed, and nobody hears of it.
    if (printer && chosenOutput(context).format === 'name') return
    if (printer) {
      const items = ordered.map(asStruct)
      return out(printer.print({ kind: 'EventList', apiVersion: 'v1', metadata: {}, items }, true))
    }
    out(eventTable(context, ordered))
  },
})

/** The members of an Event in the order of Go's struct, which is that of its JSON. */
const members = [
  ...['metadata', 'involvedObject', 'reason', 'message', 'source', 'firstTimestamp', 'lastTimestamp', 'count', 'type'],
  ...['eventTime', 'series', 'action', 'related', 'reportingComponent', 'reportingInstance'],
]

function asStruct(event: JsonObject): JsonObject {
  const entries = members.filter(name => event[name] !== undefined).map(name => [name, event[name]])
  return { kind: 'Event', apiVersion: 'v1', ...Object.fromEntries(entries) }
}

function subjectSelector({ flags: given, mapper }: Context<typeof flags>): string {
  const [type = '', name = '', more] = given.for.split('/')
  if (type === '' || name === '' || more !== undefined) throw new UsageError('--for must be in resource/name form')
  const { kind, group, version } = mapper().find(type)
  return `involvedObject.kind=${kind},involvedObject.apiVersion=${group === '' ? version : `${group}/${version}`},involvedObject.name=${name}`
}

/** When it was last seen or reported, as a text that sorts by time: without its Z, a second comes before its fractions. */
function lastSeen(event: JsonObject): string {
  const text =
    textAt(event, 'series', 'lastObservedTime') || textAt(event, 'lastTimestamp') || textAt(event, 'eventTime')
  return text.replace(/Z$/, '')
}

function eventTable({ flags: given, host }: Context<typeof flags>, list: readonly JsonObject[]): string {
  const head = ['LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE']
  const rows = list.map(event => {
    const about = `${textAt(event, 'involvedObject', 'kind')}/${textAt(event, 'involvedObject', 'name')}`
    const cells = [
      intervalOf(event, host.now),
      textAt(event, 'type'),
      textAt(event, 'reason'),
      about,
      textAt(event, 'message').trim(),
    ]
    return given['all-namespaces'] ? [namespaceOf(event), ...cells] : cells
  })
  const headers = given['all-namespaces'] ? ['NAMESPACE', ...head] : head
  const lines = given['no-headers'] ? rows : [headers, ...rows]
  return align(lines.map(cells => `${cells.join('\t')}\n`).join(''), tableTabs)
}

function intervalOf(event: JsonObject, now: number): string {
  const since = (text: string): string => (text === '' ? '<unknown>' : humanDuration(now - parseTime(text)))
  const first = since(textAt(event, 'eventTime') || textAt(event, 'firstTimestamp'))
  if (at(event, 'series') !== undefined && at(event, 'series') !== null) {
    return `${since(textAt(event, 'series', 'lastObservedTime'))} (x${numberAt(event, 'series', 'count')} over ${first})`
  }
  const count = numberAt(event, 'count')
  return count > 1 ? `${since(textAt(event, 'lastTimestamp'))} (x${count} over ${first})` : first
}
