import type { Outcome, ProgramCall, ShellProgram } from '../../shell/host.ts'
import type { Docs } from '../../machinery/docs.ts'
import type { Listener, Pause, Signal, StreamRequest } from './command.ts'
import type { Endpoint, Host, KubeClient } from './host.ts'
import { kubectl, type Result, resume } from './kubectl.ts'

/** What kubectl asks of the shell's host while it follows something; the answer is a Signal. */
export interface KubectlRequest {
  readonly kind: 'kubectl'
  /** Streams to open instead of those that are open; undefined: they stay. */
  readonly streams: readonly StreamRequest[] | undefined
  /** Ports of the machine on which it answers; undefined: as before. */
  readonly listeners: readonly Listener[] | undefined
  /** A file for the user's editor. */
  readonly edit: Pause['edit']
  /** When to answer `{ type: 'time' }` if nothing came before. */
  readonly wakeAtMs: number | undefined
}

/** What the machine gives besides the shell: a way to the cluster, and an editor. */
export interface Workstation {
  connect(endpoint: Endpoint): KubeClient | undefined
  /** Whether nobody listens on a port of the machine that the program runs on. */
  isPortFree?(port: number): boolean
  /** What `kubectl explain` says of fields. */
  readonly docs?: Docs
  /** The text at an address of the web. */
  web?(url: string): string | undefined
}

/** What a run remembers between its calls. */
interface Memory {
  readonly input: string
  readonly pause: Pause | undefined
}

function memoryOf(memory: unknown): Memory {
  return isMemory(memory) ? memory : { input: '', pause: undefined }
}

function isMemory(memory: unknown): memory is Memory {
  return typeof memory === 'object' && memory !== null && 'input' in memory && 'pause' in memory
}

function isSignal(answer: unknown): answer is Signal {
  return typeof answer === 'object' && answer !== null && 'type' in answer
}

/** kubectl as a program of the shell. */
export function kubectlProgram(workstation: Workstation): ShellProgram {
  return {
    run(call): Outcome {
      const { input, pause } = memoryOf(call.memory)
      if (pause) {
        const signal: Signal = isSignal(call.answer) ? call.answer : { type: 'time' }
        return finish(call, input, resume(call.argv, hostOf(call, input, workstation), pause, signal))
      }
      if (!readsInput(call)) return finish(call, '', kubectl(call.argv, hostOf(call, '', workstation)))
      const { text, ended } = call.input()
      call.memory = { input: input + text, pause: undefined } satisfies Memory
      if (!ended) return { wait: 'input' }
      return finish(call, input + text, kubectl(call.argv, hostOf(call, input + text, workstation)))
    },
  }
}

/** Whether a command takes its manifests, its answer to a question, or what a container is to read, from stdin. */
function readsInput({ argv, interactive }: ProgramCall): boolean {
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  const isTold = words.some((word, index) => {
    if (word === '-f-' || word === '--filename=-') return true
    if (word === '-') return /^(?:-f|--filename)$/.test(words[index - 1] ?? '')
    return words.includes('delete') && /^(?:-i|--interactive)$/.test(word)
  })
  if (isTold || interactive) return isTold
  const verb = words.some(word => ['exec', 'attach', 'run', 'debug'].includes(word))
  return verb && words.some(word => /^(?:-[a-hj-z]*i[a-z]*|--stdin(?:=true)?)$/.test(word))
}

function finish(call: ProgramCall, input: string, { stdout, stderr, code, pause }: Result): Outcome {
  call.out(stdout)
  call.err(stderr)
  if (!pause) return { exit: code ?? 0 }
  call.memory = { input, pause } satisfies Memory
  const { streams, listeners, edit, wakeAtMs } = pause
  const request: KubectlRequest = { kind: 'kubectl', streams, listeners, edit, wakeAtMs }
  return { wait: 'answer', request }
}

function hostOf({ cwd, env, host, interactive, path }: ProgramCall, input: string, workstation: Workstation): Host {
  const { files } = host
  return {
    files: {
      read: name => (files.isDirectory(path(name)) ? undefined : files.read(path(name))),
      list: name => files.list(path(name)),
      write: (name, text) => files.write(path(name), text),
    },
    env,
    cwd,
    isTerminal: interactive,
    now: host.now,
    stdin: () => input,
    connect: endpoint => workstation.connect(endpoint),
    random: () => host.random(),
    ...(workstation.docs && { docs: workstation.docs }),
    ...(workstation.web && { web: (url: string) => workstation.web?.(url) }),
    ...(workstation.isPortFree && { isPortFree: (port: number) => workstation.isPortFree?.(port) ?? true }),
  }
}
