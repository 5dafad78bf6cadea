import { describe, expect, it } from 'vitest'
import { Node } from '../api/core/node.ts'
import { Pod } from '../api/core/pod.ts'
import { Service } from '../api/core/service.ts'
import { EndpointSlice } from '../api/discovery/endpointslice.ts'
import { Ingress } from '../api/networking/ingress.ts'
import { IngressClass } from '../api/networking/ingressclass.ts'
import type { NewObject } from '../client/api.ts'
import { LanLab } from '../testing/lan-lab.ts'

const port = { port: 80, protocol: 'TCP' as const, targetPort: 80, nodePort: 30000 }
const nodePort = { type: 'NodePort' as const, ports: [port] }

function lab(): LanLab {
  const made = new LanLab()
  made.startProxies()
  return made
}

/** How often each answer came. */
function tally(count: number, ask: (i: number) => string): Record<string, number> {
  const seen: Record<string, number> = {}
  for (let i = 0; i < count; i++) {
    const answer = ask(i)
    seen[answer] = (seen[answer] ?? 0) + 1
  }
  return seen
}

describe('[D6] the way from a machine through a node port to a Pod and back', () => {
  it('reaches every Pod behind the Service, whichever node is asked', () => {
    const lan = lab()
    lan.serve('web', ['w1', 'w2', 'w3'], nodePort)
    const seen = tally(60, i => lan.get('workstation', `http://192.168.1.${101 + (i % 3)}:30000/`))
    expect(Object.keys(seen).sort()).toEqual(['200 web-w1', '200 web-w2', '200 web-w3'])
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(8)
  })

  it('is as long as the externalTrafficPolicy makes it, and ends with the address it leaves', () => {
    const lan = lab()
    lan.serve('web', ['w2'], nodePort)
    const places = (url: string): string[] => {
      const seq = lan.simulation.trace.end
      lan.get('workstation', url)
      return lan
        .hopsSince(seq)
        .filter(hop => hop.direction === 'request')
        .map(hop => `${hop.to} ${hop.source} ${hop.verdict}`)
    }
    const pod = lan.hostOf('web-w2')
    expect(places('http://192.168.1.101:30000/')).toEqual([
      'machine/w1 192.168.1.5 forwarded',
      'service/default/web 192.168.1.5 forwarded',
      'machine/w2 192.168.1.101 forwarded',
      `${pod} 192.168.1.101 delivered`,
    ])
    const service = lan.api.get(Service, 'web', 'default')
    lan.api.patch(Service, service, 'merge', { spec: { externalTrafficPolicy: 'Local' } })
    lan.runFor(2_000)
    expect(places('http://192.168.1.102:30000/').at(-1)).toBe(`${pod} 192.168.1.5 delivered`)
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('connect timed out')
  })

  it('is closed where no kube-proxy has run, and stays open where one has died', () => {
    const lan = new LanLab()
    lan.serve('web', ['w2'], nodePort)
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('connection refused')
    lan.startProxies()
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('200 web-w2')
    lan.api.delete(Pod, lan.pod('kube-proxy-w1', 'kube-system'), { gracePeriodSeconds: 0 })
    lan.runFor(60_000)
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('200 web-w2')
    // The rules stay as they were: a port that is opened now stays closed there.
    const service = lan.api.get(Service, 'web', 'default')
    lan.api.patch(Service, service, 'merge', { spec: { ports: [{ ...port, nodePort: 30001 }] } })
    lan.runFor(5_000)
    const answers = [30000, 30001].flatMap(port =>
      [101, 102].map(host => lan.get('workstation', `http://192.168.1.${host}:${port}/`)),
    )
    expect(answers).toEqual(['200 web-w2', 'connection refused', 'connection refused', '200 web-w2'])
  })
})

describe('[D9] a node that is cut off', () => {
  it('goes on by the rules that it has, and catches up when it is back', () => {
    const lan = lab()
    lan.serve('web', ['w1', 'w2'])
    const ask = (): string =>
      lan.get('w1', `http://${lan.api.get(Service, 'web', 'default').spec.clusterIP ?? ''}/`, { timeoutMs: 300 })
    expect(Object.keys(tally(20, ask)).sort()).toEqual(['200 web-w1', '200 web-w2'])
    lan.tell('network', 'cut', { a: 'w1' })
    const slice = lan.api.get(EndpointSlice, 'web-lab', 'default')
    lan.api.update(EndpointSlice, {
      ...slice,
      endpoints: slice.endpoints?.filter(({ nodeName }) => nodeName === 'w1') ?? [],
    })
    lan.runFor(5_000)
    expect(Object.keys(tally(20, ask)).sort()).toEqual(['200 web-w1', 'connect timed out'])
    lan.tell('network', 'mend', { a: 'w1' })
    lan.runFor(5_000)
    expect(tally(20, ask)).toEqual({ '200 web-w1': 20 })
  })
})

describe('[D6] a hostPort', () => {
  it('leads to the Pod on its node only, as long as it is there', () => {
    const lan = lab()
    const ports = [{ containerPort: 80, hostPort: 8080, protocol: 'TCP' as const }]
    lan.run('web', 'w1', { containers: [{ name: 'web', image: 'sysnet4admin/echo-hname', ports }] })
    lan.runFor(20_000)
    const ask = (): string[] => [1, 2].map(i => lan.get('workstation', `http://192.168.1.10${i}:8080/`))
    expect(ask()).toEqual(['200 web', 'connection refused'])
    lan.api.delete(Pod, lan.pod('web'))
    lan.runFor(40_000)
    expect(ask()).toEqual(['connection refused', 'connection refused'])
  })
})

describe('[C6] a machine that loses power', () => {
  it('has no rules when it is on again, until its kube-proxy runs', () => {
    const lan = lab()
    lan.serve('web', ['w2'], nodePort)
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('200 web-w2')
    const machine = { name: 'w1', addresses: ['192.168.1.101'] }
    lan.tell('network', 'host', { ...machine, up: false })
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('no route')
    lan.tell('network', 'host', { ...machine, up: true })
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('connection refused')
  })

  it('does not stop the others from following while a master is away', () => {
    const lan = lab()
    lan.serve('web', ['w2'], nodePort)
    lan.tell('network', 'host', { name: 'm', addresses: ['192.168.1.10'], up: false })
    lan.tell('network', 'host', { name: 'm', addresses: ['192.168.1.10'], up: true })
    const service = lan.api.get(Service, 'web', 'default')
    lan.api.patch(Service, service, 'merge', { spec: { ports: [{ ...port, nodePort: 30001 }] } })
    lan.runFor(5_000)
    expect(lan.get('workstation', 'http://192.168.1.101:30001/')).toBe('200 web-w2')
  })
})

describe('[A12] names', () => {
  const curl = { containers: [{ name: 'curl', image: 'nginx' }] }

  it('of Services resolve in Pods by their search domains, and those of the world outside', () => {
    const lan = lab()
    lan.startDns()
    lan.serve('web', ['w2'])
    lan.api.create(Service, {
      metadata: { name: 'docs', namespace: 'default' },
      spec: { type: 'ExternalName', externalName: 'example.com' },
    })
    lan.run('client', 'w3', curl)
    lan.runFor(20_000)
    const from = lan.hostOf('client')
    for (const host of ['web', 'web.default', 'web.default.svc.cluster.local']) {
      expect(lan.get(from, `http://${host}/`)).toBe('200 web-w2')
    }
    expect(lan.get(from, 'http://nothing/')).toBe('name not resolved')
    expect(lan.get(from, 'http://example.com/')).toBe('200 <!doctype html>')
    expect(lan.get(from, 'http://docs/')).toBe('200 <!doctype html>')
  })

  it('stop resolving when CoreDNS is gone, and not before', () => {
    const lan = lab()
    lan.startDns()
    lan.serve('web', ['w2'])
    lan.run('client', 'w3', curl)
    lan.runFor(20_000)
    const from = lan.hostOf('client')
    for (const name of ['dns-w1', 'dns-w2']) {
      expect(lan.get(from, 'http://web/')).toBe('200 web-w2')
      lan.api.delete(Pod, lan.pod(name, 'kube-system'))
      lan.runFor(40_000)
      lan.publish('kube-dns', 'kube-system')
      lan.runFor(2_000)
    }
    expect(lan.get(from, 'http://web/')).toBe('name not resolved')
  })
})

describe('[A11] a network plugin', () => {
  it('makes the node ready and its Pods reachable from others', () => {
    const lan = new LanLab({ plugin: false })
    const isReady = (name: string): string | undefined =>
      lan.api.get(Node, name).status.conditions?.find(({ type }) => type === 'Ready')?.status
    lan.runFor(10_000)
    expect(isReady('w1')).toBe('False')
    const mount = { name: 'net', mountPath: '/host/etc/cni/net.d' }
    for (const node of ['w1', 'w2']) {
      lan.run(`calico-${node}`, node, {
        hostNetwork: true,
        initContainers: [
          {
            name: 'install-cni',
            image: 'quay.io/calico/cni:v3.31.2',
            command: ['/opt/cni/bin/install'],
            volumeMounts: [mount],
          },
        ],
        containers: [{ name: 'calico-node', image: 'quay.io/calico/node:v3.31.2' }],
        volumes: [{ name: 'net', hostPath: { path: '/etc/cni/net.d' } }],
      })
    }
    lan.runFor(60_000)
    expect(['w1', 'w2', 'w3'].map(isReady)).toEqual(['True', 'True', 'False'])
    lan.serve('web', ['w2'])
    const { podIP } = lan.pod('web-w2').status
    expect(lan.get('w1', `http://${podIP ?? ''}/`)).toBe('200 web-w2')
    expect(lan.get('w3', `http://${podIP ?? ''}/`)).toBe('connect timed out')
  })
})

describe('[D3] the NGINX ingress controller', () => {
  function withController(): LanLab {
    const lan = lab()
    lan.api.create(IngressClass, { metadata: { name: 'nginx' }, spec: { controller: 'k8s.io/ingress-nginx' } })
    const probe = { httpGet: { path: '/healthz', port: 10254 }, periodSeconds: 1 }
    const container = {
      name: 'controller',
      image: 'registry.k8s.io/ingress-nginx/controller:v1.15.1',
      readinessProbe: probe,
    }
    const args = ['/nginx-ingress-controller', '--watch-ingress-without-class=true']
    const labels = { 'app.kubernetes.io/name': 'ingress-nginx' }
    lan.run('controller', 'w3', { containers: [{ ...container, args }] }, 'ingress-nginx', { labels })
    const ports = [{ name: 'http', port: 80, protocol: 'TCP' as const, targetPort: 80, nodePort: 30100 }]
    const spec = { type: 'NodePort' as const, selector: labels, ports }
    lan.api.create(Service, { metadata: { name: 'nginx-ingress-controller', namespace: 'ingress-nginx' }, spec })
    lan.runFor(30_000)
    lan.publish('nginx-ingress-controller', 'ingress-nginx')
    lan.runFor(2_000)
    return lan
  }
  const route = (name: string, spec: NewObject<Ingress>['spec'] = {}): NewObject<Ingress> => {
    const annotations = { 'nginx.ingress.kubernetes.io/rewrite-target': '/' }
    const backend = { service: { name, port: { number: 80 } } }
    const paths = [{ path: `/${name}`, pathType: 'Prefix' as const, backend }]
    return { metadata: { name, namespace: 'default', annotations }, spec: { rules: [{ http: { paths } }], ...spec } }
  }
  const door = 'http://192.168.1.101:30100'

  it('sends requests to ready Pods in turn, and says what it did', () => {
    const lan = withController()
    expect(lan.get('workstation', `${door}/web`)).toBe('404 <html>')
    lan.serve('web', ['w1', 'w2', 'w3'])
    lan.api.create(Ingress, route('web'))
    lan.runFor(2_000)
    expect(tally(30, () => lan.get('workstation', `${door}/web`))).toEqual({
      '200 web-w1': 10,
      '200 web-w2': 10,
      '200 web-w3': 10,
    })
    const hops = lan.hopsSince(0).filter(hop => hop.from === 'ingress/default/web' && hop.direction === 'request')
    expect(hops[0]).toMatchObject({ to: 'service/default/web', rule: expect.stringMatching(/^default-web-80 -> 172/) })
    const { podIP } = lan.pod('web-w1').status
    const line = lan.log('controller', 'ingress-nginx').find(text => text.includes(`${podIP ?? ''}:80`))
    expect(line).toMatch(
      /^192\.168\.1\.101 - - \[15\/Jan\/2026:09:\d\d:\d\d \+0000\] "GET \/web HTTP\/1\.1" 200 7 "-" "curl\/8\.5\.0" \d+ 0\.\d{3} \[default-web-80\] \[\] 172\.16\.1\.\d+:80 7 0\.\d{3} 200 [0-9a-f]{32}$/,
    )
  })

  it('answers 503 without endpoints, and goes to the next one when a Pod has just died', () => {
    const lan = withController()
    lan.serve('web', ['w1', 'w2'])
    lan.api.create(Ingress, route('web'))
    lan.runFor(2_000)
    lan.api.delete(Pod, lan.pod('web-w1'), { gracePeriodSeconds: 1 })
    lan.runFor(5_000)
    expect(tally(6, () => lan.get('workstation', `${door}/web`))).toEqual({ '200 web-w2': 6 })
    lan.api.delete(Pod, lan.pod('web-w2'), { gracePeriodSeconds: 1 })
    lan.runFor(5_000)
    lan.publish('web')
    lan.runFor(2_000)
    expect(lan.get('workstation', `${door}/web`)).toBe('503 <html>')
  })

  it('writes the addresses of its nodes into the status of its Ingresses, and of no others', () => {
    const lan = withController()
    lan.api.create(Ingress, route('web'))
    lan.api.create(Ingress, route('other', { ingressClassName: 'haproxy' }))
    lan.runFor(61_000)
    expect(lan.api.get(Ingress, 'web', 'default').status.loadBalancer).toEqual({ ingress: [{ ip: '192.168.1.103' }] })
    expect(lan.api.get(Ingress, 'other', 'default').status.loadBalancer).toEqual({})
  })

  it('sends visitors of a host with a certificate to https, and serves them there', () => {
    const lan = withController()
    lan.serve('web', ['w1'])
    const tls = [{ hosts: ['web.example.com'], secretName: 'web-tls' }]
    const spec = route('web').spec
    const rules = spec?.rules?.map(rule => ({ ...rule, host: 'web.example.com' })) ?? []
    lan.api.create(Ingress, { ...route('web'), spec: { rules, tls } })
    lan.runFor(2_000)
    const http = { method: 'GET', path: '/web?a=b', headers: { Host: 'web.example.com:30100' } }
    expect(lan.get('workstation', `${door}/web?a=b`, { http })).toBe('308 <html>')
    const answer = lan.answers.at(-1)
    expect(answer?.ok && answer.http?.headers['Location']).toBe('https://web.example.com/web?a=b')
    const { podIP } = lan.pod('controller', 'ingress-nginx').status
    expect(lan.get('w1', `https://${podIP ?? ''}:443/web`, { http })).toBe('200 web-w1')
    expect(lan.get('workstation', `${door}/web`)).toBe('404 <html>')
  })

  it('does nothing when its Pod is gone', () => {
    const lan = withController()
    lan.serve('web', ['w1'])
    lan.api.create(Ingress, route('web'))
    lan.runFor(2_000)
    expect(lan.get('workstation', `${door}/web`)).toBe('200 web-w1')
    lan.api.delete(Pod, lan.pod('controller', 'ingress-nginx'), { gracePeriodSeconds: 0 })
    lan.runFor(40_000)
    lan.publish('nginx-ingress-controller', 'ingress-nginx')
    lan.runFor(2_000)
    expect(lan.get('workstation', `${door}/web`)).toBe('connection refused')
  })
})

describe('[J6] the network', () => {
  it('goes on from a checkpoint as if there had been none, also after another future', () => {
    const lan = lab()
    lan.serve('web', ['w1', 'w2', 'w3'], { ...nodePort, sessionAffinity: 'ClientIP' })
    const { simulation } = lan
    const load = (): void => {
      for (let i = 0; i < 40; i++) {
        const open = { from: i % 2 === 0 ? 'workstation' : 'w3', protocol: 'http', host: '192.168.1.101', port: 30000 }
        const http = { method: 'GET', path: '/', headers: {} }
        simulation.schedule('network', i * 5.3, 'open', { ...open, http, replyTo: { component: 'client', tag: i } })
      }
    }
    const future = (): unknown => {
      lan.publish('web')
      load()
      lan.runFor(3_000)
      return lan.answers.slice()
    }
    load()
    lan.runFor(50.6)
    const checkpoint = simulation.checkpoint()
    const straight = future()
    // In the other future, the same revision numbers mean something else.
    simulation.restore(checkpoint)
    lan.api.delete(EndpointSlice, { metadata: { name: 'web-lab', namespace: 'default' } })
    lan.runFor(5_000)
    expect(lan.get('workstation', 'http://192.168.1.101:30000/')).toBe('connection refused')
    simulation.restore(checkpoint)
    expect(future()).toEqual(straight)
  })
})
