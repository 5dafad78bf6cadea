import { isCode, isTest, type Problem, type Reference, references, type Source } from './source.ts'

/**
 * One row of the import table: the files under `folder` may import those under `mayImport` (folders under src/, each
 * with everything below it) and their own folder.
 */
export interface ImportRow {
  folder: string
  mayImport: readonly string[]
}

/** What test files may import on top of what their folder may. */
export interface TestRow {
  mayImport: readonly string[]
}

/** Every import stays within the row of its folder; the longest matching row counts. */
export function importTable(sources: readonly Source[], rows: readonly ImportRow[], tests: TestRow): Problem[] {
  return sources.filter(isCode).flatMap(source => {
    const row = rowOf(source.path, rows)
    if (!row && !isTest(source.path)) return [problem(source, 1, 'import table', 'its folder has no row')]
    return importsOf(source).flatMap(({ target, line }) => {
      const from = row?.folder ?? 'src'
      if (mayImport(source.path, target, row, tests)) return []
      return [problem(source, line, 'import table', `${from} may not import ${target}`)]
    })
  })
}

/** No file imports itself by way of others: such files can be read, tested and moved only together. */
export function cycles(sources: readonly Source[]): Problem[] {
  const byPath = new Map(sources.filter(isCode).map(source => [source.path, source]))
  const done = new Set<string>()
  const trail: string[] = []
  const found: Problem[] = []

  const enter = (source: Source): void => {
    trail.push(source.path)
    for (const { target, line } of importsOf(source)) {
      const next = byPath.get(target)
      const start = trail.indexOf(target)
      if (start >= 0) found.push(problem(source, line, 'cycle', [...trail.slice(start), target].join(' → ')))
      else if (next && !done.has(target)) enter(next)
    }
    trail.pop()
    done.add(source.path)
  }
  for (const source of byPath.values()) if (!done.has(source.path)) enter(source)
  return found
}

/** A file that nothing names, and that is neither a test nor an entry point, is dead. */
export function deadFiles(sources: readonly Source[], isEntry: (path: string) => boolean): Problem[] {
  const used = new Set(sources.filter(isCode).flatMap(source => references(source).flatMap(r => r.target ?? [])))
  return sources
    .filter(source => isCode(source) && source.path.startsWith('src/'))
    .filter(({ path }) => !used.has(path) && !isTest(path) && !isEntry(path))
    .map(source => problem(source, 1, 'dead file', 'nothing imports it and it is no entry point'))
}

/** A relative import names a file that exists, with its extension; generated ones are the generator's business. */
export function unresolved(sources: readonly Source[], isElsewhere: (path: string) => boolean): Problem[] {
  const known = new Set(sources.map(source => source.path))
  return sources.filter(isCode).flatMap(source =>
    references(source).flatMap(({ target, specifier, line }) => {
      if (!target || known.has(target) || isElsewhere(target)) return []
      return [problem(source, line, 'unresolved import', `${specifier} names no file`)]
    }),
  )
}

function importsOf(source: Source): (Reference & { target: string })[] {
  return references(source).flatMap(reference => {
    const { target, isAddress } = reference
    return target?.startsWith('src/') && !isAddress ? [{ ...reference, target }] : []
  })
}

function mayImport(path: string, target: string, row: ImportRow | undefined, tests: TestRow): boolean {
  const allowed = [...(row ? [row.folder, ...row.mayImport] : []), ...(isTest(path) ? tests.mayImport : [])]
  return allowed.some(folder => isUnder(target, folder))
}

function rowOf(path: string, rows: readonly ImportRow[]): ImportRow | undefined {
  const matching = rows.filter(row => isUnder(path, row.folder))
  return matching.sort((a, b) => b.folder.length - a.folder.length)[0]
}

function isUnder(path: string, folder: string): boolean {
  return path.startsWith(`src/${folder}/`)
}

function problem({ path }: Source, line: number, rule: string, message: string): Problem {
  return { path, line, rule, message }
}
