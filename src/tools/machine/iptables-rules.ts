import { sha256 } from '../../machinery/sha256.ts'
import type { ServiceRule } from './machine-view.ts'

/** One rule of a chain, as `iptables -S` and as `iptables -L` show it. */
export interface Rule {
  readonly chain: string
  /** Everything after `-A CHAIN `. */
  readonly saved: string
  readonly target: string
  readonly protocol: string
  readonly source: string
  readonly destination: string
  /** What follows the columns of `-L`. */
  readonly more: string
}

export interface Tables {
  readonly nat: readonly Rule[]
  readonly filter: readonly Rule[]
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The first 16 letters of a text's SHA-256 in base 32: what kube-proxy's chains are called after. */
function chainHash(text: string): string {
  const hex = sha256(text)
  let bits = ''
  for (const digit of hex.slice(0, 20)) bits += parseInt(digit, 16).toString(2).padStart(4, '0')
  return Array.from({ length: 16 }, (_, at) => letters.charAt(parseInt(bits.slice(at * 5, at * 5 + 5), 2))).join('')
}

const serviceChain = ({ name, protocol }: ServiceRule): string => `KUBE-SVC-${chainHash(name + protocol)}`
const externalChain = ({ name, protocol }: ServiceRule): string => `KUBE-EXT-${chainHash(name + protocol)}`
const endpointChain = ({ name, protocol }: ServiceRule, endpoint: string): string =>
  `KUBE-SEP-${chainHash(name + protocol + endpoint)}`

/** What kube-proxy writes in iptables mode (pkg/proxy/iptables/proxier.go, syncProxyRules). */
export function tablesOf(rules: readonly ServiceRule[], podNetwork: string): Tables {
  const sorted = [...rules].sort((a, b) => (a.name < b.name ? -1 : 1))
  const served = sorted.filter(({ endpoints }) => endpoints.length > 0)
  const nat = [
    jump('PREROUTING', 'KUBE-SERVICES', 'kubernetes service portals'),
    jump('OUTPUT', 'KUBE-SERVICES', 'kubernetes service portals'),
    jump('POSTROUTING', 'KUBE-POSTROUTING', 'kubernetes postrouting rules'),
    ...served.flatMap(rule => (rule.nodePort === undefined ? [] : [nodePort(rule, rule.nodePort)])),
    ...served.flatMap(portals),
    nodePorts,
    ...served.flatMap(rule => (isExposed(rule) ? external(rule) : [])),
    ...served.flatMap(rule => choices(rule, podNetwork)),
    ...served.flatMap(destinations),
    { ...jump('KUBE-MARK-MASQ', 'MARK', ''), saved: '-j MARK --set-xmark 0x4000/0x4000', more: 'MARK or 0x4000' },
    masquerade,
  ]
  return { nat, filter: sorted.filter(({ endpoints }) => endpoints.length === 0).flatMap(rejections) }
}

function jump(chain: string, target: string, comment: string): Rule {
  const saved = comment === '' ? `-j ${target}` : `-m comment --comment "${comment}" -j ${target}`
  const more = comment === '' ? '' : `/* ${comment} */`
  return { chain, saved, target, protocol: 'all', source: '0.0.0.0/0', destination: '0.0.0.0/0', more }
}

const last = 'kubernetes service nodeports; NOTE: this must be the last rule in this chain'
const nodePorts: Rule = {
  ...jump('KUBE-SERVICES', 'KUBE-NODEPORTS', last),
  saved: `-m comment --comment "${last}" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS`,
  more: `/* ${last} */ ADDRTYPE match dst-type LOCAL`,
}

const masquerade: Rule = {
  ...jump('KUBE-POSTROUTING', 'MASQUERADE', 'kubernetes service traffic requiring SNAT'),
  saved: '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
  more: '/* kubernetes service traffic requiring SNAT */ random-fully',
}

function isExposed({ nodePort: port, externalIps }: ServiceRule): boolean {
  return port !== undefined || externalIps.length > 0
}

function toPort(chain: string, rule: ServiceRule, address: string, comment: string, target: string): Rule {
  const { protocol, port } = rule
  const where = `-d ${address}/32 -p ${protocol} -m comment --comment "${comment}" -m ${protocol} --dport ${port}`
  return {
    ...{ chain, target, protocol, source: '0.0.0.0/0', destination: address },
    saved: `${where} -j ${target}`,
    more: `/* ${comment} */ ${protocol} dpt:${port}`,
  }
}

function portals(rule: ServiceRule): Rule[] {
  const external = rule.externalIps.map(address =>
    toPort('KUBE-SERVICES', rule, address, `${rule.name} external IP`, externalChain(rule)),
  )
  return [toPort('KUBE-SERVICES', rule, rule.clusterIp, `${rule.name} cluster IP`, serviceChain(rule)), ...external]
}

function nodePort(rule: ServiceRule, port: number): Rule {
  const { name, protocol } = rule
  const target = externalChain(rule)
  return {
    ...{ chain: 'KUBE-NODEPORTS', target, protocol, source: '0.0.0.0/0', destination: '0.0.0.0/0' },
    saved: `-p ${protocol} -m comment --comment "${name}" -m ${protocol} --dport ${port} -j ${target}`,
    more: `/* ${name} */ ${protocol} dpt:${port}`,
  }
}

function external(rule: ServiceRule): Rule[] {
  const comment = `masquerade traffic for ${rule.name} external destinations`
  return [jump(externalChain(rule), 'KUBE-MARK-MASQ', comment), jump(externalChain(rule), serviceChain(rule), '')]
}

/** The chain of a Service: who comes from outside is masked, then one endpoint is chosen by lot. */
function choices(rule: ServiceRule, podNetwork: string): Rule[] {
  const chain = serviceChain(rule)
  const mark = toPort(chain, rule, rule.clusterIp, `${rule.name} cluster IP`, 'KUBE-MARK-MASQ')
  const { endpoints, name } = rule
  return [
    { ...mark, saved: `! -s ${podNetwork} ${mark.saved}`, source: `!${podNetwork}` },
    ...endpoints.map((endpoint, index) => {
      const comment = `${name} -> ${endpoint}`
      const target = endpointChain(rule, endpoint)
      const left = endpoints.length - index
      const plain = jump(chain, target, comment)
      if (left === 1) return plain
      const chance = (1 / left).toFixed(11)
      return {
        ...plain,
        saved: `-m comment --comment "${comment}" -m statistic --mode random --probability ${chance} -j ${target}`,
        more: `/* ${comment} */ statistic mode random probability ${chance}`,
      }
    }),
  ]
}

function destinations(rule: ServiceRule): Rule[] {
  const { name, protocol } = rule
  return rule.endpoints.flatMap(endpoint => {
    const chain = endpointChain(rule, endpoint)
    const address = endpoint.slice(0, endpoint.lastIndexOf(':'))
    const mark = jump(chain, 'KUBE-MARK-MASQ', name)
    return [
      { ...mark, saved: `-s ${address}/32 ${mark.saved}`, source: address },
      {
        ...{ chain, target: 'DNAT', protocol, source: '0.0.0.0/0', destination: '0.0.0.0/0' },
        saved: `-p ${protocol} -m comment --comment "${name}" -m ${protocol} -j DNAT --to-destination ${endpoint}`,
        more: `/* ${name} */ ${protocol} to:${endpoint}`,
      },
    ]
  })
}

function rejections(rule: ServiceRule): Rule[] {
  const comment = `${rule.name} has no endpoints`
  const plain = toPort('KUBE-SERVICES', rule, rule.clusterIp, comment, 'REJECT')
  const why = '--reject-with icmp-port-unreachable'
  return [{ ...plain, saved: `${plain.saved} ${why}`, more: `${plain.more} reject-with icmp-port-unreachable` }]
}
