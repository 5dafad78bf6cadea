import { describe, expect, it } from 'vitest'
import type { TypeSchema, ValueSchema } from '../../machinery/schema.ts'
import { textAt } from '../../testing/golden-json.ts'
import { goldenObjects } from '../../testing/golden-objects.ts'
import { schema } from '../schema.ts'
import { alwaysSet, undefaulted } from './always-set.ts'
import { localName, moduleOf } from './facts.ts'

const shortName = (name: string): string => `${moduleOf(name)}.${localName(name)}`

/** Calls `see` for every object of a schema type inside a value, with the path of types that leads there. */
function walk(value: unknown, type: TypeSchema, see: (type: TypeSchema, object: object) => void): void {
  if (typeof value !== 'object' || value === null) return
  see(type, value)
  for (const [name, item] of Object.entries(value)) {
    const field = type.fields.get(name)
    if (field && !undefaulted[`${shortName(type.name)}.${name}`]) walkValue(item, field.value, see)
  }
}

function walkValue(value: unknown, { object, items }: ValueSchema, see: Parameters<typeof walk>[2]): void {
  if (object) walk(value, object, see)
  else if (items && typeof value === 'object' && value) {
    for (const item of Object.values(value)) walkValue(item, items, see)
  }
}

describe('[A16] fields that the generated types require', () => {
  const seen = new Map<string, number>()
  const missing = new Set<string>()
  for (const { where, object } of goldenObjects()) {
    const [version = '', group = ''] = textAt(object, 'apiVersion').split('/').reverse()
    const type = schema.schemaOf({ group, version, kind: textAt(object, 'kind') })
    // Rows of tables were written by hand, with what a printer needs.
    if (!type || where.startsWith('/')) continue
    walk(object, type, ({ name }, part) => {
      const short = shortName(name)
      seen.set(short, (seen.get(short) ?? 0) + 1)
      for (const field of alwaysSet[short] ?? []) if (!Object.hasOwn(part, field)) missing.add(`${short}.${field}`)
    })
  }

  it('are there in every object that a real server answered', () => {
    expect([...missing]).toEqual([])
  })

  it('belong to types and are not required or defaulted by the schema', () => {
    const known = new Map([...schema.types.values()].map(type => [shortName(type.name), type]))
    const needless = Object.entries(alwaysSet).flatMap(([name, fields]) =>
      fields.filter(field => known.get(name)?.fields.get(field)?.required !== false).map(field => `${name}.${field}`),
    )
    expect(needless).toEqual([])
  })

  it('were nearly all seen', () => {
    const unseen = Object.keys(alwaysSet).filter(name => !seen.has(name))
    expect(unseen.length).toBeLessThan(5)
  })
})
