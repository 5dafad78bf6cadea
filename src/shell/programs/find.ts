import type { ProgramCall, ShellProgram } from '../host.ts'
import { patternToRegExp } from '../pattern.ts'

/** find: PATH… with -name, -iname, -path, -type, -maxdepth, -mindepth and -delete; -exec is left out. */
export const find: ShellProgram = {
  run(call) {
    const words = call.argv.slice(1)
    const starts: string[] = []
    while (words[0] !== undefined && !/^[-!(]/.test(words[0])) starts.push(words.shift() ?? '')
    const tests = testsOf(words)
    if (typeof tests === 'string') {
      call.err(`find: ${tests}\n`)
      return { exit: 1 }
    }
    let status = 0
    for (const start of starts.length > 0 ? starts : ['.']) {
      const path = call.path(start)
      if (call.host.files.read(path) === undefined && !call.host.files.isDirectory(path)) {
        call.err(`find: '${start}': No such file or directory\n`)
        status = 1
      } else visit(call, start, 0, tests)
    }
    return { exit: status }
  },
}

interface Tests {
  readonly maxDepth: number
  readonly minDepth: number
  readonly deletes: boolean
  readonly all: readonly ((path: string, isDirectory: boolean) => boolean)[]
}

function testsOf(words: readonly string[]): Tests | string {
  const rest = [...words]
  const all: Tests['all'][number][] = []
  let [maxDepth, minDepth, deletes] = [Infinity, 0, false]
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    const negated = word === '!' || word === '-not'
    if (negated) word = rest.shift() ?? ''
    const add = (test: Tests['all'][number]): void => void all.push((path, dir) => test(path, dir) !== negated)
    if (word === '-print') continue
    if (word === '-delete') {
      deletes = true
      continue
    }
    const value = rest.shift()
    if (value === undefined) return `missing argument to '${word}'`
    if (word === '-maxdepth') maxDepth = Number(value)
    else if (word === '-mindepth') minDepth = Number(value)
    else if (word === '-type') add((_, isDirectory) => isDirectory === (value === 'd'))
    else if (word === '-name') add(path => patternToRegExp(value).test(nameOf(path)))
    else if (word === '-iname') add(path => patternToRegExp(value.toLowerCase()).test(nameOf(path).toLowerCase()))
    else if (word === '-path') add(path => patternToRegExp(value).test(path))
    else return `unknown predicate '${word}'`
  }
  return { maxDepth, minDepth, deletes, all }
}

function nameOf(path: string): string {
  return path.replace(/\/$/, '').split('/').at(-1) ?? path
}

function visit(call: ProgramCall, path: string, depth: number, tests: Tests): void {
  const { files } = call.host
  const isDirectory = files.isDirectory(call.path(path))
  const fits = depth >= tests.minDepth && tests.all.every(test => test(path, isDirectory))
  if (fits && tests.deletes) files.remove(call.path(path))
  else if (fits) call.out(`${path}\n`)
  if (!isDirectory || depth >= tests.maxDepth) return
  for (const name of files.list(call.path(path)) ?? [])
    visit(call, `${path.replace(/\/$/, '')}/${name}`, depth + 1, tests)
}
