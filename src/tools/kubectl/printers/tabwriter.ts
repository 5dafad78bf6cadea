/**
 * Elastic tab stops as Go's text/tabwriter sets them: cells end with a tab, the last cell of a line has no part in any
 * column, and a column is as wide as the widest cell of the lines that follow each other and have it.
 */
export interface TabSettings {
  readonly minWidth: number
  readonly padding: number
}

/** What `kubectl get` uses. */
export const tableTabs: TabSettings = { minWidth: 6, padding: 3 }
/** What `kubectl describe` uses. */
export const describeTabs: TabSettings = { minWidth: 0, padding: 2 }

/** Aligns a text whose cells are separated by tabs. `remembered` are widths of columns that were printed before. */
export function align(text: string, settings: TabSettings, remembered?: number[]): string {
  if (text === '') return ''
  const endsWithBreak = text.endsWith('\n')
  const lines = (endsWithBreak ? text.slice(0, -1) : text).split('\n').map(line => line.split('\t'))
  const widths = lines.map(line => new Array<number>(line.length - 1).fill(0))
  measure({ lines, widths, settings, remembered }, 0, 0, lines.length)
  const written = lines.map((line, row) =>
    line.map((cell, column) => (column === line.length - 1 ? cell : padded(cell, widths[row]?.[column] ?? 0))).join(''),
  )
  return written.join('\n') + (endsWithBreak ? '\n' : '')
}

interface Sheet {
  readonly lines: readonly (readonly string[])[]
  readonly widths: readonly number[][]
  readonly settings: TabSettings
  readonly remembered: number[] | undefined
}

/** Sets the widths of a column, block by block, and within each block those of the columns to its right. */
function measure(sheet: Sheet, column: number, from: number, to: number): void {
  const { lines, widths, settings, remembered } = sheet
  const hasColumn = (row: number): boolean => column < (lines[row]?.length ?? 0) - 1
  for (let row = from; row < to; row++) {
    if (!hasColumn(row)) continue
    const start = row
    let width = settings.minWidth
    for (; row < to && hasColumn(row); row++) {
      width = Math.max(width, [...(lines[row]?.[column] ?? '')].length + settings.padding)
    }
    if (remembered) {
      width = Math.max(width, remembered[column] ?? 0)
      remembered[column] = width
    }
    for (let line = start; line < row; line++) {
      const own = widths[line]
      if (own) own[column] = width
    }
    measure(sheet, column + 1, start, row)
  }
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - [...cell].length))
}
