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

/** `299 - "…"`, each warning once (apiserver/pkg/endpoints/filters/warning.go). */
function warningHeaders(warnings: readonly string[]): Record<string, readonly string[]> {
  if (warnings.length === 0) return {}
  const lines = [...new Set(warnings)].map(text => `299 - "${text.replace(/["\\]/g, '\\$&')}"`)
  return { Warning: lines }
}
