import { compareBytes, goValue } from '../../../machinery/go-text.ts'
import { isList, isObject, member } from '../../../machinery/json-value.ts'
import { UsageError } from '../errors.ts'
import { callFunction, Float, functions, isTrue, typeOf } from './go-template-functions.ts'
import {
  type CommandCall,
  type Expression,
  type ParsedTemplate,
  parseGoTemplate,
  type Pipeline,
  type TemplateNode,
} from './go-template-parser.ts'

export interface Executed {
  readonly text: string
  /** Go's complaint, when the template ended before its end. */
  readonly error?: string
}

/** A template of `-o go-template` (text/template). */
export class GoTemplate {
  private readonly parsed: ParsedTemplate

  constructor(
    template: string,
    private readonly allowMissing: boolean,
  ) {
    this.parsed = parseGoTemplate(template)
  }

  execute(data: unknown): Executed {
    const run = new Run(this.parsed, this.allowMissing, data)
    try {
      run.nodes(this.parsed.nodes, data)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      return { text: run.text, error: error.message }
    }
    return { text: run.text }
  }

  /** The object as `%+v` prints it. */
  show(data: unknown): string {
    return goValue(data)
  }
}

type Jump = 'break' | 'continue' | undefined

class Run {
  text = ''
  private readonly variables: { name: string; value: unknown }[]

  constructor(
    private readonly template: ParsedTemplate,
    private readonly allowMissing: boolean,
    root: unknown,
  ) {
    this.variables = [{ name: '$', value: root }]
  }

  nodes(nodes: readonly TemplateNode[], dot: unknown): Jump {
    const depth = this.variables.length
    for (const node of nodes) {
      const jump = this.node(node, dot)
      if (jump) {
        this.variables.length = depth
        return jump
      }
    }
    this.variables.length = Math.max(depth, 1)
    return undefined
  }

  private node(node: TemplateNode, dot: unknown): Jump {
    switch (node.type) {
      case 'text':
        this.text += node.text
        return undefined
      case 'print': {
        const value = this.pipeline(node.pipeline, dot)
        if (node.pipeline.declares.length === 0) this.text += printed(value)
        return undefined
      }
      case 'break':
      case 'continue':
        return node.type
      case 'call': {
        const found = this.template.defined.get(node.name)
        if (!found) throw new UsageError(`template: output: template "${node.name}" not defined`)
        this.nodes(found, node.pipeline ? this.pipeline(node.pipeline, dot) : undefined)
        return undefined
      }
      case 'range':
        return this.range(node, dot)
      default:
        return this.branch(node, dot)
    }
  }

  private branch(
    { type, pipeline, body, otherwise }: TemplateNode & { type: 'if' | 'with' | 'range' },
    dot: unknown,
  ): Jump {
    const depth = this.variables.length
    const value = this.pipeline(pipeline, dot)
    const isMet = isTrue(value)
    const jump = this.nodes(isMet ? body : otherwise, isMet && type === 'with' ? value : dot)
    this.variables.length = depth
    return jump
  }

  private range({ pipeline, body, otherwise }: TemplateNode & { type: 'if' | 'with' | 'range' }, dot: unknown): Jump {
    const depth = this.variables.length
    const value = this.pipeline({ ...pipeline, declares: [] }, dot)
    const entries = entriesOf(value)
    const [first, second] = pipeline.declares
    let result: Jump
    for (const [key, item] of entries) {
      this.variables.length = depth
      if (second !== undefined) this.variables.push({ name: first ?? '', value: key }, { name: second, value: item })
      else if (first !== undefined) this.variables.push({ name: first, value: item })
      if (this.nodes(body, item) === 'break') break
    }
    this.variables.length = depth
    if (entries.length === 0) result = this.nodes(otherwise, dot)
    return result
  }

  private pipeline({ declares, assigns, commands }: Pipeline, dot: unknown): unknown {
    let value: unknown
    let isFirst = true
    for (const command of commands) {
      value = this.command(command, dot, isFirst ? [] : [value])
      isFirst = false
    }
    for (const name of declares) {
      const known = assigns ? this.variables.findLast(each => each.name === name) : undefined
      if (known) known.value = value
      else this.variables.push({ name, value })
    }
    return value
  }

  private command(call: CommandCall, dot: unknown, final: readonly unknown[]): unknown {
    const [head, ...rest] = call.words
    if (!head) return undefined
    if (head.type !== 'function') {
      if (rest.length > 0 || final.length > 0) {
        throw this.failed(call, head.source, `can't give argument to non-function ${head.source}`)
      }
      return this.value(head, dot, call)
    }
    if (!functions.has(head.name)) throw new UsageError(`template: output:1: function "${head.name}" not defined`)
    if (head.name === 'and' || head.name === 'or') return this.shortCircuit(head.name, rest, dot, call, final)
    const values = [...rest.map(word => this.value(word, dot, call)), ...final]
    const result = callFunction(head.name, values)
    if (result.error === undefined) return result.value
    throw this.failed(call, call.source, `error calling ${head.name}: ${result.error}`)
  }

  private shortCircuit(
    name: string,
    words: readonly Expression[],
    dot: unknown,
    call: CommandCall,
    final: readonly unknown[],
  ) {
    let value: unknown
    for (const word of words) {
      value = this.value(word, dot, call)
      if (isTrue(value) !== (name === 'and')) return value
    }
    return final.length > 0 ? final[0] : value
  }

  private failed({ column }: CommandCall, source: string, why: string): UsageError {
    return new UsageError(`template: output:1:${column}: executing "output" at <${source}>: ${why}`)
  }

  private value(expression: Expression, dot: unknown, call: CommandCall): unknown {
    switch (expression.type) {
      case 'literal':
        return expression.isFloat && typeof expression.value === 'number'
          ? new Float(expression.value)
          : expression.value
      case 'variable': {
        const found = this.variables.findLast(({ name }) => name === expression.name)
        if (!found) throw new UsageError(`template: output:1: undefined variable "${expression.name}"`)
        return this.fields(found.value, expression.names, expression.source, call)
      }
      case 'pipeline':
        return this.fields(this.pipeline(expression.pipeline, dot), expression.names, expression.source, call)
      case 'function':
        return this.command({ ...call, words: [expression] }, dot, [])
      case 'field':
        return this.fields(dot, expression.names, expression.source, call)
    }
  }

  private fields(from: unknown, names: readonly string[], source: string, call: CommandCall): unknown {
    let value = from
    for (const name of names) {
      if (value === undefined || value === null) {
        if (this.allowMissing) return undefined
        throw this.failed(call, source, `nil data; no entry for key ${JSON.stringify(name)}`)
      }
      if (!isObject(value)) {
        throw this.failed(
          call,
          source,
          `can't evaluate field ${name} in type ${isList(value) ? '[]interface {}' : typeOf(value)}`,
        )
      }
      if (!Object.hasOwn(value, name) && !this.allowMissing) {
        throw this.failed(call, source, `map has no entry for key ${JSON.stringify(name)}`)
      }
      value = member(value, name)
    }
    return value
  }
}

function entriesOf(value: unknown): readonly (readonly [unknown, unknown])[] {
  if (isList(value)) return value.map((item, index) => [index, item])
  if (isObject(value)) {
    return Object.keys(value)
      .sort(compareBytes)
      .map(key => [key, value[key]])
  }
  if (typeof value === 'number') return Array.from({ length: value }, (_, index) => [index, index])
  if (value === undefined || value === null) return []
  throw new UsageError(`range can't iterate over ${goValue(value)}`)
}

function printed(value: unknown): string {
  if (value === undefined || value === null) return '<no value>'
  return value instanceof Float ? value.text : goValue(value)
}
