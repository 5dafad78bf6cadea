/** A shell pattern (`*`, `?`, `[…]`) as a regular expression; characters marked with a backslash stand for themselves. */
export function patternToRegExp(pattern: string, greedy = true): RegExp {
  return new RegExp(`^${patternSource(pattern, greedy)}$`, 's')
}

/** The pattern without anchors, for `${x#…}` and `${x/…}`. */
export function patternSource(pattern: string, greedy: boolean): string {
  let source = ''
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern.charAt(i)
    if (char === '\\') source += escape(pattern.charAt(++i))
    else if (char === '*') source += greedy ? '.*' : '.*?'
    else if (char === '?') source += '.'
    else if (char === '[') {
      const end = pattern.indexOf(']', i + 2)
      if (end < 0) source += '\\['
      else {
        const inner = pattern.slice(i + 1, end).replace(/\\/g, '\\\\')
        source += `[${inner.startsWith('!') ? `^${inner.slice(1)}` : inner}]`
        i = end
      }
    } else source += escape(char)
  }
  return source
}

/** Whether a word has characters that match files. */
export function hasPattern(word: string): boolean {
  return /(?<!\\)[*?[]/.test(word)
}

/** Takes the backslashes off that protected quoted characters. */
export function unescapePattern(word: string): string {
  return word.replace(/\\([\s\S])/g, '$1')
}

/** Puts backslashes before all that a pattern would read as special. */
export function escapePattern(text: string): string {
  return text.replace(/[*?[\]\\]/g, '\\$&')
}

function escape(char: string): string {
  return char.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
}
