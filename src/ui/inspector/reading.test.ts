import { describe, expect, it } from 'vitest'
import { relate } from '../testing/items.ts'
import { relatedGroups } from './related.ts'
import { partsOf } from './yaml-parts.ts'

describe('the inspector', () => {
  it('[J1] names a relation from the end at which one stands', () => {
    const relations = [relate('selects', 'svc', 'pod', false), relate('owns', 'rs', 'pod'), relate('owns', 'x', 'y')]
    expect(relatedGroups('pod', relations)).toEqual([
      { word: 'selectedBy', links: [{ id: 'svc', live: false }] },
      { word: 'ownedBy', links: [{ id: 'rs', live: true }] },
    ])
    expect(relatedGroups('svc', relations)).toEqual([{ word: 'selects', links: [{ id: 'pod', live: false }] }])
  })

  it.each([
    ['  replicas: 3', ['plain   ', 'key replicas', 'mark :', 'plain  ', 'number 3']],
    ['- name: "a: b"', ['plain - ', 'key name', 'mark :', 'plain  ', 'text "a: b"']],
    ['image: nginx:1.16.0', ['key image', 'mark :', 'plain  ', 'plain nginx:1.16.0']],
    ['# a comment: 1', ['comment # a comment: 1']],
    ['  - 10.0.0.1', ['mark   - ', 'plain 10.0.0.1']],
    ['enabled: true', ['key enabled', 'mark :', 'plain  ', 'word true']],
    ['', []],
  ])('[J2] sees the parts of %j, and loses no letter', (line, parts) => {
    expect(partsOf(line).map(({ type, text }) => `${type} ${text}`)).toEqual(parts)
    expect(
      partsOf(line)
        .map(({ text }) => text)
        .join(''),
    ).toBe(line)
  })
})
