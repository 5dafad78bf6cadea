import type { Process } from '../../node/runtime/program.ts'
import type { ShellArguments } from '../../shell/programs/sh.ts'
import type { CommandSet } from './command-set.ts'
import { rootHome } from '../../shell/home.ts'

/** How a shell's complaints begin: bash and dash count lines, busybox' ash does not. */
export function complaintName({ dialect }: CommandSet, { name, script }: ShellArguments): string {
  const isOneLine = script !== undefined && !script.trimEnd().includes('\n')
  if (!isOneLine || dialect === 'ash') return name
  return dialect === 'bash' ? `${name}: line 1` : `${name}: 1`
}

/** The prompt of a shell at a terminal: busybox' `/ # `, bash's `root@web:/# `, dash's `# `. */
export function promptOf({ dialect }: CommandSet, { argv, host, user }: Process, cwd: string): string {
  const end = user === 0 ? '#' : '$'
  const [name = ''] = argv
  if (name.endsWith('bash')) return `${user === 0 ? 'root' : 'I have no name!'}@${host.name}:${cwd}${end} `
  return dialect === 'ash' ? `${cwd === rootHome ? '~' : cwd} ${end} ` : `${end} `
}
