import { isList, isObject } from './json-value.ts'

/** Nothing sensible is deeper, and whoever walks through an object must come back. */
export const maxDepth = 1_000
/** How many values a text may unfold to by its aliases. */
const maxValues = 2_000_000

/**
 * What a value that was read from YAML has that JSON has not, in the words of go-yaml and encoding/json: infinity, half a
 * surrogate pair (which only an escape can write), or itself. Walks without calling itself.
 */
export function whatJsonCannotHold(top: unknown): string | undefined {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: top, depth: 0 }]
  let seen = 0
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next
    if (typeof value === 'number' && !Number.isFinite(value)) return `json: unsupported value: ${goNumber(value)}`
    const keys = isObject(value) ? Object.keys(value) : []
    if ((typeof value === 'string' && isBroken(value)) || keys.some(isBroken)) {
      return 'yaml: found invalid Unicode character escape code'
    }
    const inner = isList(value) ? value : isObject(value) ? Object.values(value) : []
    if (inner.length > 0 && depth >= maxDepth) return `yaml: exceeded max depth of ${maxDepth}`
    if ((seen += inner.length) > maxValues) return 'yaml: document contains excessive aliasing'
    for (const item of inner) waiting.push({ value: item, depth: depth + 1 })
  }
  return undefined
}

function isBroken(text: string): boolean {
  return /\p{Surrogate}/u.test(text)
}

function goNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  return value > 0 ? '+Inf' : '-Inf'
}
