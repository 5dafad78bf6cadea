import { type FieldError, invalid, required } from '../../../machinery/fieldpath.ts'
import { isDns1123Label, isDns1123Subdomain, isDns1123SubdomainWithUnderscore } from '../../../machinery/validation.ts'
import type { HostAlias, PodSpec } from '../../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../../meta/checks.ts'
import { isIp } from '../../meta/ip.ts'

/** Names a Pod has and how it looks up others: validatePodDNSConfig and ValidateHostAliases of core validation. */

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']
const maxNameservers = 3
const maxSearches = 32
const maxSearchCharacters = 2048

export function checkDnsPolicy(errors: FieldError[], path: string, { dnsPolicy }: PodSpec): void {
  checkSupported(errors, `${path}.dnsPolicy`, dnsPolicy, policies)
}

export function checkDnsConfig(errors: FieldError[], path: string, { dnsPolicy, dnsConfig }: PodSpec): void {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) {
      errors.push(required(path, 'must provide `dnsConfig` when `dnsPolicy` is None'))
      return
    }
    if (!dnsConfig.nameservers?.length) {
      errors.push(required(`${path}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'))
      return
    }
  }
  if (!dnsConfig) return
  const { nameservers = [], searches = [], options = [] } = dnsConfig
  if (nameservers.length > maxNameservers) {
    errors.push(invalid(`${path}.nameservers`, nameservers, `must not have more than ${maxNameservers} nameservers`))
  }
  nameservers.forEach((ip, i) => addInvalid(errors, `${path}.nameservers[${i}]`, ip, isIp(ip)))
  checkSearches(errors, path, searches)
  options.forEach(({ name }, i) => {
    if (!name) errors.push(required(`${path}.options[${i}]`, 'must not be empty'))
  })
}

function checkSearches(errors: FieldError[], path: string, searches: readonly string[]): void {
  if (searches.length > maxSearches) {
    errors.push(invalid(`${path}.searches`, searches, `must not have more than ${maxSearches} search paths`))
  }
  if (searches.join(' ').length > maxSearchCharacters) {
    const detail = `must not have more than ${maxSearchCharacters} characters (including spaces) in the search list`
    errors.push(invalid(`${path}.searches`, searches, detail))
  }
  searches.forEach((search, i) => {
    if (search === '.') return
    const name = search.endsWith('.') ? search.slice(0, -1) : search
    addInvalid(errors, `${path}.searches[${i}]`, name, isDns1123SubdomainWithUnderscore(name))
  })
}

export function checkHostNames(errors: FieldError[], path: string, { hostname, subdomain }: PodSpec): void {
  if (hostname) addInvalid(errors, `${path}.hostname`, hostname, isDns1123Label(hostname))
  if (subdomain) addInvalid(errors, `${path}.subdomain`, subdomain, isDns1123Label(subdomain))
}

export function checkHostAliases(errors: FieldError[], path: string, aliases: readonly HostAlias[]): void {
  aliases.forEach(({ ip, hostnames }, i) => {
    addInvalid(errors, `${path}[${i}].ip`, ip, isIp(ip))
    hostnames?.forEach((name, j) => {
      addInvalid(errors, `${path}[${i}].hostnames[${j}]`, name, isDns1123Subdomain(name))
    })
  })
}
