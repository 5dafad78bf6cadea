export interface Completion {
  /** To put in at the cursor. */
  readonly insert: string
  /** To show below the line when there is a choice. */
  readonly choices: readonly string[]
}

/** What Tab does with the candidates for the last word of a line, as bash does it. */
export function completionOf(line: string, candidates: readonly string[]): Completion {
  const word = line.slice(line.lastIndexOf(' ') + 1)
  const fitting = candidates.filter(candidate => candidate.startsWith(word))
  const [only] = fitting
  if (only === undefined) return { insert: '', choices: [] }
  if (fitting.length === 1)
    return { insert: `${only.slice(word.length)}${/[=/:]$/.test(only) ? '' : ' '}`, choices: [] }
  const shared = fitting.reduce(sharedStart)
  return shared.length > word.length
    ? { insert: shared.slice(word.length), choices: [] }
    : { insert: '', choices: fitting }
}

function sharedStart(a: string, b: string): string {
  let length = 0
  while (length < a.length && a[length] === b[length]) length++
  return a.slice(0, length)
}

/** Words in columns, filled downwards, as `ls` and bash print them. */
export function columnsOfWords(words: readonly string[], width: number): readonly string[] {
  const column = Math.max(...words.map(word => word.length)) + 2
  const columns = Math.max(1, Math.floor(width / column))
  const rows = Math.ceil(words.length / columns)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, index) => (words[index * rows + row] ?? '').padEnd(column))
      .join('')
      .trimEnd(),
  )
}
