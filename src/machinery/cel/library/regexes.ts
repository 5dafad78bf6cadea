import { compileRegex, type Regex } from '../../regex.ts'
import { regexCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, member } from '../functions.ts'
import { boolType, intType, listOf, stringType } from '../cel-type.ts'
import { list, type Result } from '../values.ts'

const two = [stringType, stringType]

function withRegex(pattern: string, prefix: string, use: (regex: Regex) => Result): Result {
  const { value, error } = compileRegex(pattern)
  return value === undefined ? fail(`${prefix}${error}`) : use(value)
}

function findAll(text: string, pattern: string, limit = -1n): Result {
  const most = limit < 0n ? undefined : Number(limit)
  return withRegex(pattern, 'Illegal regex: ', regex => list(regex.allIn(text, most)))
}

/** `matches` of the standard library and apiserver/pkg/cel/library/regex.go. */
export const regexes: readonly FunctionDeclaration[] = [
  define(
    'matches',
    member(
      two,
      boolType,
      (text: string, pattern: string) => withRegex(pattern, '', regex => regex.isIn(text)),
      regexCost,
    ),
    {
      ...member(
        two,
        boolType,
        (text: string, pattern: string) => withRegex(pattern, '', regex => regex.isIn(text)),
        regexCost,
      ),
      isMember: false,
    },
  ),
  define(
    'find',
    member(
      two,
      stringType,
      (text: string, pattern: string) => withRegex(pattern, 'Illegal regex: ', regex => regex.allIn(text, 1)[0] ?? ''),
      regexCost,
    ),
  ),
  define(
    'findAll',
    member(two, listOf(stringType), findAll, regexCost),
    member([...two, intType], listOf(stringType), findAll, regexCost),
  ),
]
