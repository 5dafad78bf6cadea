import type { ProgramCall, ShellProgram } from '../../shell/host.ts'
import { sha256 } from '../../machinery/sha256.ts'
import type { EtcdMember, MachineView } from './machine-view.ts'

/** etcdctl of v3.6: members, endpoints and keys. Certificates are taken as given. */
export function etcdctl(view: MachineView): ShellProgram {
  return {
    run(call) {
      const words = call.argv.slice(1).filter(word => !word.startsWith('--') && word !== '-w' && word !== 'table')
      const [first = '', second = ''] = words
      const { members } = view.etcd()
      const alive = members.filter(member => member.alive)
      if (first === 'version') {
        call.out('etcdctl version: 3.6.4\nAPI version: 3.6\n')
        return { exit: 0 }
      }
      if (alive.length * 2 <= members.length) return { exit: unavailable(call) }
      if (first === 'member' && second === 'list') return { exit: memberList(call, members) }
      if (first === 'endpoint') return { exit: endpoints(call, view, second) }
      if (first === 'get') return { exit: get(call, view, second) }
      call.err(`Error: unknown command "${first}" for "etcdctl"\n`)
      return { exit: 1 }
    },
  }
}

function unavailable(call: ProgramCall): number {
  call.err('{"level":"warn","msg":"retrying of unary invoker failed","error":"rpc error: code = DeadlineExceeded"}\n')
  call.err('Error: context deadline exceeded\n')
  return 1
}

/** A member's id: 64 bits that follow from where it listens. */
function idOf({ address }: EtcdMember): string {
  return sha256(`https://${address}:2380`).slice(0, 16)
}

function isTable({ argv }: ProgramCall): boolean {
  return argv.includes('--write-out=table') || argv.includes('-wtable') || argv[argv.indexOf('-w') + 1] === 'table'
}

function memberList(call: ProgramCall, members: readonly EtcdMember[]): number {
  const rows = members.map(member => {
    const { name, address } = member
    return [idOf(member), 'started', name, `https://${address}:2380`, `https://${address}:2379`, 'false']
  })
  if (!isTable(call)) call.out(rows.map(row => `${row.join(', ')}\n`).join(''))
  else call.out(table([['ID', 'STATUS', 'NAME', 'PEER ADDRS', 'CLIENT ADDRS', 'IS LEARNER'], ...rows]))
  return 0
}

function endpoints(call: ProgramCall, view: MachineView, what: string): number {
  const { members, revision } = view.etcd()
  const isCluster = call.argv.includes('--cluster')
  const asked = members.filter(({ name }) => isCluster || name === view.name)
  let status = 0
  const rows: string[][] = []
  for (const member of asked) {
    const endpoint = isCluster ? `https://${member.address}:2379` : '127.0.0.1:2379'
    if (what === 'health') {
      if (member.alive) call.out(`${endpoint} is healthy: successfully committed proposal: took = 9.3ms\n`)
      else call.err(`${endpoint} is unhealthy: failed to commit proposal: context deadline exceeded\n`)
      if (!member.alive) status = 1
    } else if (member.alive) {
      const isLeader = member === members.find(({ alive }) => alive)
      rows.push([endpoint, idOf(member), '3.6.4', '20 MB', String(isLeader), 'false', '2', String(revision)])
    }
  }
  if (what === 'health') return status
  const heads = ['ENDPOINT', 'ID', 'VERSION', 'DB SIZE', 'IS LEADER', 'IS LEARNER', 'RAFT TERM', 'RAFT INDEX']
  call.out(isTable(call) ? table([heads, ...rows]) : rows.map(row => `${row.join(', ')}\n`).join(''))
  return status
}

function get(call: ProgramCall, view: MachineView, key: string): number {
  const { argv } = call
  const isPrefix = argv.includes('--prefix')
  const found = view.etcdKeys(key).filter(kept => isPrefix || kept.key === key)
  if (argv.includes('--count-only')) {
    call.out(`${found.length}\n`)
    return 0
  }
  for (const { key: name, value } of found) {
    if (argv.includes('--keys-only')) call.out(`${name}\n\n`)
    else if (argv.includes('--print-value-only')) call.out(`${value}\n`)
    else call.out(`${name}\n${value}\n`)
  }
  return 0
}

/** A table as tablewriter draws it. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map(row => (row[at] ?? '').length)))
  const line = `+${widths.map(width => '-'.repeat(width + 2)).join('+')}+\n`
  const [heads = [], ...rest] = rows
  const centred = heads.map((cell, at) => {
    const space = (widths[at] ?? 0) - cell.length
    return ' '.repeat(Math.floor(space / 2)) + cell + ' '.repeat(Math.ceil(space / 2))
  })
  const drawn = [centred, ...rest].map(
    row => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`,
  )
  return `${line}${drawn[0] ?? ''}${line}${drawn.slice(1).join('')}${line}`
}
