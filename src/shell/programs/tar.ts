import type { Files, Outcome, ProgramCall, ShellProgram } from '../host.ts'
import { absolute } from '../paths.ts'
import { type Entry, readArchive, writeArchive } from './tar-archive.ts'

interface Wanted {
  readonly action: 'c' | 'x' | 't' | ''
  readonly archive: string
  readonly folder: string
  readonly isVerbose: boolean
  readonly operands: readonly string[]
}

/** tar: c, x and t, with -f FILE (or `-`), -C DIRECTORY and -v. Archives are not compressed. */
export const tar: ShellProgram = {
  run(call) {
    const wanted = argumentsOf(call)
    if (wanted.action === 'c') return { exit: create(call, wanted) }
    if (wanted.action === '') {
      const what = "You must specify one of the '-Acdtrux', '--delete' or '--test-label' options"
      call.err(`tar: ${what}\nTry 'tar --help' or 'tar --usage' for more information.\n`)
      return { exit: 2 }
    }
    return unpack(call, wanted)
  },
}

function argumentsOf(call: ProgramCall): Wanted {
  const words = call.argv.slice(1)
  const operands: string[] = []
  let [action, archive, folder, isVerbose]: [Wanted['action'], string, string, boolean] = ['', '-', call.cwd, false]
  const isOld = words[0] !== undefined && !words[0].startsWith('-')
  for (let [index, word] = [0, words.shift()]; word !== undefined; word = words.shift(), index++) {
    if (word.startsWith('--')) continue
    if (!(index === 0 && isOld) && (!word.startsWith('-') || word === '-')) {
      operands.push(word)
      continue
    }
    for (const letter of word.replace(/^-/, '')) {
      if (letter === 'c' || letter === 'x' || letter === 't') action = letter
      else if (letter === 'v') isVerbose = true
      else if (letter === 'f') archive = words.shift() ?? '-'
      else if (letter === 'C') folder = call.path(words.shift() ?? '.')
    }
  }
  return { action, archive, folder, isVerbose, operands }
}

function create(call: ProgramCall, { archive, folder, isVerbose, operands }: Wanted): number {
  const { files, now } = call.host
  if (operands.length === 0) {
    call.err('tar: Cowardly refusing to create an empty archive\n')
    return 2
  }
  let status = 0
  const entries: Entry[] = []
  if (operands.some(operand => operand.startsWith('/'))) call.err("tar: Removing leading `/' from member names\n")
  for (const operand of operands) {
    const found = entriesBelow(files, absolute(folder, operand), operand.replace(/^\/+/, '').replace(/\/$/, ''))
    if (found.length === 0) {
      call.err(`tar: ${operand}: Cannot stat: No such file or directory\n`)
      status = 2
    }
    entries.push(...found)
  }
  if (isVerbose) for (const { name } of entries) (archive === '-' ? call.err : call.out)(`${name}\n`)
  const text = writeArchive(entries, now)
  if (archive === '-') call.out(text)
  else files.write(call.path(archive), text)
  if (status !== 0) call.err('tar: Exiting with failure status due to previous errors\n')
  return status
}

/** A file, or a directory with everything in it. */
export function entriesBelow(files: Pick<Files, 'read' | 'list'>, path: string, name: string): readonly Entry[] {
  const names = files.list(path)
  if (names) {
    const below = names.flatMap(each => entriesBelow(files, `${path === '/' ? '' : path}/${each}`, `${name}/${each}`))
    return [{ name, text: undefined }, ...below]
  }
  const text = files.read(path)
  return text === undefined ? [] : [{ name, text }]
}

function unpack(call: ProgramCall, { action, archive, folder, isVerbose, operands }: Wanted): Outcome {
  const { files } = call.host
  let text: string | undefined
  if (archive === '-') {
    const { text: more, ended } = call.input()
    const whole = `${typeof call.memory === 'string' ? call.memory : ''}${more}`
    call.memory = whole
    if (!ended) return { wait: 'input' }
    text = whole
  } else text = files.read(call.path(archive))
  if (text === undefined) {
    call.err(`tar: ${archive}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`)
    return { exit: 2 }
  }
  const entries = readArchive(text)
  if (!entries) {
    call.err('tar: This does not look like a tar archive\ntar: Exiting with failure status due to previous errors\n')
    return { exit: 2 }
  }
  if (!files.isDirectory(folder)) {
    call.err(`tar: ${folder}: Cannot open: No such file or directory\ntar: Error is not recoverable: exiting now\n`)
    return { exit: 2 }
  }
  for (const entry of entries) {
    const isWanted = operands.length === 0 || operands.some(name => `${entry.name}/`.startsWith(`${name}/`))
    if (!isWanted) continue
    if (action === 't' || isVerbose) call.out(`${entry.name}${entry.text === undefined ? '/' : ''}\n`)
    if (action === 't') continue
    const path = absolute(folder, entry.name)
    if (entry.text === undefined) files.makeDirectory(path)
    else {
      files.makeDirectory(absolute(path, '..'))
      files.write(path, entry.text)
    }
  }
  return { exit: 0 }
}
