import type { SceneItem } from '../../scene/model.ts'

/**
 * URLs that lead somewhere in this cluster, for people who do not want to look them up: node ports at a machine's address
 * and Ingresses from the outside, Service names and addresses from inside.
 */
export function addressesOf(items: Iterable<SceneItem>): readonly string[] {
  const all = [...items]
  const machine = all.find(item => item.type === 'machine' && item.facts['role'] === 'worker')?.facts['address'] ?? ''
  const urls = new Set<string>()
  for (const item of all) {
    if (item.type === 'service') for (const url of urlsOfService(item, machine)) urls.add(url)
    if (item.type === 'ingress') for (const url of urlsOfIngress(item, machine)) urls.add(url)
  }
  return [...urls]
}

function urlsOfService({ name, namespace, facts }: SceneItem, machine: string): readonly string[] {
  return (facts['ports'] ?? '')
    .split(',')
    .filter(port => port.endsWith('/TCP'))
    .flatMap(port => {
      const [, own = '', node] = /^(\d+)(?::(\d+))?\//.exec(port) ?? []
      const suffix = own === '80' ? '' : `:${own}`
      const urls = [`http://${name}.${namespace ?? 'default'}.svc.cluster.local${suffix}/`]
      if (node !== undefined && machine !== '') urls.unshift(`http://${machine}:${node}/`)
      const external = facts['external']
      return external === undefined ? urls : [`http://${external}${suffix}/`, ...urls]
    })
}

function urlsOfIngress({ facts }: SceneItem, machine: string): readonly string[] {
  const host = facts['hosts'] === '*' || facts['hosts'] === undefined ? facts['address'] || machine : facts['hosts']
  if (host === '') return []
  return (facts['paths'] ?? '/').split(',').map(path => `http://${host.split(',')[0] ?? ''}${path.trim()}`)
}
