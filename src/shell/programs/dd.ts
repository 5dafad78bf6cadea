import type { ShellProgram } from '../host.ts'
import { foreverBusy } from './endless.ts'
import { parseArguments } from './filter.ts'

/** dd: copies a file or zeros: if=, of=, bs=, count=. What it reports goes to stderr, as always. */
export const dd: ShellProgram = {
  run(call) {
    const { operands } = parseArguments(call.argv, '')
    const value = (name: string): string | undefined =>
      operands.find(word => word.startsWith(`${name}=`))?.slice(name.length + 1)
    const [from, to] = [value('if'), value('of')]
    const size = sizeOf(value('bs') ?? '512')
    const count = Number(value('count') ?? 1)
    const isDevice = from === '/dev/zero' || from === '/dev/urandom'
    if (isDevice && value('count') === undefined) return foreverBusy()
    const text = from === undefined || isDevice ? '' : call.host.files.read(call.path(from))
    if (text === undefined) {
      call.err(`dd: failed to open '${from ?? ''}': No such file or directory\n`)
      return { exit: 1 }
    }
    // Zeros take room in nobody's memory: of what is huge, only the beginning is kept.
    const bytes = isDevice ? size * count : text.length
    const shown = isDevice ? '\0'.repeat(Math.min(bytes, 65_536)) : text
    if (to === undefined) call.out(shown)
    else if (to !== '/dev/null') call.host.files.write(call.path(to), shown)
    const blocks = `${Math.floor(bytes / size)}+${bytes % size > 0 ? 1 : 0}`
    call.err(`${blocks} records in\n${blocks} records out\n${bytes} bytes copied\n`)
    return { exit: 0 }
  },
}

function sizeOf(text: string): number {
  const [, digits = '0', unit = ''] = /^(\d+)([kKMG]?)/.exec(text) ?? []
  return Number(digits) * 1024 ** ' KMG'.indexOf(unit.toUpperCase() || ' ')
}
