/** IP addresses and ranges as the API reads them: apimachinery/pkg/util/validation/ip.go. */

/** An address as a number, with its family. */
export interface Ip {
  readonly family: 'IPv4' | 'IPv6'
  readonly value: bigint
}

export interface Cidr {
  readonly family: 'IPv4' | 'IPv6'
  readonly value: bigint
  readonly prefix: number
}

export const ipError = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'
export const cidrError = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)'

const bits = { IPv4: 32, IPv6: 128 }

/** The address that a text says, or undefined. */
export function parseIp(text: string): Ip | undefined {
  return text.includes(':') ? parseV6(text) : parseV4(text)
}

function parseV4(text: string): Ip | undefined {
  const parts = text.split('.')
  if (parts.length !== 4) return undefined
  let value = 0
  for (const part of parts) {
    if (!/^[0-9]{1,3}$/.test(part) || Number(part) > 255) return undefined
    value = value * 256 + Number(part)
  }
  return { family: 'IPv4', value: BigInt(value) }
}

function parseV6(text: string): Ip | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '')
  const tail = groupsOf(halves[1] ?? '')
  if (!head || !tail) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail]
  return { family: 'IPv6', value: groups.reduce((value, group) => value * 65536n + BigInt(group), 0n) }
}

function groupsOf(text: string): number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  for (const part of text.split(':')) {
    const v4 = part.includes('.') ? parseV4(part) : undefined
    if (v4) groups.push(Number(v4.value >> 16n), Number(v4.value & 0xffffn))
    else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(parseInt(part, 16))
    else return undefined
  }
  return groups
}

export function parseCidr(text: string): Cidr | undefined {
  const [address = '', length, ...rest] = text.split('/')
  const ip = parseIp(address)
  if (!ip || length === undefined || rest.length > 0 || !/^[0-9]{1,3}$/.test(length)) return undefined
  const prefix = Number(length)
  return prefix <= bits[ip.family] ? { ...ip, prefix } : undefined
}

/** Whether an address lies in a range. */
export function contains({ family, value, prefix }: Cidr, ip: Ip): boolean {
  const rest = BigInt(bits[family] - prefix)
  return family === ip.family && value >> rest === ip.value >> rest
}

export function isIp(text: string): string[] {
  return parseIp(text) ? [] : [ipError]
}

export function isCidr(text: string): string[] {
  return parseCidr(text) ? [] : [cidrError]
}

const special: readonly [string, string][] = [
  ['0.0.0.0/32', 'may not be unspecified (0.0.0.0 or ::)'],
  ['::/128', 'may not be unspecified (0.0.0.0 or ::)'],
  ['127.0.0.0/8', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['::1/128', 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  ['169.254.0.0/16', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['fe80::/10', 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  ['224.0.0.0/24', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
  ['ff02::/16', 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
]

const specialRanges = special.flatMap(([text, message]) => {
  const cidr = parseCidr(text)
  return cidr ? [{ cidr, message }] : []
})

/** Why an address cannot be that of an endpoint or an external IP: ValidateEndpointIP of core validation. */
export function isNonSpecialIp(text: string): string[] {
  if (ordinary.has(text)) return []
  const ip = parseIp(text)
  if (!ip) return [ipError]
  const messages = specialRanges.filter(({ cidr }) => contains(cidr, ip)).map(({ message }) => message)
  if (messages.length === 0) {
    if (ordinary.size >= remembered) ordinary.clear()
    ordinary.add(text)
  }
  return messages
}

/** Addresses that were found to be nothing special: a memo, endpoints repeat the same ones by the thousand. */
const ordinary = new Set<string>()
const remembered = 50_000
