import { describe, expect, it } from 'vitest'
import { assignSlots, cellsOf, columnsFor, type Growth } from './slots.ts'

const growth: Growth = { startColumns: 2, rowsAt: columns => 2 + (columns - 2) }

describe('slots', () => {
  it('[J1] are kept for life, and a newcomer takes the lowest that is free', () => {
    const first = assignSlots(undefined, ['a', 'b', 'c'])
    const second = assignSlots(first, ['a', 'c', 'd', 'e'])
    expect([...second]).toEqual([
      ['a', 0],
      ['c', 2],
      ['d', 1],
      ['e', 3],
    ])
  })

  it('[J1] are the same whatever came between, when nothing was freed', () => {
    const all = ['a', 'b', 'c', 'd']
    const grown = all.reduce(
      (slots, _, index) => assignSlots(slots, all.slice(0, index + 1)),
      assignSlots(undefined, []),
    )
    expect(grown).toEqual(assignSlots(undefined, all))
  })

  it('[J1] lie in cells that stay where they are when the grid grows', () => {
    const small = cellsOf(growth, 4)
    const large = cellsOf(growth, 30)
    expect(large.slice(0, small.length)).toEqual(small)
    expect(large.slice(0, 9).map(({ column, row }) => `${column},${row}`)).toEqual([
      '0,0',
      '1,0',
      '0,1',
      '1,1',
      '2,0',
      '2,1',
      '0,2',
      '1,2',
      '2,2',
    ])
    expect(new Set(large.map(({ column, row }) => `${column},${row}`)).size).toBe(large.length)
  })

  it('[J1] need no more columns than hold them', () => {
    expect([1, 4, 5, 9, 10].map(count => columnsFor(growth, count))).toEqual([2, 2, 3, 3, 4])
  })
})
