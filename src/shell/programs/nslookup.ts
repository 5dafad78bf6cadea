import type { Outcome, ProgramCall, ShellProgram } from '../host.ts'
import { type DnsReply, type DnsType, isNetworkAnswer } from './network-request.ts'

/** What resolv.conf says. */
export interface Resolver {
  readonly server: string
  readonly search: readonly string[]
}

/** Reads /etc/resolv.conf. */
export function resolverOf({ host }: ProgramCall): Resolver {
  const text = host.files.read('/etc/resolv.conf') ?? ''
  const server = /^nameserver\s+(\S+)/m.exec(text)?.[1] ?? '127.0.0.1'
  const search =
    /^search\s+(.*)$/m
      .exec(text)?.[1]
      ?.split(/\s+/)
      .filter(word => word !== '') ?? []
  return { server, search }
}

interface Progress {
  readonly names: readonly string[]
  readonly printed: string
  readonly failures: string
}

const timeoutMs = 5_000

/**
 * nslookup as busybox has it: NAME [SERVER], -type=T. A name without a dot is also looked for in the search domains; the
 * question for AAAA records is not asked.
 */
export const nslookup: ShellProgram = {
  run(call) {
    const words = call.argv.slice(1)
    const type = typeOf(words.find(word => /^-(q|type|query|querytype)=/.test(word)))
    const [name, given] = words.filter(word => !word.startsWith('-'))
    if (name === undefined) {
      call.err('BusyBox v1.37.0 multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n')
      return { exit: 1 }
    }
    const { server: usual, search } = resolverOf(call)
    const server = given ?? usual
    const isReverse = /^\d+\.\d+\.\d+\.\d+$/.test(name)
    if (!isProgress(call.memory)) {
      call.out(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`)
      const names = isReverse ? [`${name.split('.').reverse().join('.')}.in-addr.arpa`] : namesFor(name, search)
      call.memory = { names, printed: '', failures: '' } satisfies Progress
      return ask(names[0] ?? name, isReverse ? 'PTR' : type, server)
    }
    return take(call, call.memory, isReverse ? 'PTR' : type, server)
  },
}

function typeOf(option: string | undefined): DnsType {
  const wanted = option?.split('=')[1]?.toUpperCase() ?? 'A'
  const types: readonly DnsType[] = ['A', 'AAAA', 'CNAME', 'SRV', 'PTR', 'NS', 'SOA', 'TXT', 'ANY']
  return types.find(type => type === wanted) ?? 'A'
}

function namesFor(name: string, search: readonly string[]): readonly string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  // busybox asks for the name as it is and, without a dot in it, in every search domain.
  return name.includes('.') ? [name] : search.length > 0 ? search.map(domain => `${name}.${domain}`) : [name]
}

function ask(name: string, type: DnsType, server: string): Outcome {
  return { wait: 'answer', request: { kind: 'lookup', name, type, server, timeoutMs } }
}

function take(call: ProgramCall, before: Progress, type: DnsType, server: string): Outcome {
  const [name = '', ...names] = before.names
  const { answer } = call
  if (!isNetworkAnswer(answer) || !answer.ok || !answer.dns) {
    call.out(';; connection timed out; no servers could be reached\n\n')
    return { exit: 1 }
  }
  const { code } = answer.dns
  const printed = before.printed + (code === 'NOERROR' ? recordsText(name, answer.dns) : '')
  const failures = before.failures + (code === 'NOERROR' ? '' : `** server can't find ${name}: ${code}\n\n`)
  const [next] = names
  if (next !== undefined) {
    call.memory = { names, printed, failures } satisfies Progress
    return ask(next, type, server)
  }
  call.out(failures + printed)
  return { exit: failures === '' ? 0 : 1 }
}

function recordsText(name: string, { records }: DnsReply): string {
  if (records.length === 0) return `*** Can't find ${name}: No answer\n\n`
  const lines = records.map(({ name: owner, type, data }) => {
    if (type === 'A' || type === 'AAAA') return `Name:\t${owner}\nAddress: ${data}\n`
    if (type === 'CNAME') return `${owner}\tcanonical name = ${data}\n`
    if (type === 'PTR') return `${owner}\tname = ${data}\n`
    if (type === 'SRV') return `${owner}\tservice = ${data}\n`
    return `${owner}\t${type.toLowerCase()} = ${data}\n`
  })
  return `${lines.join('')}\n`
}

function isProgress(memory: unknown): memory is Progress {
  return typeof memory === 'object' && memory !== null && 'names' in memory
}
