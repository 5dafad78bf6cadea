/** Rows as Go's tabwriter aligns them with three blanks between columns. */
export function columns(rows: readonly (readonly string[])[], gap = 3, last = false): string {
  const widths: number[] = []
  for (const row of rows) row.forEach((cell, at) => (widths[at] = Math.max(widths[at] ?? 0, cell.length)))
  const lines = rows.map(row =>
    row.map((cell, at) => (at < row.length - 1 || last ? cell.padEnd((widths[at] ?? 0) + gap) : cell)).join(''),
  )
  return lines.map(line => `${line}\n`).join('')
}

/** `3 minutes ago`, as docker's units package says it. */
export function ago(ms: number): string {
  return `${long(Math.max(0, ms) / 1_000)} ago`
}

function long(seconds: number): string {
  if (seconds < 1) return 'Less than a second'
  if (seconds < 2) return '1 second'
  if (seconds < 60) return `${Math.floor(seconds)} seconds`
  const minutes = Math.floor(seconds / 60)
  if (minutes === 1) return 'About a minute'
  if (minutes < 60) return `${minutes} minutes`
  const hours = Math.round(minutes / 60)
  if (hours === 1) return 'About an hour'
  if (hours < 48) return `${hours} hours`
  return hours < 24 * 7 * 2 ? `${Math.floor(hours / 24)} days` : `${Math.floor(hours / 24 / 7)} weeks`
}
