import type { Parsed } from '../../parsed.ts'
import { quote } from '../../go-text.ts'
import { traversalCost } from '../costs.ts'
import { define, fail, type FunctionDeclaration, global, member } from '../functions.ts'
import { boolType, intType, stringType, struct } from '../cel-type.ts'
import { type CelValue, isFailure, Opaque, type Result } from '../values.ts'

/** An address: Go's netip.Addr. */
interface Address {
  readonly bits: 32 | 128
  readonly value: bigint
}

interface Prefix {
  readonly address: Address
  readonly length: number
}

type Ip = Opaque<Address>
type Cidr = Opaque<Prefix>

const ipType = struct('net.IP')
const cidrType = struct('net.CIDR')

function wrapIp(address: Address): Ip {
  return new Opaque(ipType, address, printAddress(address))
}

function wrapCidr(prefix: Prefix): Cidr {
  return new Opaque(cidrType, prefix, printPrefix(prefix))
}

function parseFour(text: string): bigint | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((value, part) => (value << 8n) | BigInt(part), 0n)
}

function parseSix(text: string): bigint | undefined {
  const tail = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const four = tail ? parseFour(tail[2] ?? '') : undefined
  if (tail && four === undefined) return undefined
  const whole = four === undefined ? text : `${tail?.[1]}${(four >> 16n).toString(16)}:${(four & 0xffffn).toString(16)}`
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [head = [], rest = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - rest.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...rest]
  if (!groups.every(group => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((value, group) => (value << 16n) | BigInt(`0x${group}`), 0n)
}

function parseAddress(text: string): Parsed<Address> {
  const wrong = (why: string): Parsed<Address> => ({
    error: `IP Address ${quote(text)} parse error during conversion from string: ParseAddr(${quote(text)}): ${why}`,
  })
  if (!text.includes(':')) {
    const value = parseFour(text)
    if (value !== undefined) return { value: { bits: 32, value } }
    return wrong(text.includes('.') ? whyNotFour(text) : 'unable to parse IP')
  }
  if (text.includes('%')) return { error: `IP address ${quote(text)} with zone value is not allowed` }
  const value = parseSix(text)
  if (value === undefined) return wrong('unable to parse IP')
  if (isMapped(value)) return { error: `IPv4-mapped IPv6 address ${quote(text)} is not allowed` }
  return { value: { bits: 128, value } }
}

function whyNotFour(text: string): string {
  const parts = text.split('.')
  if (parts.some(part => /\D/.test(part))) return 'unexpected character (at ' + quote(text.replace(/^[\d.]*/, '')) + ')'
  if (parts.some(part => part === '')) return 'IPv4 field must have at least one digit'
  if (parts.some(part => part.length > 1 && part.startsWith('0'))) return 'IPv4 field has octet with leading zero'
  if (parts.some(part => Number(part) > 255)) return 'IPv4 field has value >255'
  return parts.length < 4 ? 'IPv4 address too short' : 'IPv4 address too long'
}

function isMapped(value: bigint): boolean {
  return value >> 32n === 0xffffn
}

function parsePrefix(text: string): Parsed<Prefix> {
  const twice = 'network address parse error during conversion from string: '
  const wrong = (why: string): Parsed<Prefix> => ({
    error: `${twice}${twice}netip.ParsePrefix(${quote(text)}): ${why}`,
  })
  const slash = text.lastIndexOf('/')
  if (slash < 0) return wrong("no '/'")
  const host = text.slice(0, slash)
  const bits = text.slice(slash + 1)
  if (host.includes('%')) return wrong('IPv6 zones cannot be present in a prefix')
  const value = host.includes(':') ? parseSix(host) : parseFour(host)
  if (value === undefined)
    return wrong(`ParseAddr(${quote(host)}): ${host.includes('.') ? whyNotFour(host) : 'unable to parse IP'}`)
  const size = host.includes(':') ? 128 : 32
  if (!/^(0|[1-9]\d*)$/.test(bits)) return wrong(`bad bits after slash: ${quote(bits)}`)
  if (Number(bits) > size) return wrong(`prefix length out of range`)
  if (size === 128 && isMapped(value))
    return { error: `${twice}IPv4-mapped IPv6 address ${quote(text)} is not allowed` }
  return { value: { address: { bits: size, value }, length: Number(bits) } }
}

function ip(text: string): Ip | ReturnType<typeof fail> {
  const { value, error } = parseAddress(text)
  return value === undefined ? fail(error ?? '') : wrapIp(value)
}

function cidr(text: string): Cidr | ReturnType<typeof fail> {
  const { value, error } = parsePrefix(text)
  return value === undefined ? fail(error ?? '') : wrapCidr(value)
}

function printAddress({ bits, value }: Address): string {
  if (bits === 32) return [24n, 16n, 8n, 0n].map(shift => (value >> shift) & 255n).join('.')
  const groups = Array.from({ length: 8 }, (_, i) => Number((value >> BigInt(112 - 16 * i)) & 0xffffn))
  let best = { start: -1, length: 1 }
  for (let start = 0; start < 8; start++) {
    let length = 0
    while (start + length < 8 && groups[start + length] === 0) length++
    if (length > best.length) best = { start, length }
  }
  const hex = (part: number[]): string => part.map(group => group.toString(16)).join(':')
  if (best.start < 0) return hex(groups)
  return `${hex(groups.slice(0, best.start))}::${hex(groups.slice(best.start + best.length))}`
}

function printPrefix({ address, length }: Prefix): string {
  return `${printAddress(address)}/${length}`
}

function contains({ address: { bits, value }, length }: Prefix, other: Address): boolean {
  const shift = BigInt(bits - length)
  return other.bits === bits && other.value >> shift === value >> shift
}

function containsPrefix(outer: Prefix, inner: Prefix): boolean {
  return outer.length <= inner.length && contains(outer, inner.address)
}

function masked({ address: { bits, value }, length }: Prefix): Prefix {
  const shift = BigInt(bits - length)
  return { address: { bits, value: (value >> shift) << shift }, length }
}

function isIn(address: Address, four: string, six: string): boolean {
  const { value } = parsePrefix(address.bits === 32 ? four : six)
  return value !== undefined && contains(value, address)
}

const kinds = {
  isUnspecified: (address: Address) => address.value === 0n,
  isLoopback: (address: Address) => isIn(address, '127.0.0.0/8', '::1/128'),
  isLinkLocalMulticast: (address: Address) =>
    address.bits === 32 ? isIn(address, '224.0.0.0/24', '') : ((address.value >> 112n) & 0xff0fn) === 0xff02n,
  isLinkLocalUnicast: (address: Address) => isIn(address, '169.254.0.0/16', 'fe80::/10'),
  isGlobalUnicast: (address: Address) =>
    address.value !== 0n &&
    !(address.bits === 32 && address.value === 0xffffffffn) &&
    !kinds.isLoopback(address) &&
    !isIn(address, '224.0.0.0/4', 'ff00::/8') &&
    !kinds.isLinkLocalUnicast(address),
}

function withParsed<T>(parsed: T | ReturnType<typeof fail>, use: (value: T) => Result): Result {
  return isFailure(parsed as Result) ? (parsed as Result) : use(parsed as T)
}

const twiceText = (args: readonly CelValue[]): number => Math.ceil(String(args[0]).length * 0.2)

/** apiserver/pkg/cel/library/ip.go. */
const ips: readonly FunctionDeclaration[] = [
  define(
    'ip',
    global([stringType], ipType, ip, traversalCost),
    member([cidrType], ipType, ({ value }: Cidr) => wrapIp(value.address)),
  ),
  define(
    'family',
    member([ipType], intType, ({ value }: Ip) => (value.bits === 32 ? 4n : 6n)),
  ),
  define(
    'ip.isCanonical',
    global([stringType], boolType, (text: string) => withParsed(ip(text), ({ key }) => key === text), twiceText),
  ),
  ...Object.entries(kinds).map(([name, holds]) =>
    define(
      name,
      member([ipType], boolType, ({ value }: Ip) => holds(value)),
    ),
  ),
  define(
    'isIP',
    global([stringType], boolType, (text: string) => !isFailure(ip(text)), traversalCost),
  ),
]

/** apiserver/pkg/cel/library/cidr.go. */
const cidrs: readonly FunctionDeclaration[] = [
  define('cidr', global([stringType], cidrType, cidr, traversalCost)),
  define(
    'containsIP',
    member([cidrType, stringType], boolType, (outer: Cidr, text: string) =>
      withParsed(ip(text), inner => contains(outer.value, inner.value)),
    ),
    member([cidrType, ipType], boolType, (outer: Cidr, inner: Ip) => contains(outer.value, inner.value)),
  ),
  define(
    'containsCIDR',
    member([cidrType, stringType], boolType, (outer: Cidr, text: string) =>
      withParsed(cidr(text), inner => containsPrefix(outer.value, inner.value)),
    ),
    member([cidrType, cidrType], boolType, (outer: Cidr, inner: Cidr) => containsPrefix(outer.value, inner.value)),
  ),
  define(
    'prefixLength',
    member([cidrType], intType, ({ value }: Cidr) => BigInt(value.length)),
  ),
  define(
    'masked',
    member([cidrType], cidrType, ({ value }: Cidr) => wrapCidr(masked(value))),
  ),
  define(
    'isCIDR',
    global([stringType], boolType, (text: string) => !isFailure(cidr(text)), traversalCost),
  ),
  define(
    'string',
    global([ipType], stringType, ({ key }: Ip) => key),
    global([cidrType], stringType, ({ key }: Cidr) => key),
  ),
]

export const addresses: readonly FunctionDeclaration[] = [...ips, ...cidrs]

/** Whether a text is an address as expressions read them. */
export function isIpText(text: string): boolean {
  return parseAddress(text).error === undefined
}

export function isCidrText(text: string): boolean {
  return parsePrefix(text).error === undefined
}
