import type { Outcome, ShellProgram } from '../../shell/host.ts'

/** What ssh asks its host for: a shell on another machine, or one command there. The answer is an exit code. */
export interface SshRequest {
  readonly kind: 'ssh'
  readonly machine: string
  /** '' for a shell. */
  readonly command: string
}

export function isSshRequest(request: unknown): request is SshRequest {
  return typeof request === 'object' && request !== null && 'kind' in request && request.kind === 'ssh'
}

/** Options of ssh that take a value. */
const valued = 'BbcDEeFIiJLlmOopQRSWw'

/** ssh [USER@]MACHINE [COMMAND]: keys are in place everywhere, and everybody is root. */
export const ssh: ShellProgram = {
  run(call): Outcome {
    if (typeof call.answer === 'number') return { exit: call.answer }
    const words = call.argv.slice(1)
    while (/^-./.test(words[0] ?? '')) {
      const option = words.shift() ?? ''
      if (valued.includes(option.charAt(1)) && option.length === 2) words.shift()
    }
    const [target, ...command] = words
    if (target === undefined) {
      call.err('usage: ssh [-46AaCfGgKkMNnqsTtVvXxYy] [-i identity_file] [-l login_name]\n')
      call.err('           [-p port] destination [command [argument ...]]\n')
      return { exit: 255 }
    }
    const machine = target.replace(/^.*@/, '')
    const request: SshRequest = { kind: 'ssh', machine, command: command.join(' ') }
    return { wait: 'answer', request }
  },
}
