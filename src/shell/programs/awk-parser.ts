/** An awk program as a tree. */
export type Expression =
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'pattern'; readonly source: string }
  | { readonly type: 'name'; readonly name: string; readonly index?: Expression }
  | { readonly type: 'field'; readonly index: Expression }
  | { readonly type: 'not' | 'minus' | 'group'; readonly of: Expression }
  | { readonly type: 'binary'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly type: 'assign'; readonly operator: string; readonly to: Expression; readonly value: Expression }
  | { readonly type: 'step'; readonly to: Expression; readonly by: 1 | -1; readonly isPrefix: boolean }
  | { readonly type: 'call'; readonly name: string; readonly args: readonly Expression[] }

export type Statement =
  | { readonly type: 'print'; readonly args: readonly Expression[]; readonly isFormatted: boolean }
  | { readonly type: 'if'; readonly test: Expression; readonly yes: Statement; readonly no?: Statement }
  | { readonly type: 'in'; readonly name: string; readonly array: string; readonly body: Statement }
  | { readonly type: 'block'; readonly statements: readonly Statement[] }
  | { readonly type: 'expression'; readonly of: Expression }
  | { readonly type: 'next' | 'exit' }

export interface Rule {
  readonly when: 'BEGIN' | 'END' | Expression | undefined
  /** Undefined: the line is printed. */
  readonly action: Statement | undefined
}

/** What cannot be read, with awk's words. */
export class AwkError extends Error {}

const token =
  /\s*(?:#[^\n]*)?(?:(\d+\.?\d*|\.\d+)|"((?:[^"\\]|\\.)*)"|([A-Za-z_]\w*)|(\+\+|--|&&|\|\||[-+*/%^=!<>]=|!~|[-+*/%^!<>=~?:;,(){}$[\]\n]))/y

/** Reads a program. Throws AwkError. */
export function parseAwk(source: string): readonly Rule[] {
  return new Parser(source).program()
}

class Parser {
  private at = 0

  constructor(private readonly source: string) {}

  program(): readonly Rule[] {
    const rules: Rule[] = []
    for (this.skipEnds(); this.peek() !== ''; this.skipEnds()) {
      const word = this.peek()
      let when: Rule['when']
      if (word === 'BEGIN' || word === 'END') when = word === this.take() ? word : undefined
      else if (word !== '{') when = this.expression()
      rules.push({ when, action: this.peek() === '{' ? this.block() : undefined })
    }
    return rules
  }

  private block(): Statement {
    this.expect('{')
    const statements: Statement[] = []
    for (this.skipEnds(); this.peek() !== '}'; this.skipEnds()) statements.push(this.statement())
    this.expect('}')
    return { type: 'block', statements }
  }

  private statement(): Statement {
    const word = this.peek()
    if (word === '{') return this.block()
    if (word === 'print' || word === 'printf') {
      this.take()
      const isEnd = /^[;}\n]?$/.test(this.peek())
      return { type: 'print', args: isEnd ? [] : this.list(), isFormatted: word === 'printf' }
    }
    if (word === 'next' || word === 'exit') {
      this.take()
      if (word === 'exit' && !/^[;}\n]?$/.test(this.peek())) this.expression()
      return { type: word }
    }
    if (word === 'if') return this.conditional()
    if (word === 'for') return this.overKeys()
    return { type: 'expression', of: this.expression() }
  }

  private conditional(): Statement {
    this.take()
    this.expect('(')
    const test = this.expression()
    this.expect(')')
    this.skipNewlines()
    const yes = this.statement()
    const back = this.at
    this.skipEnds()
    if (this.peek() === 'else') {
      this.take()
      this.skipNewlines()
      return { type: 'if', test, yes, no: this.statement() }
    }
    this.at = back
    return { type: 'if', test, yes }
  }

  /** `for (key in array) statement`: the only loop there is. */
  private overKeys(): Statement {
    this.take()
    this.expect('(')
    const name = this.take()
    this.expect('in')
    const array = this.take()
    this.expect(')')
    this.skipNewlines()
    return { type: 'in', name, array, body: this.statement() }
  }

  private list(): readonly Expression[] {
    const items = [this.expression()]
    while (this.peek() === ',') {
      this.take()
      items.push(this.expression())
    }
    return items
  }

  private expression(): Expression {
    const test = this.binary(0)
    const operator = this.peek()
    if (/^(?:[-+*/%^]?=)$/.test(operator) && (test.type === 'name' || test.type === 'field')) {
      this.take()
      return { type: 'assign', operator, to: test, value: this.expression() }
    }
    if (operator !== '?') return test
    this.take()
    const yes = this.expression()
    this.expect(':')
    return { type: 'choice', test, yes, no: this.expression() }
  }

  private binary(level: number): Expression {
    const operators = levels[level]
    if (!operators) return this.unary()
    let left = this.binary(level + 1)
    for (;;) {
      const word = this.peek()
      const isJoin = operators.includes(' ') && startsValue.test(word)
      if (!isJoin && !operators.includes(word)) return left
      const operator = isJoin ? ' ' : this.take()
      left = { type: 'binary', operator, left, right: this.binary(level + 1) }
    }
  }

  private unary(): Expression {
    const word = this.peek()
    if (word === '!' || word === '-') {
      this.take()
      return { type: word === '!' ? 'not' : 'minus', of: this.unary() }
    }
    if (word === '++' || word === '--') {
      this.take()
      return { type: 'step', to: this.unary(), by: word === '++' ? 1 : -1, isPrefix: true }
    }
    const value = this.value()
    const after = this.peek()
    if ((after === '++' || after === '--') && (value.type === 'name' || value.type === 'field')) {
      this.take()
      return { type: 'step', to: value, by: after === '++' ? 1 : -1, isPrefix: false }
    }
    return value
  }

  private value(): Expression {
    const word = this.peek()
    if (word === '/') return this.pattern()
    this.take()
    if (word === '(') {
      const of = this.expression()
      this.expect(')')
      return { type: 'group', of }
    }
    if (word === '$') return { type: 'field', index: this.unary() }
    if (/^[\d.]/.test(word)) return { type: 'number', value: Number(word) }
    if (word.startsWith('"')) return { type: 'text', value: unescaped(word.slice(1, -1)) }
    if (!/^[A-Za-z_]/.test(word)) throw new AwkError('syntax error')
    if (this.peek() === '(' && functions.has(word)) {
      this.take()
      const args = this.peek() === ')' ? [] : this.list()
      this.expect(')')
      return { type: 'call', name: word, args }
    }
    if (word === 'length') return { type: 'call', name: word, args: [] }
    if (this.peek() !== '[') return { type: 'name', name: word }
    this.take()
    const index = this.expression()
    this.expect(']')
    return { type: 'name', name: word, index }
  }

  private pattern(): Expression {
    const start = this.source.indexOf('/', this.at) + 1
    const end = /(?:[^/\\\n]|\\.)*/y
    end.lastIndex = start
    const source = end.exec(this.source)?.[0] ?? ''
    if (this.source[start + source.length] !== '/') throw new AwkError('unterminated regexp')
    this.at = start + source.length + 1
    return { type: 'pattern', source }
  }

  private peek(): string {
    const before = this.at
    const word = this.take()
    this.at = before
    return word
  }

  private take(): string {
    token.lastIndex = this.at
    const match = token.exec(this.source)
    if (!match) {
      if (this.source.slice(this.at).trim() === '') return ''
      throw new AwkError('syntax error')
    }
    // A line's end ends a statement.
    const newline = /^[ \t\r]*(?:#[^\n]*)?\n/.exec(this.source.slice(this.at))
    if (newline) {
      this.at += newline[0].length
      return '\n'
    }
    this.at = token.lastIndex
    const [, digits, quoted, name, sign] = match
    return digits ?? (quoted === undefined ? (name ?? sign ?? '') : `"${quoted}"`)
  }

  private expect(word: string): void {
    if (this.take() !== word) throw new AwkError('syntax error')
  }

  private skipNewlines(): void {
    while (this.peek() === '\n') this.take()
  }

  private skipEnds(): void {
    while (this.peek() === '\n' || this.peek() === ';') this.take()
  }
}

export const functions = new Set([
  'length',
  'substr',
  'index',
  'split',
  'toupper',
  'tolower',
  'sub',
  'gsub',
  'int',
  'sprintf',
])

/** Operators from the loosest to the tightest; a blank stands for putting texts together. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['in'],
  ['~', '!~'],
  ['<', '<=', '==', '!=', '>', '>='],
  [' '],
  ['+', '-'],
  ['*', '/', '%'],
  ['^'],
]

const startsValue = /^(?:[\d."$(]|(?!in$)[A-Za-z_]\w*$)/

function unescaped(text: string): string {
  const named: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }
  return text.replace(/\\(.)/g, (_, letter: string) => named[letter] ?? letter)
}
