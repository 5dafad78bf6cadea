// The projection backwards, for the tests of the recorder alone: makes objects and events out of the lines of a recorded
// log, with real-looking names and times, so that watching them must give the same lines again.
import { at, isObject, listAt, mapTexts, objectAt } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'
import type { Change } from './golden-recorder.ts'
import type { LogLine } from './golden-scenarios.ts'

const LETTERS = 'bcdfghjklmnpqrstvwxz2456789'
/** One more than the letters can number is more than any recording needs. */
const letters = (number: number, length: number): string => {
  let text = ''
  for (let rest = number; text.length < length; rest = Math.floor(rest / LETTERS.length))
    text += LETTERS[rest % LETTERS.length]
  return text
}

/** Watch events that a cluster may have sent when the log was recorded. Only objects whose creation is in the log. */
export function revive(log: readonly LogLine[], startMs: number): { changes: Change[]; kept: LogLine[] } {
  const known = new Map<string, JsonObject>()
  const changes: Change[] = []
  const kept: LogLine[] = []
  const ordinals = ordinalsIn(log)
  const real = (text: string): string => {
    let shown = text
    for (const [placeholder, name] of ordinals) shown = shown.replaceAll(placeholder, name)
    return revealed(shown, startMs)
  }
  for (const line of log) {
    if ('event' in line) {
      const [kind = '', name = ''] = line.event.split('/')
      const { type, reason, message, count, ns = 'lab' } = line
      const involvedObject = { kind, name, namespace: ns }
      const event = { kind: 'Event', involvedObject, type, reason, message, count, source: { component: line.from } }
      changes.push({ type: 'ADDED', object: objectAt(mapTexts(event, real)) })
      kept.push(line)
    }
    if (!('o' in line) || (line.e !== 'ADDED' && !known.has(line.o))) continue
    const before = line.e === 'ADDED' ? {} : known.get(line.o)
    const isGone = ([path, value]: [string, Json]) => value === null && line.e === 'MODIFIED' && line.d?.[path] === null
    const fields = Object.fromEntries(Object.entries({ ...before, ...line.d }).filter(entry => !isGone(entry)))
    if (line.e === 'DELETED') known.delete(line.o)
    else known.set(line.o, fields)
    changes.push({ type: line.e, object: objectAt(mapTexts(objectOf(line.o, fields), real)) })
    kept.push(line)
  }
  return { changes, kept }
}

/** Pods of StatefulSets have no random name: `db-<r2>` is db-0 by its label. */
function ordinalsIn(log: readonly LogLine[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const line of log) {
    const ordinal = 'o' in line && /apps\.kubernetes\.io\/pod-index=(\d+)/.exec(String(line.d?.['labels'] ?? ''))?.[1]
    if (ordinal && 'o' in line)
      names.set(line.o.slice('Pod/'.length), line.o.slice('Pod/'.length).replace(/<r\d+>$/, ordinal))
  }
  return names
}

function revealed(text: string, startMs: number): string {
  const time = (seconds: string) => new Date(startMs + Number(seconds) * 1000).toISOString().replace('.000Z', 'Z')
  return text
    .replace(/<hash(\d+)>/g, (_, number: string) => `${letters(Number(number), 6)}bcd`)
    .replace(/<r(\d+)>/g, (_, number: string) => letters(Number(number), 5))
    .replace(/<min(?:\+(\d+))?>/g, (_, more: string | undefined) => String(29_000_000 + Number(more ?? 0)))
    .replaceAll('<uid>', '00000000-0000-4000-8000-000000000001')
    .replace(/^t([+-]\d+)$/, (_, seconds: string) => time(seconds))
    .replace(/<t([+-]\d+)>/g, (_, seconds: string) => time(seconds))
}

function objectOf(id: string, fields: JsonObject): JsonObject {
  const [, kind = '', name = '', namespace = 'lab'] = /^(\w+)\/(.*?)(?: \((.*)\))?$/.exec(id) ?? []
  const metadata: JsonObject = { name }
  if (kind !== 'Namespace' && kind !== 'Node' && kind !== 'PersistentVolume') metadata['namespace'] = namespace
  if (kind !== 'PersistentVolumeClaim' && /<r\d+>$/.test(name)) metadata['generateName'] = name.replace(/<r\d+>$/, '')
  const object: JsonObject = { kind, metadata }
  for (const [path, value] of Object.entries(fields)) {
    const [section = ''] = path.split(/[. ]/)
    if (section === 'status') setStatus(object, path, value)
    else if (section === 'spec') setSpec(object, kind, path, value)
    else setMetadata(metadata, path, value)
  }
  return object
}

function setMetadata(metadata: JsonObject, path: string, value: Json): void {
  if (path === 'labels') metadata['labels'] = parsePairs(value)
  else if (path.startsWith('annotation ')) {
    metadata['annotations'] = { ...objectAt(metadata, 'annotations'), [path.slice('annotation '.length)]: value }
  } else if (path === 'owners') {
    metadata['ownerReferences'] = String(value)
      .split(',')
      .map(text => {
        const [owner = '', ...marks] = text.split('+')
        const [kind = '', name = ''] = owner.split('/')
        // Minutes hold a plus as well: `forbid-<min+1>`.
        return text.includes('<min+')
          ? { kind, name: /^\w+\/(.*?>)/.exec(text)?.[1] ?? '', controller: true, blockOwnerDeletion: true }
          : { kind, name, controller: marks.includes('controller'), blockOwnerDeletion: marks.includes('block') }
      })
  } else if (path === 'finalizers') metadata['finalizers'] = String(value).split(',')
  else metadata[path] = value
}

function parsePairs(value: Json): JsonObject {
  const pairs = String(value).split(',').filter(Boolean)
  return Object.fromEntries(pairs.map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]))
}

function setSpec(object: JsonObject, kind: string, path: string, value: Json): void {
  const name = path.slice('spec.'.length)
  const containers = (text: string) =>
    text.split(',').map(each => ({ name: each.split('=')[0] ?? '', image: each.split('=')[1] ?? '' }))
  if (kind === 'ConfigMap') object['data'] = { [name.slice('data.'.length)]: value }
  else if (kind === 'Secret')
    object[name] = Array.isArray(value) ? Object.fromEntries(value.map(key => [String(key), 'eA=='])) : value
  else if (kind === 'EndpointSlice' && Array.isArray(value))
    object[name] = value.map(name === 'ports' ? parsePort : parseEndpoint)
  else if (kind === 'EndpointSlice' || kind === 'ControllerRevision') object[name] = value
  else if (kind === 'Endpoints') object['subsets'] = listAt(value).map(parseSubset)
  else if (name === 'template.images')
    put(object, ['spec', 'template', 'spec', 'containers'], containers(String(value)))
  else if (name === 'template.labels') put(object, ['spec', 'template', 'metadata', 'labels'], parsePairs(value))
  else if (name === 'selector') {
    const labels: Json = JSON.parse(String(value))
    put(object, ['spec', 'selector'], kind === 'ReplicationController' ? labels : { matchLabels: labels })
  } else if (name === 'images')
    put(
      object,
      ['spec', 'containers'],
      String(value)
        .split(',')
        .map(image => ({ image })),
    )
  else if (name === 'affinity') put(object, ['spec', 'affinity'], JSON.parse(String(value)))
  else if (name === 'claims') {
    const volumes = String(value)
      .split(',')
      .map(claimName => ({ persistentVolumeClaim: { claimName } }))
    put(object, ['spec', 'volumes'], volumes)
  } else put(object, path.split('.'), value)
}

function put(object: JsonObject, path: string[], value: Json): void {
  let here = object
  for (const name of path.slice(0, -1)) {
    const next = here[name]
    const child: JsonObject = isObject(next) ? next : {}
    here[name] = child
    here = child
  }
  here[path.at(-1) ?? ''] = value
}

function parsePort(text: Json): Json {
  const [, name = '', port = '', protocol = ''] = /^(.*):(.*)\/(.*)$/.exec(String(text)) ?? []
  return { name, port: Number(port), protocol }
}

function parseEndpoint(text: Json): Json {
  const [address = '', ...words] = String(text).split(' ')
  const values = Object.fromEntries(
    words.map(word => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]),
  )
  const { ready, serving, terminating, node = '', hostname = '', target = '' } = values
  const conditions = { ready: ready === 'true', serving: serving === 'true', terminating: terminating === 'true' }
  const [kind = '', name = ''] = target.split('/')
  return { addresses: [address], conditions, nodeName: node, hostname, targetRef: { kind, name } }
}

function parseSubset(subset: Json): Json {
  const addresses = (name: string) =>
    listAt(subset, name).map(each => ({
      ip: String(each).split(' ')[0] ?? '',
      targetRef: { name: String(each).split(' ')[1] ?? '' },
    }))
  const ports = listAt(subset, 'ports').map(parsePort)
  return { addresses: addresses('addresses'), notReadyAddresses: addresses('notReady'), ports }
}

function setStatus(object: JsonObject, path: string, value: Json): void {
  const status = objectAt(object, 'status')
  object['status'] = status
  const [, what, type = ''] = /^status\.(condition|container) (.*)$/.exec(path) ?? []
  if (what === 'condition') {
    const [state = '', reason = '', ...rest] = String(value).split('/')
    status['conditions'] = [...listAt(status, 'conditions'), { type, status: state, reason, message: rest.join('/') }]
  } else if (what === 'container') {
    const [state = '', ready = '', restarts = ''] = String(value).split(' ')
    const [name = '', detail = ''] = state.split(':')
    const inner: JsonObject =
      name === 'waiting' ? { reason: detail } : name === 'terminated' ? { exitCode: Number(detail) } : {}
    const container = {
      name: type,
      state: { [name]: inner },
      ready: ready === 'ready=true',
      restartCount: Number(restarts.slice(9)),
    }
    status['containerStatuses'] = [...listAt(status, 'containerStatuses'), container]
  } else put(object, path.split('.'), at(value) ?? value)
}
