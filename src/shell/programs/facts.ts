import { absolute } from '../paths.ts'
import type { ProgramCall, ShellProgram } from '../host.ts'
import { parseArguments } from './filter.ts'
import { formatTime } from './moment.ts'

/** A program that prints something and ends. */
function says(text: (call: ProgramCall) => string): ShellProgram {
  return {
    run(call) {
      call.out(text(call))
      return { exit: 0 }
    },
  }
}

/** date: now, or -d @SECONDS, in a format; -u and TZ change nothing, all clocks are UTC. */
export const date: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'd')
    const format = operands.find(word => word.startsWith('+'))?.slice(1)
    const given = options.get('d') ?? options.get('date')
    const seconds = /^@(\d+)$/.exec(given ?? '')?.[1]
    const ms = seconds === undefined ? call.host.now : Number(seconds) * 1_000
    const iso = options.get('I') === undefined ? undefined : '%Y-%m-%d'
    const rfc = options.has('R') ? '%a, %d %b %Y %H:%M:%S %z' : undefined
    call.out(`${formatTime(ms, format ?? iso ?? rfc ?? '%a %b %e %H:%M:%S %Z %Y')}\n`)
    return { exit: 0 }
  },
}

export const hostname = says(({ argv, host }) => {
  if (argv.includes('-i') || argv.includes('-I')) return `${host.addresses.join(' ')}\n`
  return `${host.hostName}\n`
})

export const whoami = says(({ host }) => `${host.userName}\n`)

export const id = says(({ argv, host: { userName } }) => {
  const number = userName === 'root' ? '0' : /^\d+$/.test(userName) ? userName : '1000'
  if (argv.includes('-u')) return argv.includes('-n') || argv.includes('-un') ? `${userName}\n` : `${number}\n`
  if (argv.includes('-un')) return `${userName}\n`
  if (argv.includes('-g')) return `${number}\n`
  return number === '0' ? 'uid=0(root) gid=0(root) groups=0(root)\n' : `uid=${number} gid=${number} groups=${number}\n`
})

export const uname = says(({ argv, host }) => {
  const kernel = '6.8.0-71-generic'
  if (argv.includes('-a')) return `Linux ${host.hostName} ${kernel} #71-Ubuntu SMP PREEMPT_DYNAMIC x86_64 GNU/Linux\n`
  if (argv.includes('-r')) return `${kernel}\n`
  if (argv.includes('-n')) return `${host.hostName}\n`
  if (argv.includes('-m')) return 'x86_64\n'
  return 'Linux\n'
})

export const clear = says(() => '\x1b[H\x1b[2J')

export const basename = says(({ argv: [, path = '', suffix = ''] }) => {
  const name = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
  const base = name === '' ? '/' : name
  return `${suffix !== '' && base !== suffix && base.endsWith(suffix) ? base.slice(0, -suffix.length) : base}\n`
})

export const dirname = says(({ argv: [, path = ''] }) => {
  const plain = path.replace(/\/+$/, '')
  const slash = plain.lastIndexOf('/')
  return `${slash > 0 ? plain.slice(0, slash) : slash === 0 || path.startsWith('/') ? '/' : '.'}\n`
})

/** readlink -f and realpath: there are no links, so it is the path without detours. */
export const readlink = says(({ argv, cwd }) => `${absolute(cwd, argv.at(-1) ?? '')}\n`)

export const which: ShellProgram = {
  run(call) {
    const names = call.argv.slice(1).filter(name => !name.startsWith('-'))
    const found = names.filter(name => call.host.program(name) !== undefined)
    for (const name of found) call.out(`${name.includes('/') ? name : `/usr/bin/${name}`}\n`)
    return { exit: found.length === names.length ? 0 : 1 }
  },
}

/** stat: what is known of a file; -c with %n, %s and %F. */
export const stat: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'c')
    let status = 0
    for (const name of operands) {
      const path = call.path(name)
      const isDirectory = call.host.files.isDirectory(path)
      const text = call.host.files.read(path)
      if (text === undefined && !isDirectory) {
        call.err(`stat: cannot statx '${name}': No such file or directory\n`)
        status = 1
        continue
      }
      const size = String(isDirectory ? 4096 : (text ?? '').length)
      const kind = isDirectory ? 'directory' : size === '0' ? 'regular empty file' : 'regular file'
      const format = options.get('c') ?? '  File: %n\n  Size: %s\t%F'
      call.out(`${format.replace(/%n/g, name).replace(/%s/g, size).replace(/%F/g, kind)}\n`)
    }
    return { exit: status }
  },
}

/** du: what files take, in blocks of 1 KiB. */
export const du = says(call => {
  const { operands } = parseArguments(call.argv, '')
  return operands
    .map(name => `${Math.max(4, Math.ceil((call.host.files.read(call.path(name)) ?? '').length / 1024))}\t${name}\n`)
    .join('')
})

export const df = says(
  () =>
    'Filesystem     1K-blocks     Used Available Use% Mounted on\n' +
    'overlay         40970464 11264320  27912484  29% /\ntmpfs              65536        0     65536   0% /dev\n',
)

export const free = says(({ argv }) => {
  const unit = argv.includes('-g') ? 1024 ** 2 : argv.includes('-m') ? 1024 : 1
  const row = (name: string, values: readonly number[]): string =>
    name.padEnd(8) + values.map(value => String(Math.floor(value / unit)).padStart(12)).join('')
  const title =
    ' '.repeat(8) +
    ['total', 'used', 'free', 'shared', 'buff/cache', 'available'].map(word => word.padStart(12)).join('')
  return `${title}\n${row('Mem:', [4025856, 812340, 1822936, 3240, 1390580, 2981124])}\n${row('Swap:', [0, 0, 0])}\n`
})

/** uptime: since when is not known to a shell. */
export const uptime = says(
  ({ host }) => ` ${formatTime(host.now, '%H:%M:%S')} up 1 day,  0 users,  load average: 0.08, 0.03, 0.01\n`,
)
