import { describe, expect, it } from 'vitest'
import {
  aggregate,
  causes,
  child,
  duplicate,
  errorText,
  forbidden,
  index,
  internal,
  invalid,
  invalidMessage,
  key,
  noField,
  notFoundValue,
  notSupported,
  required,
  tooFew,
  tooLong,
  tooLongCharacters,
  tooMany,
  tooShort,
  typeInvalid,
} from './fieldpath.ts'
import { Printed } from './go-text.ts'

describe('[A3] paths of fields', () => {
  it('are written with dots, indices and keys', () => {
    expect(child(index(child('', 'spec', 'containers'), 0), 'name')).toBe('spec.containers[0].name')
    expect(key('metadata.labels', 'app')).toBe('metadata.labels[app]')
  })
})

describe('[A3] errors about fields', () => {
  it.each([
    [required('spec.selector'), 'spec.selector: Required value'],
    [
      required('metadata.name', 'name or generateName is required'),
      'metadata.name: Required value: name or generateName is required',
    ],
    [
      invalid('spec.replicas', -1, 'must be greater than or equal to 0'),
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [invalid('f', 'a"\n<\u0007', 'why'), 'f: Invalid value: "a\\"\\n<\\a": why'],
    [invalid('f', { b: '1', a: '<' }, 'why'), 'f: Invalid value: {"a":"\\u003c","b":"1"}: why'],
    [
      invalid('f', { matchLabels: { b: '1', a: '2' }, matchExpressions: undefined }, 'why'),
      'f: Invalid value: {"matchLabels":{"a":"2","b":"1"}}: why',
    ],
    [
      invalid('f', { Type: 'Rolling', RollingUpdate: null }, 'why'),
      'f: Invalid value: {"Type":"Rolling","RollingUpdate":null}: why',
    ],
    [invalid('f', ['a', 'b'], 'why'), 'f: Invalid value: ["a","b"]: why'],
    [invalid('f', undefined, 'why'), 'f: Invalid value: null: why'],
    [invalid('f', new Printed('{"Go":true}'), 'why'), 'f: Invalid value: {"Go":true}: why'],
    [invalid(noField, null, 'why'), '<nil>: Invalid value: null: why'],
    [typeInvalid('f', 'x', 'why'), 'f: Invalid value: "x": why'],
    [notSupported('f', 'x', ['A', 'B']), 'f: Unsupported value: "x": supported values: "A", "B"'],
    [notSupported('f', 'x', []), 'f: Unsupported value: "x"'],
    [duplicate('f', 'x'), 'f: Duplicate value: "x"'],
    [notFoundValue('f', 'x'), 'f: Not found: "x"'],
    [forbidden('f', 'why'), 'f: Forbidden: why'],
    [tooLong('f', 1048576), 'f: Too long: may not be more than 1048576 bytes'],
    [tooLong('f', 1), 'f: Too long: may not be more than 1 byte'],
    [tooLongCharacters('f', -1), 'f: Too long: value is too long'],
    [tooShort('f', 2), 'f: Too short: must be at least 2 characters'],
    [tooMany('f', 3, 2), 'f: Too many: 3: must have at most 2 items'],
    [tooMany('f', 2, 1), 'f: Too many: 2: must have at most 1 item'],
    [tooMany('f', -1, 4), 'f: Too many: must have at most 4 items'],
    [tooFew('f', 0, 1), 'f: Too few: 0: must have at least 1 item'],
    [internal('f', 'boom'), 'f: Internal error: boom'],
  ])('%# reads as upstream writes it', (error, text) => {
    expect(errorText(error)).toBe(text)
  })

  it('are told together, each text once, while causes keep repeats', () => {
    const errors = [required('a'), forbidden('b', 'no'), required('a')]
    expect(aggregate(errors)).toBe('[a: Required value, b: Forbidden: no]')
    expect(aggregate([required('a'), required('a')])).toBe('a: Required value')
    expect(causes(errors)).toEqual([
      { reason: 'FieldValueRequired', message: 'Required value', field: 'a' },
      { reason: 'FieldValueForbidden', message: 'Forbidden: no', field: 'b' },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'a' },
    ])
    expect(invalidMessage('Deployment', 'apps', 'web', [required('a')])).toBe(
      'Deployment.apps "web" is invalid: a: Required value',
    )
    expect(invalidMessage('Pod', '', '', errors)).toBe('Pod "" is invalid: [a: Required value, b: Forbidden: no]')
  })
})
