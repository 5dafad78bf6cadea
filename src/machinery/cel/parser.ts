import { type Call, type Expr, type Issue, qualifiedName } from './ast.ts'
import { type Token, tokenize } from './lexer.ts'
import { literalOf } from './literals.ts'
import { expandMacro } from './macros.ts'
import { printIssues, type Source, sourceOf } from './source.ts'

/** An expression with macros expanded, or what is wrong with it in cel-go's words. */
export type ParsedExpression =
  { readonly source: Source; readonly expr: Expr } | { readonly source: Source; readonly error: string }

/** Parser.expressionSizeCodePointLimit and maxRecursionDepth. */
const maxCodePoints = 100_000
const maxDepth = 250

const reserved = new Set(
  'as break const continue else false for function if import in let loop package namespace null return true var void while'.split(
    ' ',
  ),
)
const literals = ["'true'", "'false'", "'null'", 'NUM_FLOAT', 'NUM_INT', 'NUM_UINT', 'STRING', 'BYTES']
const operand = ["'['", "'{'", "'('", "'.'", "'-'", "'!'", ...literals, 'IDENTIFIER']
const relations = ["'<'", "'<='", "'>='", "'>'", "'=='", "'!='", "'in'"]
const binary: Readonly<Record<string, string>> = { "'in'": '@in' }
/** What may stand behind an operand: where reading goes on after a mistake. */
const follow = new Set([
  ...relations,
  ...["'&&'", "'||'", "']'", "'}'", "')'", "'.'", "','", "'['", "'{'", "'-'", "'?'", "':'", "'+'", "'*'", "'/'"],
  ...["'%'", '<EOF>'],
])

/** Parses an expression: cel-go/parser/parser.go, with ANTLR's messages and its way to go on after a mistake. */
export function parse(text: string): ParsedExpression {
  const source = sourceOf(text)
  if (source.points.length > maxCodePoints) {
    const message = `expression code point size exceeds limit: size: ${source.points.length}, limit ${maxCodePoints}`
    return { source, error: `ERROR: <input>:-1:0: ${message}` }
  }
  const issues: Issue[] = []
  const parser = new Parser(tokenize(source, issues), issues)
  const expr = parser.whole()
  if (parser.isTooDeep) {
    return { source, error: `ERROR: <input>:-1:0: expression recursion limit exceeded: ${maxDepth}` }
  }
  return issues.length > 0 ? { source, error: printIssues(source, issues) } : { source, expr }
}

class Parser {
  isTooDeep = false
  private position = 0
  private depth = 0
  /** After a mistake nothing is reported until a token fits again. */
  private recovering = false

  constructor(
    private readonly tokens: readonly Token[],
    private readonly issues: Issue[],
  ) {}

  whole(): Expr {
    const expr = this.expression()
    if (!this.is('<EOF>')) {
      const { kind, text, at } = this.token
      const word = this.peek(1).kind === '<EOF>' && kind !== '<EOF>' ? 'extraneous' : 'mismatched'
      this.report(at, `${word} input '${text}' expecting <EOF>`)
    }
    return expr
  }

  private expression(): Expr {
    if (++this.depth > maxDepth) {
      this.isTooDeep = true
      this.position = this.tokens.length - 1
    }
    const condition = this.logical("'||'", '_||_')
    const { at } = this.token
    let expr = condition
    if (this.accept("'?'")) {
      const yes = this.logical("'||'", '_||_')
      this.expect("':'")
      expr = call(at, '_?_:_', [condition, yes, this.expression()])
    }
    this.depth--
    return expr
  }

  /** `a && b && c` as a balanced tree, as cel-go's logicManager makes it. */
  private logical(token: string, name: string): Expr {
    const next = (): Expr => (token === "'||'" ? this.logical("'&&'", '_&&_') : this.relation())
    const terms = [next()]
    const places: number[] = []
    while (this.is(token)) {
      places.push(this.token.at)
      this.advance()
      terms.push(next())
    }
    return balanced(name, terms, places)
  }

  private relation(): Expr {
    return this.infix(relations, () =>
      this.infix(["'+'", "'-'"], () => this.infix(["'*'", "'/'", "'%'"], () => this.unary())),
    )
  }

  private infix(operators: readonly string[], next: () => Expr): Expr {
    let left = next()
    while (operators.includes(this.token.kind)) {
      const { kind, text, at } = this.token
      this.advance()
      left = call(at, binary[kind] ?? `_${text}_`, [left, next()])
    }
    return left
  }

  private unary(): Expr {
    const { kind, at } = this.token
    if (kind === "'!'") return this.repeated(kind, '!_')
    if (kind !== "'-'") return this.postfix(this.primary())
    const number = this.peek(1)
    if (number.kind !== 'NUM_INT' && number.kind !== 'NUM_FLOAT') return this.repeated(kind, '-_')
    this.advance()
    this.advance()
    return this.postfix(this.literal({ ...number, text: `-${number.text}`, at }))
  }

  private repeated(kind: string, name: string): Expr {
    const { at } = this.token
    let count = 0
    while (this.accept(kind)) count++
    const inner = this.postfix(this.primary())
    return count % 2 === 0 ? inner : call(at, name, [inner])
  }

  private postfix(first: Expr): Expr {
    let expr = first
    for (;;) {
      if (this.is("'.'")) expr = this.member(expr)
      else if (this.is("'['")) expr = this.index(expr)
      else if (this.is("'{'") && qualifiedName(expr) !== undefined) expr = this.struct(qualifiedName(expr) ?? '')
      else return expr
    }
  }

  private member(operandExpr: Expr): Expr {
    const { at } = this.token
    this.advance()
    const isOptional = this.accept("'?'")
    const { kind, text } = this.token
    if (kind !== 'IDENTIFIER') {
      if (isOptional) this.report(this.token.at, `mismatched input '${text}' expecting {IDENTIFIER, ESC_IDENTIFIER}`)
      else if (kind === 'ESC_IDENTIFIER') this.issues.push({ at: this.token.at, message: "unsupported syntax: '`'" })
      else this.report(this.token.at, `no viable alternative at input '.${kind === '<EOF>' ? '' : text}'`)
      this.skip()
      return operandExpr
    }
    this.advance()
    if (isOptional) return call(at, '_?._', [operandExpr, { kind: 'literal', at, value: text }])
    const open = this.token.at
    if (!this.accept("'('")) return { kind: 'select', at, operand: operandExpr, field: text, testOnly: false }
    return this.finishCall(call(open, text, this.args(), operandExpr))
  }

  private index(operandExpr: Expr): Expr {
    const { at } = this.token
    this.advance()
    const name = this.accept("'?'") ? '_[?_]' : '_[_]'
    const index = this.expression()
    this.expect("']'")
    return call(at, name, [operandExpr, index])
  }

  private primary(): Expr {
    const { kind, at } = this.token
    switch (kind) {
      case "'.'":
      case 'IDENTIFIER':
        return this.identifier()
      case "'('": {
        this.advance()
        const inner = this.expression()
        this.expect("')'")
        return inner
      }
      case "'['":
        return this.list()
      case "'{'":
        return this.map()
    }
    if (literals.includes(kind)) return this.literal(this.advance())
    return this.unexpected(operand) ? this.primary() : { kind: 'literal', at, value: null }
  }

  private identifier(): Expr {
    const hasDot = this.accept("'.'")
    const token = this.token
    if (!this.expect('IDENTIFIER')) return { kind: 'literal', at: token.at, value: null }
    const name = `${hasDot ? '.' : ''}${token.text}`
    const open = this.token.at
    const isCall = this.accept("'('")
    if (reserved.has(token.text)) this.issues.push({ at: token.at, message: `reserved identifier: ${token.text}` })
    return isCall ? this.finishCall(call(open, name, this.args())) : { kind: 'ident', at: token.at, name }
  }

  private finishCall(expr: Call): Expr {
    const expanded = expandMacro(expr)
    if (expanded === undefined) return expr
    if ('kind' in expanded) return expanded
    this.issues.push(expanded)
    return expr
  }

  private literal(token: Token): Expr {
    const { at } = token
    const { value, error } = literalOf(token)
    if (error !== undefined) this.issues.push({ at, message: error })
    return { kind: 'literal', at, value: value ?? null }
  }

  /** What stands between the parentheses of a call, and the closing one. */
  private args(): Expr[] {
    const args: Expr[] = []
    if (this.accept("')'")) return args
    const expected = ["'['", "'{'", "'('", "')'", "'.'", "'-'", "'!'", ...literals, 'IDENTIFIER']
    if (!operand.includes(this.token.kind) && !this.unexpected(expected)) {
      this.accept("')'")
      return args
    }
    if (this.accept("')'")) return args
    do args.push(this.expression())
    while (this.accept("','"))
    this.expect("')'")
    return args
  }

  private list(): Expr {
    const { at } = this.advance()
    const items: { value: Expr; optional: boolean }[] = []
    while (!this.is("']'") && !this.is('<EOF>')) {
      const optional = this.accept("'?'")
      items.push({ optional, value: this.expression() })
      if (!this.accept("','")) break
    }
    this.expect("']'")
    return { kind: 'list', at, items }
  }

  private map(): Expr {
    const { at } = this.advance()
    const entries: { at: number; key: Expr; value: Expr; optional: boolean }[] = []
    if (!this.is("'}'") && !this.is("'?'") && !this.is("','") && !operand.includes(this.token.kind)) {
      this.unexpected(["'['", "'{'", "'}'", "'('", "'.'", "','", "'-'", "'!'", "'?'", ...literals, 'IDENTIFIER'])
    }
    while (!this.is("'}'") && !this.is('<EOF>')) {
      const optional = this.accept("'?'")
      const key = this.expression()
      const colon = this.token.at
      if (!this.expect("':'")) break
      entries.push({ at: colon, key, optional, value: this.expression() })
      if (!this.accept("','")) break
    }
    this.expect("'}'")
    return { kind: 'map', at, entries }
  }

  private struct(name: string): Expr {
    const { at } = this.advance()
    const fields: { at: number; name: string; value: Expr; optional: boolean }[] = []
    while (!this.is("'}'") && !this.is('<EOF>')) {
      const optional = this.accept("'?'")
      const field = this.token
      if (field.kind !== 'IDENTIFIER') {
        this.unexpected(["'}'", "','", "'?'", 'IDENTIFIER', 'ESC_IDENTIFIER'])
        break
      }
      this.advance()
      const colon = this.token.at
      if (!this.expect("':'")) break
      fields.push({ at: colon, name: field.text, optional, value: this.expression() })
      if (!this.accept("','")) break
    }
    this.expect("'}'")
    return { kind: 'struct', at, name, fields }
  }

  private get token(): Token {
    return this.peek(0)
  }

  private peek(distance: number): Token {
    return this.tokens[Math.min(this.position + distance, this.tokens.length - 1)] as Token
  }

  private is(kind: string): boolean {
    return this.token.kind === kind
  }

  private accept(kind: string): boolean {
    if (!this.is(kind)) return false
    this.advance()
    return true
  }

  private advance(): Token {
    const { token } = this
    if (this.position < this.tokens.length - 1) this.position++
    this.recovering = false
    return token
  }

  /** DefaultErrorStrategy.RecoverInline: a token too many is dropped, one that is missing is imagined. */
  private expect(kind: string): boolean {
    if (this.accept(kind)) return true
    const { text, at } = this.token
    if (this.peek(1).kind === kind && !this.is('<EOF>')) {
      this.report(at, `extraneous input '${text}' expecting ${kind}`)
      this.advance()
      return this.accept(kind)
    }
    const isMissing = (kind === "')'" || kind === "']'" || kind === "'}'") && follow.has(this.token.kind)
    this.report(at, isMissing ? `missing ${kind} at '${text}'` : `mismatched input '${text}' expecting ${kind}`)
    return false
  }

  /** Whether it helps to drop a token. */
  private unexpected(expected: readonly string[]): boolean {
    const { text, at } = this.token
    const set = `{${expected.join(', ')}}`
    if (!this.is('<EOF>') && expected.includes(this.peek(1).kind)) {
      this.report(at, `extraneous input '${text}' expecting ${set}`)
      this.advance()
      return true
    }
    this.report(at, `mismatched input '${text}' expecting ${set}`)
    this.skip()
    return false
  }

  private skip(): void {
    while (!follow.has(this.token.kind)) this.position++
  }

  private report(at: number, message: string): void {
    if (!this.recovering && !this.isTooDeep) this.issues.push({ at, message: `Syntax error: ${message}` })
    this.recovering = true
  }
}

function call(at: number, name: string, args: readonly Expr[], target?: Expr): Call {
  return { kind: 'call', at, name, args, ...(target && { target }) }
}

function balanced(name: string, terms: readonly Expr[], places: readonly number[]): Expr {
  if (places.length === 0) return terms[0] as Expr
  const middle = Math.floor(places.length / 2)
  const left = balanced(name, terms.slice(0, middle + 1), places.slice(0, middle))
  const right = balanced(name, terms.slice(middle + 1), places.slice(middle + 1))
  return call(places[middle] as number, name, [left, right])
}
