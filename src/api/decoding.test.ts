import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { schema } from './schema.ts'
import { decode } from '../machinery/decode.ts'
import { documentOf } from '../machinery/json-text.ts'
import { isObject, type JsonObject } from '../machinery/json-value.ts'
import { deepFreeze, draftOf } from '../machinery/object.ts'
import { quickDraft } from '../machinery/quick-decode.ts'
import type { FieldSchema, TypeSchema, ValueSchema } from '../machinery/schema.ts'
import { settle } from '../machinery/settle.ts'

const kinds = ['Pod', 'Service', 'Event', 'Node', 'Endpoints', 'ConfigMap', 'Secret', 'PersistentVolume'] as const
function typeOf(kind: string): TypeSchema {
  const type = schema.schemaOf({ group: '', version: 'v1', kind })
  if (!type) throw new Error(`the schema has no ${kind}`)
  return type
}

/** Values of a type: with fields in any order, nulls, zeros, and now and then something that does not belong there. */
function valueOf(schema: ValueSchema, depth: number): fc.Arbitrary<unknown> {
  const odd = fc.constantFrom<unknown>(null, null, '', 0, 'x', 7, true, {}, [])
  return fc.oneof({ weight: 24, arbitrary: fitting(schema, depth) }, { weight: 1, arbitrary: odd })
}

function fitting(schema: ValueSchema, depth: number): fc.Arbitrary<unknown> {
  const { items, object } = schema
  switch (schema.type) {
    case 'object':
      return object && depth > 0 ? objectOf(object, depth - 1) : fc.constant({})
    case 'array':
      return items && depth > 0 ? fc.array(valueOf(items, depth - 1), { maxLength: 3 }) : fc.constant([])
    case 'map': {
      const key = fc.constantFrom('b', 'a', 'app', 'z/1', '__proto__', 'ä')
      return items && depth > 0 ? fc.dictionary(key, valueOf(items, depth - 1), { maxKeys: 3 }) : fc.constant({})
    }
    case 'boolean':
      return fc.boolean()
    case 'integer':
      return fc.constantFrom(0, 1, 80, -1, 2 ** 31, 1.5)
    case 'number':
      return fc.constantFrom(0, 1.5)
    case 'quantity':
      return fc.constantFrom('100m', '0.1', '1024Ki', 5, '1e3', 'much')
    case 'time':
      return fc.constantFrom('2026-01-15T09:00:00Z', '2026-01-31T09:00:00Z', '2026-01-15T10:00:00+01:00', 'now')
    case 'micro-time':
      return fc.constantFrom('2026-01-15T09:00:00.000000Z', '2026-01-15T10:00:00.123456+01:00')
    case 'bytes':
      return fc.constantFrom('YQ==', 'Y\nQ==', '?')
    default:
      return fc.constantFrom<unknown>('', 'a', 'web', 80)
  }
}

function objectOf(type: TypeSchema, depth: number): fc.Arbitrary<JsonObject> {
  const unknownField = fc.tuple(fc.constant('noSuchField'), fc.constant<unknown>(1))
  const entry = (field: FieldSchema): fc.Arbitrary<[string, unknown]> =>
    fc.tuple(fc.constant(field.name), valueOf(field.value, depth))
  const known = fc.constantFrom(...type.fields.values()).chain(entry)
  const entries = fc.array(fc.oneof({ weight: 60, arbitrary: known }, { weight: 1, arbitrary: unknownField }), {
    maxLength: 8,
  })
  return entries.map(pairs => Object.fromEntries(pairs))
}

const example = fc.constantFrom(...kinds).chain(kind => fc.tuple(fc.constant(kind), objectOf(typeOf(kind), 5)))
const text = (value: unknown): string => JSON.stringify(value)

/** Whether anything is shared by identity that can be changed. */
function hasLoose(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return !Object.isFrozen(value) || Object.values(value).some(hasLoose)
}

function hasFrozen(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.isFrozen(value) || Object.values(value).some(hasFrozen)
}

describe('[A3] decoding quickly', () => {
  it('answers what decoding with care answers, or nothing where that has something to say', () => {
    let answered = 0
    fc.assert(
      fc.property(example, ([kind, source]) => {
        const type = typeOf(kind)
        const before = text(source)
        const { value, error, strict } = decode(type, documentOf(source))
        const draft = quickDraft(type, source)
        expect(text(source)).toBe(before)
        if (error !== undefined || strict.length > 0) expect(draft).toBeUndefined()
        if (!draft) return
        answered++
        expect(draft).toEqual(value)
        expect(text(settle(type, draft, undefined))).toBe(text(value))
      }),
      { numRuns: 1_500 },
    )
    expect(answered).toBeGreaterThan(150)
  })

  it('makes drafts that share nothing with the body, but what is part of the stored object', () => {
    const type = typeOf('Pod')
    const stored = deepFreeze({
      metadata: { name: 'web', labels: { a: 'b' } },
      spec: { nodeName: 'w1', containers: [] },
    })
    const { metadata } = stored
    const draft = quickDraft(type, { metadata, spec: { ...stored.spec, nodeName: 'w2' } }, { stored })
    expect(draft?.metadata).toBe(metadata)
    const copy = quickDraft(type, { metadata, spec: stored.spec })
    expect(copy?.metadata).toEqual(metadata)
    expect(copy?.metadata).not.toBe(metadata)
  })
})

describe('[A3] settling', () => {
  it('leaves a draft that is somebody else’s as it is, and gives the same', () => {
    fc.assert(
      fc.property(example, ([kind, source]) => {
        const type = typeOf(kind)
        const draft = quickDraft(type, source)
        if (!draft) return
        const before = text(draft)
        const settled = settle(type, draft, undefined, true)
        expect(text(draft)).toBe(before)
        expect(hasFrozen(draft)).toBe(false)
        expect(hasLoose(settled)).toBe(false)
        expect(text(settled)).toBe(text(settle(type, draft, undefined)))
      }),
      { numRuns: 500 },
    )
  })

  it('gives the object itself when nothing differs, whatever the order of its fields', () => {
    fc.assert(
      fc.property(example, ([kind, source]) => {
        const type = typeOf(kind)
        const draft = quickDraft(type, source)
        const stored = draft && settle(type, draft, undefined)
        if (!stored) return
        expect(hasLoose(stored)).toBe(false)
        const reversed = Object.fromEntries(Object.entries(draftOf(stored)).reverse())
        expect(settle(type, reversed, stored)).toBe(stored)
        expect(settle(type, draftOf(stored), stored)).toBe(stored)
      }),
      { numRuns: 1_000 },
    )
  })

  it('gives what settling alone gives, with every part that the version before has', () => {
    fc.assert(
      fc.property(example, fc.nat(), ([kind, source], seed) => {
        const type = typeOf(kind)
        const draft = quickDraft(type, source)
        const before = draft && settle(type, draft, undefined)
        if (!before) return
        const names = Object.keys(before)
        const name = names[seed % names.length] ?? ''
        const { [name]: removed, ...rest } = before
        const after = settle(type, draftOf(rest), before)
        expect(text(after)).toBe(text(settle(type, draftOf(rest), undefined)))
        for (const other of Object.keys(rest)) if (isObject(rest[other])) expect(after?.[other]).toBe(before[other])
        expect(text(settle(type, { ...after, [name]: draftOf(removed) }, after))).toBe(text(before))
      }),
      { numRuns: 1_000 },
    )
  })

  it('finds items of a list again by their merge key or by themselves, wherever they went', () => {
    const type = typeOf('Pod')
    const condition = (name: string, status = 'True'): object => ({ type: name, status })
    const settled = (conditions: unknown[], before?: unknown): readonly unknown[] => {
      const pod = settle(type, { metadata: {}, status: { conditions } }, before)
      const status = pod?.status
      return isObject(status) && Array.isArray(status.conditions) ? status.conditions : []
    }
    const before = settle(type, { metadata: {}, status: { conditions: [condition('A'), condition('B')] } }, undefined)
    const [a, b] = settled([condition('A'), condition('B')], before)
    const next = settled([condition('New'), condition('A', 'False'), condition('B')], before)
    expect(next[2]).toBe(b)
    expect(settled([a, condition('New'), b], before)).toEqual([a, expect.anything(), b])
    expect(settled([b], before)[0]).toBe(b)
  })
})
