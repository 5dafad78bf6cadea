// What must be true of every answer, and of the store after it, whatever was asked.
import { parse as parseYaml } from 'yaml'
import { getAt, changeAt } from '../../control-plane/etcd/history.ts'
import { get, type KeyValue } from '../../control-plane/etcd/store.ts'
import { keyFor, type Resource } from '../../control-plane/apiserver/resources.ts'
import { isList, isObject } from '../../machinery/json-value.ts'
import type { ApiLab } from '../api-lab.ts'
import { at, orElse, parseJson, type Json } from '../golden-json.ts'
import type { HttpRequest, HttpResponse } from '../golden-api-replay.ts'
import type { Chance } from './chance.ts'

/** Codes that an API server answers, with the reasons that go with them (apimachinery/pkg/api/errors/errors.go). */
const reasons: Readonly<Record<number, readonly string[]>> = {
  400: ['BadRequest'],
  401: ['Unauthorized'],
  403: ['Forbidden'],
  404: ['NotFound'],
  405: ['MethodNotAllowed'],
  406: ['NotAcceptable'],
  409: ['Conflict', 'AlreadyExists'],
  410: ['Gone', 'Expired'],
  413: ['RequestEntityTooLarge'],
  415: ['UnsupportedMediaType'],
  422: ['Invalid'],
  429: ['TooManyRequests'],
  504: ['Timeout'],
}

/** What kube-apiserver itself answers with 500: words of its libraries that nobody made a better code for. */
const words500 = [
  /^strconv\.ParseUint: parsing /,
  /^etcdserver: request is too large$/,
  /^rpc error: code = ResourceExhausted desc = trying to send message larger than max /,
  // apimachinery/pkg/util/strategicpatch
  /^expected a \S.*, but received a /,
  /^unknown patch type: [^]* in map: /,
  /^map: [^]* does not contain declared merge key: /,
  /^The order in patch list:/,
  /^cannot merge lists without merge key for /,
  /^list element types are not identical: /,
  /^merging lists cannot yet be specified in the patch$/,
  // structured-merge-diff, by way of managedfields
  /^failed to create typed patch object /,
  /^failed to convert new object /,
  // storage.InvalidError, and the aggregate of pkg/registry/core/pod/storage for a Binding
  /^resourceVersion should not be set on objects to be created$/,
  /^resourceVersion: Invalid value: .* strconv\.ParseUint: /,
  /^\[?target\.(kind|name): /,
]

/** What is wrong with an answer as such. */
export function problemsOf({ method, path }: HttpRequest, { status, headers, body }: HttpResponse): string[] {
  if (status === 200 || status === 201 || status === 202) return []
  const type = String(headers['Content-Type'] ?? headers['content-type'] ?? '')
  if (status === 404 && type.startsWith('text/plain')) return []
  if (method === 'HEAD' && body === '') return []
  // kube-openapi's handler says no more.
  if (status === 406 && body === '' && /^\/?openapi\//.test(path)) return []
  const document = type.startsWith('application/yaml')
    ? orElse(null, () => yamlJson(body))
    : orElse(null, () => parseJson(body))
  if (at(document, 'kind') !== 'Status') return [`${status} is answered with no Status: ${body.slice(0, 200)}`]
  const reason = at(document, 'reason') ?? ''
  const message = at(document, 'message')
  const problems: string[] = []
  if (at(document, 'apiVersion') !== 'v1' || at(document, 'status') !== 'Failure')
    problems.push('the Status is no failure of v1')
  if (at(document, 'code') !== status)
    problems.push(`the Status says ${String(at(document, 'code'))} and the answer ${status}`)
  if (typeof message !== 'string' || message === '') problems.push('the Status has no message')
  else if (/\[object |\(undefined|Maximum call stack|is not a function|Cannot read prop/.test(message))
    problems.push(`the message is no words of a server: ${message.slice(0, 300)}`)
  const isKnown500 = status === 500 && typeof message === 'string' && words500.some(words => words.test(message))
  if (!isKnown500 && !reasons[status]?.includes(String(reason)))
    problems.push(`${status} ${String(reason)} is no answer of an API server: ${String(message).slice(0, 300)}`)
  return problems
}

function yamlJson(text: string): Json {
  const value: Json = parseYaml(text, { maxAliasCount: 0 })
  return value
}

/** Builtins that a hostile key could reach. */
const prototypes: readonly object[] = [
  Object.prototype,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Map.prototype,
  Set.prototype,
  Function.prototype,
]
const untouched = prototypes.map(prototype => Object.getOwnPropertyNames(prototype).length)

export function touchedPrototypes(): string[] {
  return prototypes.flatMap((prototype, i) =>
    Object.getOwnPropertyNames(prototype).length === untouched[i]
      ? []
      : [`a prototype was changed: ${Object.getOwnPropertyNames(prototype).join(' ')}`],
  )
}

/** Looks at what one request has done to the store, and at what the server says of that afterwards. */
export class StoreJudge {
  private mayTidyUp = false

  constructor(
    private readonly lab: ApiLab,
    private readonly chance: Chance,
  ) {}

  /** What is wrong with the changes since a revision, which a request has made. */
  problemsSince(revision: number, request: HttpRequest, { status }: HttpResponse): string[] {
    const { etcd } = this.lab
    if (etcd.revision === revision) return []
    const changes = Array.from({ length: etcd.revision - revision }, (_, i) => changeAt(etcd, revision + 1 + i))
    const keys = [...new Set(changes.map(({ key }) => key))]
    const mayStopHalfway = request.method === 'DELETE'
    if (status >= 400 && !mayStopHalfway)
      return [`a request that was refused with ${status} changed ${keys.join(', ')}`]
    if (/^(GET|HEAD|OPTIONS)$/.test(request.method)) return [`a ${request.method} changed ${keys.join(', ')}`]
    // The query of a deletion counts only where it has no body.
    const isDry = /[?&]dryRun=All(&|$)/.test(request.path) && (request.method !== 'DELETE' || !request.body)
    if (isDry) return [`a dry run changed ${keys.join(', ')}`]
    // Who scales and changes nothing is noted under a name that the next writer tidies up (scalehandler.go, ToParent).
    this.mayTidyUp = /\/scale(\?|$)/.test(request.path)
    return keys.flatMap(key => {
      const entry = get(etcd, key)
      return entry ? this.problemsOfEntry(entry, getAt(etcd, key, revision)) : []
    })
  }

  private problemsOfEntry(entry: KeyValue, before: KeyValue | undefined): string[] {
    const { resources } = this.lab.api.server
    if (before === entry) return []
    const problems = problemsInside(entry.value, entry.key)
    for (const resource of resources.atKey(entry.key)) problems.push(...this.problemsOfVersion(resource, entry))
    return problems
  }

  private problemsOfVersion(resource: Resource, { key, value }: KeyValue): string[] {
    const { kind } = resource
    const metadata = isObject(value) && 'metadata' in value && isObject(value.metadata) ? value.metadata : {}
    const { name, namespace, uid, creationTimestamp } = metadata
    if (typeof name !== 'string' || name === '' || /[/%]/.test(name) || name === '.' || name === '..')
      return [`${key} has the name ${JSON.stringify(name)}`]
    if (kind.namespaced !== (typeof namespace === 'string'))
      return [`${key} has the namespace ${JSON.stringify(namespace)}`]
    const space = typeof namespace === 'string' ? namespace : undefined
    if (keyFor(resource, space, name) !== key) return [`${key} holds ${JSON.stringify(namespace)}/${name}`]
    if (typeof uid !== 'string' || typeof creationTimestamp !== 'string')
      return [`${key} has no uid or time of creation`]
    const root = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`
    const collection =
      space === undefined ? `${root}/${kind.plural}` : `${root}/namespaces/${encodeURIComponent(space)}/${kind.plural}`
    return this.problemsOfReading(resource, collection, name)
  }

  /** It reads back, replaces itself without a change, can be applied and stands in its list. */
  private problemsOfReading({ verbs, conversion }: Resource, collection: string, name: string): string[] {
    const path = `${collection}/${encodeURIComponent(name)}`
    const read = this.ask('GET', path)
    if (read.status !== 200) return [`GET ${path} of what was stored: ${said(read)}`]
    const problems: string[] = []
    if (verbs.has('update')) {
      const isDry = conversion !== undefined || this.mayTidyUp
      const written = this.ask('PUT', `${path}?fieldValidation=Strict${isDry ? '&dryRun=All' : ''}`, read.body)
      // Another version may not be able to say all that is stored, or asks for more (validation.ValidateEventUpdate).
      // Events are held to the rules of the version in which they are written; who admits may have changed its mind since.
      const mayDiffer = isDry || written.status === 403 || collection.endsWith('/events')
      if (mayDiffer) return problemsOf({ method: 'PUT', path, headers: {}, body: '' }, written)
      if (written.status !== 200) problems.push(`PUT ${path} of what was read: ${said(written)}`)
      else if (written.body !== read.body)
        problems.push(`PUT ${path} of what was read changes it: ${difference(read.body, written.body)}`)
    }
    if (this.chance.is(0.25)) problems.push(...this.problemsOfListing(collection, name, read.body))
    if (this.chance.is(0.25) && verbs.has('patch')) problems.push(...this.problemsOfApplying(path, read.body))
    if (this.chance.is(0.1)) {
      const yaml = this.ask('GET', path, undefined, 'application/yaml')
      const value = orElse<Json>(null, () => yamlJson(yaml.body))
      if (canonical(value) !== canonical(parseJson(read.body)))
        problems.push(
          `GET ${path} as YAML is another object: ${difference(canonical(parseJson(read.body)), canonical(value))}`,
        )
    }
    return problems
  }

  private problemsOfListing(collection: string, name: string, whole: string): string[] {
    const path = `${collection}?fieldSelector=${encodeURIComponent(`metadata.name=${name.replace(/[\\,=]/g, '\\$&')}`)}`
    const listed = this.ask('GET', path)
    const items = at(
      orElse(null, () => parseJson(listed.body)),
      'items',
    )
    if (listed.status !== 200 || !Array.isArray(items) || items.length !== 1) return [`GET ${path}: ${said(listed)}`]
    const { kind: _, apiVersion: __, ...item } = jsonObject(parseJson(whole))
    if (canonical(items[0]) !== canonical(item))
      return [`GET ${path} lists another object: ${difference(canonical(item), canonical(items[0]))}`]
    const table = this.ask('GET', path, undefined, 'application/json;as=Table;v=v1;g=meta.k8s.io')
    const rows = at(
      orElse(null, () => parseJson(table.body)),
      'rows',
    )
    return table.status === 200 && Array.isArray(rows) && rows.length === 1
      ? []
      : [`GET ${path} as a Table: ${said(table)}`]
  }

  private problemsOfApplying(path: string, whole: string): string[] {
    const object = jsonObject(parseJson(whole))
    const { managedFields: _, resourceVersion: __, uid: ___, ...metadata } = jsonObject(object['metadata'])
    const query = 'fieldManager=judge&force=true&dryRun=All'
    const config = JSON.stringify({ ...object, metadata })
    const applied = this.ask('PATCH', `${path}?${query}`, config, 'application/json', 'application/apply-patch+yaml')
    return problemsOf({ method: 'PATCH', path, headers: {}, body: config }, applied).map(
      problem => `apply of ${path}: ${problem}`,
    )
  }

  private ask(
    method: string,
    path: string,
    body?: string,
    accept = 'application/json',
    type = 'application/json',
  ): HttpResponse {
    const { revision } = this.lab.etcd
    const answer = this.lab.api.http(this.lab.self, {
      method,
      path,
      body,
      headers: { Accept: accept, 'Content-Type': type },
    })
    if (!('body' in answer)) throw new Error(`${method} ${path} was answered with a stream`)
    if (this.lab.etcd.revision !== revision) throw new Error(`${method} ${path} has written to the store`)
    return { status: answer.status, headers: { ...answer.headers }, body: answer.body }
  }
}

function said({ status, body }: HttpResponse): string {
  return `${status} ${body.slice(0, 600)}`
}

function jsonObject(value: Json | undefined): Record<string, Json> {
  return isObject(value) && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
}

/** Texts that are no Unicode and numbers that are no JSON must not get into the store. */
function problemsInside(value: unknown, where: string): string[] {
  if (typeof value === 'string')
    return !/\p{Surrogate}/u.test(value) ? [] : [`${where} is no Unicode: ${JSON.stringify(value).slice(0, 80)}`]
  if (typeof value === 'number') return Number.isFinite(value) ? [] : [`${where} is ${value}`]
  if (isList(value)) return value.flatMap((item, i) => problemsInside(item, `${where}[${i}]`))
  if (!isObject(value)) return []
  const isPlain = Object.getPrototypeOf(value) === Object.prototype
  const own = isPlain ? [] : [`${where} has a prototype of its own`]
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, item]) => [
      ...problemsInside(key, `a key of ${where}`),
      ...problemsInside(item, `${where}.${key}`),
    ]),
  ]
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (isList(value)) return `[${value.map(canonical).join(',')}]`
  if (!isObject(value)) return JSON.stringify(value) ?? 'null'
  const members = Object.keys(value)
    .sort()
    .map(key => `${JSON.stringify(key)}:${canonical(value[key])}`)
  return `{${members.join(',')}}`
}

/** Where two texts part. */
function difference(expected: string, got: string): string {
  let i = 0
  while (i < expected.length && expected[i] === got[i]) i++
  const from = Math.max(0, i - 80)
  return `…${expected.slice(from, i + 120)}… and then …${got.slice(from, i + 120)}…`
}
