import type { ProgramCall, ShellProgram } from '../host.ts'
import { parseArguments } from './filter.ts'

const missing = 'No such file or directory'

function exists({ host: { files } }: ProgramCall, path: string): boolean {
  return files.read(path) !== undefined || files.isDirectory(path)
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

/** Does something with each operand and says what went wrong: the program's words follow its name. */
function forEach(
  valued: string,
  work: (call: ProgramCall, name: string, options: ReadonlyMap<string, string>) => string | undefined,
): ShellProgram {
  return {
    run(call) {
      const { options, operands } = parseArguments(call.argv, valued)
      const [program = ''] = call.argv
      if (operands.length === 0 && !options.has('f')) {
        call.err(`${program}: missing operand\nTry '${program} --help' for more information.\n`)
        return { exit: 1 }
      }
      let status = 0
      for (const name of operands) {
        const error = work(call, name, options)
        if (error === undefined) continue
        call.err(`${program}: ${inWordsOf(call, error)}\n`)
        status = 1
      }
      return { exit: status }
    },
  }
}

/** busybox says `can't` where GNU says `cannot`, and `stat 'x'` where that says nothing more. */
function inWordsOf({ host }: ProgramCall, error: string): string {
  if (host.isBusybox !== true) return error
  return error
    .replace(/^cannot touch '(.*)':/, '$1:')
    .replace(/^cannot /, "can't ")
    .replace(/^failed to remove /, '')
}

export const mkdir = forEach('m', (call, name, options) => {
  const path = call.path(name)
  if (exists(call, path)) {
    const isFine = options.has('p') && call.host.files.isDirectory(path)
    return isFine ? undefined : `cannot create directory '${name}': File exists`
  }
  if (!options.has('p') && !call.host.files.isDirectory(parentOf(path)))
    return `cannot create directory '${name}': ${missing}`
  const absent: string[] = []
  for (let each = path; !call.host.files.isDirectory(each); each = parentOf(each)) absent.unshift(each)
  for (const each of absent) call.host.files.makeDirectory(each)
  return undefined
})

export const rmdir = forEach('', (call, name) => {
  const path = call.path(name)
  const inside = call.host.files.list(path)
  if (!inside) return `failed to remove '${name}': ${exists(call, path) ? 'Not a directory' : missing}`
  if (inside.length > 0) return `failed to remove '${name}': Directory not empty`
  call.host.files.remove(path)
  return undefined
})

export const rm = forEach('', (call, name, options) => {
  const path = call.path(name)
  if (!exists(call, path)) return options.has('f') ? undefined : `cannot remove '${name}': ${missing}`
  if (!call.host.files.isDirectory(path)) {
    call.host.files.remove(path)
    return undefined
  }
  if (!options.has('r') && !options.has('R') && !options.has('recursive'))
    return `cannot remove '${name}': Is a directory`
  removeTree(call, path)
  return undefined
})

function removeTree(call: ProgramCall, path: string): void {
  const { files } = call.host
  for (const name of files.list(path) ?? []) {
    const child = `${path === '/' ? '' : path}/${name}`
    if (files.isDirectory(child)) removeTree(call, child)
    else files.remove(child)
  }
  files.remove(path)
}

export const touch = forEach('dtr', (call, name) => {
  const path = call.path(name)
  if (exists(call, path)) return undefined
  if (!call.host.files.isDirectory(parentOf(path))) return `cannot touch '${name}': ${missing}`
  call.host.files.write(path, '')
  return undefined
})

/** Modes and owners are not kept: it is only looked whether the file is there. */
function changesNothing(what: string): ShellProgram {
  return {
    run(call) {
      const [program = ''] = call.argv
      const [, ...names] = call.argv.slice(1).filter(word => !/^-[a-zA-Z]+$/.test(word))
      const absent = names.filter(name => !exists(call, call.path(name)))
      for (const name of absent) call.err(`${program}: cannot ${what} '${name}': ${missing}\n`)
      return { exit: absent.length > 0 ? 1 : 0 }
    },
  }
}

export const chmod = changesNothing('access')
export const chown = changesNothing('access')

/** cp and mv: sources to a file or into a directory. */
function moves(keeps: boolean): ShellProgram {
  return {
    run(call) {
      const { options, operands } = parseArguments(call.argv, '')
      const [program = ''] = call.argv
      const sources = operands.slice(0, -1)
      const target = operands.at(-1)
      if (target === undefined || sources.length === 0) {
        call.err(
          target === undefined
            ? `${program}: missing file operand\n`
            : `${program}: missing destination file operand after '${target}'\n`,
        )
        return { exit: 1 }
      }
      const isRecursive = !keeps || ['r', 'R', 'a'].some(letter => options.has(letter))
      let status = 0
      for (const source of sources) {
        const error = moveOne(call, source, target, keeps, isRecursive, sources.length > 1)
        if (error === undefined) continue
        call.err(`${program}: ${error}\n`)
        status = 1
      }
      return { exit: status }
    },
  }
}

function moveOne(
  call: ProgramCall,
  source: string,
  target: string,
  keeps: boolean,
  isRecursive: boolean,
  needsDirectory: boolean,
): string | undefined {
  const { files } = call.host
  const from = call.path(source)
  if (!exists(call, from)) return `cannot stat '${source}': ${missing}`
  const goal = call.path(target)
  const isInto = files.isDirectory(goal)
  if (needsDirectory && !isInto) return `target '${target}' is not a directory`
  const to = isInto ? `${goal === '/' ? '' : goal}/${nameOf(from)}` : goal
  if (!files.isDirectory(parentOf(to)))
    return `cannot ${keeps ? 'create regular file' : `move '${source}' to`} '${target}': ${missing}`
  if (files.isDirectory(from) && !isRecursive) return `-r not specified; omitting directory '${source}'`
  if (from === to) return `'${source}' and '${target}' are the same file`
  copyTree(call, from, to)
  if (!keeps) removeTree(call, from)
  return undefined
}

function copyTree(call: ProgramCall, from: string, to: string): void {
  const { files } = call.host
  if (!files.isDirectory(from)) return files.write(to, files.read(from) ?? '')
  files.makeDirectory(to)
  for (const name of files.list(from) ?? []) copyTree(call, `${from}/${name}`, `${to}/${name}`)
}

export const cp = moves(true)
export const mv = moves(false)
/** ln: there are no links; a copy is made. */
export const ln = moves(true)

export const mktemp: ShellProgram = {
  run(call) {
    const { options } = parseArguments(call.argv, 'p')
    const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
    const end = Array.from({ length: 10 }, () => letters.charAt(Math.floor(call.host.random() * letters.length))).join(
      '',
    )
    const path = `/tmp/tmp.${end}`
    if (options.has('d')) call.host.files.makeDirectory(path)
    else call.host.files.write(path, '')
    call.out(`${path}\n`)
    return { exit: 0 }
  },
}
