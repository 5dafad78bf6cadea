import { compareBytes, goJsonSorted } from '../../../machinery/go-text.ts'
import { isList, isObject, member } from '../../../machinery/json-value.ts'
import { UsageError } from '../errors.ts'
import { type Part, parseTemplate, type Step } from './jsonpath-parser.ts'
import { writeJson } from './json.ts'

/** A template that was parsed: it finds values in an object and prints them (client-go/util/jsonpath). */
export class JsonPath {
  private readonly parts: readonly Part[]

  constructor(
    template: string,
    private readonly options: { readonly allowMissing: boolean },
  ) {
    this.parts = parseTemplate(template)
  }

  /** The results of every part, in order. Throws UsageError with the evaluator's complaint. */
  find(data: unknown): readonly (readonly unknown[])[] {
    return this.findIn(this.parts, data)
  }

  /** The printed form. */
  print(data: unknown): string {
    return this.find(data)
      .map(results => results.map(textOfResult).join(' '))
      .join('')
  }

  /** `-o jsonpath-as-json`. */
  printJson(data: unknown): string {
    return this.find(data)
      .map(results => `${writeJson(results)}\n`)
      .join('')
  }

  private findIn(parts: readonly Part[], data: unknown): (readonly unknown[])[] {
    return parts.flatMap(part => {
      if (part.type === 'text') return [[part.text]]
      const results = walk(part.steps, [data], this.options.allowMissing)
      if (part.type === 'action') return [results]
      return results.flatMap(result => this.findIn(part.body, result))
    })
  }
}

/** One result as text: maps and lists as JSON. */
export function textOfResult(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'object') return goJsonSorted(value)
  return String(value)
}

function walk(steps: readonly Step[], values: readonly unknown[], allowMissing: boolean): readonly unknown[] {
  return steps.reduce((current, step) => evaluate(step, current, allowMissing), values)
}

function evaluate(step: Step, values: readonly unknown[], allowMissing: boolean): readonly unknown[] {
  switch (step.type) {
    case 'field':
      return fieldOf(step.name, values, allowMissing)
    case 'wildcard':
      return values.flatMap(children)
    case 'recursive':
      return values.flatMap(descend)
    case 'slice':
      return values.flatMap(value => slice(step, value))
    case 'union':
      return values.flatMap(value => step.of.flatMap(steps => walk(steps, [value], allowMissing)))
    case 'filter':
      return values.flatMap(value => filter(step, value))
    case 'value':
      return [step.value]
    case 'range':
    case 'end':
      return values
  }
}

function fieldOf(name: string, values: readonly unknown[], allowMissing: boolean): readonly unknown[] {
  if (values.length === 0) return values
  const found = values.flatMap(value => {
    if (!isObject(value) || !Object.hasOwn(value, name)) return []
    return [member(value, name)]
  })
  if (found.length === 0 && !allowMissing) throw new UsageError(`${name} is not found`)
  return found
}

function children(value: unknown): readonly unknown[] {
  if (isList(value)) return value
  if (!isObject(value)) return []
  return Object.keys(value)
    .sort(compareBytes)
    .map(key => value[key])
}

/** The value itself and all below it. */
function descend(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return [value, ...children(value).flatMap(descend)]
}

function slice(step: Step & { type: 'slice' }, value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!isList(value)) throw new UsageError(`${goTypeOf(value)} is not array or slice`)
  const { length } = value
  const start = step.from ?? 0
  const from = start < 0 ? start + length : start
  let to = step.isIndex ? (step.from ?? 0) + 1 : (step.to ?? length)
  if (to < 0 || (to === 0 && step.isIndex)) to += length
  if (from === to) return []
  if (from >= length || from < 0) throw outOfBounds(from, length)
  if (to > length || to < 0) throw outOfBounds(to - 1, length)
  if (from > to) throw new UsageError(`starting index ${from} is greater than ending index ${to}`)
  const stride = step.step ?? 1
  if (stride <= 0) throw new UsageError('step must be > 0')
  return value.slice(from, to).filter((_, index) => index % stride === 0)
}

function outOfBounds(index: number, length: number): UsageError {
  return new UsageError(`array index out of bounds: index ${index}, length ${length}`)
}

function goTypeOf(value: unknown): string {
  if (isObject(value)) return 'map[string]interface {}'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64'
  return typeof value === 'boolean' ? 'bool' : 'string'
}

function filter({ left, operator, right }: Step & { type: 'filter' }, value: unknown): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!isList(value)) throw new UsageError(`${goTypeOf(value)} is not array or slice and cannot be filtered`)
  return value.filter(item => {
    const lefts = walk(left, [item], true)
    if (operator === 'exists') return lefts.length > 0
    const rights = walk(right, [item], true)
    if (lefts.length === 0 || rights.length === 0) return false
    if (lefts.length > 1 || rights.length > 1) throw new UsageError('can only compare one element at a time')
    return compare(lefts[0], operator, rights[0])
  })
}

function compare(left: unknown, operator: string, right: unknown): boolean {
  if (typeof left !== typeof right) throw new UsageError('incompatible types for comparison')
  const order = orderOf(left, right)
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      throw new UsageError(`unrecognized filter operator ${operator}`)
  }
}

function orderOf(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left === 'string' && typeof right === 'string') return compareBytes(left, right)
  return left === right ? 0 : 1
}

const relaxed = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/

/** `.metadata.name` of `metadata.name`, `{.metadata.name}` and the like. */
export function relaxedPath(expression: string): string {
  if (expression === '') return expression
  const [, inBraces, bare] = relaxed.exec(expression) ?? []
  const path = inBraces ?? bare
  if (path === undefined) {
    const forms = "expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'"
    throw new UsageError(`unexpected path string, ${forms}`)
  }
  return `{.${path}}`
}
