/**
 * Places that last. Every thing in a region holds a numbered slot from the moment it is first seen until it goes; a
 * newcomer takes the lowest free number. A grid turns numbers into columns and rows in such an order that it can grow
 * to the right and downwards without moving anybody.
 */

/** Slots of each region: id → number. */
export type Slots = ReadonlyMap<string, ReadonlyMap<string, number>>

/** Gives every member of a region a slot, keeping those of `before`. Members come in the order of their creation. */
export function assignSlots(
  before: ReadonlyMap<string, number> | undefined,
  members: readonly string[],
): ReadonlyMap<string, number> {
  const slots = new Map<string, number>()
  const taken = new Set<number>()
  for (const id of members) {
    const slot = before?.get(id)
    if (slot === undefined) continue
    slots.set(id, slot)
    taken.add(slot)
  }
  let next = 0
  for (const id of members) {
    if (slots.has(id)) continue
    while (taken.has(next)) next++
    slots.set(id, next)
    taken.add(next)
  }
  return slots
}

/** The number of slots that must exist: one more than the highest taken. */
export function extent(slots: ReadonlyMap<string, number>): number {
  let highest = -1
  for (const slot of slots.values()) if (slot > highest) highest = slot
  return highest + 1
}

/** How a grid grows: it starts with some columns and has so many rows once it has `columns` of them. */
export interface Growth {
  readonly startColumns: number
  readonly rowsAt: (columns: number) => number
}

/** The fewest columns with which a grid has room for so many slots. */
export function columnsFor(growth: Growth, count: number): number {
  let columns = growth.startColumns
  while (columns * growth.rowsAt(columns) < count) columns++
  return columns
}

export interface Cell {
  readonly column: number
  readonly row: number
}

/**
 * The cells of a grid in the order of their slots. Each widening adds a column at the right of what was there, then rows
 * below. With 2 columns and 2 rows first, then 3 and 3:
 *
 *     0 1 4
 *     2 3 5
 *     6 7 8
 */
export function cellsOf(growth: Growth, count: number): readonly Cell[] {
  const cells: Cell[] = []
  let columns = growth.startColumns
  let rows = growth.rowsAt(columns)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) cells.push({ column, row })
  }
  while (cells.length < count) {
    for (let row = 0; row < rows; row++) cells.push({ column: columns, row })
    columns++
    const grown = Math.max(rows, growth.rowsAt(columns))
    for (let row = rows; row < grown; row++) {
      for (let column = 0; column < columns; column++) cells.push({ column, row })
    }
    rows = grown
  }
  return cells
}
