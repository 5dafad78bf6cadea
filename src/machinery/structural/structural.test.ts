import { describe, expect, it } from 'vitest'
import { errorText } from '../fieldpath.ts'
import { withDefaults } from './defaults.ts'
import { fieldAt } from './field-path.ts'
import { validateListTypes } from './list-types.ts'
import { prune } from './prune.ts'
import { evaluateRules, ruleTree } from './rules.ts'
import type { JsonSchema } from './schema.ts'
import { fieldErrorsOf } from './schema-error.ts'
import { validateSchema } from './schema-rules.ts'
import { validateStructural } from './structural-rules.ts'
import { validateValue } from './validate.ts'

const integer: JsonSchema = { type: 'integer' }
const text: JsonSchema = { type: 'string' }

function object(properties: Record<string, JsonSchema>, rest: Partial<JsonSchema> = {}): JsonSchema {
  return { type: 'object', properties, ...rest }
}

function complaints(schema: JsonSchema, value: unknown, old?: unknown): string[] {
  return fieldErrorsOf('', validateValue(schema, value, '', old).errors).map(errorText)
}

describe('[H1] values of custom resources', () => {
  const spec = (schema: JsonSchema, value: unknown): string[] => complaints(object({ a: schema }), { a: value })

  it.each<readonly [schema: JsonSchema, value: unknown, error: string]>([
    [integer, 'x', 'a: Invalid value: "string": a in body must be of type integer: "string"'],
    [integer, null, 'a: Invalid value: "null": a in body must be of type integer: "null"'],
    [{ type: 'string', format: 'date' }, 5, 'a: Invalid value: "int64": a in body must be of type date: "int64"'],
    [{ type: 'string', format: 'ipv4' }, '::1', 'a: Invalid value: "::1": a in body must be of type ipv4: "::1"'],
    [{ type: 'integer', maximum: 10 }, 11, 'a: Invalid value: 11: a in body should be less than or equal to 10'],
    [
      { type: 'number', minimum: 0.5 },
      0.25,
      'a: Invalid value: 0.25: a in body should be greater than or equal to 0.5',
    ],
    [
      { type: 'integer', minimum: 1, exclusiveMinimum: true },
      1,
      'a: Invalid value: 1: a in body should be greater than 1',
    ],
    [{ type: 'string', maxLength: 2 }, 'abc', 'a: Too long: may not be more than 2 bytes'],
    [{ type: 'string', pattern: '^a$' }, 'b', `a: Invalid value: "b": a in body should match '^a$'`],
    [{ type: 'string', enum: ['x', 'y'] }, 'z', 'a: Unsupported value: "z": supported values: "x", "y"'],
    [{ type: 'array', items: text, maxItems: 1 }, ['a', 'b'], 'a: Too many: 2: must have at most 1 item'],
    [object({}, { required: ['b'] }), {}, 'a.b: Required value'],
    [
      { type: 'object', additionalProperties: integer },
      { k: 'v' },
      'a.k: Invalid value: "string": a.k in body must be of type integer: "string"',
    ],
    [
      { 'x-kubernetes-int-or-string': true },
      true,
      'a: Invalid value: "boolean": a in body must be of type integer,string: "boolean"',
    ],
  ])('%j refuses %j', (schema, value, error) => {
    expect(spec(schema, value)).toEqual([error])
  })

  it('takes what is right', () => {
    expect(spec({ type: 'number' }, 1)).toEqual([])
    expect(spec({ 'x-kubernetes-int-or-string': true }, '5%')).toEqual([])
    expect(spec({ type: 'string', nullable: true }, null)).toEqual([])
    expect(spec({ type: 'string', format: 'fantasy' }, 'anything')).toEqual([])
  })

  it('does not complain of what was wrong before and has not changed', () => {
    const schema = object({ a: { type: 'string', maxLength: 1 }, b: text })
    expect(complaints(schema, { a: 'long', b: 'new' }, { a: 'long', b: 'old' })).toEqual([])
    expect(complaints(schema, { a: 'longer', b: 'old' }, { a: 'long', b: 'old' })).toHaveLength(1)
    expect(complaints(object({}, { required: ['a'] }), { b: 1 }, {})).toHaveLength(1)
  })
})

describe('[H1] pruning and defaulting', () => {
  const schema = object({
    spec: object({
      size: { type: 'integer', default: 1 },
      free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
    }),
    list: { type: 'array', items: object({ id: text, weight: { type: 'number', default: 0.5 } }) },
    map: { type: 'object', additionalProperties: object({ id: text }) },
  })

  it('takes away what the schema does not know, and says where it was', () => {
    const value = {
      kind: 'X',
      spec: { colour: 1, free: { x: 1 } },
      list: [{ id: 'a', b: 1 }],
      map: { k: { id: 'a', z: 1 } },
      no: 1,
    }
    expect(prune(value, schema, true)).toEqual({
      value: { kind: 'X', spec: { free: { x: 1 } }, list: [{ id: 'a' }], map: { k: { id: 'a' } } },
      unknown: ['list[0].b', 'map.k.z', 'no', 'spec.colour'],
    })
  })

  it('keeps the very value when there is nothing to do', () => {
    const value = { spec: { size: 2 } }
    expect(prune(value, schema, true).value).toBe(value)
    expect(withDefaults(value, schema)).toBe(value)
  })

  it('fills in defaults below what is there, and in place of nulls that may not be', () => {
    expect(withDefaults({ spec: { size: null }, list: [{ id: 'a' }], map: { k: null } }, schema)).toEqual({
      spec: { size: 1 },
      list: [{ id: 'a', weight: 0.5 }],
      map: {},
    })
    expect(withDefaults({}, schema)).toEqual({})
  })

  it('is not fooled by names of the prototype', () => {
    const value: unknown = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": 1, "spec": {}}')
    expect(prune(value, schema, true).unknown).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

describe('[H1] lists that are sets and maps', () => {
  it('names what is there twice', () => {
    const schema = object({
      tags: { type: 'array', items: text, 'x-kubernetes-list-type': 'set' },
      ports: {
        ...{ type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port'] },
        items: object({ port: integer, name: text }),
      },
    })
    const value = {
      tags: ['a', 'b', 'a', 'a'],
      ports: [
        { port: 1, name: 'x' },
        { port: 1, name: 'y' },
      ],
    }
    expect(validateListTypes(schema, value).map(errorText)).toEqual([
      'tags[2]: Duplicate value: "a"',
      'ports[1]: Duplicate value: {"port":1}',
    ])
  })
})

describe('[H1] rules', () => {
  const rules = (
    rule: JsonSchema['x-kubernetes-validations'],
    schema: JsonSchema,
    value: unknown,
    old?: unknown,
  ): string[] => {
    const tree = ruleTree({ ...schema, 'x-kubernetes-validations': rule ?? [] }, false)
    return tree ? evaluateRules(tree, value, old, 'spec').errors.map(errorText) : []
  }
  const sizes = object({ min: integer, max: integer, 'the-name': text })

  it('tells the message, the reason and the field of a rule that is broken', () => {
    expect(rules([{ rule: 'self.min <= self.max' }], sizes, { min: 2, max: 1 })).toEqual([
      'spec: Invalid value: failed rule: self.min <= self.max',
    ])
    const rule = {
      rule: 'self.min <= self.max',
      messageExpression: '"min " + string(self.min) + " is too much"',
      reason: 'FieldValueForbidden',
      fieldPath: '.min',
    }
    expect(rules([rule], sizes, { min: 2, max: 1 })).toEqual(['spec.min: Forbidden: min 2 is too much'])
  })

  it('tells of rules that cannot be evaluated', () => {
    expect(rules([{ rule: 'self.min > 0' }], sizes, {})).toEqual([
      'spec: Invalid value: "object": no such key: min evaluating rule: self.min > 0',
    ])
  })

  it('finds fields whose names are no identifiers', () => {
    expect(rules([{ rule: "self.the__dash__name == 'a'" }], sizes, { 'the-name': 'a' })).toEqual([])
  })

  it('compares with the old value, if there is one', () => {
    const rule = [{ rule: 'self.max >= oldSelf.max', message: 'must not shrink' }]
    expect(rules(rule, sizes, { max: 1 })).toEqual([])
    expect(rules(rule, sizes, { max: 1 }, { max: 2 })).toEqual(['spec: Invalid value: must not shrink'])
    const optional = [{ rule: 'oldSelf.hasValue() || self.max == 1', optionalOldSelf: true, message: 'begins with 1' }]
    expect(rules(optional, sizes, { max: 2 })).toEqual(['spec: Invalid value: begins with 1'])
    expect(rules(optional, sizes, { max: 2 }, { max: 5 })).toEqual([])
  })

  it('lets be what was broken before and has not changed', () => {
    const rule = [{ rule: 'self.max > 5' }]
    expect(rules(rule, sizes, { max: 1 }, { max: 1 })).toEqual([])
    expect(rules(rule, sizes, { max: 2 }, { max: 1 })).toHaveLength(1)
  })

  it('ends when all rules together cost too much', () => {
    const items: JsonSchema = {
      ...integer,
      'x-kubernetes-validations': [
        { rule: '[1,2,3,4,5,6,7,8,9].all(a, [1,2,3,4,5,6,7,8,9].all(b, [1,2,3,4,5,6,7,8,9].all(c, a + b + c > 0)))' },
      ],
    }
    const tree = ruleTree({ type: 'array', items }, false)
    const value = Array.from({ length: 5_000 }, (_, i) => i)
    const { errors } = evaluateRules(
      tree ?? { schema: {}, shape: { form: 'scalar', type: 'dyn' }, rules: [], properties: new Map() },
      value,
    )
    expect(errors.map(errorText).at(-1)).toMatch(
      /: Invalid value: "integer": validation failed due to running out of cost budget, no further validation rules will be run$/,
    )
  })
})

describe('[H1] schemas', () => {
  it.each<readonly [schema: JsonSchema, error: string]>([
    [{}, 's.type: Required value: must not be empty at the root'],
    [object({ a: {} }), 's.properties[a].type: Required value: must not be empty for specified object fields'],
    [object({ a: { type: 'array' } }), 's.properties[a].items: Required value: must be specified'],
    [
      object({ a: text }, { anyOf: [{ type: 'object' }] }),
      's.anyOf[0].type: Forbidden: must be empty to be structural',
    ],
    [
      object({}, { anyOf: [{ properties: { b: { minimum: 1 } } }] }),
      's.properties[b]: Required value: because it is defined in s.anyOf[0].properties[b]',
    ],
    [
      object({ metadata: object({ labels: { type: 'object' } }) }),
      's.properties[metadata]: Forbidden: must not specify anything other than name and generateName, but metadata is implicitly specified',
    ],
  ])('%j is not structural', (schema, error) => {
    expect(validateStructural('s', schema).map(errorText)).toEqual([error])
  })

  it('shows what the compiler says of a rule', () => {
    const schema = object({ a: integer }, { 'x-kubernetes-validations': [{ rule: 'self.b > 1' }] })
    expect(validateSchema('s', schema, true).map(errorText)).toEqual([
      's.x-kubernetes-validations[0].rule: Invalid value: {"Rule":"self.b \\u003e 1","Message":"","MessageExpression":"","Reason":null,"FieldPath":"","OptionalOldSelf":null}: ' +
        "compilation failed: ERROR: <input>:1:5: undefined field 'b'\n | self.b > 1\n | ....^",
    ])
  })

  it('refuses transition rules where old and new cannot be matched', () => {
    const items: JsonSchema = { ...text, 'x-kubernetes-validations': [{ rule: 'self == oldSelf' }] }
    const [error] = validateSchema('s', object({ a: { type: 'array', items } }), true).map(errorText)
    expect(error).toContain('oldSelf cannot be used on the uncorrelatable portion of the schema within s.properties[a]')
  })

  it('follows paths of fields', () => {
    const schema = object({ a: { type: 'object', additionalProperties: object({ b: text }) } })
    expect(fieldAt(".a['k'].b", schema)).toMatchObject({ value: { path: 'a[k].b' } })
    expect(fieldAt('.a.k.c', schema)).toEqual({ error: 'does not refer to a valid field' })
    expect(fieldAt('a', schema)).toEqual({ error: 'expected [ or . but got: a' })
  })
})
