/**
 * A unified diff of two lists of lines, as difflib makes it (pmezard/go-difflib): it does not look for the shortest diff but
 * for the longest run of lines that are rare and equal, and goes on to both sides of it. Which lines it calls moved shows
 * in messages of the API server, so the same algorithm is needed.
 */

/** Lines around a change. */
const context = 3

type Lines = readonly string[]

/** A run of equal lines. */
interface Match {
  readonly a: number
  readonly b: number
  readonly size: number
}

interface Change {
  readonly isEqual: boolean
  readonly a: readonly [number, number]
  readonly b: readonly [number, number]
}

export function unifiedDiff(before: Lines, after: Lines): string {
  let text = ''
  for (const group of grouped(changesOf(before, after))) {
    const first = group[0]
    const last = group.at(-1)
    if (!first || !last) continue
    text += `@@ -${range(first.a[0], last.a[1])} +${range(first.b[0], last.b[1])} @@\n`
    for (const { isEqual, a, b } of group) {
      text += marked(isEqual ? ' ' : '-', before.slice(...a))
      if (!isEqual) text += marked('+', after.slice(...b))
    }
  }
  return text
}

function marked(mark: string, lines: Lines): string {
  return lines.map(line => `${mark}${line}\n`).join('')
}

function range(start: number, end: number): string {
  const length = end - start
  if (length === 1) return `${start + 1}`
  return `${length === 0 ? start : start + 1},${length}`
}

/** Changes with as much around them as is shown; those that are close share their surroundings. */
function grouped(changes: readonly Change[]): Change[][] {
  const groups: Change[][] = [[]]
  changes.forEach((change, i) => {
    const { isEqual, a, b } = change
    const group = groups.at(-1)
    const length = a[1] - a[0]
    const isFirst = i === 0
    const isLast = i === changes.length - 1
    const head = Math.min(length, context)
    const start: Change = { isEqual, a: [a[0], a[0] + head], b: [b[0], b[0] + head] }
    const end: Change = { isEqual, a: [a[1] - head, a[1]], b: [b[1] - head, b[1]] }
    if (!isEqual) group?.push(change)
    else if (isFirst) group?.push(end)
    else if (isLast) group?.push(start)
    else if (length > 2 * context) {
      group?.push(start)
      groups.push([end])
    } else group?.push(change)
  })
  return groups.filter(group => group.some(({ isEqual }) => !isEqual))
}

function changesOf(before: Lines, after: Lines): Change[] {
  const changes: Change[] = []
  let a = 0
  let b = 0
  const matches = matchesBetween(before, after)
  for (const match of [...matches, { a: before.length, b: after.length, size: 0 }]) {
    if (a < match.a || b < match.b) changes.push({ isEqual: false, a: [a, match.a], b: [b, match.b] })
    a = match.a + match.size
    b = match.b + match.size
    if (match.size > 0) changes.push({ isEqual: true, a: [match.a, a], b: [match.b, b] })
  }
  return changes
}

/** Runs of equal lines in order, neighbours joined. */
function matchesBetween(before: Lines, after: Lines): Match[] {
  const places = placesOf(after)
  const found: Match[] = []
  const search = (aLow: number, aHigh: number, bLow: number, bHigh: number): void => {
    const match = longestMatch(before, after, places, [aLow, aHigh], [bLow, bHigh])
    if (match.size === 0) return
    if (aLow < match.a && bLow < match.b) search(aLow, match.a, bLow, match.b)
    found.push(match)
    const aEnd = match.a + match.size
    const bEnd = match.b + match.size
    if (aEnd < aHigh && bEnd < bHigh) search(aEnd, aHigh, bEnd, bHigh)
  }
  search(0, before.length, 0, after.length)
  return joined(found)
}

function joined(matches: readonly Match[]): Match[] {
  const result: Match[] = []
  for (const match of matches) {
    const last = result.at(-1)
    if (last && last.a + last.size === match.a && last.b + last.size === match.b) {
      result[result.length - 1] = { ...last, size: last.size + match.size }
    } else result.push(match)
  }
  return result
}

/** Where each line stands. In long texts, lines that stand in many places (over 1 %) are no landmarks. */
function placesOf(lines: Lines): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  lines.forEach((line, i) => {
    const list = places.get(line)
    if (list) list.push(i)
    else places.set(line, [i])
  })
  if (lines.length < 200) return places
  const most = Math.floor(lines.length / 100) + 1
  return new Map([...places].filter(([, list]) => list.length <= most))
}

function longestMatch(
  before: Lines,
  after: Lines,
  places: ReadonlyMap<string, readonly number[]>,
  [aLow, aHigh]: readonly [number, number],
  [bLow, bHigh]: readonly [number, number],
): Match {
  let best: Match = { a: aLow, b: bLow, size: 0 }
  let lengths = new Map<number, number>()
  for (let a = aLow; a < aHigh; a++) {
    const next = new Map<number, number>()
    for (const b of places.get(before[a] ?? '') ?? []) {
      if (b < bLow || b >= bHigh) continue
      const size = (lengths.get(b - 1) ?? 0) + 1
      next.set(b, size)
      if (size > best.size) best = { a: a - size + 1, b: b - size + 1, size }
    }
    lengths = next
  }
  let { a, b, size } = best
  while (a > aLow && b > bLow && before[a - 1] === after[b - 1]) {
    a--
    b--
    size++
  }
  while (a + size < aHigh && b + size < bHigh && before[a + size] === after[b + size]) size++
  return { a, b, size }
}
