import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  difference,
  equalSets,
  type FieldSet,
  forEachPath,
  hasPath,
  intersection,
  recursiveDifference,
  setOfPaths,
  union,
} from './field-set.ts'
import { decodeFields, encodeFields } from './fields-v1.ts'
import { pathText, sortedElements } from './path-element.ts'

/** Sets as lists of paths: what the tree stands for. */
function pathsOf(set: FieldSet): string[] {
  const found: string[] = []
  forEachPath(set, sortedElements, path => found.push(path.join(' ')))
  return found.sort()
}

const element = fc.constantFrom('f:a', 'f:b', 'k:{"name":"x"}', 'v:1')
const path = fc.array(element, { minLength: 1, maxLength: 3 })
const set = fc.array(path, { maxLength: 8 }).map(setOfPaths)

describe('[B13] sets of fields', () => {
  it('are united, intersected and subtracted as sets of paths are', () => {
    fc.assert(
      fc.property(set, set, (a, b) => {
        const [left, right] = [pathsOf(a), pathsOf(b)]
        expect(pathsOf(union(a, b))).toEqual([...new Set([...left, ...right])].sort())
        expect(pathsOf(intersection(a, b))).toEqual(left.filter(each => right.includes(each)))
        expect(pathsOf(difference(a, b))).toEqual(left.filter(each => !right.includes(each)))
        const isBelow = (each: string): boolean => right.some(other => each === other || each.startsWith(`${other} `))
        expect(pathsOf(recursiveDifference(a, b))).toEqual(left.filter(each => !isBelow(each)))
        for (const each of left) expect(hasPath(a, each.split(' '))).toBe(true)
      }),
    )
  })

  it('are the same after a way through FieldsV1, whose elements are sorted', () => {
    fc.assert(
      fc.property(set, a => {
        const encoded = encodeFields(a)
        const decoded = decodeFields(JSON.parse(JSON.stringify(encoded)))
        expect(decoded && equalSets(decoded, a)).toBe(true)
        expect(Object.keys(encoded).filter(key => key !== '.')).toEqual(sortedElements(Object.keys(a)))
      }),
    )
  })

  it('mark fields that have others below them with a dot', () => {
    const labels = setOfPaths([
      ['f:metadata', 'f:labels'],
      ['f:metadata', 'f:labels', 'f:app'],
    ])
    expect(encodeFields(labels)).toEqual({ 'f:metadata': { 'f:labels': { '.': {}, 'f:app': {} } } })
  })

  it('keep elements of clients in one spelling, drop unknown sorts and refuse wrong ones', () => {
    expect(decodeFields({ 'k:{ "b":1, "a":"x" }': {} })).toEqual({ 'k:{"a":"x","b":1}': {} })
    expect(decodeFields({ 'z:9': {}, 'f:a': {} })).toEqual({ 'f:a': {} })
    expect(decodeFields({ x: {} })).toBeUndefined()
    expect(decodeFields({ 'i:one': {} })).toBeUndefined()
    expect(decodeFields({ 'k:nonsense': {} })).toBeUndefined()
  })

  it('show paths as upstream prints them, and sort items by their keys', () => {
    const ports = [
      'k:{"containerPort":443,"protocol":"TCP"}',
      'k:{"containerPort":80,"protocol":"TCP"}',
      'f:z',
      'v:"a"',
    ]
    expect(sortedElements([...ports])).toEqual(['f:z', ports[1], ports[0], 'v:"a"'])
    expect(pathText(['f:spec', 'k:{"name":"a\\"b","port":80}', 'v:"x"', 'v:true', 'i:2'])).toBe(
      '.spec[name="a\\"b",port=80][="x"][=true][2]',
    )
  })
})
