/**
 * The line being typed, as readline treats it: characters, cursor, history and the keys of emacs mode. Pure: keys go in,
 * the next line and what the terminal has to do come out.
 */
export interface Line {
  /** Characters, so that a Korean syllable or an emoji is one step of the cursor. */
  readonly chars: readonly string[]
  readonly cursor: number
  readonly history: readonly string[]
  /** Where in the history we are; its length means the line that is being written. */
  readonly position: number
  /** What was being written before the history was opened. */
  readonly draft: string
  /** What was cut last, for Ctrl-Y. */
  readonly cut: string
}

export type Effect = 'enter' | 'complete' | 'interrupt' | 'clear' | 'end'

export interface Fed {
  readonly line: Line
  readonly effects: readonly { readonly what: Effect; readonly text: string }[]
}

export const emptyLine: Line = { chars: [], cursor: 0, history: [], position: 0, draft: '', cut: '' }

export function textOf(line: Line): string {
  return line.chars.join('')
}

/** Takes what the terminal sent: keys, or a paste with several lines. */
export function feed(start: Line, data: string): Fed {
  let line = start
  const effects: { what: Effect; text: string }[] = []
  for (const key of keysOf(data)) {
    const effect = effectOf[key]
    if (effect === 'enter') {
      effects.push({ what: effect, text: textOf(line) })
      line = entered(line)
    } else if (effect === 'interrupt' || effect === 'end') {
      if (effect === 'end' && line.chars.length > 0) line = removeAt(line, line.cursor)
      else {
        effects.push({ what: effect, text: textOf(line) })
        if (effect === 'interrupt') line = { ...withText(line, ''), position: line.history.length }
      }
    } else if (effect !== undefined) {
      effects.push({ what: effect, text: line.chars.slice(0, line.cursor).join('') })
    } else {
      const edit = edits[key]
      if (edit) line = edit(line)
      else if (!/^[\u0000-\u001f\u007f]/.test(key)) line = insert(line, key)
    }
  }
  return { line, effects }
}

/** Puts text in at the cursor. */
export function insert(line: Line, text: string): Line {
  const added = [...text]
  const chars = [...line.chars.slice(0, line.cursor), ...added, ...line.chars.slice(line.cursor)]
  return { ...line, chars, cursor: line.cursor + added.length }
}

const escape = '\u001b'

const effectOf: Readonly<Record<string, Effect>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'complete',
  '\u0003': 'interrupt',
  '\u0004': 'end',
  '\u000c': 'clear',
}

const edits: Readonly<Record<string, (line: Line) => Line>> = {
  '\u007f': line => (line.cursor === 0 ? line : removeAt(line, line.cursor - 1)),
  '\b': line => (line.cursor === 0 ? line : removeAt(line, line.cursor - 1)),
  [`${escape}[3~`]: line => removeAt(line, line.cursor),
  [`${escape}[D`]: line => moveTo(line, line.cursor - 1),
  [`${escape}[C`]: line => moveTo(line, line.cursor + 1),
  '\u0002': line => moveTo(line, line.cursor - 1),
  '\u0006': line => moveTo(line, line.cursor + 1),
  '\u0001': line => moveTo(line, 0),
  '\u0005': line => moveTo(line, line.chars.length),
  [`${escape}[H`]: line => moveTo(line, 0),
  [`${escape}[F`]: line => moveTo(line, line.chars.length),
  [`${escape}OH`]: line => moveTo(line, 0),
  [`${escape}OF`]: line => moveTo(line, line.chars.length),
  [`${escape}[1;5D`]: line => moveTo(line, wordStart(line)),
  [`${escape}[1;5C`]: line => moveTo(line, wordEnd(line)),
  [`${escape}b`]: line => moveTo(line, wordStart(line)),
  [`${escape}f`]: line => moveTo(line, wordEnd(line)),
  '\u000b': line => cutRange(line, line.cursor, line.chars.length),
  '\u0015': line => cutRange(line, 0, line.cursor),
  '\u0017': line => cutRange(line, wordStart(line), line.cursor),
  [`${escape}\u007f`]: line => cutRange(line, wordStart(line), line.cursor),
  [`${escape}d`]: line => cutRange(line, line.cursor, wordEnd(line)),
  '\u0019': line => insert(line, line.cut),
  [`${escape}[A`]: line => recall(line, line.position - 1),
  [`${escape}[B`]: line => recall(line, line.position + 1),
  [`${escape}OA`]: line => recall(line, line.position - 1),
  [`${escape}OB`]: line => recall(line, line.position + 1),
  '\u0010': line => recall(line, line.position - 1),
  '\u000e': line => recall(line, line.position + 1),
}

/** Escape sequences are one key, `\r\n` of a paste one Enter, bracketed-paste marks none. */
function keysOf(data: string): readonly string[] {
  const plain = data.replaceAll(`${escape}[200~`, '').replaceAll(`${escape}[201~`, '').replaceAll('\r\n', '\r')
  return plain.match(/\u001b\[[0-9;]*[A-Za-z~]|\u001bO[A-Z]|\u001b[^[O]|[\s\S]/gu) ?? []
}

function entered(line: Line): Line {
  const text = textOf(line)
  const isNew = text.trim() !== '' && line.history.at(-1) !== text
  const history = isNew ? [...line.history, text] : line.history
  return { ...line, chars: [], cursor: 0, history, position: history.length, draft: '' }
}

function recall(line: Line, position: number): Line {
  if (position < 0 || position > line.history.length) return line
  const draft = line.position === line.history.length ? textOf(line) : line.draft
  const text = position === line.history.length ? draft : (line.history[position] ?? '')
  return { ...withText(line, text), position, draft }
}

function withText(line: Line, text: string): Line {
  const chars = [...text]
  return { ...line, chars, cursor: chars.length }
}

function moveTo(line: Line, cursor: number): Line {
  return { ...line, cursor: Math.min(line.chars.length, Math.max(0, cursor)) }
}

function removeAt(line: Line, index: number): Line {
  if (index >= line.chars.length) return line
  return { ...line, chars: line.chars.toSpliced(index, 1), cursor: index }
}

function cutRange(line: Line, from: number, to: number): Line {
  if (to <= from) return line
  const cut = line.chars.slice(from, to).join('')
  return { ...line, chars: line.chars.toSpliced(from, to - from), cursor: from, cut }
}

function wordStart(line: Line): number {
  let index = line.cursor
  while (index > 0 && line.chars[index - 1] === ' ') index--
  while (index > 0 && line.chars[index - 1] !== ' ') index--
  return index
}

function wordEnd(line: Line): number {
  let index = line.cursor
  while (index < line.chars.length && line.chars[index] === ' ') index++
  while (index < line.chars.length && line.chars[index] !== ' ') index++
  return index
}
