import { isList, isObject, member } from '../../../machinery/json-value.ts'

/** One step of a path, from the values before to those after it. */
type Step = (values: readonly unknown[]) => readonly unknown[]

/**
 * Paths of columns and selectable fields: client-go/util/jsonpath as far as it makes one value of an object. Undefined
 * when the path is none.
 */
export function parsePath(path: string): ((object: unknown) => readonly unknown[]) | undefined {
  const steps: Step[] = []
  let rest = path
  while (rest !== '') {
    const found = firstStep(rest)
    if (!found) return undefined
    steps.push(found.step)
    rest = rest.slice(found.length)
  }
  return object => steps.reduce<readonly unknown[]>((values, step) => step(values), [object])
}

const patterns: readonly (readonly [pattern: RegExp, make: (match: RegExpExecArray) => Step])[] = [
  [/^\.(?![.[])((?:\\.|[^.[\]\\])+)/, ([, name = '']) => fields(name.replace(/\\(.)/g, '$1'))],
  [/^\.(?=\[|$)/, () => values => values],
  [/^\[(['"])((?:\\.|(?!\1).)*)\1\]/, ([, , name = '']) => fields(name.replace(/\\(.)/g, '$1'))],
  [/^\[\*\]/, () => values => values.flatMap(children)],
  [
    /^\[(-?\d+)\]/,
    ([, index = '0']) =>
      values =>
        values.flatMap(value => at(value, Number(index))),
  ],
  [
    /^\[\?\(\s*@((?:\.[^\s=!<>()]+)+)\s*(==|!=|<=|>=|<|>)\s*("[^"]*"|'[^']*'|-?[\d.]+|true|false)\s*\)\]/,
    ([, path = '', operator = '', literal = '']) => filtered(path, operator, literal),
  ],
  [
    /^\.\.([^.[\]]+)/,
    ([, name = '']) =>
      values =>
        values.flatMap(value => descendants(value, name)),
  ],
]

function firstStep(rest: string): { step: Step; length: number } | undefined {
  for (const [pattern, make] of patterns) {
    const match = pattern.exec(rest)
    if (match) return { step: make(match), length: match[0].length }
  }
  return undefined
}

function fields(name: string): Step {
  if (name === '*') return values => values.flatMap(children)
  return values =>
    values.flatMap(value => {
      const held = isObject(value) ? member(value, name) : undefined
      return held === undefined ? [] : [held]
    })
}

function children(value: unknown): readonly unknown[] {
  if (isList(value)) return value
  return isObject(value) ? Object.values(value) : []
}

function at(value: unknown, index: number): readonly unknown[] {
  const item = isList(value) ? value.at(index) : undefined
  return item === undefined ? [] : [item]
}

function filtered(path: string, operator: string, literal: string): Step {
  const inner = parsePath(path)
  const quoted = /^(['"])(.*)\1$/s.exec(literal)
  const wanted = quoted ? (quoted[2] ?? '') : literal
  return values =>
    values.flatMap(children).filter(item => {
      const [held] = inner?.(item) ?? []
      return held !== undefined && held !== null && compares(held, operator, wanted)
    })
}

function compares(held: unknown, operator: string, wanted: string): boolean {
  const [left, right] = typeof held === 'number' ? [held, Number(wanted)] : [String(held), wanted]
  switch (operator) {
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '<=':
      return left <= right
    default:
      return left >= right
  }
}

function descendants(value: unknown, name: string): readonly unknown[] {
  const own = isObject(value) ? member(value, name) : undefined
  return [...(own === undefined ? [] : [own]), ...children(value).flatMap(inner => descendants(inner, name))]
}
