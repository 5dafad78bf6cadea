const classes: Readonly<Record<string, string>> = {
  alpha: 'A-Za-z',
  digit: '0-9',
  alnum: 'A-Za-z0-9',
  space: '\\s',
  blank: ' \\t',
  upper: 'A-Z',
  lower: 'a-z',
  punct: '!-/:-@\\[-`{-~',
}

/**
 * A regular expression of grep and sed as one of ours, or undefined when it is none. Basic ones say `\|`, `\+`, `\(` where
 * extended ones leave the backslash out.
 */
export function basicToExtended(pattern: string, isExtended: boolean, flags: string): RegExp | undefined {
  const named = pattern.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
  const source = isExtended
    ? named
    : named.replace(/\\([|+?(){}])|([|+?(){}])/g, (_, escaped: string | undefined, plain: string | undefined) => {
        return escaped ?? `\\${plain ?? ''}`
      })
  return isValid(source) ? new RegExp(source, flags) : undefined
}

/** Whether brackets are closed and quantifiers have something to quantify: what `RegExp` would throw at. */
export function isValid(source: string): boolean {
  let depth = 0
  let inClass = false
  for (let i = 0; i < source.length; i++) {
    const char = source.charAt(i)
    if (char === '\\') i++
    else if (inClass) inClass = char !== ']'
    else if (char === '[') inClass = true
    else if (char === '(') depth++
    else if (char === ')' && --depth < 0) return false
  }
  return depth === 0 && !inClass && !/(^|[(|])[*+?]|[*+?]{3}|[*+][*+]/.test(source) && !source.endsWith('\\')
}
