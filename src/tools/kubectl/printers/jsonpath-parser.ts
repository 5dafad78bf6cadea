import { UsageError } from '../errors.ts'

// The template language of `-o jsonpath` (client-go/util/jsonpath/parser.go): text with actions in braces.

export type Step =
  | { readonly type: 'field'; readonly name: string }
  | { readonly type: 'wildcard' }
  | { readonly type: 'recursive' }
  | {
      readonly type: 'slice'
      readonly from?: number
      readonly to?: number
      readonly step?: number
      readonly isIndex: boolean
    }
  | { readonly type: 'union'; readonly of: readonly (readonly Step[])[] }
  | {
      readonly type: 'filter'
      readonly left: readonly Step[]
      readonly operator: string
      readonly right: readonly Step[]
    }
  | { readonly type: 'value'; readonly value: string | number | boolean }
  /** `$` and `@` are where one stands already. */
  | { readonly type: 'range' | 'end' }

export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly steps: readonly Step[] }
  | { readonly type: 'loop'; readonly steps: readonly Step[]; readonly body: readonly Part[] }

/** Parses a template. Throws UsageError with the parser's complaint. */
export function parseTemplate(template: string): readonly Part[] {
  const flat: Part[] = []
  let rest = template
  while (rest !== '') {
    const open = rest.indexOf('{')
    if (open < 0) {
      flat.push({ type: 'text', text: rest })
      break
    }
    if (open > 0) flat.push({ type: 'text', text: rest.slice(0, open) })
    const reader = new ActionReader(rest.slice(open + 1))
    flat.push({ type: 'action', steps: reader.read() })
    rest = reader.rest
  }
  return nest(flat)
}

/** Puts what stands between `range` and `end` into the loop. */
function nest(flat: readonly Part[]): readonly Part[] {
  const stack: { steps: readonly Step[]; body: Part[] }[] = [{ steps: [], body: [] }]
  for (const part of flat) {
    const top = stack.at(-1)
    if (!top) break
    const first = part.type === 'action' ? part.steps.find(({ type }) => type === 'range' || type === 'end') : undefined
    if (part.type !== 'action' || !first) top.body.push(part)
    else if (first.type === 'range') stack.push({ steps: part.steps.filter(({ type }) => type !== 'range'), body: [] })
    else {
      if (stack.length === 1) throw new UsageError('not in range, nothing to end')
      stack.pop()
      stack.at(-1)?.body.push({ type: 'loop', ...top })
    }
  }
  // A range that never ends takes all that follows.
  while (stack.length > 1) {
    const top = stack.pop()
    if (top) stack.at(-1)?.body.push({ type: 'loop', ...top })
  }
  return stack[0]?.body ?? []
}

const terminators = /[\s.,[\]$@{}]/

/** Reads one action up to its closing brace. */
class ActionReader {
  private steps: Step[] = []

  constructor(public rest: string) {}

  read(): readonly Step[] {
    for (;;) {
      if (this.take('}')) return this.steps
      if (this.rest === '' || /^[\r\n]/.test(this.rest)) throw new UsageError('unclosed action')
      this.readStep()
    }
  }

  private take(text: string): boolean {
    if (!this.rest.startsWith(text)) return false
    this.rest = this.rest.slice(text.length)
    return true
  }

  private match(pattern: RegExp): string | undefined {
    const found = pattern.exec(this.rest)?.[0]
    if (found !== undefined) this.rest = this.rest.slice(found.length)
    return found
  }

  private readStep(): void {
    if (this.rest.startsWith('[?(')) return this.readFilter()
    if (this.take('..')) {
      if (this.steps.at(-1)?.type === 'recursive') throw new UsageError('invalid multiple recursive descent')
      this.steps.push({ type: 'recursive' })
      if (/^[\p{L}\p{Nd}_]/u.test(this.rest)) this.readField()
      return
    }
    const first = this.rest.charAt(0)
    if (first === ' ' || first === '@' || first === '$') return void this.take(first)
    if (first === '[') return this.readArray()
    if (first === '"' || first === "'") return this.readQuote(first)
    if (this.take('.')) return this.readField()
    if (/[-+\p{Nd}]/u.test(first)) return this.readNumber()
    if (/[\p{L}_]/u.test(first)) return this.readIdentifier()
    const code = (first.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    throw new UsageError(`unrecognized character in action: U+${code} '${first}'`)
  }

  private readField(): void {
    let name = ''
    while (this.rest !== '' && !terminators.test(this.rest.charAt(0))) {
      const isEscaped = this.rest.startsWith('\\')
      name += this.rest.charAt(isEscaped ? 1 : 0)
      this.rest = this.rest.slice(isEscaped ? 2 : 1)
    }
    this.steps.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name })
  }

  private readIdentifier(): void {
    const name = this.match(/^[^\s.,[\]$@{}]+/) ?? ''
    if (name === 'true' || name === 'false') this.steps.push({ type: 'value', value: name === 'true' })
    else if (name === 'range' || name === 'end') this.steps.push({ type: name })
    else throw new UsageError(`unrecognized identifier ${name}`)
  }

  private readNumber(): void {
    const text = this.match(/^[-+]?[\d.]*/) ?? ''
    const value = Number(text)
    if (text === '' || Number.isNaN(value)) throw new UsageError(`cannot parse number ${text}`)
    this.steps.push({ type: 'value', value })
  }

  private readQuote(quote: string): void {
    const text = this.match(quote === '"' ? /^"(?:[^"\\\n]|\\.)*"/ : /^'(?:[^'\\\n]|\\.)*'/)
    if (text === undefined) throw new UsageError('unterminated quoted string')
    this.steps.push({ type: 'value', value: unescape(text.slice(1, -1)) })
  }

  private readArray(): void {
    const text = this.match(/^\[[^\]\n]*\]/)?.slice(1, -1)
    if (text === undefined) throw new UsageError('unterminated array')
    const parts = text.split(',')
    if (parts.length === 1) return void this.steps.push(...subscript(text))
    this.steps.push({ type: 'union', of: parts.map(part => subscript(part.trim())) })
  }

  private readFilter(): void {
    const text = this.match(/^\[\?\((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^"')\n])*\)/)?.slice(3, -1)
    if (text === undefined) throw new UsageError('unterminated filter')
    if (!this.take(']')) throw new UsageError('unclosed array expect ]')
    const [, left = '', operator = '', right = ''] = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text) ?? []
    if (operator === '') this.steps.push({ type: 'filter', left: stepsIn(text), operator: 'exists', right: [] })
    else this.steps.push({ type: 'filter', left: stepsIn(left), operator, right: stepsIn(right) })
  }
}

function stepsIn(text: string): readonly Step[] {
  return new ActionReader(`${text}}`).read()
}

/** What stands in square brackets: a quoted key, an index, a slice, or all. */
function subscript(text: string): readonly Step[] {
  if (text === '*' || text === ':') return [{ type: 'slice', isIndex: false }]
  const key = /^'([^']*)'$/.exec(text)?.[1]
  if (key !== undefined) return stepsIn(`.${key}`)
  const [, from, to, step] = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text) ?? []
  if (from === undefined) throw new UsageError(`invalid array index ${text}`)
  const number = (digits: string | undefined): number | undefined =>
    digits === undefined || digits === '' || digits === ':' ? undefined : Number(digits.replace(':', ''))
  const start = number(from)
  if (to === undefined) return [{ type: 'slice', isIndex: true, ...(start !== undefined && { from: start }) }]
  const [end, stride] = [number(to), number(step)]
  return [
    {
      type: 'slice',
      isIndex: false,
      ...(start !== undefined && { from: start }),
      ...(end !== undefined && { to: end }),
      ...(stride !== undefined && { step: stride }),
    },
  ]
}

const escaped: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }

/** Go's escapes of a quoted string. */
export function unescape(text: string): string {
  return text.replace(
    /\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))/g,
    (_, unicode?: string, hex?: string, one?: string) => {
      const code = unicode ?? hex
      if (code !== undefined) return String.fromCodePoint(parseInt(code, 16))
      return escaped[one ?? ''] ?? one ?? ''
    },
  )
}
