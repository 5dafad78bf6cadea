/** IPv4 addresses as text and as numbers. */

/** Whether a host is given as an address and needs no name resolution. */
export function isAddress(host: string): boolean {
  return /^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host)
}

export function toNumber(address: string): number {
  let number = 0
  for (const byte of address.split('.')) number = number * 256 + Number(byte)
  return number
}

/** Whether an address lies in a range such as 172.16.1.0/24. */
export function isIn(cidr: string, address: string): boolean {
  const [network = '', bits = '32'] = cidr.split('/')
  const size = 2 ** (32 - Number(bits))
  return Math.floor(toNumber(network) / size) === Math.floor(toNumber(address) / size)
}

/** Addresses of the machine itself. */
export function isLoopback(address: string): boolean {
  return address.startsWith('127.')
}
