import { deepFreeze } from '../machinery/object.ts'
import { Scanner, SyntaxFault, type Token } from './scanner.ts'
import type { Arm, Assignment, Branch, ListItem, Node, Redirect, Word } from './syntax.ts'

/** A script's tree, or what is wrong with it in bash's words; `incomplete` when more lines could mend it. */
export type ParseResult =
  | { readonly ok: true; readonly script: Node }
  | { readonly ok: false; readonly error: string; readonly incomplete: boolean }

/** Scripts nested deeper than this are refused: our parser is recursive. */
const maxDepth = 200

/** Parses a script. Never throws. */
export function parse(source: string): ParseResult {
  try {
    return { ok: true, script: deepFreeze(parseScript(source, 0)) }
  } catch (fault) {
    if (fault instanceof SyntaxFault) return { ok: false, error: fault.message, incomplete: fault.incomplete }
    throw fault
  }
}

function parseScript(source: string, depth: number): Node {
  if (depth > maxDepth) throw new SyntaxFault('maximum nesting level exceeded', false)
  const parser = new Parser(new Scanner(source, inner => parseScript(inner, depth + 1)))
  return parser.script()
}

const reservedEnds = new Set(['then', 'else', 'elif', 'fi', 'do', 'done', 'esac', '}'])
const assignment = /^([A-Za-z_]\w*)(\+?)=/

class Parser {
  private token: Token
  private depth = 0

  constructor(private readonly scanner: Scanner) {
    this.token = scanner.next()
  }

  script(): Node {
    const list = this.list()
    if (this.token.type !== 'end') throw this.unexpected()
    return list
  }

  /** Commands up to a word or operator that ends them. */
  private list(): Node {
    if (++this.depth > maxDepth) throw new SyntaxFault('maximum nesting level exceeded', false)
    const items: ListItem[] = []
    for (this.skipNewlines(); !this.endsList(); this.skipNewlines()) {
      const node = this.andOr()
      const background = this.isOperator('&')
      items.push({ node, background })
      if (this.isOperator(';') || background) this.advance()
      else if (this.token.type !== 'newline') break
    }
    this.depth--
    return { type: 'list', items }
  }

  private andOr(): Node {
    let left = this.pipeline()
    while (this.isOperator('&&') || this.isOperator('||')) {
      const type = this.isOperator('&&') ? 'and' : 'or'
      this.advance()
      this.skipNewlines()
      left = { type, left, right: this.pipeline() }
    }
    return left
  }

  private pipeline(): Node {
    const negated = this.isWord('!')
    if (negated) this.advance()
    const stages = [this.command()]
    while (this.isOperator('|')) {
      this.advance()
      this.skipNewlines()
      stages.push(this.command())
    }
    const [only] = stages
    return only && stages.length === 1 && !negated ? only : { type: 'pipeline', negated, stages }
  }

  private command(): Node {
    const word = this.token.type === 'word' ? this.token.text : undefined
    if (word === 'if') return this.ifCommand()
    if (word === 'while' || word === 'until') return this.whileCommand(word === 'until')
    if (word === 'for') return this.forCommand()
    if (word === 'case') return this.caseCommand()
    if (word === '[[') return this.condition()
    if (word === '{') return this.group('group', '{', '}')
    if (this.isOperator('(')) {
      const expression = this.scanner.arithmetic()
      if (expression === undefined) return this.group('subshell', '(', ')')
      this.advance()
      return { ...calculation(expression), redirects: this.redirects() }
    }
    if (word !== undefined && reservedEnds.has(word)) throw this.unexpected()
    return this.simpleCommand()
  }

  private simpleCommand(): Node {
    const assignments: Assignment[] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      if (this.token.type === 'redirect') this.redirect(redirects)
      else if (this.token.type === 'word') {
        const { word, text } = this.token
        const match = words.length === 0 ? assignment.exec(text) : null
        this.advance()
        if (match) assignments.push(assignmentOf(match, word))
        else words.push(word)
        if (words.length === 1 && this.isOperator('(') && /^[\w-]+$/.test(text)) return this.functionBody(text)
        if (words.length === 1 && text === 'function') return this.functionKeyword()
      } else break
    }
    if (words.length + assignments.length + redirects.length === 0) throw this.unexpected()
    return { type: 'command', assignments, words, redirects }
  }

  private functionKeyword(): Node {
    const name = this.token.type === 'word' ? this.token.text : ''
    this.advance()
    if (!this.isOperator('(')) return { type: 'function', name, body: this.functionCommand() }
    return this.functionBody(name)
  }

  private functionBody(name: string): Node {
    this.expectOperator('(')
    this.expectOperator(')')
    return { type: 'function', name, body: this.functionCommand() }
  }

  private functionCommand(): Node {
    this.skipNewlines()
    return this.command()
  }

  private group(type: 'group' | 'subshell', open: string, close: string): Node {
    this.advance()
    const body = this.list()
    if (open === '(') this.expectOperator(close)
    else this.expectWord(close)
    return { type, body, redirects: this.redirects() }
  }

  private ifCommand(): Node {
    const branches: Branch[] = []
    let otherwise: Node | undefined
    do {
      this.advance()
      const test = this.list()
      this.expectWord('then')
      branches.push({ test, body: this.list() })
    } while (this.isWord('elif'))
    if (this.isWord('else')) {
      this.advance()
      otherwise = this.list()
    }
    this.expectWord('fi')
    return { type: 'if', branches, otherwise, redirects: this.redirects() }
  }

  private whileCommand(until: boolean): Node {
    this.advance()
    const test = this.list()
    const body = this.doGroup()
    return { type: 'while', until, test, body, redirects: this.redirects() }
  }

  private forCommand(): Node {
    this.advance()
    if (this.isOperator('(')) return this.countingFor()
    const name = this.token.type === 'word' ? this.token.text : ''
    if (!/^[A-Za-z_]\w*$/.test(name)) throw new SyntaxFault(`\`${name}': not a valid identifier`, false)
    this.advance()
    let words: Word[] | undefined
    this.skipNewlines()
    if (this.isWord('in')) {
      this.advance()
      words = []
      while (this.token.type === 'word') {
        words.push(this.token.word)
        this.advance()
      }
    }
    if (this.isOperator(';')) this.advance()
    const body = this.doGroup()
    return { type: 'for', name, words, body, redirects: this.redirects() }
  }

  /** `for ((from; test; step)); do …; done` */
  private countingFor(): Node {
    const [from = '', test = '', step = ''] = this.scanner.arithmetic()?.split(';') ?? []
    this.advance()
    if (this.isOperator(';')) this.advance()
    const body = this.doGroup()
    const redirects = this.redirects()
    const after = calculation(step.trim() || '0')
    const loop: Node = { type: 'while', until: false, test: calculation(test.trim() || '1'), body, after, redirects }
    const items = [calculation(from.trim() || '0'), loop].map(node => ({ node, background: false }))
    return { type: 'group', body: { type: 'list', items }, redirects: [] }
  }

  private caseCommand(): Node {
    this.advance()
    if (this.token.type !== 'word') throw this.unexpected()
    const { word } = this.token
    this.advance()
    this.skipNewlines()
    this.expectWord('in')
    const arms: Arm[] = []
    for (this.skipNewlines(); !this.isWord('esac'); this.skipNewlines()) {
      if (this.isOperator('(')) this.advance()
      const patterns: Word[] = []
      while (this.token.type === 'word') {
        patterns.push(this.token.word)
        this.advance()
        if (this.isOperator('|')) this.advance()
      }
      this.expectOperator(')')
      arms.push({ patterns, body: this.list() })
      if (this.isOperator(';;')) this.advance()
      else this.skipNewlines()
    }
    this.advance()
    return { type: 'case', word, arms, redirects: this.redirects() }
  }

  /** `[[ … ]]`: `&&`, `||`, `<`, `>` and brackets are words here. */
  private condition(): Node {
    const words: Word[] = []
    for (this.advance(); !this.isWord(']]'); this.advance()) {
      const { token } = this
      if (token.type === 'word') words.push(token.word)
      else if (token.type === 'operator') words.push([{ type: 'text', text: token.text, quoted: false }])
      else if (token.type === 'redirect') words.push([{ type: 'text', text: token.operator, quoted: false }])
      else if (token.type === 'end') throw this.unexpected()
    }
    this.advance()
    return { type: 'condition', words, redirects: this.redirects() }
  }

  private doGroup(): Node {
    this.skipNewlines()
    this.expectWord('do')
    const body = this.list()
    this.expectWord('done')
    return body
  }

  private redirects(): Redirect[] {
    const redirects: Redirect[] = []
    while (this.token.type === 'redirect') this.redirect(redirects)
    return redirects
  }

  private redirect(into: Redirect[]): void {
    if (this.token.type !== 'redirect') return
    const { fd, operator } = this.token
    this.advance()
    const { word, text } = this.wordToken()
    if (operator === '<<' || operator === '<<-') {
      const place = into.length
      into.push({ fd, operator: '<<', word: [], both: false })
      this.scanner.hereDocument(fd, text, operator === '<<-', redirect => (into[place] = redirect))
    } else if (operator === '&>' || operator === '&>>') {
      into.push({ fd: 1, operator: operator === '&>' ? '>' : '>>', word, both: true })
    } else if (operator === '>|') into.push({ fd, operator: '>', word, both: false })
    else if (isPlainOperator(operator)) into.push({ fd, operator, word, both: false })
    this.advance()
  }

  /** The token, which must be a word. */
  private wordToken(): Extract<Token, { type: 'word' }> {
    if (this.token.type !== 'word') throw this.unexpected()
    return this.token
  }

  private endsList(): boolean {
    const { token } = this
    if (token.type === 'end') return true
    if (token.type === 'operator') return token.text === ')' || token.text === ';;'
    return token.type === 'word' && reservedEnds.has(token.text)
  }

  private skipNewlines(): void {
    while (this.token.type === 'newline') this.advance()
  }

  private advance(): void {
    this.token = this.scanner.next()
  }

  private isOperator(text: string): boolean {
    return this.token.type === 'operator' && this.token.text === text
  }

  private isWord(text: string): boolean {
    return this.token.type === 'word' && this.token.text === text
  }

  private expectWord(text: string): void {
    if (!this.isWord(text)) throw this.unexpected()
    this.advance()
  }

  private expectOperator(text: string): void {
    if (!this.isOperator(text)) throw this.unexpected()
    this.advance()
  }

  private unexpected(): SyntaxFault {
    const { token } = this
    if (token.type === 'end') return new SyntaxFault('syntax error: unexpected end of file', true)
    const text = token.type === 'newline' ? 'newline' : token.type === 'redirect' ? token.operator : token.text
    return new SyntaxFault(`syntax error near unexpected token \`${text}'`, false)
  }
}

function calculation(expression: string): Extract<Node, { type: 'calculation' }> {
  return { type: 'calculation', word: [{ type: 'arithmetic', expression, quoted: true }], redirects: [] }
}

const plainOperators = ['<', '>', '>>', '>&', '<&', '<<<'] as const

function isPlainOperator(text: string): text is (typeof plainOperators)[number] {
  return plainOperators.some(operator => operator === text)
}

/** `NAME=value` as the scanner read it: the name's characters are taken off the first part. */
function assignmentOf(match: RegExpExecArray, word: Word): Assignment {
  const [first, ...rest] = word
  const text = first?.type === 'text' ? first.text.slice(match[0].length) : ''
  const value: Word = first?.type === 'text' ? [{ ...first, text }, ...rest] : rest
  return { name: match[1] ?? '', value, append: match[2] === '+' }
}
