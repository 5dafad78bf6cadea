// Requests at random: recorded ones and made-up ones, spoilt in their line, their headers and their bodies.
import { kindOf, kinds } from '../../api/index.ts'
import type { Kind } from '../../machinery/kind.ts'
import { isList, isObject, type JsonObject } from '../../machinery/json-value.ts'
import type { HttpRequest } from '../golden-api-replay.ts'
import { goldenExchanges } from '../golden-objects.ts'
import { objectsIn, ownManifests } from '../manifests.ts'
import type { Chance } from './chance.ts'
import { madeUp } from './objects.ts'
import { spoil } from './oddities.ts'
import { accepts, contentTypes, headers, patchTypes, query, readPaths, spoilLine, subresources } from './lines.ts'
import { jsonPatch, mergePatch } from './patches.ts'
import { oddBody, spoilText } from './texts.ts'
import { yamlOf } from './yaml-text.ts'

/** What is in the server: the fuzzer changes, patches and deletes that. */
export interface Known {
  readonly path: string
  readonly object: unknown
}

export interface Recorded {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const recorded: readonly Recorded[] = goldenExchanges().map(
  ({ request: { method, path, headers = {}, body, bodyText } }) => ({
    method,
    path,
    headers,
    body: body ?? bodyText,
  }),
)

/** Whole objects that a real server took, and those of our manifests. */
export const creations: readonly Recorded[] = [
  ...recorded.filter(({ method, body }) => method === 'POST' && isObject(body)),
  ...Object.values(ownManifests()).flatMap(objectsIn).flatMap(creationOf),
]

/** All in one namespace, so that they meet. */
function creationOf(object: JsonObject): Recorded[] {
  const { apiVersion, kind: name, metadata } = object
  const kind = kindOf({ apiVersion: String(apiVersion), kind: String(name) })
  if (!kind || !isObject(metadata)) return []
  const { namespace: _, ...rest } = metadata
  const body = { ...object, metadata: kind.namespaced ? { ...rest, namespace: 'default' } : rest }
  return [{ method: 'POST', path: collectionOf(kind), headers: {}, body }]
}

const json = 'application/json'
/** The next request; `known` is something that the server has, if it has anything. */
export function randomRequest(chance: Chance, known: Known | undefined): HttpRequest {
  const sort = chance.weighted({
    create: 30,
    made: 12,
    change: known ? 14 : 0,
    patch: known ? 25 : 0,
    read: 14,
    recorded: 8,
    garbage: 8,
    delete: 5,
  })
  const request = make(sort, chance, known)
  return chance.is(0.12) ? spoilLine(chance, request) : request
}

function make(
  sort: 'create' | 'made' | 'change' | 'patch' | 'read' | 'recorded' | 'garbage' | 'delete',
  chance: Chance,
  known: Known | undefined,
): HttpRequest {
  const place = known ?? { path: '/api/v1/namespaces/default', object: {} }
  switch (sort) {
    case 'create': {
      const { path, body } = chance.any(creations) ?? { path: '/api/v1/namespaces', body: {} }
      return withBody(chance, 'POST', path, spoil(chance, renamed(chance, body), chance.below(4), stranger(chance)))
    }
    case 'made': {
      const kind = anyKind(chance)
      const object = madeUp(chance, kind, `made-${chance.below(40)}`)
      return withBody(chance, 'POST', collectionOf(kind), spoil(chance, object, chance.below(2), stranger(chance)))
    }
    case 'change': {
      const subresource = chance.is(0.2) ? chance.one(subresources) : ''
      return withBody(
        chance,
        'PUT',
        place.path + subresource,
        spoil(chance, place.object, 1 + chance.below(3), stranger(chance)),
      )
    }
    case 'patch':
      return randomPatch(chance, place)
    case 'read':
      return randomRead(chance, place)
    case 'recorded':
      return replayed(chance)
    case 'garbage': {
      const method = chance.one(['POST', 'PUT', 'PATCH', 'DELETE'])
      const path = chance.is(0.5) ? place.path : collectionOf(anyKind(chance))
      return {
        method,
        path: path + query(chance),
        headers: headers(chance, chance.one(contentTypes)),
        body: oddBody(chance),
      }
    }
    case 'delete': {
      const body = chance.is(0.4) ? spoil(chance, deletion, chance.below(3), stranger(chance)) : undefined
      const all = chance.is(0.05)
      const path = all ? place.path.slice(0, place.path.lastIndexOf('/')) : place.path
      return body === undefined
        ? { method: 'DELETE', path: path + query(chance), headers: headers(chance, json), body }
        : withBody(chance, 'DELETE', path, body)
    }
  }
}

const deletion = {
  kind: 'DeleteOptions',
  apiVersion: 'v1',
  gracePeriodSeconds: 0,
  propagationPolicy: 'Foreground',
  preconditions: { uid: 'x', resourceVersion: '1' },
  dryRun: ['All'],
}

function anyKind(chance: Chance): Kind {
  const kind = chance.any(kinds)
  if (!kind) throw new Error('there are no kinds')
  return kind
}

function collectionOf({ group, version, plural, namespaced }: Kind): string {
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
  return namespaced ? `${root}/namespaces/default/${plural}` : `${root}/${plural}`
}

/** Some object from elsewhere, or a part of one. */
function stranger(chance: Chance): () => unknown {
  return () => {
    let value: unknown = chance.any(creations)?.body
    for (let depth = chance.below(5); depth > 0; depth--) {
      const inner: unknown = isObject(value)
        ? chance.any(Object.values(value))
        : isList(value)
          ? chance.any(value)
          : undefined
      if (inner === undefined) break
      value = inner
    }
    return value
  }
}

/** The recordings use few names: others make room for more objects. */
function renamed(chance: Chance, body: unknown): unknown {
  if (!isObject(body) || !isObject(body['metadata']) || chance.is(0.3)) return body
  const { name } = body['metadata']
  if (typeof name !== 'string' || name.includes('.')) return body
  return { ...body, metadata: { ...body['metadata'], name: `${name}-${chance.below(30)}` } }
}

function withBody(chance: Chance, method: string, path: string, body: unknown, type: string = json): HttpRequest {
  const isYaml = type === json && chance.is(0.15)
  const contentType = chance.is(0.03) ? chance.one(contentTypes) : isYaml ? 'application/yaml' : type
  const text = isYaml || (type.endsWith('yaml') && chance.is(0.5)) ? yamlOf(body) : textOf(body)
  const spoilt = chance.is(0.08) ? spoilText(chance, text) : text
  return { method, path: path + query(chance), headers: headers(chance, contentType), body: spoilt }
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : (JSON.stringify(body) ?? '')
}

/** A patch of an object, of any type, that may say anything. */
function randomPatch(chance: Chance, { path, object }: Known): HttpRequest {
  const type = chance.one(patchTypes)
  const subresource = chance.is(0.2) ? chance.one(subresources) : ''
  const body =
    type === 'application/json-patch+json'
      ? jsonPatch(chance, object, stranger(chance))
      : mergePatch(chance, object, type, stranger(chance))
  const request = withBody(chance, 'PATCH', path + subresource, body, type)
  if (type !== 'application/apply-patch+yaml' || chance.is(0.05)) return request
  const mark = request.path.includes('?') ? '&' : '?'
  const force = chance.is(0.5) ? '&force=true' : ''
  return { ...request, path: `${request.path}${mark}fieldManager=${chance.one(['a', 'b', 'kubectl'])}${force}` }
}

function randomRead(chance: Chance, { path }: Known): HttpRequest {
  const collection = path.slice(0, path.lastIndexOf('/'))
  const where = chance.weighted({ one: 3, all: 5, kind: 3, other: 2, below: 1 })
  const target = {
    one: () => path,
    all: () => collection,
    kind: () => collectionOf(anyKind(chance)),
    other: () => chance.one(readPaths),
    below: () => path + chance.one(subresources),
  }[where]()
  const mark = target.includes('?') ? '' : query(chance, 0.7)
  const method = chance.is(0.9) ? 'GET' : chance.one(['HEAD', 'OPTIONS', 'get', 'TRACE', 'BREW', ''])
  return {
    method,
    path: target + mark,
    headers: { ...headers(chance, ''), Accept: chance.one(accepts) },
    body: undefined,
  }
}

function replayed(chance: Chance): HttpRequest {
  const {
    method,
    path,
    headers: sent,
    body,
  } = chance.any(recorded) ?? { method: 'GET', path: '/', headers: {}, body: undefined }
  const text =
    body === undefined
      ? undefined
      : typeof body === 'string'
        ? body
        : textOf(spoil(chance, body, chance.below(3), stranger(chance)))
  return { method, path, headers: { ...sent }, body: text }
}
