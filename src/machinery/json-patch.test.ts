import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyJsonPatch, decodeJsonPatch, type JsonPatchOperation } from './json-patch.ts'
import type { JsonObject } from './json-value.ts'
import { deepFreeze } from './object.ts'

const document = deepFreeze({ data: { a: '1', 'x/y~z': '2' }, list: ['p', 'q', 'r'] })

function patched(...patch: JsonPatchOperation[]): JsonObject | string {
  const { value, error } = applyJsonPatch(document, deepFreeze(patch))
  return error ?? value
}

describe('[A3] JSON patches', () => {
  it.each<[string, JsonPatchOperation, JsonObject]>([
    [
      'add a member',
      { op: 'add', path: '/data/b', value: '3' },
      { data: { a: '1', 'x/y~z': '2', b: '3' }, list: ['p', 'q', 'r'] },
    ],
    ['add to the end', { op: 'add', path: '/list/-', value: 's' }, { data: document.data, list: ['p', 'q', 'r', 's'] }],
    ['insert', { op: 'add', path: '/list/0', value: 's' }, { data: document.data, list: ['s', 'p', 'q', 'r'] }],
    [
      'insert, counted from the end',
      { op: 'add', path: '/list/-1', value: 's' },
      { data: document.data, list: ['p', 'q', 'r', 's'] },
    ],
    ['remove the last item', { op: 'remove', path: '/list/-1' }, { data: document.data, list: ['p', 'q'] }],
    [
      'replace through escapes',
      { op: 'replace', path: '/data/x~1y~0z', value: '9' },
      { data: { a: '1', 'x/y~z': '9' }, list: document.list },
    ],
    [
      'replace what is not there',
      { op: 'replace', path: '/data/new', value: '9' },
      { data: { ...document.data, new: '9' }, list: document.list },
    ],
    ['replace everything', { op: 'replace', path: '', value: { x: 1 } }, { x: 1 }],
    ['ignore what stands before the first slash', { op: 'remove', path: 'zzz/list' }, { data: document.data }],
    ['move', { op: 'move', from: '/data/a', path: '/data/z' }, { data: { 'x/y~z': '2', z: '1' }, list: document.list }],
    [
      'copy',
      { op: 'copy', from: '/list/0', path: '/data/z' },
      { data: { ...document.data, z: 'p' }, list: document.list },
    ],
    ['test an equal value', { op: 'test', path: '/list', value: ['p', 'q', 'r'] }, document],
    ['test that nothing is there', { op: 'test', path: '/data/none', value: null }, document],
  ])('can %s', (_sentence, operation, expected) => {
    expect(patched(operation)).toEqual(expected)
  })

  it.each<[JsonPatchOperation, string]>([
    [
      { op: 'remove', path: '/data/none' },
      "error in remove for path: '/data/none': Unable to remove nonexistent key: none: missing value",
    ],
    [
      { op: 'remove', path: '/list/9' },
      "error in remove for path: '/list/9': Unable to access invalid index: 9: invalid index referenced",
    ],
    [
      { op: 'remove', path: '/list/-4' },
      "error in remove for path: '/list/-4': Unable to access invalid index: -4: invalid index referenced",
    ],
    [
      { op: 'add', path: '/list/5', value: 1 },
      "error in add for path: '/list/5': Unable to access invalid index: 5: invalid index referenced",
    ],
    [
      { op: 'replace', path: '/list/3', value: 1 },
      'replace operation does not apply: doc is missing key: /list/3: missing value',
    ],
    [
      { op: 'add', path: '/no/x', value: 1 },
      'add operation does not apply: doc is missing path: "/no/x": missing value',
    ],
    [{ op: 'test', path: '/data/a', value: '2' }, 'testing value /data/a failed: test failed'],
    [{ op: 'move', path: '/data/a' }, 'move operation failed to decode from: missing value'],
    [{ op: 'jump', path: '/data/a' }, 'Unexpected kind: jump'],
    [{ op: 'add', value: 1 }, 'add operation failed to decode path: missing value'],
  ])('%j is refused: %s', (operation, message) => {
    expect(patched(operation)).toBe(message)
  })

  it('apply as a whole or not at all', () => {
    expect(patched({ op: 'remove', path: '/list' }, { op: 'remove', path: '/nothing' })).toMatch(/nonexistent key/)
    expect(document.list).toEqual(['p', 'q', 'r'])
  })

  it('must be lists of operations', () => {
    expect(decodeJsonPatch({}).error).toBe('json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp')
    expect(decodeJsonPatch([5]).error).toBe('json: cannot unmarshal number into Go value of type handlers.jsonPatchOp')
    expect(decodeJsonPatch([{ op: 'test', path: '/a' }]).value).toMatchObject([{ op: 'test', path: '/a' }])
  })

  it('undo an addition by a removal', () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue(), (key, value) => {
        fc.pre(!(key in document) && key !== '__proto__')
        const path = `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
        const added = patched({ op: 'add', path, value })
        expect(added).toEqual({ ...document, [key]: value })
        expect(patched({ op: 'add', path, value }, { op: 'remove', path })).toEqual(document)
      }),
    )
  })
})
