import type { Issue } from './ast.ts'

/** The text of an expression as code points, in which the parser counts. */
export interface Source {
  readonly text: string
  readonly points: readonly string[]
}

export function sourceOf(text: string): Source {
  return { text, points: [...text] }
}

/** Errors as cel-go prints them, in the order of their places: common/errors.go. */
export function printIssues({ points }: Source, issues: readonly Issue[]): string {
  const lines = points.join('').split('\n')
  return [...issues]
    .sort((a, b) => a.at - b.at)
    .map(issue => printIssue(points, lines, issue))
    .join('\n')
}

function printIssue(points: readonly string[], lines: readonly string[], { at, message }: Issue): string {
  const before = points.slice(0, at)
  const start = before.lastIndexOf('\n') + 1
  const line = before.filter(point => point === '\n').length
  const column = before.length - start
  const head = `ERROR: <input>:${line + 1}:${column + 1}: ${message}`
  const snippet = (lines[line] ?? '').replace(/\t/g, ' ')
  if (snippet === '' && column > 0) return head
  const indicator = before
    .slice(start)
    .map(point => (isWide(point) ? '．' : '.'))
    .join('')
  const last = points[at]
  return `${head}\n | ${snippet}\n | ${indicator}${last !== undefined && isWide(last) ? '＾' : '^'}`
}

/** Characters that take two columns: those that UTF-8 writes with more than one byte. */
function isWide(point: string): boolean {
  return point.charCodeAt(0) > 127
}
