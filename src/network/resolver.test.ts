import { describe, expect, it } from 'vitest'
import { Lab } from '../testing/network-lab.ts'
import type { Host } from './exchange.ts'
import { candidatesOf } from './resolver.ts'

const searchDomains = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local']

describe('[A12] resolver', () => {
  /** A lab where the Pod asks a name server on the other node. */
  function labWithDns(known: Readonly<Record<string, string>>): { lab: Lab; asked: readonly string[] } {
    const lab = new Lab()
    const asked: string[] = []
    lab.simulation.add('dns', 'name server', { known, asked })
    const dns = { server: '172.16.2.2', search: searchDomains, ndots: 5 }
    lab.host({ name: 'pod/a', addresses: ['172.16.1.2'], machine: 'w1-k8s', up: true, dns })
    lab.listen('pod/web', 53, 'dns', 'udp')
    return { lab, asked }
  }
  it('asks for a name with few dots in each search domain until one exists', () => {
    const { lab, asked } = labWithDns({ 'web.lab.svc.cluster.local': '172.16.2.2' })
    lab.get('pod/a', 'web.lab', 80)
    lab.run(1_000)
    expect(asked).toEqual(['web.lab.default.svc.cluster.local', 'web.lab.svc.cluster.local'])
    expect(lab.ends).toEqual(['200 0s'])
  })

  it('says that a name does not exist after the last candidate', () => {
    const { lab, asked } = labWithDns({})
    lab.get('pod/a', 'nothing', 80)
    lab.run(1_000)
    expect(asked.at(-1)).toBe('nothing')
    expect(lab.ends).toEqual(['name not resolved 0s'])
  })

  it('waits 5 s twice for a server that does not answer, and not at all for one that is refused', () => {
    const lab = new Lab()
    const host: Host = { name: 'pod/a', addresses: ['172.16.1.2'], machine: 'w1-k8s', up: true }
    lab.host({ ...host, dns: { server: '10.96.0.52', search: [], ndots: 5 } })
    lab.get('pod/a', 'web', 80)
    lab.run(20_000)
    lab.host({ ...host, dns: { server: '10.96.0.51', search: [], ndots: 5 } })
    lab.get('pod/a', 'web', 80)
    lab.run(20_000)
    expect(lab.ends).toEqual(['name not resolved 10s', 'name not resolved 0s'])
  })

  it("is the machine's where a Pod has none of its own", () => {
    const { lab, asked } = labWithDns({ web: '172.16.2.2' })
    const dns = { server: '172.16.2.2', search: [], ndots: 1 }
    lab.host({ name: 'w1-k8s', addresses: ['192.168.1.101'], up: true, dns })
    lab.host({ name: 'pod/a', addresses: ['172.16.1.2'], machine: 'w1-k8s', up: true })
    lab.get('pod/a', 'web', 80)
    lab.run(1_000)
    expect(asked).toEqual(['web'])
    expect(lab.ends).toEqual(['200 0s'])
  })

  it('takes names of /etc/hosts without asking anybody', () => {
    const lab = new Lab()
    lab.get('workstation', 'w1-k8s', 30000)
    lab.run(1_000)
    expect(lab.ends).toEqual(['200 0s'])
    expect(lab.answers).toMatchObject([{ remote: '192.168.1.101' }])
  })

  it.each([
    ['a name with enough dots as it is first', 'a.b', 1, ['a.b', 'a.b.x', 'a.b.y']],
    ['a name with too few dots in the search domains first', 'a.b', 5, ['a.b.x', 'a.b.y', 'a.b']],
    ['a name with a final dot only as it is', 'a.', 5, ['a']],
  ])('tries %s', (_, name, ndots, expected) => {
    expect(candidatesOf(name, ['x', 'y'], ndots)).toEqual(expected)
  })
})
