import type { Column } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import { age } from './age.ts'

/** Columns that most tables begin and end with. */
export const nameColumn: Column<ApiObject> = { name: 'Name', format: 'name', cell: object => object.metadata.name }
export const ageColumn: Column<ApiObject> = { name: 'Age', cell: age }

/** The first few of a list and how many more there are: `a,b,c + 2 more...`. */
export function someOf(items: readonly string[], shown = 3, separator = ','): string {
  const text = items.slice(0, shown).join(separator)
  return items.length > shown ? `${text} + ${items.length - shown} more...` : text
}
