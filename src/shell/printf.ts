const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  e: '\x1b',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/** Backslash escapes of `echo -e` and of printf's format. */
export function unescapeEcho(text: string): string {
  return text.replace(/\\(0[0-7]{1,3}|x[0-9a-fA-F]{1,2}|[\s\S])/g, (whole, code: string) => {
    if (/^0[0-7]/.test(code)) return String.fromCharCode(parseInt(code, 8))
    if (/^x[0-9a-fA-F]/.test(code)) return String.fromCharCode(parseInt(code.slice(1), 16))
    return escapes[code] ?? whole
  })
}

/** printf: the format is used again as long as there are values. */
export function formatPrintf(format: string, values: readonly string[]): string {
  const text = unescapeEcho(format)
  const wants = (text.match(/%[-0-9.]*[sdiuxXobcfeg]/g) ?? []).length
  let result = ''
  let next = 0
  do {
    result += text.replace(
      /%(%|([-0]*)(\d*)(?:\.(\d+))?([sdiuxXobcfeg]))/g,
      (_, whole: string, flags: string, width: string, precision: string | undefined, kind: string) => {
        if (whole === '%') return '%'
        const value = convert(kind, values[next++], precision)
        const isLeft = flags.includes('-')
        const fill = flags.includes('0') && !isLeft ? '0' : ' '
        return isLeft ? value.padEnd(Number(width)) : value.padStart(Number(width), fill)
      },
    )
  } while (wants > 0 && next < values.length)
  return result
}

function convert(kind: string, value: string | undefined, precision: string | undefined): string {
  if (kind === 's') return precision === undefined ? (value ?? '') : (value ?? '').slice(0, Number(precision))
  if (kind === 'b') return unescapeEcho(value ?? '')
  if (kind === 'c') return (value ?? '').slice(0, 1)
  const number = Number(value ?? 0)
  const safe = Number.isNaN(number) ? 0 : number
  if (kind === 'x') return Math.trunc(safe).toString(16)
  if (kind === 'X') return Math.trunc(safe).toString(16).toUpperCase()
  if (kind === 'o') return Math.trunc(safe).toString(8)
  if (kind === 'f') return safe.toFixed(precision === undefined ? 6 : Number(precision))
  if (kind === 'e' || kind === 'g') return String(safe)
  return String(Math.trunc(safe))
}
