import type { ProgramCall, ShellProgram } from '../../shell/host.ts'
import { type Rule, tablesOf } from './iptables-rules.ts'
import type { MachineView } from './machine-view.ts'

const builtIn: Readonly<Record<'nat' | 'filter', readonly string[]>> = {
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
}

/** iptables -t TABLE -L|-S [CHAIN] [-n] [-v] [--line-numbers]: rules are read, nothing is written. */
export function iptables(view: MachineView): ShellProgram {
  return {
    run(call) {
      const words = call.argv.slice(1)
      const table = tableOf(words)
      const letters = words.filter(word => /^-[A-Za-z]+$/.test(word)).join('')
      const isSaved = letters.includes('S') || words.includes('--list-rules')
      if (!isSaved && !letters.includes('L') && !words.includes('--list')) {
        call.err(`iptables v1.8.10 (nf_tables): only -L and -S are simulated: kube-proxy writes the rules\n`)
        return { exit: 2 }
      }
      const chain = words.find((word, at) => !word.startsWith('-') && words[at - 1] !== '-t')
      const rules = rulesOf(view)[table]
      const chains = chainsOf(table, rules)
      if (chain !== undefined && !chains.includes(chain)) {
        call.err('iptables: No chain/target/match by that name.\n')
        return { exit: 1 }
      }
      const shown = chain === undefined ? chains : [chain]
      if (isSaved) printSaved(call, table, rules, shown)
      else call.out(shown.map(each => listed(each, table, rules, words.includes('--line-numbers'))).join('\n'))
      return { exit: 0 }
    },
  }
}

/** iptables-save [-t TABLE]. */
export function iptablesSave(view: MachineView): ShellProgram {
  return {
    run(call) {
      const words = call.argv.slice(1)
      const tables = words.includes('-t') ? [tableOf(words)] : (['filter', 'nat'] as const)
      for (const table of tables) {
        const rules = rulesOf(view)[table]
        call.out(`*${table}\n`)
        for (const chain of chainsOf(table, rules)) {
          call.out(`:${chain} ${builtIn[table].includes(chain) ? 'ACCEPT' : '-'} [0:0]\n`)
        }
        for (const { chain, saved } of rules) call.out(`-A ${chain} ${saved}\n`)
        call.out('COMMIT\n')
      }
      return { exit: 0 }
    },
  }
}

function tableOf(words: readonly string[]): 'nat' | 'filter' {
  return words[words.indexOf('-t') + 1] === 'nat' && words.includes('-t') ? 'nat' : 'filter'
}

function rulesOf(view: MachineView) {
  return tablesOf(view.proxyMode() === 'iptables' ? view.rules() : [], view.podNetwork)
}

function chainsOf(table: 'nat' | 'filter', rules: readonly Rule[]): readonly string[] {
  const made = new Set(rules.flatMap(({ chain, target }) => [chain, ...(target.startsWith('KUBE-') ? [target] : [])]))
  return [...builtIn[table], ...[...made].filter(chain => !builtIn[table].includes(chain)).sort()]
}

function printSaved(
  call: ProgramCall,
  table: 'nat' | 'filter',
  rules: readonly Rule[],
  chains: readonly string[],
): void {
  for (const chain of chains) call.out(builtIn[table].includes(chain) ? `-P ${chain} ACCEPT\n` : `-N ${chain}\n`)
  for (const { chain, saved } of rules) if (chains.includes(chain)) call.out(`-A ${chain} ${saved}\n`)
}

function listed(chain: string, table: 'nat' | 'filter', rules: readonly Rule[], isNumbered: boolean): string {
  const references = rules.filter(({ target }) => target === chain).length
  const what = builtIn[table].includes(chain) ? '(policy ACCEPT)' : `(${references} references)`
  const heads = `${isNumbered ? 'num  ' : ''}target     prot opt source               destination         \n`
  const rows = rules
    .filter(rule => rule.chain === chain)
    .map(({ target, protocol, source, destination, more }, index) => {
      const number = isNumbered ? String(index + 1).padEnd(5) : ''
      const line = `${target.padEnd(10)} ${protocol.padEnd(4)} --  ${source.padEnd(20)} ${destination.padEnd(20)} ${more}`
      return `${number}${line}\n`
    })
  return `Chain ${chain} ${what}\n${heads}${rows.join('')}`
}

/** ipvsadm -L[n]: virtual servers, when the kube-proxy works with them. */
export function ipvsadm(view: MachineView): ShellProgram {
  return {
    run(call) {
      call.out('IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n')
      call.out('  -> RemoteAddress:Port           Forward Weight ActiveConn InActConn\n')
      if (view.proxyMode() !== 'ipvs') return { exit: 0 }
      for (const { protocol, clusterIp, port, nodePort, endpoints, affinitySeconds } of view.rules()) {
        const flags = affinitySeconds === undefined ? '' : ` persistent ${affinitySeconds}`
        const servers = [`${clusterIp}:${port}`, ...(nodePort === undefined ? [] : [`${view.address}:${nodePort}`])]
        for (const server of servers) {
          call.out(`${protocol.toUpperCase()}  ${server} rr${flags}\n`)
          for (const endpoint of endpoints) {
            call.out(`  -> ${endpoint.padEnd(28)} Masq    1      0          0         \n`)
          }
        }
      }
      return { exit: 0 }
    },
  }
}
