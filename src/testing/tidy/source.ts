import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import ts from 'typescript'

/** What the tidy test found wrong, and where. */
export interface Problem {
  path: string
  line: number
  rule: string
  message: string
}

/** One file of the repository; `path` is relative to its top and has forward slashes. */
export interface Source {
  path: string
  text: string
}

/** One way in which a file names another. */
export interface Reference {
  specifier: string
  line: number
  /** The path it names when it is relative, without `?raw` and the like. */
  target?: string
  /** Only the address is taken (`new URL`, `?worker`, `?url`): the file is used, but its code is not imported. */
  isAddress: boolean
}

const addressed = /\?(worker|sharedworker|url|raw)\b/

/** Reads the files under `folders` (or the single files named there) of the repository at `root`. */
export function readSources(root: string, folders: readonly string[], skip: (path: string) => boolean): Source[] {
  return folders
    .flatMap(folder => pathsUnder(root, folder, skip))
    .map(path => ({ path, text: readFileSync(posix.join(root, path), 'utf8') }))
}

export function isCode({ path }: Source): boolean {
  return /\.(ts|tsx|mjs)$/.test(path) && !path.endsWith('.d.ts')
}

export function isTest(path: string): boolean {
  return /\.test\.tsx?$/.test(path)
}

/** Parses once a file; the tree has parents, so a rule can look at where a name stands. */
export function parse(source: Source): ts.SourceFile {
  const known = parsed.get(source)
  if (known) return known
  const tree = ts.createSourceFile(source.path, source.text, ts.ScriptTarget.Latest, true)
  parsed.set(source, tree)
  return tree
}

const parsed = new WeakMap<Source, ts.SourceFile>()

/** All import, export-from, `import()`, `import('…').Type` and `new URL('…', import.meta.url)` of a file. */
export function references(source: Source): Reference[] {
  const found: Reference[] = []
  visit(parse(source), node => {
    const [literal, isUrl] = specifierOf(node)
    if (!literal) return
    const specifier = literal.text
    const isRelative = specifier.startsWith('.')
    found.push({
      specifier,
      line: lineOf(source, literal),
      ...(isRelative ? { target: posix.join(posix.dirname(source.path), specifier.replace(/\?.*$/, '')) } : {}),
      isAddress: isUrl || addressed.test(specifier),
    })
  })
  return found
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  ts.forEachChild(node, child => visit(child, see))
}

export function lineOf(source: Source, node: ts.Node): number {
  const tree = parse(source)
  return tree.getLineAndCharacterOfPosition(node.getStart(tree)).line + 1
}

function specifierOf(node: ts.Node): [literal: ts.StringLiteralLike | undefined, isUrl: boolean] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return [textOf(node.moduleSpecifier), false]
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return [textOf(node.argument.literal), false]
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    return [textOf(node.arguments[0]), false]
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'URL') {
    const [path, base] = node.arguments ?? []
    if (base?.getText() === 'import.meta.url') return [textOf(path), true]
  }
  return [undefined, false]
}

function textOf(node: ts.Node | undefined): ts.StringLiteralLike | undefined {
  return node && ts.isStringLiteralLike(node) ? node : undefined
}

function pathsUnder(root: string, path: string, skip: (path: string) => boolean): string[] {
  const full = posix.join(root, path)
  if (skip(path) || !existsSync(full)) return []
  if (!statSync(full).isDirectory()) return [path]
  return readdirSync(full)
    .sort()
    .flatMap(name => pathsUnder(root, `${path}/${name}`, skip))
}
