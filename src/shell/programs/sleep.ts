import type { ShellProgram } from '../host.ts'

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 }

/** sleep: lets virtual time pass; several times are added. */
export const sleep: ShellProgram = {
  run(call) {
    if (call.memory === 'asleep') return { exit: 0 }
    const [, ...times] = call.argv
    if (times.length === 0) {
      call.err("sleep: missing operand\nTry 'sleep --help' for more information.\n")
      return { exit: 1 }
    }
    let seconds = 0
    for (const time of times) {
      const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(time)
      if (!match && time !== 'infinity') {
        call.err(`sleep: invalid time interval '${time}'\nTry 'sleep --help' for more information.\n`)
        return { exit: 1 }
      }
      seconds += match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : Number.MAX_SAFE_INTEGER / 1e6
    }
    call.memory = 'asleep'
    return { wait: 'time', ms: seconds * 1000 }
  },
}
