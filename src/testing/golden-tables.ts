// Reads the recorded tables (golden/api/README.md, "tables/") and compares columns, cells and the text of `kubectl get`.
import { resourceOfPath } from './golden-api.ts'
import { goldenJson, goldenNames, listAt, mapTexts, objectAt, textAt } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'
import { Bindings, matchJson, matchOutput } from './golden-match.ts'
import type { Mismatch } from './golden-match.ts'

export interface GoldenTable {
  id: string
  title: string
  path: string
  accept: string
  columnDefinitions: JsonObject[]
  rows: { case: string; cells: Json[]; conditions?: Json; object: JsonObject }[]
  /** The same objects asked for through another version. */
  alsoAs?: { path: string; columnDefinitions: JsonObject[]; cells: Json[][] }[]
  kubectl: { args: string[]; stdout: string; stderr?: string }[]
}

/** A server that prints: objects are put in place as they are, nothing acts on them, and the clock stands still. */
export interface TableServer {
  load(objects: JsonObject[], nowMs: number): void
  /** The `Table` for a GET of the path with that Accept header. */
  get(path: string, accept: string): Json
  kubectl?(args: string[]): { stdout: string; stderr: string }
}

/** Recorded tables with rows. Those of custom resources need their CustomResourceDefinition, which the file does not hold. */
export function goldenTables(): GoldenTable[] {
  const names = goldenNames('api', 'tables').filter(name => name !== 'columns.json')
  return names.map(name => goldenJson<GoldenTable>('api', 'tables', name))
}

/** The resource that the rows are of, such as `apps/v1/deployments`; undefined for a custom one. */
export function resourceOfTable(table: GoldenTable): string | undefined {
  return resourceOfPath(table.path)
}

/** Path → columns, for every resource that can be listed, and the Accept header that was sent. */
export function goldenColumns(): { accept: string; columns: Record<string, JsonObject[]> } {
  const read = goldenJson<{ accept: string; columnDefinitions: Record<string, JsonObject[]> }>(
    'api',
    'tables',
    'columns.json',
  )
  return { accept: read.accept, columns: read.columnDefinitions }
}

/** Compares a table's columns with the recorded ones; descriptions are not part of the recording. */
export function compareColumns(recorded: JsonObject[], table: Json, path: string): Mismatch[] {
  const ours = listAt(table, 'columnDefinitions').map(column => {
    const { description: _, ...rest } = objectAt(column)
    return rest
  })
  return matchJson(recorded, ours, new Bindings(), `${path} columnDefinitions`)
}

/** The recorded objects, alive: ages before `nowMs`, made-up uids and versions. */
export function objectsOfTable(table: GoldenTable, nowMs: number): JsonObject[] {
  let version = 1000
  return table.rows.map(row => {
    const text = (each: string): string =>
      each
        .replace(/<now-(-?\d+)s>/g, (_, seconds: string) => timeText(nowMs - Number(seconds) * 1000))
        .replace(/<time>/g, timeText(nowMs))
        .replace(/<uid:(\d+)>/g, (_, number: string) => `00000000-0000-4000-8000-${number.padStart(12, '0')}`)
        .replace(/<rv(?::\d+)?>/g, () => String(++version))
    return objectAt(mapTexts(row.object, text))
  })
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Loads the rows' objects into the server and compares columns, cells, row conditions and, if it can, kubectl's text. */
export function compareTable(table: GoldenTable, server: TableServer, nowMs: number): Mismatch[] {
  const objects = objectsOfTable(table, nowMs)
  server.load(objects, nowMs)
  const ours = server.get(table.path, table.accept)
  const mismatches = compareColumns(table.columnDefinitions, ours, table.path)
  for (const [index, row] of table.rows.entries()) {
    const name = textAt(objects[index], 'metadata', 'name')
    const recorded = { cells: row.cells, ...(row.conditions !== undefined && { conditions: row.conditions }) }
    mismatches.push(...compareRow(recorded, rowOf(ours, name), `row ${name} (${row.case})`))
  }
  for (const also of table.alsoAs ?? []) {
    const other = server.get(also.path, table.accept)
    mismatches.push(...compareColumns(also.columnDefinitions, other, also.path))
    for (const [index, cells] of also.cells.entries()) {
      const name = textAt(objects[index], 'metadata', 'name')
      mismatches.push(
        ...compareRow({ cells }, { cells: listAt(rowOf(other, name), 'cells') }, `${also.path} row ${name}`),
      )
    }
  }
  for (const { args, stdout, stderr } of server.kubectl ? table.kubectl : []) {
    const printed = server.kubectl?.(args) ?? { stdout: '', stderr: '' }
    const command = `kubectl ${args.join(' ')}`
    mismatches.push(...matchOutput(stdout, printed.stdout, new Bindings(), `${command} stdout`))
    mismatches.push(...matchOutput(stderr ?? '', printed.stderr, new Bindings(), `${command} stderr`))
  }
  return mismatches
}

function compareRow(recorded: JsonObject, ours: Json | undefined, path: string): Mismatch[] {
  const { object: _, ...row } = objectAt(ours)
  return matchJson(recorded, row, new Bindings(), path)
}

/** Other objects of the kind may be there too, so rows are found by the name of their object. */
function rowOf(table: Json, name: string): Json | undefined {
  return listAt(table, 'rows').find(row => textAt(row, 'object', 'metadata', 'name') === name)
}
