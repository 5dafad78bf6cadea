import { humanDuration } from '../../../api/meta/age.ts'
import { compareBytes } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { parseTime } from '../../../machinery/time.ts'
import type { RestClient } from '../api/client.ts'
import type { Resource } from '../api/discovery.ts'
import type { Mapper } from '../api/mapper.ts'
import { goSort } from '../printers/go-sort.ts'
import { at, mapAt, nameOf, namespaceOf, numberAt, objectsAt, textAt, textOf } from '../unstructured.ts'
import type { Page } from './page.ts'

/** What a describer may look at. */
export interface Describing {
  readonly client: RestClient
  readonly mapper: () => Mapper
  readonly now: number
  readonly showEvents: boolean
}

/** Writes what there is to say of one object. */
export type Describer = (page: Page, object: JsonObject, describing: Describing, resource: Resource) => void

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `Thu, 15 Jan 2026 09:00:04 +0000`: time.RFC1123Z. */
export function longTime(text: string): string {
  const ms = parseTime(text)
  if (text === '' || Number.isNaN(ms)) return 'Mon, 01 Jan 0001 00:00:00 +0000'
  const [year = '', month = '', day = ''] = text.split(/[-T]/)
  const weekday = days[(Math.floor(ms / 86_400_000) + 4) % 7] ?? ''
  return `${weekday}, ${day} ${months[Number(month) - 1]} ${year} ${text.slice(11, 19)} +0000`
}

/** How long ago a time was; `<unknown>` where there is none. */
export function since(text: string, now: number): string {
  return text === '' ? '<unknown>' : humanDuration(now - parseTime(text))
}

/** Labels and the like: one a line, by their keys. */
export function writeMap(
  page: Page,
  title: string,
  map: Readonly<Record<string, string>>,
  indent = '',
  inner = '\t',
): void {
  const lines = Object.keys(map)
    .sort(compareBytes)
    .map(key => `${key}=${map[key]}`)
  writeList(page, title, lines, indent, inner)
}

/** A title with lines beside it, or `<none>`. */
export function writeList(page: Page, title: string, lines: readonly string[], indent = '', inner = '\t'): void {
  page.put(`${indent}${title}:${inner}`)
  if (lines.length === 0) page.put('<none>\n')
  for (const [index, line] of lines.entries()) page.put(`${index > 0 ? indent + inner : ''}${line}\n`)
}

const maxAnnotation = 140
const hidden = 'kubectl.kubernetes.io/last-applied-configuration'

export function writeAnnotations(page: Page, title: string, annotations: Readonly<Record<string, string>>): void {
  const keys = Object.keys(annotations)
    .filter(key => key !== hidden)
    .sort(compareBytes)
  page.put(`${title}:\t`)
  if (keys.length === 0) page.put('<none>\n')
  for (const [index, key] of keys.entries()) {
    const value = (annotations[key] ?? '').replace(/\n$/, '')
    if (index > 0) page.put('\t')
    if (value.length + key.length + 2 <= maxAnnotation && !value.includes('\n')) {
      page.put(`${key}: ${value}\n`)
      continue
    }
    page.put(`${key}:\n`)
    for (const line of value.split('\n')) page.put(`\t  ${shortened(line, maxAnnotation - 2)}\n`)
  }
}

function shortened(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}...` : text
}

/** Labels and annotations of an object. */
export function writeMarks(page: Page, object: JsonObject): void {
  writeMap(page, 'Labels', mapAt(object, 'metadata', 'labels'))
  writeAnnotations(page, 'Annotations', mapAt(object, 'metadata', 'annotations'))
}

/** Name, and namespace where the kind has one. */
export function writeName(page: Page, object: JsonObject): void {
  page.line(0, `Name:\t${nameOf(object)}`)
  if (namespaceOf(object) !== '') page.line(0, `Namespace:\t${namespaceOf(object)}`)
}

/** `Deployment/web` of the controller; '' when there is none. */
export function controlledBy(object: JsonObject): string {
  const owner = objectsAt(object, 'metadata', 'ownerReferences').find(({ controller }) => controller === true)
  return owner ? `${textAt(owner, 'kind')}/${textAt(owner, 'name')}` : ''
}

/** Events of an object, oldest first. */
export function writeEvents(page: Page, object: JsonObject, describing: Describing): void {
  if (!describing.showEvents) return
  writeEventList(page, eventsOf(object, describing), describing.now)
}

/** The events about an object: v1 events by its kind, name and uid. */
export function eventsOf(
  object: JsonObject,
  { client }: Describing,
  uid = textAt(object, 'metadata', 'uid'),
): readonly JsonObject[] {
  const namespace = namespaceOf(object)
  const path = namespace === '' ? '/api/v1/events' : `/api/v1/namespaces/${namespace}/events`
  const selectors = [
    `involvedObject.name=${nameOf(object)}`,
    ...(namespace === '' ? [] : [`involvedObject.namespace=${namespace}`]),
    `involvedObject.kind=${textAt(object, 'kind')}`,
    ...(uid === '' ? [] : [`involvedObject.uid=${uid}`]),
  ]
  return objectsAt(client.get(path, { query: { fieldSelector: selectors.join(','), limit: 500 } }), 'items')
}

export function writeEventList(page: Page, events: readonly JsonObject[], now: number): void {
  if (events.length === 0) return page.line(0, 'Events:\t<none>')
  page.flush()
  page.line(0, 'Events:')
  page.line(1, 'Type\tReason\tAge\tFrom\tMessage')
  page.line(1, '----\t------\t----\t----\t-------')
  // kubectl/pkg/util/event: those that were never seen again have no last time, and come first.
  const ordered = [...events]
  goSort(ordered, (a, b) => compareBytes(textAt(a, 'lastTimestamp'), textAt(b, 'lastTimestamp')) < 0)
  for (const event of ordered) {
    const path = textAt(event, 'involvedObject', 'fieldPath')
    const message = textAt(event, 'message').trim()
    const source = textAt(event, 'source', 'component') || textAt(event, 'reportingComponent')
    const cells = [textAt(event, 'type'), textAt(event, 'reason'), intervalOf(event, now), source]
    page.line(1, [...cells, path === '' ? message : `${path}: ${message}`].join('\t'))
  }
}

function intervalOf(event: JsonObject, now: number): string {
  const first = since(textAt(event, 'eventTime') || textAt(event, 'firstTimestamp'), now)
  const series = at(event, 'series')
  if (series !== undefined && series !== null) {
    return `${since(textAt(series, 'lastObservedTime'), now)} (x${numberAt(series, 'count')} over ${first})`
  }
  const count = numberAt(event, 'count')
  return count > 1 ? `${since(textAt(event, 'lastTimestamp'), now)} (x${count} over ${first})` : first
}

/** `<none>` for nothing. */
export function orNone(text: string): string {
  return text === '' ? '<none>' : text
}

export function titleBool(value: unknown): string {
  return value === true ? 'True' : 'False'
}

/** `key=value:effect`, `key:effect op=Exists for 300s`. */
export function tolerationLines(tolerations: readonly JsonObject[]): readonly string[] {
  return [...tolerations]
    .sort((a, b) => compareBytes(textAt(a, 'key'), textAt(b, 'key')))
    .map(toleration => {
      const [key, value, effect] = ['key', 'value', 'effect'].map(name => textAt(toleration, name))
      const operator = textAt(toleration, 'operator')
      const seconds = toleration.tolerationSeconds
      let line = key ?? ''
      if (value) line += `=${value}`
      if (effect) line += `:${effect}`
      // tolerates every taint that has a key
      if (operator === 'Exists' && !value) line += key || effect ? ' op=Exists' : 'op=Exists'
      return typeof seconds === 'number' ? `${line} for ${seconds}s` : line
    })
}

/** A quantity map's names in order. */
export function sortedEntries(map: unknown): readonly (readonly [string, string])[] {
  if (typeof map !== 'object' || map === null) return []
  return Object.entries(map)
    .map(([name, value]) => [name, textOf(value)] as const)
    .sort(([a], [b]) => compareBytes(a, b))
}
