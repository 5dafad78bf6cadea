import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { impureCode } from './testing/tidy/bans.ts'
import { cycles, deadFiles, type ImportRow, importTable, unresolved } from './testing/tidy/imports.ts'
import { barrels, leftovers, longFiles, machinePaths, missingReadmes, vagueNames } from './testing/tidy/shape.ts'
import { isCode, isTest, type Problem, readSources } from './testing/tidy/source.ts'

const all = [
  ...['sim', 'machinery', 'api', 'client', 'network', 'shell', 'control-plane', 'node', 'images', 'tools'],
  ...['cluster', 'session', 'scene', 'protocol', 'worker', 'bridge', 'lessons', 'ui'],
]

/** The import table of src/README.md. A new line here is a decision and is written down there. */
const table: readonly ImportRow[] = [
  { folder: 'sim', mayImport: [] },
  { folder: 'machinery', mayImport: [] },
  { folder: 'api', mayImport: ['machinery'] },
  { folder: 'client', mayImport: ['api', 'machinery', 'sim'] },
  { folder: 'network', mayImport: ['machinery', 'sim'] },
  { folder: 'shell', mayImport: ['machinery'] },
  { folder: 'control-plane/etcd', mayImport: ['machinery', 'network', 'sim'] },
  { folder: 'control-plane/apiserver', mayImport: ['api', 'control-plane/etcd', 'machinery', 'sim'] },
  { folder: 'control-plane/controllers', mayImport: ['api', 'client', 'machinery', 'sim'] },
  { folder: 'control-plane/scheduler', mayImport: ['api', 'client', 'machinery', 'sim'] },
  { folder: 'control-plane/cloud', mayImport: ['api', 'client', 'machinery', 'sim'] },
  { folder: 'node', mayImport: ['api', 'client', 'machinery', 'network', 'sim'] },
  { folder: 'images', mayImport: ['node', 'network', 'client', 'api', 'machinery', 'control-plane', 'shell'] },
  { folder: 'tools', mayImport: ['client', 'api', 'machinery', 'network', 'shell'] },
  {
    folder: 'cluster',
    mayImport: [
      ...['sim', 'machinery', 'api', 'client', 'network', 'shell'],
      ...['control-plane', 'node', 'images', 'tools'],
    ],
  },
  { folder: 'session', mayImport: ['cluster', 'tools', 'protocol', 'scene', 'api', 'machinery', 'sim'] },
  { folder: 'scene', mayImport: ['api', 'machinery'] },
  { folder: 'protocol', mayImport: ['scene', 'api', 'machinery'] },
  { folder: 'lessons', mayImport: ['scene', 'protocol', 'api', 'machinery'] },
  { folder: 'worker', mayImport: ['session', 'scene', 'protocol'] },
  { folder: 'bridge', mayImport: ['session', 'scene', 'protocol'] },
  { folder: 'ui', mayImport: ['scene', 'protocol', 'lessons', 'api', 'machinery'] },
  { folder: 'testing', mayImport: all },
]

/** A test may look at the whole control plane to see what its subject does in it. */
const tests = { mayImport: ['testing', 'control-plane', 'cluster'] }

/** The most lines a file has: generated code, recordings and the texts of lessons are not code that one reads. */
const fence = 400
const isProse = (path: string): boolean => path.startsWith('src/lessons/texts/')

const root = fileURLToPath(new URL('..', import.meta.url))
const isSkipped = (path: string): boolean =>
  path === 'src/api/generated' || path === 'src/testing/golden' || path.endsWith('/testdata')
const src = readSources(root, ['src'], isSkipped)
const repository = [
  ...src,
  ...readSources(root, ['e2e', 'scripts', 'README.md', 'index.html'], () => false),
  ...readSources(
    root,
    ['vite.config.ts', 'vitest.config.ts', 'playwright.config.ts', 'eslint.config.mjs'],
    () => false,
  ),
]

/** Programs start here: nothing imports them. */
const isEntry = (path: string): boolean =>
  ['src/ui/main.ts', 'src/bridge/serve.ts', 'src/api/schema/generate.ts'].includes(path) ||
  /^src\/worker\/[^/]+\.ts$/.test(path)

/** All below worker/, bridge/ and ui/ is pure; tests and the schema generator run in Node. */
const isPure = (path: string): boolean => !isTest(path) && !/^src\/(worker|bridge|ui|testing|api\/schema)\//.test(path)

describe('repository: tidy', () => {
  it('reads the sources of the repository', () => {
    expect(src.filter(isCode).length).toBeGreaterThan(10)
  })

  it('lets a folder import only what the import table allows', () => {
    expect(said(importTable(src, table, tests))).toEqual([])
  })

  it('has the import table that src/README.md shows', () => {
    const shown = src.find(({ path }) => path === 'src/README.md')?.text ?? ''
    expect(rowsOf(shown)).toEqual(Object.fromEntries(table.map(row => [row.folder, expanded(row.mayImport)])))
  })

  it('finds a file behind every relative import', () => {
    const isElsewhere = (path: string): boolean => path.startsWith('src/api/generated/') || existsSync(`${root}${path}`)
    expect(said(unresolved(src, isElsewhere))).toEqual([])
  })

  it('has no cycles between files', () => {
    expect(said(cycles(src))).toEqual([])
  })

  it('has no file that nothing uses', () => {
    expect(said(deadFiles(repository, isEntry))).toEqual([])
  })

  it('keeps time, chance, promises, the DOM and Node out of pure code', () => {
    const pure = src.filter(({ path }) => isPure(path))
    expect(said(impureCode(pure, path => path === 'src/machinery/time.ts'))).toEqual([])
  })

  it(`has no file longer than ${fence} lines`, () => {
    const read = repository.filter(({ path }) => /\.(ts|tsx|mjs|css)$/.test(path) && !isProse(path))
    expect(said(longFiles(read, fence))).toEqual([])
  })

  it('explains every folder with code in a README.md', () => {
    expect(said(missingReadmes(src))).toEqual([])
  })

  it('names files and folders after what is in them', () => {
    expect(said(vagueNames(repository))).toEqual([])
  })

  it('has no barrels', () => {
    expect(said(barrels(repository))).toEqual([])
  })

  it('leaves no test skipped, no error silenced and nothing for later', () => {
    expect(said(leftovers(repository))).toEqual([])
  })

  it('names no path of a machine', () => {
    expect(said(machinePaths(repository))).toEqual([])
  })
})

const parts = table.map(({ folder }) => folder).filter(folder => folder.startsWith('control-plane/'))

/** Sorted, with each part of the control plane named, so that two ways of writing a row compare equal. */
function expanded(mayImport: readonly string[]): string[] {
  return mayImport.flatMap(folder => (folder === 'control-plane' ? parts : [folder])).sort()
}

/** The rows of the table in the README: | `folder/`, … | what it is | may import |. */
function rowsOf(readme: string): Record<string, string[]> {
  const rows: Record<string, string[]> = {}
  for (const [, folders = '', allowed = ''] of readme.matchAll(/^\| (`[^|]+`) \|[^|]*\| ([^|]+) \|$/gm)) {
    const above = Object.keys(rows)
    for (const [, name = ''] of folders.matchAll(/`([\w-/]+?)\/?`/g)) rows[fullName(name)] = allowedOf(allowed, above)
  }
  return rows
}

function allowedOf(text: string, above: readonly string[]): string[] {
  if (text.startsWith('nothing')) return []
  if (text.startsWith('everything')) return expanded(all)
  if (text.startsWith('all of the above')) return expanded(above)
  return expanded(text.split(', ').map(fullName))
}

/** `etcd` stands for `control-plane/etcd`. */
function fullName(name: string): string {
  return parts.find(part => part.endsWith(`/${name}`)) ?? name
}

/** One line a problem, as a compiler would say it. */
function said(problems: readonly Problem[]): string[] {
  return problems.map(({ path, line, rule, message }) => `${path}:${line} ${rule}: ${message}`)
}
