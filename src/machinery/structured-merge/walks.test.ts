import { describe, expect, it } from 'vitest'
import { isObject } from '../json-value.ts'
import { type Atom, deducedAtom } from './atom.ts'
import { compare } from './compare.ts'
import { encodeFields } from './fields-v1.ts'
import { merge } from './merge.ts'
import { reconcile } from './reconcile.ts'
import { removeFields } from './remove.ts'
import { atomOfCustomResource, atomOfSchema } from './structural-atoms.ts'
import { setOf } from './to-set.ts'
import { validate, validationText } from './validate.ts'

const text = { type: 'string' }
const port = {
  type: 'object',
  properties: { port: { type: 'integer' }, protocol: { ...text, default: 'TCP' }, name: text },
}
const schema = {
  type: 'object',
  properties: {
    name: text,
    size: { type: 'integer' },
    on: { type: 'boolean' },
    tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
    words: { type: 'array', items: text },
    ports: {
      type: 'array',
      items: port,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port', 'protocol'],
    },
    labels: { type: 'object', additionalProperties: text },
    selector: { type: 'object', additionalProperties: text, 'x-kubernetes-map-type': 'atomic' },
    either: { 'x-kubernetes-int-or-string': true },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    inner: { type: 'object', properties: { a: text, b: text } },
  },
}
const atom: Atom = atomOfSchema(schema, false)
const web = (more: object = {}): object => ({ port: 80, protocol: 'TCP', ...more })

function differences(before: unknown, after: unknown): object {
  const { removed, modified, added } = compare(atom, before, after)
  return { removed: encodeFields(removed), modified: encodeFields(modified), added: encodeFields(added) }
}

const none = { removed: {}, modified: {}, added: {} }

describe('[B13] comparing', () => {
  const rows: readonly [what: string, before: object, after: object, found: object][] = [
    ['finds changed scalars', { size: 1 }, { size: 2 }, { modified: { 'f:size': {} } }],
    [
      'takes an atomic map as one value',
      { selector: { a: 'b' } },
      { selector: { a: 'c' } },
      { modified: { 'f:selector': {} } },
    ],
    ['takes a list without type as one value', { words: ['a'] }, { words: [] }, { modified: { 'f:words': {} } }],
    [
      'finds entries of maps',
      { labels: { a: '1', b: '2' } },
      { labels: { a: '1', c: '3' } },
      { removed: { 'f:labels': { 'f:b': {} } }, added: { 'f:labels': { 'f:c': {} } } },
    ],
    [
      'names a map that comes with its entries',
      {},
      { labels: { a: '1' } },
      { added: { 'f:labels': { '.': {}, 'f:a': {} } } },
    ],
    [
      'names no struct that was there empty',
      { inner: {} },
      { inner: { a: 'x' } },
      { added: { 'f:inner': { 'f:a': {} } } },
    ],
    [
      'finds items by their keys, with defaults',
      { ports: [{ port: 80 }] },
      { ports: [web({ name: 'x' })] },
      { added: { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {}, 'f:protocol': {} } } } },
    ],
    ['does not mind the order of items', { tags: ['a', 'b'] }, { tags: ['b', 'a'] }, {}],
    [
      'finds items of sets',
      { tags: ['a'] },
      { tags: ['b'] },
      { removed: { 'f:tags': { 'v:"a"': {} } }, added: { 'f:tags': { 'v:"b"': {} } } },
    ],
    [
      'takes items that stand twice as one value',
      { ports: [web(), web({ name: 'a' })] },
      { ports: [web({ name: 'b' })] },
      {
        removed: { 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': {} } },
        added: {
          'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:name': {}, 'f:port': {}, 'f:protocol': {} } },
        },
      },
    ],
    ['tells null from absent', { name: null }, {}, { removed: { 'f:name': {} } }],
    [
      'follows values of any form',
      { free: { a: { b: 1 } } },
      { free: { a: 1 } },
      { removed: { 'f:free': { 'f:a': { 'f:b': {} } } }, modified: { 'f:free': { 'f:a': {} } } },
    ],
  ]

  it.each(rows)('%s', (_, before, after, found) => {
    expect(differences(before, after)).toEqual({ ...none, ...found })
  })
})

describe('[B13] the fields of a configuration', () => {
  it('are its leaves, its items, entries of maps and what is empty', () => {
    const config = {
      name: 'x',
      tags: ['a'],
      ports: [{ port: 80 }],
      labels: { l: '1' },
      selector: {},
      inner: {},
      free: { k: { v: 1 } },
    }
    expect(encodeFields(setOf(atom, config))).toEqual({
      'f:free': { 'f:k': { '.': {}, 'f:v': {} } },
      'f:inner': {},
      'f:labels': { 'f:l': {} },
      'f:name': {},
      'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } },
      'f:selector': {},
      'f:tags': { 'v:"a"': {} },
    })
  })
})

describe('[B13] merging', () => {
  const order = (left: string, right: string): string => {
    const merged = merge(atom, { tags: [...left] }, { tags: [...right] })
    return isObject(merged) && Array.isArray(merged.tags) ? merged.tags.join('') : ''
  }

  it.each([
    ['abc', '', 'abc'],
    ['abc', 'd', 'abcd'],
    ['abc', 'c', 'abc'],
    ['abc', 'ca', 'bca'],
    ['abcd', 'db', 'acdb'],
    ['ab', 'xay', 'xaby'],
    ['abc', 'cba', 'cba'],
  ])('lays the items of a configuration over a list: %s and %s are %s', (left, right, merged) => {
    expect(order(left, right)).toBe(merged)
  })

  it('keeps what only one side has, and replaces what is atomic', () => {
    const object = { size: 1, labels: { a: '1' }, selector: { a: 'b' }, ports: [web({ name: 'old' })], words: ['a'] }
    const config = { labels: { b: '2' }, selector: { c: 'd' }, ports: [{ port: 80 }, { port: 443 }], words: ['b'] }
    expect(merge(atom, object, config)).toEqual({
      size: 1,
      labels: { a: '1', b: '2' },
      selector: { c: 'd' },
      ports: [web({ name: 'old' }), { port: 443 }],
      words: ['b'],
    })
  })

  it('keeps keys that every object inherits', () => {
    const labels: unknown = JSON.parse('{"__proto__":"x"}')
    expect(JSON.stringify(merge(atom, { labels: { a: '1' } }, { labels }))).toBe('{"labels":{"a":"1","__proto__":"x"}}')
  })
})

describe('[B13] removing', () => {
  it('takes fields and items out, and leaves null where nothing is left', () => {
    const object = { size: 1, tags: ['a', 'b'], labels: { a: '1' }, ports: [web({ name: 'x' }), { port: 443 }] }
    const fields = {
      'f:size': {},
      'f:tags': { 'v:"a"': {} },
      'f:labels': { 'f:a': {} },
      'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { 'f:name': {} } },
    }
    expect(removeFields(atom, object, fields)).toEqual({ tags: ['b'], labels: null, ports: [web(), { port: 443 }] })
  })
})

describe('[B13] validating', () => {
  it.each([
    [{ name: 5 }, '.name: expected string, got &value.valueUnstructured{Value:5}'],
    [
      { name: { a: ['x'] } },
      '.name: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"a":[]interface {}{"x"}}}',
    ],
    [{ size: 'x' }, '.size: expected numeric (int or float), got string'],
    [{ on: 'x' }, '.on: expected boolean, got &{x}'],
    [{ labels: ['x'] }, '.labels: expected map, got &{[x]}'],
    [{ tags: {} }, '.tags: expected list, got &{map[]}'],
    [{ tags: ['a', 'a'] }, '.tags: duplicate entries for key [="a"]'],
    [{ ports: [web(), { port: 80 }] }, '.ports: duplicate entries for key [port=80,protocol="TCP"]'],
    [{ ports: [null] }, '.ports: element 0: associative list with keys may not have a null element'],
    [{ nothing: 1 }, '.nothing: field not declared in schema'],
    [
      { inner: { a: 1, b: 2 } },
      'errors:\n  .inner.a: expected string, got &value.valueUnstructured{Value:1}\n  .inner.b: expected string, got &value.valueUnstructured{Value:2}',
    ],
    [{ name: null, either: 'x', free: { any: [{}] } }, undefined],
  ])('says of %j what upstream says', (value, said) => {
    expect(validationText(validate(atom, value))).toBe(said)
  })
})

describe('[B13] types', () => {
  it('of custom resources have the fields of every object, and refuse others unless they are kept', () => {
    const metadata: Atom = { map: { isAtomic: false, hasFields: false, field: () => undefined, elements: deducedAtom } }
    const resource = atomOfCustomResource({ type: 'object', properties: { spec: schema } }, metadata)
    const object = { apiVersion: 'x/v1', kind: 'X', metadata: { name: 'x' }, spec: { size: 1 } }
    expect(validate(resource, object)).toEqual([])
    expect(validationText(validate(resource, { ...object, more: 1 }))).toBe('.more: field not declared in schema')
    const keeps = atomOfCustomResource({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }, metadata)
    expect(validate(keeps, { ...object, more: 1 })).toEqual([])
  })

  it('that have become atomic are owned as a whole', () => {
    const owned = { 'f:selector': { 'f:a': {} }, 'f:labels': { 'f:a': {} }, 'f:words': { 'v:"a"': {} } }
    expect(reconcile(owned, atom)).toEqual({ 'f:selector': {}, 'f:labels': { 'f:a': {} }, 'f:words': {} })
  })
})
