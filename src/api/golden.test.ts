import { describe, expect, it } from 'vitest'
import { decode } from '../machinery/decode.ts'
import { causes } from '../machinery/fieldpath.ts'
import { applyMergePatch } from '../machinery/json-merge-patch.ts'
import { applyJsonPatch, decodeJsonPatch } from '../machinery/json-patch.ts'
import { documentOf } from '../machinery/json-text.ts'
import type { Kind } from '../machinery/kind.ts'
import { type ApiObject, draftOf } from '../machinery/object.ts'
import { applyStrategicMergePatch } from '../machinery/strategic-merge-patch.ts'
import type { TypeSchema } from '../machinery/schema.ts'
import { apiCases, type GoldenExchange } from '../testing/golden-api.ts'
import { isObject, type Json, type JsonObject, listAt, mapTexts, objectAt, textAt } from '../testing/golden-json.ts'
import { goldenColumns, goldenTables, objectsOfTable } from '../testing/golden-tables.ts'
import { kindFor, kinds } from './index.ts'
import { schema } from './schema.ts'

// What real servers answered, held against our kinds alone: no server of ours takes part.

const now = Date.parse('2026-01-15T09:00:00Z')
const user = { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] }
const context = { now, user, random: () => 0.5 }

/** Causes that the API server finds by itself: names, labels and patches, allocation, admission. */
const serversOwn =
  /^(metadata\.(name FieldValue(Invalid|Required)|generateName|labels( |\[pod-security)|annotations |uid|ownerReferences|finalizers)|(undefined|patch|force|fieldManager) )/
const serversWords = /failed to allocate|provided port is|not configured (on|for)/

/** CustomResourceDefinitions are checked by the part of the server that serves their objects. */
const elsewhere = new Set(['CustomResourceDefinition'])

/** What admission and allocation add to an object before it is stored, by kind; ids where only some cases see it. */
const added: Record<string, RegExp> = {
  Pod: /^\.spec\.(volumes|(init)?[cC]ontainers\.\d+\.(volumeMounts|resources)|serviceAccount|priority|preemptionPolicy|tolerations|imagePullSecrets|nodeSelector\.sandbox|overhead)|^\.status\.qosClass/,
  Service: /^\.spec\.(clusterIP|ipFamil|ports\.\d+\.nodePort|healthCheckNodePort)/,
  Node: /^\.spec\.taints\.1/,
  Ingress: /^\.spec\.ingressClassName/,
  PersistentVolumeClaim: /^\.spec\.storageClassName/,
}

interface Target {
  readonly kind: Kind
  readonly type: TypeSchema
  readonly name?: string
  readonly subresource?: string
  readonly key: string
}

function targetOf(path: string): Target | undefined {
  const parts = (path.split('?')[0] ?? '').split('/').filter(part => part !== '')
  const [group = '', version = ''] = parts[0] === 'apis' ? parts.slice(1) : ['', parts[1]]
  let rest = parts.slice(parts[0] === 'apis' ? 3 : 2)
  let namespace = ''
  if (rest[0] === 'namespaces' && rest.length > 2 && rest[2] !== 'status' && rest[2] !== 'finalize') {
    namespace = rest[1] ?? ''
    rest = rest.slice(2)
  }
  const [plural = '', name, subresource] = rest
  const kind = kindFor(group, version, plural)
  const type = kind && schema.schemaOf(kind)
  return kind && type ? { kind, type, name, subresource, key: `${kind.resource}/${namespace}/` } : undefined
}

/** Placeholders as one could meet them. */
function alive(value: Json): Json {
  const fill = (text: string): string =>
    text
      .replace(/<uid:\d+>/g, 'uid-1')
      .replace(/<time>/g, '2026-01-15T09:00:00Z')
      .replace(/<rand5>/g, 'abcde')
      .replace(/<clusterip>/g, '10.96.1.1')
  return JSON.parse(JSON.stringify(mapTexts(value, fill)).replace(/"<nodeport>"/g, '30111'))
}

function isApiObject(value: unknown): value is ApiObject {
  return typeof value === 'object' && value !== null && 'metadata' in value
}

function decoded({ type }: Target, body: unknown): ApiObject {
  const draft = draftOf(decode(type, documentOf(body)).value)
  if (!isApiObject(draft)) throw new Error('the body is no object')
  return draft
}

function created(target: Target, body: Json): ApiObject {
  const draft = decoded(target, alive(body))
  draft.metadata.uid = 'uid-1'
  draft.metadata.name ||= `${draft.metadata.generateName?.slice(0, 58) ?? ''}abcde`
  target.kind.defaults?.(draft)
  target.kind.prepareForCreate?.(draft, context)
  return draft
}

/** Every difference between two values, by the path. */
function differences(want: unknown, got: unknown, path = ''): string[] {
  if (JSON.stringify(want) === JSON.stringify(got)) return []
  if (isPlain(want) && isPlain(got) && Array.isArray(want) === Array.isArray(got)) {
    const keys = new Set([...Object.keys(want), ...Object.keys(got)])
    return [...keys].flatMap(key => differences(Reflect.get(want, key), Reflect.get(got, key), `${path}.${key}`))
  }
  return [`${path}: ${JSON.stringify(want)} but ours is ${JSON.stringify(got)}`]
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function contentOf(object: object): object {
  const { metadata: _, apiVersion: __, kind: ___, ...content } = { metadata: 0, apiVersion: '', kind: '', ...object }
  return content
}

type Named = readonly [string, GoldenExchange]

/** Exchanges of the recorded cases in order, those inside kubectl commands too. */
function exchangesOf(folder: 'create' | 'invalid' | 'patch'): (readonly [string, Named[]])[] {
  return apiCases(folder).map(({ id, setup = [], steps }) => {
    const all = [...setup, ...steps].flatMap(step => {
      const { request, response } = step
      return [...(request && response ? [{ request, response }] : []), ...(step.http ?? [])]
    })
    return [id, all.map(exchange => [`${id} ${exchange.request.method} ${exchange.request.path}`, exchange] as const)]
  })
}

const exchanges = [...exchangesOf('create'), ...exchangesOf('invalid'), ...exchangesOf('patch')]

function wantedCauses({ response }: GoldenExchange): string[] {
  return listAt(response.body, 'details', 'causes')
    .map(cause => objectAt(alive(cause)))
    .map(({ field, reason, message }) => `${String(field)} ${String(reason)} ${String(message)}`)
    .filter(text => !serversOwn.test(text) && !serversWords.test(text))
}

function ourCauses(errors: ReturnType<NonNullable<Kind['validate']>>): string[] {
  return causes(errors).map(({ field, reason, message }) => `${field} ${reason} ${message}`)
}

describe('[A16] kinds as the real server printed them', () => {
  it('have the recorded columns', () => {
    const wrong = Object.entries(goldenColumns().columns).flatMap(([path, want]) => {
      const target = targetOf(path)
      if (!target?.kind.columns) return []
      const ours = target.kind.columns.map(({ name, type = 'string', format = '', wide }) => ({
        name,
        type,
        format,
        priority: wide ? 1 : 0,
      }))
      return differences(want, ours, path)
    })
    expect(wrong).toEqual([])
  })

  const tables = goldenTables().filter(({ path }) => targetOf(path)?.kind.columns)
  it.each(tables.map(table => [table.id, table] as const))('print the recorded rows: %s', (_, table) => {
    const columns = targetOf(table.path)?.kind.columns ?? []
    const objects = objectsOfTable(table, now)
    const ours = table.rows.map((row, i) => {
      const object: unknown = objects[i]
      return isApiObject(object) ? [row.case, ...columns.map(column => column.cell(object, now))] : [row.case]
    })
    expect(ours).toEqual(table.rows.map(row => [row.case, ...row.cells]))
  })

  it('are registered once each, and found by resource and by kind', () => {
    expect(new Set(kinds.map(({ resource, version }) => `${resource}/${version}`)).size).toBe(kinds.length)
    expect(kindFor('apps', 'v1', 'deployments')?.kind).toBe('Deployment')
    expect(kindFor('extensions', 'v1beta1', 'deployments')).toBeUndefined()
  })
})

describe('[A3] defaults and strategies, held against recorded creations', () => {
  const creations = exchanges
    .flatMap(([, list]) => list)
    .filter(([, { request, response }]) => {
      const target = targetOf(request.path)
      return request.method === 'POST' && response.status === 201 && target && !target.name && isObject(request.body)
    })

  it('are tried on more than 200 objects', () => {
    expect(creations.length).toBeGreaterThan(200)
  })

  it.each(creations)('%s', (_, { request, response }) => {
    const target = targetOf(request.path)
    if (!target || !isObject(request.body) || !isObject(response.body)) return
    const ours = created(target, request.body)
    const different = differences(contentOf(objectAt(alive(response.body))), contentOf(ours))
    const isAdded = added[target.kind.kind]
    expect(different.filter(text => !isAdded?.test(text))).toEqual([])
    expect(ourCauses(target.kind.validate?.(ours) ?? [])).toEqual([])
    const { deprecation, warnings } = target.kind
    const ourWarnings = [...(deprecation ? [deprecation] : []), ...(warnings?.(ours, undefined) ?? [])]
    expect(warningsOf(response.headers)).toEqual(ourWarnings)
  })
})

/** Warning headers, without those that decoding gives. */
function warningsOf(headers: Record<string, string | string[]> = {}): string[] {
  return [headers['Warning'] ?? []]
    .flat()
    .map(text => text.replace(/^299 - "(.*)"$/, '$1').replace(/\\"/g, '"'))
    .filter(text => !/^(unknown|duplicate) field|PodSecurity|ValidatingAdmissionPolicy/.test(text))
}

describe('[A3] validation, held against recorded refusals', () => {
  const refusals = exchanges
    .flatMap(([, list]) => list)
    .filter(([, { request, response }]) => {
      const target = targetOf(request.path)
      if (!target || target.name || elsewhere.has(target.kind.kind)) return false
      return request.method === 'POST' && response.status === 422 && isObject(request.body)
    })

  it('is tried on more than 150 mistakes', () => {
    expect(refusals.length).toBeGreaterThan(150)
  })

  it.each(refusals)('%s', (_, exchange) => {
    const target = targetOf(exchange.request.path)
    if (!target || !isObject(exchange.request.body)) return
    const ours = ourCauses(target.kind.validate?.(created(target, exchange.request.body)) ?? [])
    const want = wantedCauses(exchange)
    const inOrder = exchange.response.anyOrder ? (list: string[]) => [...list].sort() : (list: string[]) => list
    expect(inOrder(ours)).toEqual(inOrder(want))
  })
})

function patched(target: Target, old: ApiObject, { request }: GoldenExchange): unknown {
  const { body, headers } = request
  if (request.method === 'PUT') return body
  const mediaType = headers?.['Content-Type'] ?? ''
  const document: JsonObject = JSON.parse(JSON.stringify(old))
  if (mediaType.includes('apply')) return undefined
  if (mediaType.includes('json-patch')) return applyJsonPatch(document, decodeJsonPatch(body).value ?? []).value
  if (!isObject(body)) return undefined
  return mediaType.includes('strategic')
    ? applyStrategicMergePatch(document, body, target.type)
    : applyMergePatch(document, body)
}

/** Patches that cannot be applied are the subject of other tests. */
function attempted<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}

describe('[A3] updates, held against recorded ones', () => {
  let tried = 0

  it.each(exchanges)('%s', (_, list) => {
    const stored = new Map<string, ApiObject>()
    for (const [name, exchange] of list) {
      const { request, response } = exchange
      const target = targetOf(request.path)
      if (!target) continue
      const key = `${target.key}${target.name ?? textAt(response.body, 'metadata', 'name')}`
      const old = stored.get(key)
      const isObjectOfKind = isObject(response.body) && response.body['kind'] === target.kind.kind
      if (response.status < 300 && isObjectOfKind) stored.set(key, decoded(target, alive(response.body ?? null)))
      if (!old || !['PUT', 'PATCH'].includes(request.method) || ![200, 422].includes(response.status)) continue
      if (target.subresource !== undefined && target.subresource !== 'status') continue
      const body = attempted(() => patched(target, old, exchange))
      if (!isApiObject(body) || elsewhere.has(target.kind.kind)) continue
      if (response.status === 422 && wantedCauses(exchange).length === 0) continue
      tried++
      expect(ourCauses(updated(target, old, body)), name).toEqual(response.status === 422 ? wantedCauses(exchange) : [])
    }
  })

  it('were more than 150', () => {
    expect(tried).toBeGreaterThan(150)
  })
})

function updated(target: Target, old: ApiObject, body: ApiObject): ReturnType<NonNullable<Kind['validate']>> {
  const { kind, subresource } = target
  const draft = decoded(target, alive(JSON.parse(JSON.stringify(body))))
  kind.defaults?.(draft)
  draft.metadata.resourceVersion = '1'
  if (subresource === 'status') {
    kind.prepareForStatusUpdate?.(draft, old, context)
    return kind.validateStatusUpdate?.(draft, old) ?? []
  }
  kind.prepareForUpdate?.(draft, old, context)
  return [...(kind.validate?.(draft) ?? []), ...(kind.validateUpdate?.(draft, old) ?? [])]
}
