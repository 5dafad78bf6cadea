import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ExchangeEvidence, HopEvidence } from '../machinery/evidence.ts'
import { Lab } from '../testing/network-lab.ts'
import type { newNetwork } from './state.ts'

describe('[D6] network', () => {
  it('carries a request from outside the cluster through a node port to a Pod on another node and back', () => {
    const lab = new Lab()
    lab.get('workstation', '192.168.1.101', 30000)
    lab.run(1_000)
    expect(lab.hops).toEqual([
      'request machine/workstation → machine/w1-k8s forwarded',
      'request machine/w1-k8s → service/default/web forwarded',
      'request service/default/web → machine/w2-k8s forwarded',
      'request machine/w2-k8s → pod/web delivered',
      'response pod/web → machine/w2-k8s forwarded',
      'response machine/w2-k8s → service/default/web forwarded',
      'response service/default/web → machine/w1-k8s forwarded',
      'response machine/w1-k8s → machine/workstation delivered',
    ])
    expect(lab.answers).toMatchObject([{ ok: true, http: { status: 200, body: 'hello\n' }, remote: '192.168.1.101' }])
    expect(lab.answers[0]?.tookMs).toBeGreaterThan(4)
    expect(lab.answers[0]?.tookMs).toBeLessThan(6)
    const exchanges = lab.evidence<ExchangeEvidence>('exchange')
    expect(exchanges).toMatchObject([
      { phase: 'begin', url: 'http://192.168.1.101:30000/', from: 'machine/workstation' },
      { phase: 'end', status: 200 },
    ])
  })

  it('shows the server the address of the node that translated, and the rule as evidence', () => {
    const lab = new Lab()
    lab.get('workstation', '192.168.1.101', 30000)
    lab.run(1_000)
    expect(lab.served('web')).toMatchObject([{ source: '192.168.1.101', destination: '172.16.2.2', port: 80 }])
    const rules = lab.evidence<HopEvidence>('hop').flatMap(hop => hop.rule ?? [])
    expect(rules).toEqual(['default/web -> 172.16.2.2:80'])
  })

  it('lets a Pod reach another by address with its own address as source', () => {
    const lab = new Lab()
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(1_000)
    expect(lab.ends).toEqual(['200 0s'])
    expect(lab.served('web')).toMatchObject([{ source: '172.16.1.2' }])
    expect(lab.hops.slice(0, 2)).toEqual([
      'request pod/a → machine/w2-k8s forwarded',
      'request machine/w2-k8s → pod/web delivered',
    ])
  })

  it('lets packets from Pods leave for machines with the address of their node', () => {
    const lab = new Lab()
    lab.listen('m-k8s', 6443, 'web')
    lab.get('pod/a', '192.168.1.10', 6443)
    lab.run(1_000)
    expect(lab.served('web')).toMatchObject([{ source: '192.168.1.101' }])
  })

  it('refuses at once where nothing listens and where a Service has no endpoints', () => {
    const lab = new Lab()
    lab.get('pod/a', '172.16.2.2', 8080)
    lab.get('pod/a', '10.96.0.51', 80)
    lab.run(1_000)
    expect(lab.ends).toEqual(['connection refused 0s', 'connection refused 0s'])
    expect(lab.hops).toContain('request machine/w2-k8s → pod/web refused')
    expect(lab.hops).toContain('request pod/a → service/default/none refused')
  })

  it('waits 131 s for a SYN that rules drop, and sends it again as Linux does', () => {
    const lab = new Lab()
    lab.get('pod/a', '10.96.0.52', 80)
    lab.run(300_000)
    expect(lab.ends).toEqual(['connect timed out 131s'])
    const times = lab.simulation.trace.since(0).filter(({ type }) => type === 'hop')
    expect(times.map(({ at }) => at / 1_000)).toEqual([0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67])
  })

  it('gives up when the client does', () => {
    const lab = new Lab()
    lab.get('pod/a', '10.96.0.52', 80, { timeoutMs: 3_000 })
    lab.get('pod/a', '172.16.2.2', 81, { timeoutMs: 4_000 })
    lab.run(300_000)
    expect(lab.ends).toEqual(['connect timed out 3s', 'timed out 4s'])
  })

  it('gives up connecting before it gives up waiting, if the client is so', () => {
    const lab = new Lab()
    const patience = { timeoutMs: 60_000, connectTimeoutMs: 5_000 }
    lab.get('pod/a', '10.96.0.52', 80, patience)
    lab.get('pod/a', '172.16.2.2', 81, patience)
    lab.run(300_000)
    expect(lab.ends).toEqual(['connect timed out 5s', 'timed out 60s'])
  })

  it('finds no route to an address of the switch that nobody has, nor to a Pod that is gone, after three ARP requests', () => {
    const lab = new Lab()
    lab.host({ name: 'pod/web', addresses: ['172.16.2.2'], machine: 'w2-k8s', up: false })
    lab.get('w1-k8s', '192.168.1.77', 80)
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(300_000)
    expect(lab.ends).toEqual(['no route 3.06s', 'no route 3.06s'])
  })

  it('needs the network plugin on both nodes for Pods to reach one another', () => {
    const lab = new Lab()
    lab.tell('pod-network', { machine: 'w2-k8s', plugin: 'flannel' })
    lab.get('pod/a', '172.16.2.2', 80, { timeoutMs: 1_000 })
    lab.run(300_000)
    expect(lab.ends).toEqual(['connect timed out 1s'])
    expect(lab.hops).toEqual(['request pod/a → machine/w2-k8s dropped'])
  })

  it('resets what a server works on when its process dies', () => {
    const lab = new Lab()
    lab.get('pod/a', '172.16.2.2', 81)
    lab.run(1_000)
    lab.unlisten('pod/web', 81, 'silent')
    lab.run(1_000)
    expect(lab.ends).toEqual(['reset 1s'])
  })

  it('keeps a port that another process has taken meanwhile', () => {
    const lab = new Lab()
    lab.listen('pod/web', 80, 'silent')
    lab.unlisten('pod/web', 80, 'web')
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(1_000)
    expect(lab.served('silent')).toHaveLength(1)
  })

  it('answers a TCP probe at the handshake, with no request to the server', () => {
    const lab = new Lab()
    const replyTo = { component: 'client', tag: 'probe' }
    lab.tell('open', { from: 'w2-k8s', protocol: 'tcp', host: '172.16.2.2', port: 80, replyTo })
    lab.run(1_000)
    expect(lab.answers).toMatchObject([{ ok: true, tag: 'probe' }])
    expect(lab.served('web')).toEqual([])
  })
})

describe('[D6] evidence', () => {
  it('has every hop of a hundred requests a second, and of more only what went wrong', () => {
    const lab = new Lab()
    for (let i = 0; i < 3_000; i++) {
      lab.get('pod/a', '172.16.2.2', i === 2_999 ? 8080 : 80)
      lab.run(1)
    }
    lab.run(1_000)
    expect(lab.answers.filter(({ ok }) => ok)).toHaveLength(2_999)
    expect(lab.evidence<ExchangeEvidence>('exchange').length).toBe(6_000)
    const delivered = lab.hops.filter(hop => hop === 'request machine/w2-k8s → pod/web delivered')
    expect(delivered.length).toBeGreaterThan(480)
    expect(delivered.length).toBeLessThan(520)
    expect(lab.hops.at(-1)).toBe('request machine/w2-k8s → pod/web refused')
  })

  it('keeps probes from crowding out requests', () => {
    const lab = new Lab()
    for (let i = 0; i < 1_000; i++) {
      lab.get('pod/a', '172.16.2.2', 80, { replyTo: { component: 'kubelet/w1-k8s', tag: null } })
      if (i % 50 === 0) lab.get('pod/a', '172.16.2.2', 80)
      lab.run(1)
    }
    const shown = new Set(lab.evidence<HopEvidence>('hop').map(hop => hop.exchange))
    expect(shown.size).toBeGreaterThan(75)
    expect(shown.size).toBeLessThan(85)
  })
})

describe('[J8] cut links', () => {
  it('lose packets until they are mended: the next SYN gets through', () => {
    const lab = new Lab()
    lab.tell('cut', { a: 'w1-k8s', b: 'w2-k8s' })
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(5_500)
    expect(lab.ends).toEqual([])
    lab.tell('mend', { a: 'w2-k8s', b: 'w1-k8s' })
    lab.run(10_000)
    expect(lab.ends).toEqual(['200 7s'])
  })

  it('of a machine let traffic on the machine itself pass', () => {
    const lab = new Lab()
    lab.tell('cut', { a: 'w2-k8s' })
    lab.get('w2-k8s', '172.16.2.2', 80)
    lab.get('pod/a', '172.16.2.2', 80, { timeoutMs: 2_000 })
    lab.run(10_000)
    expect(lab.ends).toEqual(['200 0s', 'connect timed out 2s'])
  })

  it('hold answers back: TCP brings them when the link is mended in time', () => {
    const lab = new Lab()
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(2)
    lab.tell('cut', { a: 'w1-k8s' })
    lab.run(1_000)
    lab.tell('mend', { a: 'w1-k8s' })
    lab.run(10_000)
    expect(lab.hops.filter(hop => hop.endsWith('dropped')).length).toBeGreaterThan(1)
    expect(lab.ends).toEqual(['200 1.4s'])
  })

  it('end a connection that stays dead when the keepalive gives up', () => {
    const lab = new Lab()
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(2)
    lab.tell('cut', { a: 'w1-k8s' })
    lab.run(3_000_000)
    expect(lab.answers).toMatchObject([{ ok: false, failure: 'timed out' }])
    expect(lab.answers[0]?.tookMs).toBeGreaterThan(600_000)
    expect(lab.answers[0]?.tookMs).toBeLessThan(800_000)
  })

  it('make a machine that lost power no neighbour any more, and its Pods silent', () => {
    const lab = new Lab()
    lab.get('pod/a', '172.16.2.2', 81)
    lab.run(100)
    lab.host({ name: 'w2-k8s', addresses: ['192.168.1.102'], up: false })
    lab.get('w1-k8s', '192.168.1.102', 22)
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(1_000_000)
    expect(lab.ends).toEqual(['no route 3.06s', 'connect timed out 131s', 'timed out 600.1s'])
  })

  it('slow links take their time both ways, handshake included', () => {
    const lab = new Lab()
    lab.tell('slow', { a: 'w1-k8s', b: 'w2-k8s', ms: 100 })
    lab.get('pod/a', '172.16.2.2', 80)
    lab.run(10_000)
    expect(lab.ends).toEqual(['200 0.4s'])
  })
})

describe('[D6] every exchange', () => {
  const action = fc.oneof(
    fc.record({
      do: fc.constant('get' as const),
      from: fc.constantFrom('pod/a', 'workstation', 'w2-k8s'),
      port: fc.constantFrom(80, 81, 9),
      host: fc.constantFrom('172.16.2.2', '192.168.1.101', '10.96.0.50', '10.96.0.52', '192.168.1.99'),
    }),
    fc.record({ do: fc.constantFrom('cut' as const, 'mend' as const), a: fc.constantFrom('w1-k8s', 'w2-k8s') }),
    fc.record({ do: fc.constantFrom('kill' as const, 'start' as const, 'power off' as const, 'power on' as const) }),
  )
  it('ends exactly once, whatever is cut, killed and switched off meanwhile', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(action, fc.nat(3_000)), { maxLength: 40 }), fc.nat(1000), (plan, seed) => {
        const lab = new Lab({}, seed)
        let opened = 0
        for (const [step, waitMs] of plan) {
          if (step.do === 'get') {
            opened++
            lab.get(step.from, step.host, step.port, {
              replyTo: { component: 'client', tag: opened },
              ...(step.port === 81 && { timeoutMs: 30_000 }),
            })
          } else if (step.do === 'cut' || step.do === 'mend') lab.tell(step.do, { a: step.a })
          else if (step.do === 'kill') lab.unlisten('pod/web', 80, 'web')
          else if (step.do === 'start') lab.listen('pod/web', 80, 'web')
          else if (step.do === 'power off') lab.host({ name: 'w2-k8s', addresses: ['192.168.1.102'], up: false })
          else lab.host({ name: 'w2-k8s', addresses: ['192.168.1.102'], up: true })
          lab.run(waitMs)
        }
        lab.run(3_000_000)
        const tags = lab.answers.map(({ tag }) => tag as number).sort((a, b) => a - b)
        expect(tags).toEqual(Array.from({ length: opened }, (_, i) => i + 1))
        expect(lab.simulation.state<ReturnType<typeof newNetwork>>('network').exchanges.size).toBe(0)
        // Events are taken back only while they are still to come: others would be kept for ever.
        expect(lab.simulation.checkpoint().queue).toEqual({ heap: [], cancelled: [] })
      }),
      { numRuns: 60 },
    )
  })
})
