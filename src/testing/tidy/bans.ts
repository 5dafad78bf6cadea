import ts from 'typescript'
import { isCode, lineOf, parse, type Problem, references, type Source, visit } from './source.ts'

/** Names of the platform that pure code must not use, each with what to use instead. */
const bannedGlobals = new Map(
  Object.entries({
    Promise: 'return a value or schedule an event',
    setTimeout: 'schedule an event in virtual time',
    setInterval: 'schedule an event in virtual time',
    setImmediate: 'schedule an event in virtual time',
    requestAnimationFrame: 'only the page draws',
    queueMicrotask: 'schedule an event in virtual time',
    performance: 'ask the simulation for the time',
    process: 'only bridge/ and scripts know Node',
    Buffer: 'use Uint8Array',
    fetch: 'requests go through client/ or network/',
    document: 'only the page knows the DOM',
    window: 'only the page knows the DOM',
    globalThis: 'name what is needed',
    crypto: 'draw from the component’s random stream',
    Intl: 'its output depends on the machine',
  }),
)

/** Methods whose result depends on the machine's language. */
const bannedMethods = new Map(
  Object.entries({
    localeCompare: 'compare with < and >: the order of a locale differs between machines',
    toLocaleString: 'its output depends on the machine',
    toLocaleDateString: 'its output depends on the machine',
    toLocaleTimeString: 'its output depends on the machine',
  }),
)

/**
 * The bans of idea 2 (DESIGN.md): pure code has no clock but the simulation's, no chance but its random streams,
 * nothing asynchronous, no browser and no Node. `mayFormatTime` is the one file that may make a Date of a number.
 */
export function impureCode(sources: readonly Source[], mayFormatTime: (path: string) => boolean): Problem[] {
  return sources.filter(isCode).flatMap(source => {
    const found: Problem[] = []
    const report = (node: ts.Node, message: string): void => {
      found.push({ path: source.path, line: lineOf(source, node), rule: 'pure code', message })
    }
    const own = declaredNames(parse(source))
    visit(parse(source), node => {
      if (node.kind === ts.SyntaxKind.AsyncKeyword || node.kind === ts.SyntaxKind.AwaitKeyword) {
        report(node, 'async code: return a value or schedule an event')
      }
      if (ts.isAwaitExpression(node)) report(node, 'await: return a value or schedule an event')
      if (ts.isPropertyAccessExpression(node)) reportMember(node, own, report)
      if (ts.isIdentifier(node) && isReference(node) && !own.has(node.text)) {
        const instead = bannedGlobals.get(node.text)
        if (instead) report(node, `${node.text}: ${instead}`)
        if (node.text === 'Date') reportDate(node, mayFormatTime(source.path), report)
      }
    })
    for (const { specifier, line } of references(source)) {
      if (!specifier.startsWith('node:')) continue
      found.push({
        path: source.path,
        line,
        rule: 'pure code',
        message: `${specifier}: only bridge/ and scripts know Node`,
      })
    }
    return found
  })
}

function reportMember(node: ts.PropertyAccessExpression, own: Set<string>, report: Report): void {
  const name = node.name.text
  const object = node.expression
  if (ts.isIdentifier(object) && object.text === 'Math' && name === 'random' && !own.has('Math')) {
    report(node, 'Math.random: draw from the component’s random stream')
  }
  const instead = bannedMethods.get(name)
  if (instead) report(node.name, `${name}: ${instead}`)
}

type Report = (node: ts.Node, message: string) => void

/** `new Date(ms)` and `Date.UTC` compute; `Date.now()`, `Date()` and `new Date()` look at the clock of the machine. */
function reportDate(node: ts.Identifier, mayFormat: boolean, report: Report): void {
  const { parent } = node
  const readsClock =
    (ts.isPropertyAccessExpression(parent) && parent.name.text === 'now') ||
    (ts.isCallExpression(parent) && parent.expression === node) ||
    (ts.isNewExpression(parent) && (parent.arguments?.length ?? 0) === 0)
  if (readsClock) report(node, 'the clock of the machine: ask the simulation for the time')
  else if (!mayFormat) report(node, 'Date: times are formatted and parsed in machinery/time.ts')
}

/** Names the file declares itself, whatever the scope: a parameter called `process` is Kubernetes' and not Node's. */
function declaredNames(tree: ts.SourceFile): Set<string> {
  const names = new Set<string>()
  visit(tree, node => {
    const isDeclaration =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node) ||
      ts.isClassDeclaration(node) ||
      ts.isInterfaceDeclaration(node) ||
      ts.isTypeAliasDeclaration(node) ||
      ts.isImportSpecifier(node) ||
      ts.isImportClause(node) ||
      ts.isNamespaceImport(node)
    if (isDeclaration && node.name && ts.isIdentifier(node.name)) names.add(node.name.text)
  })
  return names
}

/** Whether the identifier stands for a variable or type, and is not the name of a member, key or specifier. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node
  if (ts.isQualifiedName(parent)) return parent.left === node
  if (ts.isBindingElement(parent)) return parent.initializer === node
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent)) return false
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node
  if (ts.isPropertyDeclaration(parent)) return parent.initializer === node
  if (ts.isJsxAttribute(parent) || ts.isLabeledStatement(parent)) return false
  return !(
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent) ||
    ts.isEnumMember(parent) ||
    ts.isNamedTupleMember(parent)
  )
}
