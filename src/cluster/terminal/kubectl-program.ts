import type { Pause, Signal, StreamRequest } from '../../tools/kubectl/command.ts'
import type { Host as KubectlHost } from '../../tools/kubectl/host.ts'
import { kubectl, resume, type Result } from '../../tools/kubectl/kubectl.ts'
import type { Outcome, ProgramCall, ShellProgram } from '../../shell/host.ts'

/** What a kubectl that goes on asks of its terminal: streams to open, and when to come back at the latest. */
export interface FollowRequest {
  readonly kind: 'follow'
  /** Without them, those that are open stay open. */
  readonly streams?: readonly StreamRequest[]
  readonly wakeAtMs?: number
}

export function isFollowRequest(request: unknown): request is FollowRequest {
  return typeof request === 'object' && request !== null && 'kind' in request && request.kind === 'follow'
}

/** What a kubectl that goes on remembers between its calls. */
interface Memory {
  readonly stdin: string
  readonly pause?: Pause
}

/** kubectl as a program of a shell: `connect` is its way to an API server. */
export function kubectlProgram(connect: KubectlHost['connect']): ShellProgram {
  return {
    run(call) {
      const memory = isMemory(call.memory) ? call.memory : { stdin: '' }
      const { pause } = memory
      if (pause && isSignal(call.answer)) {
        return finish(call, memory, resume(call.argv, hostFor(call, memory.stdin, connect), pause, call.answer))
      }
      const { text, ended } = call.input()
      const stdin = memory.stdin + text
      call.memory = { stdin } satisfies Memory
      if (!ended) return { wait: 'input' }
      return finish(call, { stdin }, kubectl(call.argv, hostFor(call, stdin, connect)))
    },
  }
}

function finish(call: ProgramCall, { stdin }: Memory, { stdout, stderr, code, pause }: Result): Outcome {
  call.out(stdout)
  call.err(stderr)
  if (!pause) return { exit: code ?? 0 }
  call.memory = { stdin, pause } satisfies Memory
  const { streams, wakeAtMs } = pause
  const request: FollowRequest = {
    kind: 'follow',
    ...(streams && { streams }),
    ...(wakeAtMs !== undefined && { wakeAtMs }),
  }
  return { wait: 'answer', request }
}

function hostFor(call: ProgramCall, stdin: string, connect: KubectlHost['connect']): KubectlHost {
  const { files } = call.host
  return {
    files: {
      read: path => files.read(call.path(path)),
      list: path => files.list(call.path(path)),
      write: (path, text) => files.write(call.path(path), text),
    },
    env: call.env,
    now: call.host.now,
    stdin: () => stdin,
    connect,
    random: () => call.host.random(),
  }
}

function isMemory(memory: unknown): memory is Memory {
  return typeof memory === 'object' && memory !== null && 'stdin' in memory
}

function isSignal(answer: unknown): answer is Signal {
  return typeof answer === 'object' && answer !== null && 'type' in answer
}
