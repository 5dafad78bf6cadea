import { compareBytes, quote } from '../../../machinery/go-text.ts'
import { pathText } from '../../../machinery/structured-merge/path-element.ts'
import type { Conflict } from '../../../machinery/structured-merge/update.ts'
import { ApiError } from '../../../machinery/status.ts'
import { fieldsOf, textOf } from '../record.ts'

/** The refusal of a configuration that would take fields from others: internal/conflict.go. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const sorted = [...conflicts].sort((a, b) => compareBytes(a.manager, b.manager))
  const causes = sorted.map(({ manager, path }) => ({
    reason: 'FieldManagerConflict',
    message: `conflict with ${managerText(manager)}`,
    field: pathText(path),
  }))
  return new ApiError('Conflict', messageFor(sorted), { causes })
}

function messageFor(conflicts: readonly Conflict[]): string {
  const [first] = conflicts
  if (first && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${managerText(first.manager)}: ${pathText(first.path)}`
  }
  const lines = [...new Set(conflicts.map(({ manager }) => manager))].flatMap(manager => {
    const paths = conflicts.filter(conflict => conflict.manager === manager).map(({ path }) => `- ${pathText(path)}`)
    return [`conflicts with ${managerText(manager)}:`, ...paths]
  })
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join('\n')}`
}

/** `"kubectl" with subresource "scale" using apps/v1` of an owner's identifier. */
function managerText(identifier: string): string {
  const { manager, operation, apiVersion, subresource } = fieldsOf(JSON.parse(identifier))
  const name = quote(textOf(manager))
  const part = subresource ? ` with subresource ${quote(textOf(subresource))}` : ''
  return name + part + (operation === 'Update' ? ` using ${textOf(apiVersion)}` : '')
}
