import type { JsonObject } from '../../../machinery/json-value.ts'
import { isList } from '../../../machinery/json-value.ts'
import { formatLabels } from '../../../machinery/labels.ts'
import { items, mapAt, namespaceOf, numberAt, objectsAt, textAt, textOf } from '../unstructured.ts'

export interface TableOptions {
  readonly wide: boolean
  readonly noHeaders: boolean
  readonly withNamespace: boolean
  /** `pod`, to be written before names. */
  readonly kind?: string
  readonly showLabels: boolean
  readonly labelColumns: readonly string[]
  /** For `--output-watch-events`. */
  readonly event?: string
}

interface Column {
  readonly name: string
  readonly priority: number
}

/** A Table of the server as lines of cells with tabs between: align them with a tabwriter. */
export function tableText(
  table: JsonObject,
  options: TableOptions,
  definitions = objectsAt(table, 'columnDefinitions'),
): string {
  const { kind, withNamespace, labelColumns, showLabels, event } = options
  const rows = objectsAt(table, 'rows')
  if (rows.length === 0) return ''
  const named = definitions.findIndex(
    column => textAt(column, 'format') === 'name' && textAt(column, 'type') === 'string',
  )
  const columns: Column[] = [
    ...(event === undefined ? [] : [extra('Event')]),
    ...(withNamespace ? [extra('Namespace')] : []),
    ...definitions.map(column => ({ name: textAt(column, 'name'), priority: numberAt(column, 'priority') })),
    ...labelColumns.map(label => extra(labelHeader(label))),
    ...(showLabels ? [extra('Labels')] : []),
  ]
  const isShown = (index: number): boolean => options.wide || columns[index]?.priority === 0
  const lines = rows.map(row => {
    const labels = mapAt(row, 'object', 'metadata', 'labels')
    const own = items(row.cells).map((cell, index) =>
      index === named && kind ? `${kind}/${cellText(cell)}` : cellText(cell),
    )
    return [
      ...(event === undefined ? [] : [event]),
      ...(withNamespace ? [namespaceOf(row.object)] : []),
      ...own,
      ...labelColumns.map(label => labels[label] ?? ''),
      ...(showLabels ? [formatLabels(labels)] : []),
    ]
  })
  const header = columns.map(({ name }) => name.toUpperCase())
  const all = options.noHeaders ? lines : [header, ...lines]
  return all.map(line => `${line.filter((_, index) => isShown(index)).join('\t')}\n`).join('')
}

function extra(name: string): Column {
  return { name, priority: 0 }
}

/** The last part of a label's key. */
function labelHeader(label: string): string {
  return label.split('/').at(-1) ?? label
}

/** One cell: what would break the line ends it. */
export function cellText(cell: unknown): string {
  const text = isList(cell) ? `[${cell.map(textOf).join(' ')}]` : cell === null ? '' : textOf(cell)
  const end = text.search(/[\n\r\f]/)
  return (end < 0 ? text : `${text.slice(0, end)}...`).replaceAll('\x1b', '^[')
}
