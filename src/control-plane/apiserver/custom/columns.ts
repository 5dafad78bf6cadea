import type { CustomResourceColumnDefinition } from '../../../api/generated/apiextensions.v1.ts'
import { since } from '../../../api/meta/age.ts'
import { formatDouble } from '../../../machinery/cel/conversions.ts'
import { goJsonSorted } from '../../../machinery/go-text.ts'
import type { Cell, Column } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { parsePath } from './column-path.ts'

const name: Column<ApiObject> = { name: 'Name', format: 'name', cell: ({ metadata }) => metadata.name }

const age: CustomResourceColumnDefinition = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

/** The columns of a custom resource: pkg/registry/customresource/tableconvertor/tableconvertor.go. */
export function columnsFor(columns: readonly CustomResourceColumnDefinition[] | undefined): Column<ApiObject>[] {
  return [name, ...(columns?.length ? columns : [age]).map(columnOf)]
}

function columnOf({
  name: title,
  type,
  format,
  priority,
  jsonPath,
}: CustomResourceColumnDefinition): Column<ApiObject> {
  const values = parsePath(jsonPath)
  return {
    name: title,
    // A number is shown as it is; a Table knows it by its format only.
    type: columnType(type),
    ...(format && { format }),
    ...(priority && { wide: true, priority }),
    cell(object, now) {
      const [value] = values?.(object) ?? []
      return value === undefined || value === null ? null : cellOf(type, value, now)
    },
  }
}

function columnType(type: string): NonNullable<Column<ApiObject>['type']> {
  return type === 'integer' || type === 'boolean' || type === 'date' || type === 'number' ? type : 'string'
}

function cellOf(type: string, value: unknown, now: number): Cell {
  switch (type) {
    case 'string':
      return textOf(value)
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null
    case 'number':
      return typeof value === 'number' ? value : null
    case 'boolean':
      return typeof value === 'boolean' ? value : null
    case 'date': {
      if (typeof value !== 'string') return null
      const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(value)
      return isTime ? since(value, now) : '<invalid>'
    }
    default:
      return null
  }
}

/** As jsonpath prints it. */
function textOf(value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : formatDouble(value)
  return typeof value === 'object' ? goJsonSorted(value) : String(value)
}
