import { UsageError } from '../errors.ts'
import { unescape } from './jsonpath-parser.ts'

// Go's template language (text/template/parse), as far as templates of `-o go-template` use it.

export type Expression =
  | { readonly type: 'field'; readonly of?: Expression; readonly names: readonly string[]; readonly source: string }
  | { readonly type: 'variable'; readonly name: string; readonly names: readonly string[]; readonly source: string }
  | { readonly type: 'literal'; readonly value: unknown; readonly isFloat?: boolean; readonly source: string }
  | { readonly type: 'function'; readonly name: string; readonly source: string }
  | {
      readonly type: 'pipeline'
      readonly pipeline: Pipeline
      readonly names: readonly string[]
      readonly source: string
    }

export interface CommandCall {
  readonly words: readonly Expression[]
  readonly source: string
  readonly column: number
}

export interface Pipeline {
  readonly declares: readonly string[]
  readonly assigns: boolean
  readonly commands: readonly CommandCall[]
}

export type TemplateNode =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'print'; readonly pipeline: Pipeline }
  | {
      readonly type: 'if' | 'range' | 'with'
      readonly pipeline: Pipeline
      readonly body: readonly TemplateNode[]
      readonly otherwise: readonly TemplateNode[]
    }
  | { readonly type: 'break' | 'continue' }
  | { readonly type: 'call'; readonly name: string; readonly pipeline?: Pipeline }

export interface ParsedTemplate {
  readonly nodes: readonly TemplateNode[]
  readonly defined: ReadonlyMap<string, readonly TemplateNode[]>
}

interface Piece {
  readonly type: 'text' | 'action'
  readonly text: string
  /** Where the action's words begin in the template. */
  readonly offset: number
}

/** Parses a template. Throws UsageError with Go's complaint. */
export function parseGoTemplate(template: string): ParsedTemplate {
  return new Parser(template).parse()
}

function split(template: string): Piece[] {
  const pieces: Piece[] = []
  let at = 0
  let trimNext = false
  while (at < template.length) {
    const open = template.indexOf('{{', at)
    let text = template.slice(at, open < 0 ? undefined : open)
    if (trimNext) text = text.trimStart()
    const trimsBefore = open >= 0 && /^\{\{- /.test(template.slice(open, open + 4))
    if (trimsBefore) text = text.trimEnd()
    if (text !== '') pieces.push({ type: 'text', text, offset: at })
    if (open < 0) break
    const start = open + 2 + (trimsBefore ? 1 : 0)
    const end = closingOf(template, start)
    const inside = template.slice(start, end)
    trimNext = / -$/.test(inside)
    const words = trimNext ? inside.slice(0, -2) : inside
    if (!/^\s*\/\*/.test(words)) pieces.push({ type: 'action', text: words, offset: start })
    at = end + 2
  }
  return pieces
}

/** Where an action ends: braces in quotes do not count. */
function closingOf(template: string, start: number): number {
  const pattern = /"(?:[^"\\\n]|\\.)*"|`[^`]*`|\}\}|\n/g
  pattern.lastIndex = start
  for (let found = pattern.exec(template); found; found = pattern.exec(template)) {
    if (found[0] === '}}') return found.index
  }
  throw complaint(template, template.length, 'unclosed action')
}

function complaint(template: string, offset: number, why: string): UsageError {
  return new UsageError(`template: output:${template.slice(0, offset).split('\n').length}: ${why}`)
}

interface Token {
  readonly text: string
  readonly offset: number
  /** Whether a blank stands before it. */
  readonly spaced: boolean
}

const tokenPattern =
  /\s*(:=|[|(),=]|"(?:[^"\\\n]|\\.)*"|`[^`]*`|'(?:[^'\\\n]|\\.)+'|[-+]?\d[\w.]*|\$\w*|(?:\.[\p{L}_][\p{L}\p{Nd}_]*)+|\.|[\p{L}_][\p{L}\p{Nd}_]*)/uy

class Parser {
  private readonly pieces: readonly Piece[]
  private index = 0
  private tokens: Token[] = []
  private readonly defined = new Map<string, readonly TemplateNode[]>()

  constructor(private readonly template: string) {
    this.pieces = split(template)
  }

  parse(): ParsedTemplate {
    const { nodes, end } = this.readNodes()
    if (end !== '') throw complaint(this.template, this.template.length, `unexpected {{${end}}}`)
    return { nodes, defined: this.defined }
  }

  /** Reads up to `end` or `else`; '' is the end of the template. */
  private readNodes(): { nodes: readonly TemplateNode[]; end: string } {
    const nodes: TemplateNode[] = []
    for (;;) {
      const piece = this.pieces[this.index++]
      if (!piece) return { nodes, end: '' }
      if (piece.type === 'text') {
        nodes.push({ type: 'text', text: piece.text })
        continue
      }
      this.tokens = this.tokensOf(piece)
      const word = this.tokens[0]?.text ?? ''
      if (word === 'end' || word === 'else') {
        this.tokens.shift()
        return { nodes, end: word }
      }
      const node = this.readAction(word, piece)
      if (node) nodes.push(node)
    }
  }

  private readAction(word: string, piece: Piece): TemplateNode | undefined {
    if (word === '') throw complaint(this.template, piece.offset, 'missing value for command')
    if (word === 'break' || word === 'continue') return { type: word }
    if (word === 'if' || word === 'range' || word === 'with') {
      this.tokens.shift()
      return this.readBranch(word)
    }
    if (word === 'define' || word === 'block' || word === 'template') return this.readNamed(word)
    return { type: 'print', pipeline: this.readPipeline() }
  }

  private readBranch(type: 'if' | 'range' | 'with'): TemplateNode {
    const pipeline = this.readPipeline()
    const { nodes: body, end } = this.readNodes()
    if (end === '') throw complaint(this.template, this.template.length, 'unexpected EOF')
    if (end === 'end') return { type, pipeline, body, otherwise: [] }
    const next = this.tokens[0]?.text
    if (next === 'if' || next === 'with') {
      this.tokens.shift()
      return { type, pipeline, body, otherwise: [this.readBranch(next)] }
    }
    const { nodes: otherwise } = this.readNodes()
    return { type, pipeline, body, otherwise }
  }

  private readNamed(word: string): TemplateNode | undefined {
    this.tokens.shift()
    const name = unquoted(this.tokens.shift()?.text ?? '')
    const pipeline = this.tokens.length > 0 ? this.readPipeline() : undefined
    if (word !== 'template') this.defined.set(name, this.readNodes().nodes)
    return word === 'define' ? undefined : { type: 'call', name, ...(pipeline && { pipeline }) }
  }

  private tokensOf({ text, offset }: Piece): Token[] {
    const tokens: Token[] = []
    let at = 0
    while (text.slice(at).trim() !== '') {
      tokenPattern.lastIndex = at
      const found = tokenPattern.exec(text)
      const word = found?.[1]
      if (!found || word === undefined) {
        const rest = text.slice(at).trimStart()
        throw complaint(this.template, offset + at, `unexpected ${JSON.stringify(rest.charAt(0))} in command`)
      }
      const start = tokenPattern.lastIndex - word.length
      tokens.push({ text: word, offset: offset + start, spaced: start > at || at === 0 })
      at = tokenPattern.lastIndex
    }
    return tokens
  }

  private readPipeline(): Pipeline {
    const declares: string[] = []
    let assigns = false
    const marks = this.tokens.findIndex(({ text }) => text === ':=' || text === '=')
    if (marks > 0 && this.tokens[0]?.text.startsWith('$')) {
      const before = this.tokens.splice(0, marks + 1)
      assigns = before.at(-1)?.text === '='
      declares.push(...before.map(({ text }) => text).filter(text => text.startsWith('$')))
    }
    const commands = [this.readCommand()]
    while (this.tokens[0]?.text === '|') {
      this.tokens.shift()
      commands.push(this.readCommand())
    }
    return { declares, assigns, commands }
  }

  private readCommand(): CommandCall {
    const words: Expression[] = []
    const first = this.tokens[0]
    let end = first?.offset ?? 0
    for (let token = this.tokens[0]; token && token.text !== '|' && token.text !== ')'; token = this.tokens[0]) {
      words.push(this.readOperand())
      end = this.lastEnd
    }
    const start = first?.offset ?? 0
    if (words.length === 0) throw complaint(this.template, start, 'missing value for command')
    const line = this.template.slice(0, start).lastIndexOf('\n')
    return { words, source: this.template.slice(start, end), column: start - line - 1 }
  }

  private lastEnd = 0

  private readOperand(): Expression {
    const token = this.tokens.shift()
    const text = token?.text ?? ''
    this.lastEnd = (token?.offset ?? 0) + text.length
    if (text === '(') {
      const pipeline = this.readPipeline()
      const close = this.tokens.shift()
      if (close?.text !== ')') throw complaint(this.template, this.lastEnd, 'unclosed left paren')
      this.lastEnd = close.offset + 1
      return { type: 'pipeline', pipeline, names: this.followingFields(), source: text }
    }
    if (text.startsWith('$')) return { type: 'variable', name: text, names: this.followingFields(), source: text }
    if (text === '.') return { type: 'field', names: [], source: text }
    if (text.startsWith('.')) return { type: 'field', names: text.slice(1).split('.'), source: text }
    return literalOf(text) ?? { type: 'function', name: text, source: text }
  }

  private followingFields(): readonly string[] {
    const next = this.tokens[0]
    if (!next || next.spaced || !/^\.\w/.test(next.text)) return []
    this.tokens.shift()
    this.lastEnd = next.offset + next.text.length
    return next.text.slice(1).split('.')
  }
}

function literalOf(text: string): Expression | undefined {
  if (/^["`]/.test(text)) return { type: 'literal', value: unquoted(text), source: text }
  if (text.startsWith("'"))
    return { type: 'literal', value: unescape(text.slice(1, -1)).codePointAt(0) ?? 0, source: text }
  if (/^[-+]?\d/.test(text)) return { type: 'literal', value: Number(text), isFloat: /[.eE]/.test(text), source: text }
  if (text === 'true' || text === 'false') return { type: 'literal', value: text === 'true', source: text }
  return text === 'nil' ? { type: 'literal', value: undefined, source: text } : undefined
}

function unquoted(text: string): string {
  return text.startsWith('`') ? text.slice(1, -1) : unescape(text.slice(1, -1))
}
