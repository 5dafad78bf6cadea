import type { Outcome, ShellProgram } from '../host.ts'
import { parseArguments } from './filter.ts'
import { isNetworkAnswer, type NetworkAnswer } from './network-request.ts'

const second = 1_000
/** Nobody listens at discard's port: that a host refuses shows that it is there. */
const closedPort = 9

/** nc: -z and -v look whether a port is open; -w SECONDS. Data is not carried. */
export const nc: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'wp')
    const [host, port] = operands
    if (host === undefined || port === undefined) {
      call.err('BusyBox v1.37.0 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT  - connect\n')
      return { exit: 1 }
    }
    const wait = options.get('w')
    const { answer } = call
    if (!isNetworkAnswer(answer))
      return connect(host, Number(port), wait === undefined ? undefined : Number(wait) * second)
    if (answer.ok) {
      if (options.has('v')) call.err(`${host} (${answer.remote}:${port}) open\n`)
      return { exit: 0 }
    }
    if (answer.failure === 'name not resolved') call.err(`nc: bad address '${host}'\n`)
    else if (options.has('v') || !options.has('z'))
      call.err(`nc: ${host} (${answer.remote}:${port}): ${wordsOf(answer)}\n`)
    return { exit: 1 }
  },
}

/** telnet: whether a port is open. */
export const telnet: ShellProgram = {
  run(call) {
    const [, host, port = '23'] = call.argv
    if (host === undefined) {
      call.err('Usage: telnet [-a] [-l USER] HOST [PORT]\n')
      return { exit: 1 }
    }
    const { answer } = call
    if (!isNetworkAnswer(answer)) return connect(host, Number(port), undefined)
    if (answer.ok) {
      call.out(
        `Connected to ${host}\n\nEntering character mode\nEscape character is '^]'.\n\nConnection closed by foreign host\n`,
      )
      return { exit: 1 }
    }
    const isUnknown = answer.failure === 'name not resolved'
    call.err(
      isUnknown
        ? `telnet: bad address '${host}'\n`
        : `telnet: can't connect to remote host (${answer.remote}): ${wordsOf(answer)}\n`,
    )
    return { exit: 1 }
  },
}

function connect(host: string, port: number, timeoutMs: number | undefined): Outcome {
  return { wait: 'answer', request: { kind: 'connect', host, port, ...(timeoutMs !== undefined && { timeoutMs }) } }
}

function wordsOf({ failure }: NetworkAnswer & { ok: false }): string {
  if (failure === 'connection refused') return 'Connection refused'
  if (failure === 'no route') return 'No route to host'
  return failure === 'reset' ? 'Connection reset by peer' : 'Connection timed out'
}

interface PingMemory {
  readonly sent: number
  readonly times: readonly number[]
  /** When the next echo is sent. */
  readonly sleeping: boolean
}

/**
 * ping: -c COUNT, -W SECONDS, -i SECONDS. An echo is a handshake with a port that nobody has open: a refusal is as good
 * as a reply. So what drops packets silently is seen, as in life.
 */
export const ping: ShellProgram = {
  run(call) {
    const { options, operands } = parseArguments(call.argv, 'cWiws')
    const [host] = operands
    if (host === undefined) {
      call.err('BusyBox v1.37.0 multi-call binary.\n\nUsage: ping [OPTIONS] HOST\n')
      return { exit: 1 }
    }
    const count = Number(options.get('c') ?? Infinity)
    const request = connect(host, closedPort, Number(options.get('W') ?? 1) * second)
    const memory = isPingMemory(call.memory) ? call.memory : undefined
    if (!memory || memory.sleeping) {
      call.memory = { sent: (memory?.sent ?? 0) + 1, times: memory?.times ?? [], sleeping: false } satisfies PingMemory
      return request
    }
    const { answer } = call
    if (!isNetworkAnswer(answer)) return request
    if (!answer.ok && answer.failure === 'name not resolved') {
      call.err(`ping: bad address '${host}'\n`)
      return { exit: 1 }
    }
    if (memory.sent === 1) call.out(`PING ${host} (${answer.remote}): 56 data bytes\n`)
    const isThere = answer.ok || answer.failure === 'connection refused' || answer.failure === 'reset'
    const times = isThere ? [...memory.times, answer.tookMs] : memory.times
    if (isThere)
      call.out(`64 bytes from ${answer.remote}: seq=${memory.sent - 1} ttl=63 time=${answer.tookMs.toFixed(3)} ms\n`)
    call.memory = { sent: memory.sent, times, sleeping: true } satisfies PingMemory
    if (memory.sent < count) {
      const pause = Number(options.get('i') ?? 1) * second
      return { wait: 'time', ms: isThere ? pause : Math.max(pause - answer.tookMs, 1) }
    }
    call.out(summary(host, memory.sent, times))
    return { exit: times.length > 0 ? 0 : 1 }
  },
}

function summary(host: string, sent: number, times: readonly number[]): string {
  const lost = Math.floor(((sent - times.length) * 100) / sent)
  const head = `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${times.length} packets received, ${lost}% packet loss\n`
  if (times.length === 0) return head
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length
  const figures = [Math.min(...times), mean, Math.max(...times)].map(time => time.toFixed(3)).join('/')
  return `${head}round-trip min/avg/max = ${figures} ms\n`
}

function isPingMemory(memory: unknown): memory is PingMemory {
  return typeof memory === 'object' && memory !== null && 'sleeping' in memory
}
