import { describe, expect, it } from 'vitest'

import type { Json } from './golden-json.ts'
import {
  compareColumns,
  compareTable,
  goldenColumns,
  goldenTables,
  objectsOfTable,
  resourceOfTable,
} from './golden-tables.ts'
import type { GoldenTable, TableServer } from './golden-tables.ts'

const NOW = Date.UTC(2026, 0, 15, 9)

/** A server that prints what was recorded; `change` spoils a row. */
function recorded(table: GoldenTable, change: (row: Json[]) => Json[] = row => row): TableServer {
  const rows = (cells: Json[][]) =>
    table.rows.map((row, index) => ({
      cells: change(cells[index] ?? []),
      ...(row.conditions !== undefined && { conditions: row.conditions }),
      object: { metadata: row.object['metadata'] ?? null },
    }))
  return {
    load() {},
    get(path) {
      const also = table.alsoAs?.find(each => each.path === path)
      const columns = (also ?? table).columnDefinitions.map(column => ({ ...column, description: 'x' }))
      return { columnDefinitions: columns, rows: rows(also ? also.cells : table.rows.map(row => row.cells)) }
    },
    kubectl: args => {
      const found = table.kubectl.find(each => each.args === args)
      return { stdout: found?.stdout ?? '', stderr: found?.stderr ?? '' }
    },
  }
}

describe('[A16] recorded tables', () => {
  it.each(goldenTables().map(table => [table.id, table] as const))('%s agrees with its own recording', (_, table) => {
    expect(compareTable(table, recorded(table), NOW)).toEqual([])
    const spoilt = recorded(table, cells => cells.map((cell, index) => (index === 0 ? 'x' : cell)))
    expect(compareTable(table, spoilt, NOW).length).toBeGreaterThanOrEqual(table.rows.length)
  })

  it('notice a wrong column, a missing row and other text of kubectl get', () => {
    const pods = goldenTables().find(table => table.id === 'tables/pods')
    if (!pods) throw new Error('no table of pods')
    const server = recorded(pods)
    const fewer = { ...server, get: () => ({ columnDefinitions: pods.columnDefinitions.slice(1), rows: [] }) }
    expect(compareTable(pods, fewer, NOW).map(found => found.path)).toContain(
      '/api/v1/namespaces/lab/pods columnDefinitions[8]',
    )
    const mute = { ...server, kubectl: () => ({ stdout: 'NAME\n', stderr: '' }) }
    expect(compareTable(pods, mute, NOW)[0]?.path).toBe('kubectl get pods -n lab stdout line 1')
  })

  it('bring objects to life: ages before now, in the future where a negative number stands', () => {
    const [pod] = objectsOfTable(
      goldenTables().find(table => table.id === 'tables/pods') ?? goldenTables()[0] ?? never(),
      NOW,
    )
    expect(pod?.['metadata']).toMatchObject({ creationTimestamp: '2026-01-15T08:47:40Z' })
    const text = JSON.stringify(goldenTables().map(table => objectsOfTable(table, NOW)))
    expect(text).not.toMatch(/<(?:now|uid|rv|time)/)
    expect(text).toContain('2026-01-15T09:00:05Z')
  })

  it('say which resource they are of', () => {
    const resources = goldenTables().map(resourceOfTable)
    expect(resources).toContain('apps/v1/deployments')
    expect(resources.filter(name => name === undefined)).toHaveLength(2)
  })

  it('hold columns for every resource that can be listed', () => {
    const { columns } = goldenColumns()
    expect(Object.keys(columns).length).toBeGreaterThan(50)
    const [path, recordedColumns] = Object.entries(columns)[1] ?? never()
    expect(compareColumns(recordedColumns, { columnDefinitions: recordedColumns }, path)).toEqual([])
    expect(compareColumns(recordedColumns, { columnDefinitions: [] }, path)).not.toEqual([])
  })
})

function never(): never {
  throw new Error('no such recording')
}
