import { RE2JS, RE2JSException } from 're2js'
import type { Parsed } from './parsed.ts'

/**
 * Regular expressions as Go has them (RE2): time that grows with the text only, so that no pattern of a user can hang the
 * cluster, and Go's words for those that are wrong.
 */
export interface Regex {
  /** Whether the pattern occurs in the text. */
  isIn(text: string): boolean
  /** What the pattern matches in the text, from left to right; at most so many. */
  allIn(text: string, limit?: number): string[]
}

const cacheLimit = 500
const cache = new Map<string, Parsed<Regex>>()

/** Compiles a pattern, or says what is wrong with it: `error parsing regexp: missing closing ]: …`. */
export function compileRegex(pattern: string): Parsed<Regex> {
  const known = cache.get(pattern)
  if (known) return known
  if (cache.size >= cacheLimit) cache.clear()
  const compiled = compile(pattern)
  cache.set(pattern, compiled)
  return compiled
}

function compile(pattern: string): Parsed<Regex> {
  try {
    return { value: regexOf(RE2JS.compile(pattern)) }
  } catch (error) {
    if (error instanceof RE2JSException) return { error: error.message }
    throw error
  }
}

function regexOf(compiled: RE2JS): Regex {
  return {
    isIn: text => compiled.matcher(text).find(),
    allIn(text, limit = Infinity) {
      const matcher = compiled.matcher(text)
      const found: string[] = []
      while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '')
      return found
    },
  }
}
