/** `--service-cluster-ip-range`: 10.96.0.0/12. */
const firstIP = (10 << 24) | (96 << 16)
const ipCount = 2 ** 20
/** Addresses that are left to those who ask for a certain one (the static band): min(max(16, size / 16), 256). */
const staticIPs = 256

/** Addresses of Services: core/service/ipallocator. */
export const clusterIPs = {
  /** What a dry run shows: the address of the network itself, which nobody gets. */
  first: textOf(0),

  isIP: (ip: string): boolean => offsetOf(ip) !== undefined,

  contains(ip: string): boolean {
    const offset = offsetOf(ip)
    return offset !== undefined && offset > 0 && offset < ipCount - 1
  },

  /** A free address, or undefined when all are taken. */
  next(used: ReadonlySet<string>, random: () => number): string | undefined {
    return (
      pick(staticIPs + 1, ipCount - 1, offset => used.has(textOf(offset)), random, textOf) ??
      pick(1, staticIPs + 1, offset => used.has(textOf(offset)), random, textOf)
    )
  },
}

/** `--service-node-port-range`. */
const firstPort = 30_000
const portCount = 2768
const staticPorts = 86

/** Node ports: core/service/portallocator. */
export const nodePorts = {
  /** What a dry run shows: a port outside the range. */
  afterLast: firstPort + portCount + 1,

  contains: (port: number): boolean => port >= firstPort && port < firstPort + portCount,

  next(used: ReadonlySet<number>, random: () => number): number | undefined {
    const isTaken = (offset: number): boolean => used.has(firstPort + offset)
    const portAt = (offset: number): number => firstPort + offset
    return pick(staticPorts, portCount, isTaken, random, portAt) ?? pick(0, staticPorts, isTaken, random, portAt)
  },
}

/** Something free between two offsets: where chance points, or the next one after it. */
function pick<T>(
  from: number,
  to: number,
  isTaken: (offset: number) => boolean,
  random: () => number,
  valueAt: (offset: number) => T,
): T | undefined {
  const start = Math.floor(random() * (to - from))
  for (let i = 0; i < to - from; i++) {
    const offset = from + ((start + i) % (to - from))
    if (!isTaken(offset)) return valueAt(offset)
  }
  return undefined
}

function textOf(offset: number): string {
  const number = firstIP + offset
  return [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.')
}

/** How far an IPv4 address is from the first one of the range; undefined for what is no address. */
function offsetOf(ip: string): number | undefined {
  const parts = ip.split('.').map(Number)
  if (parts.length !== 4 || parts.some(part => !Number.isInteger(part) || part < 0 || part > 255)) return undefined
  return parts.reduce((sum, part) => sum * 256 + part, 0) - firstIP
}
