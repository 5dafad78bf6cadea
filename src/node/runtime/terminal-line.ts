/** What a key does to the line that is being typed, as the kernel's line discipline has it in cooked mode (n_tty). */
export interface Typed {
  /** The line that is not entered yet. */
  readonly line: string
  /** What the terminal shows of it. */
  readonly echo: string
  /** What the program gets: whole lines, and the control characters that it acts on at once. */
  readonly entered: string
}

const interruptKey = '\x03'
const endOfFileKey = '\x04'
const eraseKeys = '\x7f\b'
const eraseWordKey = '\x17'
const killLineKey = '\x15'

/** Cursor keys and the like: there is nothing to edit with them, so they are not shown either. */
const escapeSequences = /\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O.|.)/g

/** Types keys at the end of a line. */
export function typed(line: string, keys: string): Typed {
  let [left, echo, entered] = [line, '', '']
  const rubOut = (count: number): void => {
    left = left.slice(0, left.length - count)
    echo += '\b \b'.repeat(count)
  }
  for (const key of keys.replace(escapeSequences, '').replace(/\r\n?/g, '\n')) {
    if (key === '\n') {
      echo += '\r\n'
      entered += `${left}\n`
      left = ''
    } else if (key === interruptKey) {
      left = ''
      entered += key
    } else if (key === endOfFileKey) {
      entered += left === '' ? key : left
      left = ''
    } else if (eraseKeys.includes(key)) rubOut(Math.min(left.length, 1))
    else if (key === killLineKey) rubOut(left.length)
    else if (key === eraseWordKey) rubOut(/\S*\s*$/.exec(left)?.[0].length ?? 0)
    else if (key >= ' ' || key === '\t') {
      left += key
      echo += key
    }
  }
  return { line: left, echo, entered }
}

/** A line ends with a return as well on a terminal (ONLCR). */
export function forTerminal(text: string): string {
  return text.replace(/\r?\n/g, '\r\n')
}
