// Objects to begin with: recorded ones, and ones made up by the schema alone.
import type { Kind } from '../../machinery/kind.ts'
import { setOwn } from '../../machinery/json-text.ts'
import type { TypeSchema, ValueSchema } from '../../machinery/schema.ts'
import { schema } from '../../api/schema.ts'
import type { Chance } from './chance.ts'
import { oddKeys, oddText, oddValue } from './oddities.ts'

/** Words that are right in many places, so that not everything fails at the first field. */
const words = [
  'web',
  'app',
  'nginx:1.25',
  'default',
  'http',
  'TCP',
  'ClusterIP',
  'RollingUpdate',
  'Always',
  'Never',
  'NoSchedule',
  'In',
  'Exists',
  '10.96.0.77',
  '10.0.0.0/24',
  '100m',
  '1Gi',
  'cpu',
  'pods',
  'get',
  'apps',
  'v1',
  'kubernetes.io/hostname',
  'example.com',
  'widgets.example.com',
  'object.metadata.name != ""',
  'ReadWriteOnce',
  'Filesystem',
  'Utilization',
  '/data',
  'e30=',
] as const

const small = [0, 1, 2, 3, 80, 443, 30_007, 8080] as const

/** An object of a kind with fields that its schema knows, filled with what mostly fits. */
export function madeUp(chance: Chance, kind: Kind, name: string): Record<string, unknown> {
  const type = schema.schemaOf(kind)
  const object = type ? fieldsFor(chance, type, 0) : {}
  const metadata = { name, ...(chance.is(0.3) && { labels: { app: chance.one(words) } }) }
  return { ...object, apiVersion: kind.apiVersion, kind: kind.kind, metadata }
}

function fieldsFor(chance: Chance, type: TypeSchema, depth: number): Record<string, unknown> {
  const object: Record<string, unknown> = {}
  const often = depth === 0 ? 0.8 : 0.5 / depth
  for (const { name, required, value } of type.fields.values()) {
    if (depth > 7 || !chance.is(required ? 0.95 : often)) continue
    setOwn(object, name, chance.is(0.02) ? oddValue(chance) : valueFor(chance, value, depth + 1))
  }
  return object
}

function valueFor(chance: Chance, value: ValueSchema, depth: number): unknown {
  const { type, items, object } = value
  switch (type) {
    case 'string':
      return chance.any(value.enum ?? []) ?? (chance.is(0.1) ? oddText(chance) : chance.one(words))
    case 'integer':
    case 'number':
      return chance.one(small)
    case 'boolean':
      return chance.is(0.5)
    case 'bytes':
      return chance.one(['', 'e30=', 'aGVsbG8=', 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t'])
    case 'array':
      return items ? Array.from({ length: chance.below(4) }, () => valueFor(chance, items, depth + 1)) : []
    case 'map': {
      const map: Record<string, unknown> = {}
      for (let i = chance.below(3); i > 0; i--) {
        setOwn(
          map,
          chance.is(0.05) ? chance.one(oddKeys) : chance.one(words),
          items ? valueFor(chance, items, depth + 1) : 'x',
        )
      }
      return map
    }
    case 'object':
      return object ? fieldsFor(chance, object, depth) : {}
    case 'time':
      return '2026-01-15T09:00:00Z'
    case 'micro-time':
      return '2026-01-15T09:00:00.000000Z'
    case 'quantity':
      return chance.one(['1', '100m', '1Gi', '0', '1e3'])
    case 'int-or-string':
      return chance.one<string | number>([80, 'http', '25%'])
    case 'raw':
    case 'schema-or-array':
    case 'schema-or-bool':
    case 'schema-or-strings':
      return object && chance.is(0.7) ? fieldsFor(chance, object, depth) : chance.one([true, false])
  }
}
