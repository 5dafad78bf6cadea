import { posix } from 'node:path'
import ts from 'typescript'
import { isCode, lineOf, parse, type Problem, type Source, visit } from './source.ts'

const vague = /^(utils?|helpers?|types?|managers?|misc|common)$/i

/** No file is longer than the fence: past it, it has more than one idea. */
export function longFiles(sources: readonly Source[], fence: number): Problem[] {
  return sources
    .map(source => ({ path: source.path, lines: source.text.replace(/\n$/, '').split('\n').length }))
    .filter(({ lines }) => lines > fence)
    .map(({ path, lines }) => ({
      path,
      line: fence + 1,
      rule: 'file length',
      message: `${lines} lines: split it by decision, the fence is ${fence}`,
    }))
}

/** Files and folders are called after what is in them. */
export function vagueNames(sources: readonly Source[]): Problem[] {
  return sources.flatMap(({ path }) => {
    const name = path.split('/').find(part => vague.test(part.split('.')[0] ?? ''))
    if (!name) return []
    return [{ path, line: 1, rule: 'name', message: `${name} says nothing: name it after what it exports` }]
  })
}

/** A folder that has code has a README.md that explains it. */
export function missingReadmes(sources: readonly Source[]): Problem[] {
  const paths = new Set(sources.map(source => source.path))
  const folders = new Set(sources.filter(isCode).map(({ path }) => posix.dirname(path)))
  return [...folders]
    .sort()
    .filter(folder => !paths.has(`${folder}/README.md`))
    .map(folder => ({ path: folder, line: 1, rule: 'README', message: 'has code and no README.md' }))
}

/** No `export *`, and no file that only hands on what others export: an import names the file where a thing lives. */
export function barrels(sources: readonly Source[]): Problem[] {
  return sources.filter(isCode).flatMap(source => {
    const { statements } = parse(source)
    const rule = 'barrel'
    const stars = statements
      .filter(node => ts.isExportDeclaration(node) && (!node.exportClause || ts.isNamespaceExport(node.exportClause)))
      .map(node => ({
        path: source.path,
        line: lineOf(source, node),
        rule,
        message: '`export *`: name what is exported',
      }))
    const handsOn = statements.some(ts.isExportDeclaration)
    const isOnlyThat = statements.every(node => ts.isExportDeclaration(node) || ts.isImportDeclaration(node))
    if (!handsOn || !isOnlyThat) return stars
    return [
      ...stars,
      { path: source.path, line: 1, rule, message: 'only re-exports: import from the files themselves' },
    ]
  })
}

/** No test is skipped or alone, no complaint of the compiler is silenced, nothing is left for later. */
export function leftovers(sources: readonly Source[]): Problem[] {
  return sources.filter(isCode).flatMap(source => {
    const found = matches(source, /\/[/*].*\b(TO[D]O|FIX[M]E)\b|@ts-(ignore|nocheck|expect-error)/, 'leftover')
    visit(parse(source), node => {
      if (!ts.isPropertyAccessExpression(node) || !/^(skip|only|todo|fixme|fails)$/.test(node.name.text)) return
      if (!/^(it|test|describe|test\.describe)$/.test(node.expression.getText())) return
      found.push({ path: source.path, line: lineOf(source, node), rule: 'leftover', message: node.getText() })
    })
    return found
  })
}

/** No path of somebody's machine: it is wrong on every other. */
export function machinePaths(sources: readonly Source[]): Problem[] {
  return sources.flatMap(source =>
    matches(
      source,
      /(?<![\w.])\/(?:(?:[w]ork|[f]arm|[r]oot)\/[\w.]+|[h]ome\/\w+\/|[U]sers\/\w+\/)|[b]ash_jobs/,
      'machine path',
    ),
  )
}

function matches(source: Source, pattern: RegExp, rule: string): Problem[] {
  return source.text.split('\n').flatMap((text, index) => {
    const match = pattern.exec(text)
    return match ? [{ path: source.path, line: index + 1, rule, message: match[0].trim() }] : []
  })
}
