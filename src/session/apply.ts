import { LineCounter, parseAllDocuments } from 'yaml'
import type { Cluster } from '../cluster/cluster.ts'
import type { ApplyAnswer, ApplyError } from '../protocol/messages.ts'

/** One document of a text, with the line on which it begins. */
interface Part {
  readonly text: string
  readonly line: number
}

/** More documents, or a larger text, than this is no manifest that somebody wrote. */
const maxBytes = 3_000_000

/**
 * Applies the documents of an editor one after the other, as `kubectl apply -f` does, and says of each error in which
 * document and on which line it is.
 */
export function applyText(cluster: Cluster, yaml: string, dryRun: boolean): ApplyAnswer {
  if (yaml.length > maxBytes)
    return { lines: [], errors: [{ message: 'the text is too large to be applied', document: 0 }] }
  const lines: string[] = []
  const errors: ApplyError[] = []
  for (const [document, part] of partsOf(yaml).entries()) {
    const mistake = syntaxError(part, document)
    if (mistake) {
      errors.push(mistake)
      continue
    }
    if (isEmpty(part.text)) continue
    const words = ['kubectl', 'apply', '-f', '-', ...(dryRun ? ['--dry-run=server'] : [])]
    const { stdout, stderr, code } = cluster.terminals.kubectl(words, part.text)
    lines.push(...stdout.split('\n').filter(line => line !== ''))
    if (code !== 0) errors.push({ message: stderr.trimEnd(), document, ...placeOf(part, stderr) })
    else if (stderr !== '') lines.push(...stderr.trimEnd().split('\n'))
  }
  return { lines, errors }
}

/** What applying would change, as `kubectl diff` prints it. */
export function diffText(cluster: Cluster, yaml: string): { text: string; errors: ApplyError[] } {
  let text = ''
  const errors: ApplyError[] = []
  for (const [document, part] of partsOf(yaml).entries()) {
    const mistake = syntaxError(part, document)
    if (mistake) errors.push(mistake)
    if (mistake || isEmpty(part.text)) continue
    const { stdout, stderr, code } = cluster.terminals.kubectl(['kubectl', 'diff', '-f', '-'], part.text)
    text += stdout
    if (code !== 0 && code !== 1) errors.push({ message: stderr.trimEnd(), document, ...placeOf(part, stderr) })
  }
  return { text, errors }
}

function partsOf(yaml: string): Part[] {
  const parts: Part[] = []
  let text: string[] = []
  let start = 1
  for (const [index, line] of yaml.split('\n').entries()) {
    if (!/^---(\s|$)/.test(line)) {
      text.push(line)
      continue
    }
    parts.push({ text: text.join('\n'), line: start })
    text = []
    start = index + 2
  }
  parts.push({ text: text.join('\n'), line: start })
  return parts
}

function isEmpty(text: string): boolean {
  return text.split('\n').every(line => /^\s*(#.*)?$/.test(line))
}

function syntaxError({ text, line }: Part, document: number): ApplyError | undefined {
  const counter = new LineCounter()
  const [fault] = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false }).flatMap(each => each.errors)
  if (!fault) return undefined
  const place = counter.linePos(fault.pos[0])
  return { message: fault.message, document, line: line + place.line - 1, column: place.col }
}

/** The line of the field that an error of the server names, found by walking its path down the document. */
function placeOf({ text, line }: Part, message: string): { line: number; column?: number } {
  const counter = new LineCounter()
  const [parsed] = parseAllDocuments(text, { lineCounter: counter })
  const path = /(?:unknown field "|is invalid: \[?|^\* |ValidationError\()([A-Za-z][\w.[\]-]*)/.exec(message)?.[1]
  if (!parsed || path === undefined) return { line }
  const keys = path.split(/[.[\]]+/).filter(key => key !== '')
  for (let length = keys.length; length > 0; length--) {
    const node = parsed.getIn(
      keys.slice(0, length).map(key => (/^\d+$/.test(key) ? Number(key) : key)),
      true,
    )
    const start = rangeStart(node)
    if (start === undefined) continue
    const place = counter.linePos(start)
    return { line: line + place.line - 1, column: place.col }
  }
  return { line }
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined
  const [start] = node.range
  return typeof start === 'number' ? start : undefined
}
