import type { Node, Operation, Part, Redirect, Word } from './syntax.ts'

/** A mistake in a script, in bash's words. `incomplete`: more lines could mend it. */
export class SyntaxFault extends Error {
  constructor(
    message: string,
    readonly incomplete: boolean,
  ) {
    super(message)
  }
}

export type Token =
  | { readonly type: 'word'; readonly word: Word; readonly text: string }
  | { readonly type: 'operator'; readonly text: string }
  | { readonly type: 'redirect'; readonly fd: number; readonly operator: string }
  | { readonly type: 'newline' }
  | { readonly type: 'end' }

/** A here-document whose text follows after the line that names it. */
interface Pending {
  readonly delimiter: string
  readonly literal: boolean
  readonly stripTabs: boolean
  resolve(word: Word): void
}

const operators = ['&&', '||', ';;', '&', '|', ';', '(', ')']
const redirects = /^(\d*)(<<<|<<-|<<|&>>|&>|>>|>&|<&|>\||<|>)/
const blank = /[ \t]/
const meta = /[ \t\n;&|<>()]/

/** Cuts a script into words and operators. `parseScript` reads what stands in `$(…)`: handed in, to keep one way round. */
export class Scanner {
  private at = 0
  private readonly pending: Pending[] = []

  constructor(
    private readonly source: string,
    private readonly parseScript: (source: string) => Node,
  ) {}

  /** The next token; comments and line continuations are passed over. */
  next(): Token {
    this.skipBlanks()
    if (this.at >= this.source.length) {
      if (this.pending.length > 0) this.readHereDocuments()
      return { type: 'end' }
    }
    if (this.source[this.at] === '\n') {
      this.at++
      this.readHereDocuments()
      return { type: 'newline' }
    }
    const rest = this.source.slice(this.at, this.at + 16)
    const redirect = redirects.exec(rest)
    if (redirect) {
      this.at += redirect[0].length
      const operator = redirect[2] ?? ''
      const fd =
        redirect[1] === '' || redirect[1] === undefined ? (operator.startsWith('<') ? 0 : 1) : Number(redirect[1])
      return { type: 'redirect', fd, operator }
    }
    const operator = operators.find(candidate => rest.startsWith(candidate))
    if (operator !== undefined) {
      this.at += operator.length
      return { type: 'operator', text: operator }
    }
    const start = this.at
    const word = this.readWord(char => meta.test(char))
    return { type: 'word', word, text: this.source.slice(start, this.at) }
  }

  /** The expression of `((…))` when the bracket before us is the first of two; the scanner then stands behind it. */
  arithmetic(): string | undefined {
    const before = this.at
    if (this.source[before] !== '(' || this.source[before - 1] !== '(') return undefined
    const inner = this.balanced(before - 1, '(', ')')
    if (/\)\s*$/.test(inner)) return inner.trim().slice(1, -1)
    this.at = before
    return undefined
  }

  /** Registers a here-document; `finish` gets its redirect once the text was read. */
  hereDocument(fd: number, delimiter: string, stripTabs: boolean, finish: (redirect: Redirect) => void): void {
    const bare = delimiter.replace(/['"\\]/g, '')
    const resolve = (word: Word): void => finish({ fd, operator: '<<', word, both: false })
    this.pending.push({ delimiter: bare, literal: bare !== delimiter, stripTabs, resolve })
  }

  private readHereDocuments(): void {
    for (const { delimiter, literal, stripTabs, resolve } of this.pending.splice(0)) {
      const lines: string[] = []
      for (;;) {
        if (this.at >= this.source.length) {
          throw new SyntaxFault(`here-document delimited by end-of-file (wanted \`${delimiter}')`, true)
        }
        const end = this.source.indexOf('\n', this.at)
        const raw = this.source.slice(this.at, end < 0 ? undefined : end)
        this.at = end < 0 ? this.source.length : end + 1
        const line = stripTabs ? raw.replace(/^\t+/, '') : raw
        if (line === delimiter) break
        lines.push(`${line}\n`)
      }
      const text = lines.join('')
      resolve(literal ? [{ type: 'text', text, quoted: true }] : this.quotedText(text))
    }
  }

  /** Expands a here-document's text as if it stood in double quotes. */
  private quotedText(text: string): Word {
    const scanner = new Scanner(text, this.parseScript)
    const parts: Part[] = []
    while (scanner.at < text.length) scanner.readQuotedPiece(parts, '')
    return parts
  }

  private skipBlanks(): void {
    for (;;) {
      const char = this.source[this.at]
      if (char !== undefined && blank.test(char)) this.at++
      else if (char === '\\' && this.source[this.at + 1] === '\n') this.at += 2
      else if (char === '#') {
        const end = this.source.indexOf('\n', this.at)
        this.at = end < 0 ? this.source.length : end
      } else return
    }
  }

  /** Reads parts until a character ends the word. */
  private readWord(ends: (char: string) => boolean): Word {
    const parts: Part[] = []
    for (;;) {
      const char = this.source[this.at]
      if (char === undefined || ends(char)) return parts
      if (char === "'") this.readSingleQuoted(parts)
      else if (char === '"') this.readDoubleQuoted(parts)
      else if (char === '\\') {
        const next = this.source[this.at + 1]
        this.at += 2
        if (next !== '\n' && next !== undefined) pushText(parts, next, true)
      } else if (char === '$' && this.source[this.at + 1] === "'") this.readAnsiQuoted(parts)
      else if (char === '$' || char === '`') this.readDollar(parts, false)
      else {
        pushText(parts, char, false)
        this.at++
      }
    }
  }

  private readSingleQuoted(parts: Part[]): void {
    const end = this.source.indexOf("'", this.at + 1)
    if (end < 0) throw new SyntaxFault("unexpected EOF while looking for matching `''", true)
    pushText(parts, this.source.slice(this.at + 1, end), true)
    this.at = end + 1
  }

  private readAnsiQuoted(parts: Part[]): void {
    const escapes: Record<string, string> = {
      n: '\n',
      t: '\t',
      r: '\r',
      a: '\x07',
      e: '\x1b',
      '\\': '\\',
      "'": "'",
      '"': '"',
    }
    let text = ''
    for (this.at += 2; this.source[this.at] !== "'"; this.at++) {
      const char = this.source[this.at]
      if (char === undefined) throw new SyntaxFault("unexpected EOF while looking for matching `''", true)
      if (char !== '\\') text += char
      else text += escapes[this.source[++this.at] ?? ''] ?? `\\${this.source[this.at] ?? ''}`
    }
    this.at++
    pushText(parts, text, true)
  }

  private readDoubleQuoted(parts: Part[]): void {
    this.at++
    // Also an empty string is a word.
    pushText(parts, '', true)
    for (;;) {
      const char = this.source[this.at]
      if (char === undefined) throw new SyntaxFault('unexpected EOF while looking for matching `"\'', true)
      if (char === '"') break
      this.readQuotedPiece(parts, '"')
    }
    this.at++
  }

  /** One character or expansion of quoted text. */
  private readQuotedPiece(parts: Part[], quote: string): void {
    const char = this.source[this.at] ?? ''
    const next = this.source[this.at + 1] ?? ''
    if (char === '\\' && (next === quote || '$`\\\n'.includes(next)) && next !== '') {
      this.at += 2
      if (next !== '\n') pushText(parts, next, true)
    } else if (char === '$' || char === '`') this.readDollar(parts, true)
    else {
      pushText(parts, char, true)
      this.at++
    }
  }

  /** An expansion that begins with `$`, or a command in back quotes. */
  private readDollar(parts: Part[], quoted: boolean): void {
    const rest = this.source.slice(this.at)
    if (rest.startsWith('`')) {
      const end = rest.indexOf('`', 1)
      if (end < 0) throw new SyntaxFault("unexpected EOF while looking for matching ``'", true)
      const script = this.parseScript(rest.slice(1, end).replace(/\\([`\\$])/g, '$1'))
      parts.push({ type: 'substitution', script, quoted })
      this.at += end + 1
    } else if (rest.startsWith('$((')) {
      const inner = this.balanced(this.at + 1, '(', ')')
      parts.push({ type: 'arithmetic', expression: inner.slice(1, -1), quoted })
    } else if (rest.startsWith('$(')) {
      parts.push({ type: 'substitution', script: this.parseScript(this.balanced(this.at + 1, '(', ')')), quoted })
    } else if (rest.startsWith('${')) {
      parts.push(this.readBraced(this.balanced(this.at + 1, '{', '}'), quoted))
    } else {
      const name = /^\$([A-Za-z_]\w*|[0-9@*#?$!-])/.exec(rest)?.[1]
      if (name === undefined) pushText(parts, '$', quoted)
      else parts.push({ type: 'parameter', name, quoted })
      this.at += name === undefined ? 1 : 1 + name.length
    }
  }

  /** The text between a bracket and its partner, quotes heeded; the scanner then stands behind it. */
  private balanced(from: number, open: string, close: string): string {
    let depth = 0
    for (let i = from; i < this.source.length; i++) {
      const char = this.source[i]
      if (char === '\\') i++
      else if (char === "'" && open === '(') i = indexAfter(this.source, "'", i)
      else if (char === '"') i = closingQuote(this.source, i)
      else if (char === open) depth++
      else if (char === close && --depth === 0) {
        this.at = i + 1
        return this.source.slice(from + 1, i)
      }
    }
    throw new SyntaxFault(`unexpected EOF while looking for matching \`${close}'`, true)
  }

  private readBraced(inner: string, quoted: boolean): Part {
    const length = /^#([A-Za-z_]\w*|[0-9@*]+)$/.exec(inner)?.[1]
    if (length !== undefined)
      return { type: 'parameter', name: length, quoted, operation: { operator: 'length', word: [] } }
    const match = /^([A-Za-z_]\w*|[0-9]+|[@*#?$!-])(?:(:?[-=+?]|##?|%%?|\/\/?)([\s\S]*))?$/.exec(inner)
    const name = match?.[1]
    if (name === undefined) throw new SyntaxFault(`\${${inner}}: bad substitution`, false)
    const operator = match?.[2]
    if (operator === undefined) return { type: 'parameter', name, quoted }
    return { type: 'parameter', name, quoted, operation: this.operation(operator, match?.[3] ?? '', quoted) }
  }

  private operation(operator: string, text: string, quoted: boolean): Operation {
    const inner = (part: string): Word => new Scanner(part, this.parseScript).wholeWord(quoted)
    const known = operationOf(operator)
    if (known !== '/' && known !== '//') return { operator: known, word: inner(text) }
    const slash = text.search(/(?<!\\)\//)
    const pattern = slash < 0 ? text : text.slice(0, slash)
    return { operator: known, word: inner(pattern), replacement: inner(slash < 0 ? '' : text.slice(slash + 1)) }
  }

  /** The whole source as one word. */
  private wholeWord(quoted: boolean): Word {
    if (!quoted) return this.readWord(() => false)
    const parts: Part[] = []
    while (this.at < this.source.length) this.readQuotedPiece(parts, '"')
    return parts
  }
}

const operations = ['-', ':-', '=', ':=', '+', ':+', '?', ':?', '#', '##', '%', '%%', '/', '//'] as const

function operationOf(text: string): (typeof operations)[number] {
  const found = operations.find(operation => operation === text)
  if (!found) throw new SyntaxFault(`\${…${text}}: bad substitution`, false)
  return found
}

function pushText(parts: Part[], text: string, quoted: boolean): void {
  const last = parts.at(-1)
  if (last?.type === 'text' && last.quoted === quoted)
    parts[parts.length - 1] = { type: 'text', text: last.text + text, quoted }
  else parts.push({ type: 'text', text, quoted })
}

function indexAfter(source: string, char: string, from: number): number {
  const found = source.indexOf(char, from + 1)
  return found < 0 ? source.length : found
}

function closingQuote(source: string, from: number): number {
  for (let i = from + 1; i < source.length; i++) {
    if (source[i] === '\\') i++
    else if (source[i] === '"') return i
  }
  return source.length
}
