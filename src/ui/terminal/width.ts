/** Columns that a character takes in a terminal: Korean, Chinese and Japanese letters and most emoji take two. */
export function charWidth(char: string): number {
  const code = char.codePointAt(0) ?? 0
  if (code >= 0x300 && code <= 0x36f) return 0 // Accents that sit on the letter before.
  const isWide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff)
  return isWide ? 2 : 1
}

export function textWidth(text: string): number {
  let width = 0
  for (const char of text) width += charWidth(char)
  return width
}
