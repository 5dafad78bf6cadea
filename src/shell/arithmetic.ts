/** What an arithmetic expression needs of its shell. */
export interface Variables {
  get(name: string): string | undefined
  set(name: string, value: string): void
}

/** A mistake in an expression, in bash's words. */
export type ArithmeticResult = { readonly value: number } | { readonly error: string }

const token = /\s*(\d+|[A-Za-z_]\w*|\*\*|<<|>>|<=|>=|==|!=|&&|\|\||\+\+|--|[-+*/%&|^]?=|[-+*/%<>!~&|^()?:,])/y

/** Binding strength of binary operators. */
const strength: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
}

/** Evaluates `$((…))`: integers, C's operators, assignments. */
export function evaluate(expression: string, variables: Variables): ArithmeticResult {
  const tokens: string[] = []
  token.lastIndex = 0
  const text = expression.trimEnd()
  while (token.lastIndex < text.length) {
    const found = token.exec(text)
    if (!found) return { error: `${expression}: syntax error: operand expected` }
    tokens.push(found[1] ?? '')
  }
  if (tokens.length === 0) return { value: 0 }
  const evaluation = new Evaluation(tokens, variables)
  const value = evaluation.expression(0)
  if (evaluation.error !== undefined) return { error: `${expression}: ${evaluation.error}` }
  return evaluation.isDone() ? { value } : { error: `${expression}: syntax error in expression` }
}

class Evaluation {
  error: string | undefined
  private at = 0

  constructor(
    private readonly tokens: readonly string[],
    private readonly variables: Variables,
  ) {}

  isDone(): boolean {
    return this.at >= this.tokens.length
  }

  expression(least: number): number {
    let left = this.unary()
    for (;;) {
      const operator = this.tokens[this.at] ?? ''
      if (operator === '?' && least === 0) {
        this.at++
        const yes = this.expression(0)
        this.expect(':')
        const no = this.expression(0)
        left = left !== 0 ? yes : no
        continue
      }
      const binding = strength[operator]
      if (binding === undefined || binding <= least) return left
      this.at++
      const right = this.expression(operator === '**' ? binding - 1 : binding)
      left = this.apply(operator, left, right)
    }
  }

  private unary(): number {
    const operator = this.tokens[this.at] ?? ''
    if (operator === '-' || operator === '+' || operator === '!' || operator === '~') {
      this.at++
      const value = this.unary()
      return operator === '-' ? -value : operator === '!' ? Number(value === 0) : operator === '~' ? ~value : value
    }
    if (operator === '++' || operator === '--') {
      this.at++
      return this.assign(this.tokens[this.at++] ?? '', operator === '++' ? '+=' : '-=', 1)
    }
    if (operator === '(') {
      this.at++
      const value = this.expression(0)
      this.expect(')')
      return value
    }
    this.at++
    if (/^\d/.test(operator))
      return operator.startsWith('0') && operator.length > 1 ? parseInt(operator, 8) : Number(operator)
    if (/^[A-Za-z_]/.test(operator)) return this.variable(operator)
    this.error ??= 'syntax error: operand expected'
    return 0
  }

  private variable(name: string): number {
    const next = this.tokens[this.at] ?? ''
    if (/^([-+*/%&|^]?=)$/.test(next)) {
      this.at++
      return this.assign(name, next, this.expression(0))
    }
    const value = this.read(name)
    if (next !== '++' && next !== '--') return value
    this.at++
    this.variables.set(name, String(next === '++' ? value + 1 : value - 1))
    return value
  }

  private assign(name: string, operator: string, operand: number): number {
    const value = operator === '=' ? operand : this.apply(operator.slice(0, -1), this.read(name), operand)
    this.variables.set(name, String(value))
    return value
  }

  private read(name: string): number {
    const value = Number(this.variables.get(name) ?? 0)
    return Number.isNaN(value) ? 0 : Math.trunc(value)
  }

  private expect(text: string): void {
    if (this.tokens[this.at] === text) this.at++
    else this.error ??= `syntax error: \`${text}' expected`
  }

  private apply(operator: string, a: number, b: number): number {
    switch (operator) {
      case '+':
        return a + b
      case '-':
        return a - b
      case '*':
        return a * b
      case '**':
        return a ** b
      case '/':
      case '%':
        if (b === 0) this.error ??= 'division by 0'
        return b === 0 ? 0 : operator === '/' ? Math.trunc(a / b) : a % b
      case '<<':
        return a << b
      case '>>':
        return a >> b
      case '&':
        return a & b
      case '|':
        return a | b
      case '^':
        return a ^ b
      case '&&':
        return Number(a !== 0 && b !== 0)
      case '||':
        return Number(a !== 0 || b !== 0)
      default:
        return Number(compare(operator, a, b))
    }
  }
}

function compare(operator: string, a: number, b: number): boolean {
  if (operator === '==') return a === b
  if (operator === '!=') return a !== b
  if (operator === '<') return a < b
  if (operator === '>') return a > b
  return operator === '<=' ? a <= b : a >= b
}
