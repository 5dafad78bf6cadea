import type { Program } from '../../node/runtime/program.ts'
import { builtins } from '../../shell/builtins.ts'
import type { ShellProgram } from '../../shell/host.ts'
import { programs } from '../../shell/programs/index.ts'
import { sh } from '../../shell/programs/sh.ts'

/** Which commands an image has, and which of its shells reads scripts. */
export interface CommandSet {
  /** Whose words the shell uses: busybox' ash, Debian's dash, or bash. */
  readonly dialect: 'ash' | 'dash' | 'bash'
  readonly names: ReadonlySet<string>
  /** Programs of the image that are no commands of a shell's kind: nginx, httpd. */
  readonly own: Readonly<Record<string, Program>>
}

const shells = new Set(['sh', 'bash', 'ash', 'dash'])

/** The last part of a path. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1)
}

export function isShell(name: string): boolean {
  return shells.has(baseName(name))
}

/** Whether there is a command of this name: the shell's own, or a program. */
export function isThere(name: string): boolean {
  return isShell(name) || Object.hasOwn(builtins, name) || Object.hasOwn(programs, name)
}

/** A command by name or path, as a shell inside of the image finds it. */
export function findCommand(set: CommandSet, name: string): ShellProgram | undefined {
  const base = name.replace(/^(\/usr)?(\/local)?\/s?bin\//, '')
  if (!set.names.has(base)) return undefined
  if (isShell(base)) return sh
  return Object.hasOwn(programs, base) ? programs[base] : undefined
}

const everywhere =
  'sh [ test echo printf pwd true false cat chmod chown cp cut date dd df dirname basename du env expr find grep head hostname ' +
  'id kill ln ls md5sum mkdir mktemp mv nohup printenv readlink rm rmdir sed seq sha256sum sleep sort stat tail tar tee ' +
  'touch tr uname uniq wc whoami xargs yes base64 timeout'

/** busybox' applets that we have. */
export const busyboxNames = `${everywhere} ash awk clear free nc nslookup ping ps tac top watch wget which telnet arp ip ifconfig`
/** What a slim Debian has: no curl, no wget, no ps, no ping. */
export const debianNames = `${everywhere} bash dash awk tac clear which`
export const curlNames = `${busyboxNames} curl`
