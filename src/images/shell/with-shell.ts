import type { Program } from '../../node/runtime/program.ts'
import { busyboxNames, curlNames, debianNames, isThere } from './command-set.ts'
import { shellProgram } from './shell-process.ts'

/** What an image brings besides its own programs: Alpine's busybox, a slim Debian, or the one of curl's image. */
export type Userland = 'busybox' | 'alpine' | 'debian' | 'curl'

const userlands: Readonly<Record<Userland, { readonly dialect: 'ash' | 'dash'; readonly names: string }>> = {
  busybox: { dialect: 'ash', names: busyboxNames },
  alpine: { dialect: 'ash', names: busyboxNames },
  debian: { dialect: 'dash', names: debianNames },
  curl: { dialect: 'ash', names: curlNames },
}

/** The programs of an image: its own ones, and a shell with the commands of its userland, which can start the former. */
export function withShell(
  userland: Userland,
  own: Readonly<Record<string, Program>> = {},
  more: readonly string[] = [],
): Readonly<Record<string, Program>> {
  const { dialect, names } = userlands[userland]
  const all = [...names.split(' ').filter(isThere), ...more]
  const commands: Program = shellProgram({ dialect, names: new Set(all), own })
  return { ...Object.fromEntries(all.map(name => [name, commands])), ...own }
}
