import type { Sandbox } from './state.ts'

const localNames =
  '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\n' +
  'fe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n'

/** Files that the kubelet and the runtime mount into every container of a Pod: its names and its resolver. */
export function sandboxFile({ config, addresses }: Sandbox, path: string): string | undefined {
  const { hostname, dns, hosts = {} } = config
  switch (path) {
    case '/etc/hostname':
      return `${hostname}\n`
    case '/etc/resolv.conf':
      if (!dns) return undefined
      return `search ${dns.search.join(' ')}\nnameserver ${dns.server}\noptions ndots:${dns.ndots}\n`
    case '/etc/hosts': {
      const own = addresses.map(address => `${address}\t${hostname}\n`).join('')
      const aliases = Object.entries(hosts).map(([name, address]) => `${address}\t${name}\n`)
      const added = aliases.length > 0 ? `\n# Entries added by HostAliases.\n${aliases.join('')}` : ''
      return `# Kubernetes-managed hosts file.\n${localNames}${own}${added}`
    }
    default:
      return undefined
  }
}
