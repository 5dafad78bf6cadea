// Every object in the recordings: what a real API server answered, with the placeholders filled in.
import { API_FOLDERS, apiCases, type GoldenExchange } from './golden-api.ts'
import { type Json, type JsonObject, isObject, listAt, textAt } from './golden-json.ts'
import { goldenTables } from './golden-tables.ts'

export interface GoldenObject {
  /** The recording it stands in. */
  where: string
  object: JsonObject
}

export interface NamedExchange extends GoldenExchange {
  where: string
}

/** Every HTTP exchange of the recorded cases, those of kubectl included. */
export function goldenExchanges(): NamedExchange[] {
  return API_FOLDERS.flatMap(folder => apiCases(folder)).flatMap(golden =>
    [...(golden.setup ?? []), ...golden.steps].flatMap(step => {
      const { request, response } = step
      const own = request && response ? [{ request, response }] : []
      return [...own, ...(step.http ?? [])].map(exchange => ({ ...exchange, where: golden.id }))
    }),
  )
}

/** Objects in answers, lists, watch streams and table rows. */
export function goldenObjects(): GoldenObject[] {
  const inAnswers = goldenExchanges().flatMap(({ where, response }) => {
    if (response.status >= 300) return []
    const events = (response.events ?? []).map(event => (isObject(event) ? event['object'] : undefined))
    return [response.body, ...events].flatMap(objectsIn).map(object => ({ where, object }))
  })
  const inTables = goldenTables().flatMap(table =>
    table.rows.flatMap(row => objectsIn(row.object)).map(object => ({ where: table.path, object })),
  )
  return [...inAnswers, ...inTables].map(({ where, object }) => ({ where, object: filled(object) }))
}

/** Items of a list bring neither apiVersion nor kind: they have the list's. */
function objectsIn(body: Json | undefined): JsonObject[] {
  if (!isObject(body) || textAt(body, 'apiVersion') === '') return []
  const kind = textAt(body, 'kind')
  if (!Array.isArray(body['items'])) return kind === '' ? [] : [body]
  const apiVersion = textAt(body, 'apiVersion')
  return listAt(body, 'items').flatMap(item =>
    isObject(item) ? [{ kind: kind.replace(/List$/, ''), apiVersion, ...item }] : [],
  )
}

const microTimes = /^(?:eventTime|renewTime|acquireTime|lastObservedTime)$/

function filled(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, filledValue(value, key)]))
}

function filledValue(value: Json, key: string): Json {
  if (Array.isArray(value)) return value.map(item => filledValue(item, key))
  if (isObject(value)) return filled(value)
  if (value === '<nodeport>') return 30080
  if (typeof value !== 'string') return value
  return value.replace(
    /<(?:time|now-+\d+s)>/g,
    microTimes.test(key) ? '2026-01-15T09:00:00.000000Z' : '2026-01-15T09:00:00Z',
  )
}
