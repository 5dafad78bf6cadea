import { Document, isScalar, visit } from 'yaml'
import type { ApiError } from '../../../machinery/status.ts'
import type { HttpResponse } from './message.ts'
import type { Representation } from './negotiate.ts'

/** Writes a body as JSON or YAML. */
export function writeBody(value: unknown, format: Representation['format']): string {
  return format === 'yaml' ? yamlText(value) : `${JSON.stringify(value)}\n`
}

const looksLikeTime = /^\d{4}-\d{2}-\d{2}/

/** YAML as sigs.k8s.io/yaml writes it: keys sorted, and texts that older YAML takes for times quoted. */
function yamlText(value: unknown): string {
  const document = new Document(value, { sortMapEntries: true, aliasDuplicateObjects: false })
  visit(document, {
    Scalar(_key, node) {
      if (isScalar(node) && typeof node.value === 'string' && looksLikeTime.test(node.value)) node.type = 'QUOTE_DOUBLE'
    },
  })
  return document.toString({ lineWidth: 0, indentSeq: false })
}

export function answer(
  status: number,
  value: unknown,
  format: Representation['format'],
  warnings: readonly string[],
): HttpResponse {
  return {
    status,
    headers: { 'Content-Type': `application/${format}`, ...warningHeaders(warnings) },
    body: writeBody(value, format),
  }
}

/** The refusal as a Status. Refusals are JSON whatever was asked for, unless it was YAML. */
export function refusalOf(
  error: ApiError,
  format: Representation['format'],
  warnings: readonly string[],
): HttpResponse {
  const retryAfter = error.details?.retryAfterSeconds
  return {
    status: error.code,
    headers: {
      'Content-Type': `application/${format}`,
      ...(retryAfter !== undefined && { 'Retry-After': String(retryAfter) }),
      ...warningHeaders(warnings),
    },
    body: writeBody(error.status, format),
  }
}

export function plainText(status: number, body: string): HttpResponse {
  return { status, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body }
}

/** How much warnings may say together, in characters; and each of them, if it is more. */
const allWarnings = 4 * 1024
const oneWarning = 256

/**
 * `299 - "…"`, each warning once (apiserver/pkg/endpoints/filters/warning.go). One with control characters is no header and
 * is left out.
 */
function warningHeaders(warnings: readonly string[]): Record<string, readonly string[]> {
  if (warnings.length === 0) return {}
  const texts = [...new Set(warnings)]
  const isTooMuch = texts.reduce((sum, text) => sum + text.length, 0) > allWarnings
  const shown = isTooMuch ? texts.slice(0, allWarnings / oneWarning).map(text => firstOf(text, oneWarning)) : texts
  const lines = shown.flatMap(text => (/\p{Cc}/u.test(text) ? [] : [`299 - "${text.replace(/["\\]/g, '\\$&')}"`]))
  return lines.length > 0 ? { Warning: lines } : {}
}

/** The first characters of a text, none of them halved. */
function firstOf(text: string, length: number): string {
  return [...text.slice(0, 2 * length)].slice(0, length).join('')
}
