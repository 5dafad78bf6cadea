import type { ProgramCall, ShellProgram } from '../host.ts'
import { parseArguments } from './filter.ts'
import { monthDay } from './moment.ts'

/** ls: names in columns of one, or with -l in lines; directories marked with -F and -p. Files have no modes of their own. */
export const ls: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'I')
    const { files } = call.host
    const names = operands.length > 0 ? operands : ['.']
    const isDirectory = (name: string): boolean => files.isDirectory(call.path(name)) && !options.has('d')
    const missing = names.filter(
      name => !files.isDirectory(call.path(name)) && files.read(call.path(name)) === undefined,
    )
    for (const name of missing) {
      const what = call.host.isBusybox === true ? name : `cannot access '${name}'`
      call.err(`ls: ${what}: No such file or directory\n`)
    }
    const present = names.filter(name => !missing.includes(name))
    const plain = present.filter(name => !isDirectory(name))
    const folders = present.filter(isDirectory)
    const sections: string[] = []
    if (plain.length > 0) sections.push(lines(call, '', plain, options))
    const visit = (name: string): void => {
      const inside = listed(call, name, options)
      const title = names.length > 1 || options.has('R') ? `${name}:\n` : ''
      const total = options.has('l') ? `total ${inside.length * 4}\n` : ''
      sections.push(title + total + lines(call, name, inside, options))
      if (!options.has('R')) return
      for (const child of inside) {
        const path = `${name.replace(/\/$/, '')}/${child}`
        if (!/^\.\.?$/.test(child) && files.isDirectory(call.path(path))) visit(path)
      }
    }
    for (const name of folders) visit(name)
    call.out(sections.join('\n'))
    return { exit: missing.length === 0 ? 0 : call.host.isBusybox === true ? 1 : 2 }
  },
}

function listed({ host, path }: ProgramCall, name: string, options: ReadonlyMap<string, string>): string[] {
  const found = host.files.list(path(name)) ?? []
  const shown = options.has('a') || options.has('A') ? found : found.filter(each => !each.startsWith('.'))
  const all = options.has('a') ? ['.', '..', ...shown] : [...shown]
  return options.has('r') ? all.reverse() : all
}

function lines(
  call: ProgramCall,
  base: string,
  names: readonly string[],
  options: ReadonlyMap<string, string>,
): string {
  return names.map(name => `${line(call, base, name, options)}\n`).join('')
}

function line({ host, path }: ProgramCall, base: string, name: string, options: ReadonlyMap<string, string>): string {
  const full = path(base === '' ? name : `${base}/${name}`)
  const isDirectory = host.files.isDirectory(full)
  const shown = name + (isDirectory && (options.has('F') || options.has('p')) ? '/' : '')
  if (!options.has('l')) return shown
  const size = isDirectory ? 4096 : (host.files.read(full) ?? '').length
  const mode = isDirectory ? 'drwxr-xr-x 2' : '-rw-r--r-- 1'
  return `${mode} ${host.userName} ${host.userName} ${String(size).padStart(5)} ${monthDay(host.now)} ${shown}`
}
