import { microTimestamp } from '../../machinery/time.ts'

export interface NamedText {
  readonly name: string
  readonly text: string
}

interface Edit {
  readonly sign: ' ' | '-' | '+'
  readonly line: string
}

const context = 3

/** Two texts as `diff -u -N` compares them; '' when they are the same. */
export function unifiedDiff(before: NamedText, after: NamedText, now: number): string {
  if (before.text === after.text) return ''
  const edits = editsBetween(linesOf(before.text), linesOf(after.text))
  const time = `${microTimestamp(now).replace('T', ' ').replace('Z', '')}000 +0000`
  const head = `diff -u -N ${before.name} ${after.name}\n--- ${before.name}\t${time}\n+++ ${after.name}\t${time}\n`
  return (
    head +
    hunksOf(edits)
      .map(hunk => hunkText(edits, hunk))
      .join('')
  )
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

/** The fewest removals and additions, by the longest common subsequence. */
function editsBetween(before: readonly string[], after: readonly string[]): Edit[] {
  const width = after.length + 1
  const common = new Uint32Array((before.length + 1) * width)
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const here = row * width + column
      const diagonal = (common[here + width + 1] ?? 0) + 1
      const best = Math.max(common[here + width] ?? 0, common[here + 1] ?? 0)
      common[here] = before[row] === after[column] ? diagonal : best
    }
  }
  const edits: Edit[] = []
  let [row, column] = [0, 0]
  while (row < before.length || column < after.length) {
    const [old, next] = [before[row], after[column]]
    const here = row * width + column
    if (old !== undefined && old === next) {
      edits.push({ sign: ' ', line: old })
      row++
      column++
    } else if (next === undefined || (old !== undefined && (common[here + width] ?? 0) >= (common[here + 1] ?? 0))) {
      edits.push({ sign: '-', line: old ?? '' })
      row++
    } else {
      edits.push({ sign: '+', line: next })
      column++
    }
  }
  return edits
}

interface Hunk {
  readonly from: number
  readonly to: number
}

/** Changes with three lines around them; those that touch are one. */
function hunksOf(edits: readonly Edit[]): Hunk[] {
  const hunks: { from: number; to: number }[] = []
  for (const [index, { sign }] of edits.entries()) {
    if (sign === ' ') continue
    const from = Math.max(0, index - context)
    const to = Math.min(edits.length, index + context + 1)
    const last = hunks.at(-1)
    if (last && from <= last.to) last.to = to
    else hunks.push({ from, to })
  }
  return hunks
}

function hunkText(edits: readonly Edit[], { from, to }: Hunk): string {
  const count = (part: readonly Edit[], sign: '-' | '+'): number =>
    part.filter(edit => edit.sign === ' ' || edit.sign === sign).length
  const [before, inside] = [edits.slice(0, from), edits.slice(from, to)]
  const place = (sign: '-' | '+'): string => {
    const length = count(inside, sign)
    const start = count(before, sign) + (length === 0 ? 0 : 1)
    return length === 1 ? `${start}` : `${start},${length}`
  }
  return `@@ -${place('-')} +${place('+')} @@\n${inside.map(({ sign, line }) => `${sign}${line}\n`).join('')}`
}
