import { isList, type JsonObject } from '../../../machinery/json-value.ts'
import { goValue } from '../../../machinery/go-text.ts'
import { UsageError } from '../errors.ts'
import { JsonPath, relaxedPath } from './jsonpath.ts'
import { align, tableTabs } from './tabwriter.ts'

interface Column {
  readonly header: string
  readonly path: JsonPath
}

/** `-o custom-columns=NAME:.metadata.name,…`. */
export function customColumns(spec: string): readonly Column[] {
  if (spec === '') throw new UsageError('custom-columns format specified but no custom columns given')
  return spec.split(',').map(part => {
    const colon = part.indexOf(':')
    if (colon < 0) throw new UsageError(`unexpected custom-columns spec: ${part}, expected <header>:<json-path-expr>`)
    return columnOf(part.slice(0, colon), part.slice(colon + 1))
  })
}

/** `-o custom-columns-file=…`: headers in the first line, paths in the second. */
export function columnsOfFile(text: string): readonly Column[] {
  const [headers = '', paths = ''] = text.split('\n')
  const [names, templates] = [headers.trim().split(/\s+/), paths.trim().split(/\s+/)]
  if (names.length !== templates.length) {
    throw new UsageError(
      `number of headers (${names.length}) and field specifications (${templates.length}) don't match`,
    )
  }
  return names.map((name, index) => columnOf(name, templates[index] ?? ''))
}

function columnOf(header: string, template: string): Column {
  return { header, path: new JsonPath(relaxedPath(template), { allowMissing: true }) }
}

/** Objects as lines under the headers. */
export function customTable(columns: readonly Column[], objects: readonly JsonObject[], noHeaders: boolean): string {
  const header = noHeaders ? [] : [columns.map(column => column.header)]
  const rows = objects.map(object => columns.map(({ path }) => cellOf(path, object)))
  return align([...header, ...rows].map(cells => `${cells.join('\t')}\n`).join(''), tableTabs)
}

function cellOf(path: JsonPath, object: JsonObject): string {
  const results = path.find(object)[0] ?? []
  if (results.length === 0) return '<none>'
  return results
    .map(result =>
      result === null || result === undefined ? '<none>' : isList(result) ? goValue(result) : goValue(result),
    )
    .join(',')
}
