export type PartType = 'key' | 'text' | 'number' | 'word' | 'comment' | 'mark' | 'plain'

export interface Part {
  readonly type: PartType
  readonly text: string
}

const keyLine = /^(\s*(?:- )*)([^\s#'"][^:#]*|'[^']*'|"[^"]*")(:)(?=\s|$)(.*)$/
const itemLine = /^(\s*(?:- )+)(.*)$/

/** A line of YAML in parts, for colouring what `kubectl get -o yaml` prints. Not a parser: it never fails, at worst it is plain. */
export function partsOf(line: string): readonly Part[] {
  if (/^\s*#/.test(line)) return [{ type: 'comment', text: line }]
  const key = keyLine.exec(line)
  if (key) {
    const [, indent = '', name = '', colon = '', rest = ''] = key
    return [...plain(indent), { type: 'key', text: name }, { type: 'mark', text: colon }, ...valueParts(rest)]
  }
  const item = itemLine.exec(line)
  if (item) return [{ type: 'mark', text: item[1] ?? '' }, ...valueParts(item[2] ?? '')]
  return valueParts(line)
}

function valueParts(text: string): readonly Part[] {
  const [, gap = '', value = ''] = /^(\s*)(.*)$/.exec(text) ?? []
  if (value === '') return plain(gap)
  return [...plain(gap), { type: typeOf(value), text: value }]
}

function typeOf(value: string): PartType {
  if (/^(['"]).*\1$/.test(value)) return 'text'
  if (/^-?\d+(\.\d+)?$/.test(value)) return 'number'
  if (/^(true|false|null|~)$/.test(value)) return 'word'
  if (/^[|>][+-]?$|^[[\]{}]+$/.test(value)) return 'mark'
  return 'plain'
}

function plain(text: string): readonly Part[] {
  return text === '' ? [] : [{ type: 'plain', text }]
}
