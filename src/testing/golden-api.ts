// Reads the recorded API cases (golden/api/README.md) and tells which resources each of them needs.
import { parseAllDocuments } from 'yaml'

import { goldenJson, goldenNames, listAt, objectAt, orElse, textAt } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'

export interface GoldenRequest {
  method: string
  path: string
  headers?: Record<string, string>
  body?: Json
  bodyText?: string
  bodyGenerated?: { repeat: string; times: number; into: string }
  bodyOmitted?: string
}

export interface GoldenResponse {
  status: number
  headers?: Record<string, string | string[]>
  body?: Json
  bodyText?: string
  bodyOmitted?: string
  /** Lines of a watch stream. */
  events?: Json[]
  anyOrder?: boolean
}

export interface GoldenExchange {
  request: GoldenRequest
  response: GoldenResponse
  /** Variable name → path in the body of the response. */
  save?: Record<string, string>
}

/** One step: an exchange (`request`), a kubectl command (`kubectl`), a pause (`settle`) or a compaction. */
export interface GoldenStep extends Partial<GoldenExchange> {
  desc?: string
  kubectl?: string[]
  files?: Record<string, string>
  stdin?: string
  env?: Record<string, string>
  exitCode?: number
  stdout?: string
  stderr?: string
  http?: GoldenExchange[]
  anyOrder?: boolean
  settle?: string
  seconds?: number
  compact?: Json
}

export interface GoldenNamespace {
  name: string
  labels?: Record<string, string>
  noServiceAccount?: boolean
}

export interface GoldenCase {
  id: string
  title?: string
  namespaces?: GoldenNamespace[]
  setup?: GoldenStep[]
  steps: GoldenStep[]
}

export const API_FOLDERS = ['create', 'invalid', 'patch', 'discovery'] as const
export type ApiFolder = (typeof API_FOLDERS)[number]

/** Every case of a folder. A discovery document is a single exchange in its file and becomes a case of one step. */
export function apiCases(folder: ApiFolder): GoldenCase[] {
  return goldenNames('api', folder).map(name => {
    const read = goldenJson<Partial<GoldenCase> & Partial<GoldenExchange>>('api', folder, name)
    const id = `${folder}/${name.replace(/\.json$/, '')}`
    const { request, response } = read
    if (request && response) return { id, steps: [{ request, response }] }
    return { ...read, id, steps: read.steps ?? [] }
  })
}

export interface Resource {
  /** `v1/pods`, `apps/v1/deployments`, with a subresource `v1/pods/eviction`. */
  name: string
  kind: string
  namespaced: boolean
}

let served: Map<string, Resource> | undefined

/** The resources and subresources that the recorded server serves, by name. */
export function servedResources(): ReadonlyMap<string, Resource> {
  if (served) return served
  const found = new Map<string, Resource>()
  for (const file of ['aggregated-api.json', 'aggregated-apis.json']) {
    const document = goldenJson('api', 'discovery', file)
    for (const group of listAt(document, 'response', 'body', 'items')) {
      for (const version of listAt(group, 'versions')) addResources(found, textAt(group, 'metadata', 'name'), version)
    }
  }
  return (served = found)
}

function addResources(found: Map<string, Resource>, group: string, version: Json): void {
  const prefix = group === '' ? textAt(version, 'version') : `${group}/${textAt(version, 'version')}`
  for (const resource of listAt(version, 'resources')) {
    const name = `${prefix}/${textAt(resource, 'resource')}`
    const namespaced = textAt(resource, 'scope') === 'Namespaced'
    found.set(name, { name, kind: textAt(resource, 'responseKind', 'kind'), namespaced })
    for (const sub of listAt(resource, 'subresources')) {
      const subName = `${name}/${textAt(sub, 'subresource')}`
      found.set(subName, { name: subName, kind: textAt(sub, 'responseKind', 'kind'), namespaced })
    }
  }
}

/** The resource that a request path speaks of, if it is one that the recorded server serves. */
export function resourceOfPath(path: string): string | undefined {
  const parts = path.split('?')[0]?.split('/').filter(Boolean) ?? []
  const prefix = parts[0] === 'apis' ? parts.slice(1, 3).join('/') : parts[0] === 'api' ? (parts[1] ?? '') : ''
  if (prefix === '') return undefined
  let rest = parts.slice(parts[0] === 'apis' ? 3 : 2)
  if (rest[0] === 'watch') rest = rest.slice(1)
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && !/^(?:status|finalize)$/.test(rest[2] ?? '')
  if (scoped) rest = rest.slice(2)
  const [resource, , sub] = rest
  if (!resource) return undefined
  const whole = sub ? `${prefix}/${resource}/${sub}` : `${prefix}/${resource}`
  if (servedResources().has(whole)) return whole
  return servedResources().has(`${prefix}/${resource}`) ? `${prefix}/${resource}` : undefined
}

/**
 * The resources that a case touches, from its paths and manifests, sorted. What the recorded server does not serve is
 * left out: such a case is about the refusal, or brings its own CustomResourceDefinition, which is in the list.
 */
export function kindsOf(golden: GoldenCase): string[] {
  const kinds = new Set<string>()
  const add = (name: string | undefined): void => {
    if (name) kinds.add(name)
  }
  for (const step of [...(golden.setup ?? []), ...golden.steps]) {
    for (const exchange of [step, ...(step.http ?? [])]) {
      if (!exchange.request) continue
      add(resourceOfPath(exchange.request.path))
      for (const object of objectsIn(exchange.request.body)) add(resourceOfObject(object))
    }
    for (const text of Object.values(step.files ?? {}))
      for (const object of manifestsIn(text)) add(resourceOfObject(object))
  }
  return [...kinds].sort()
}

/** Cases all of whose resources the server knows; `known` gets names such as `apps/v1/deployments/scale`. */
export function casesFor(cases: readonly GoldenCase[], known: (resource: string) => boolean): GoldenCase[] {
  return cases.filter(golden => kindsOf(golden).every(known))
}

function resourceOfObject(object: JsonObject): string | undefined {
  const [apiVersion, kind] = [textAt(object, 'apiVersion'), textAt(object, 'kind')]
  for (const resource of servedResources().values()) {
    const isWhole = resource.name.split('/').length === apiVersion.split('/').length + 1
    if (isWhole && resource.kind === kind && resource.name.startsWith(`${apiVersion}/`)) return resource.name
  }
  return undefined
}

function objectsIn(body: Json | undefined): JsonObject[] {
  const object = objectAt(body)
  return [object, ...listAt(object, 'items').map(item => objectAt(item))]
}

/** Objects in a manifest; a file that is no YAML is some case's point and holds none. */
export function manifestsIn(text: string): JsonObject[] {
  return parseAllDocuments(text, { logLevel: 'silent' }).flatMap(document => {
    const value = orElse<Json>(null, () => document.toJS())
    return document.errors.length > 0 ? [] : objectsIn(value)
  })
}
