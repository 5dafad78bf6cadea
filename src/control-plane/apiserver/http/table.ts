import type { Cell, Column, Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { fieldsOf } from '../record.ts'

/** metav1.Table: what `kubectl get` prints. */
export interface Table {
  kind: 'Table'
  apiVersion: string
  metadata: Record<string, unknown>
  columnDefinitions: ColumnDefinition[] | null
  rows: Row[]
}

interface ColumnDefinition {
  name: string
  type: string
  format: string
  priority: number
}

interface Row {
  cells: (Cell | undefined)[]
  conditions?: unknown[]
  object?: unknown
}

/** Which part of the object a row carries: the `includeObject` parameter. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

const defaultColumns: readonly Column<ApiObject>[] = [
  { name: 'Name', format: 'name', cell: object => object.metadata.name },
  { name: 'Created At', type: 'date', cell: object => object.metadata.creationTimestamp },
]

/** A table of objects of a kind. */
export function tableOf(
  kind: Kind,
  objects: readonly ApiObject[],
  metadata: Record<string, unknown>,
  {
    now,
    version,
    include,
    isFirst = true,
  }: { now: number; version: string; include: IncludeObject; isFirst?: boolean },
): Table {
  const columns = kind.columns ?? defaultColumns
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: isFirst ? columns.map(definitionOf) : null,
    rows: objects.map(object => rowOf(kind, columns, object, now, version, include)),
  }
}

function definitionOf({ name, type = 'string', format = '', wide, priority }: Column<ApiObject>): ColumnDefinition {
  return { name, type, format, priority: priority ?? (wide ? 1 : 0) }
}

function rowOf(
  kind: Kind,
  columns: readonly Column<ApiObject>[],
  object: ApiObject,
  now: number,
  version: string,
  include: IncludeObject,
): Row {
  const cells = columns.map(column => column.cell(object, now) ?? null)
  const conditions = kind.resource === 'pods' ? podConditions(object) : undefined
  const shown = include === 'Object' ? object : include === 'Metadata' ? partialOf(object, version) : undefined
  return { cells, ...(conditions && { conditions }), ...(shown !== undefined && { object: shown }) }
}

/** Bare metadata. */
export function partialOf({ metadata }: ApiObject, version: string): object {
  return { kind: 'PartialObjectMetadata', apiVersion: `meta.k8s.io/${version}`, metadata }
}

/** Rows of Pods that are done are marked, so that `kubectl get` may leave them out. */
function podConditions(pod: ApiObject): unknown[] | undefined {
  const { phase } = fieldsOf(fieldsOf(pod).status)
  if (phase === 'Succeeded') {
    const message = 'The pod has completed successfully.'
    return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message }]
  }
  if (phase !== 'Failed') return undefined
  return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }]
}
