import { describe, expect, it } from 'vitest'
import type { Ingress } from '../../api/networking/ingress.ts'
import { locationFor, rewritten, serverFor } from './match.ts'
import { serversOf } from './servers.ts'

type Path = readonly [path: string, pathType: 'Exact' | 'Prefix' | 'ImplementationSpecific', service: string]

let count = 0
function ingress(
  paths: readonly Path[],
  { host, annotations = {} }: { host?: string; annotations?: Record<string, string> } = {},
): Ingress {
  const named = Object.fromEntries(
    Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
  )
  return {
    ...{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress' },
    metadata: {
      name: `i${count++}`,
      namespace: 'lab',
      uid: '',
      resourceVersion: '',
      creationTimestamp: `2026-01-0${count % 9}`,
      annotations: named,
    },
    spec: {
      rules: [
        {
          ...(host !== undefined && { host }),
          http: {
            paths: paths.map(([path, pathType, name]) => ({
              path,
              pathType,
              backend: { service: { name, port: { number: 80 } } },
            })),
          },
        },
      ],
    },
    status: { loadBalancer: {} },
  }
}

/** Service and path that a request reaches: `web /x`; `404` for nginx' own page. */
function reach(ingresses: readonly Ingress[], url: string): string {
  const [, host = '', path = '', query = ''] = /^([^/]*)([^?]*)(.*)$/.exec(url) ?? []
  const server = serverFor(serversOf(ingresses), host)
  const location = server && locationFor(server, path)
  return location?.upstream ? `${location.upstream.service} ${rewritten(location, path, query)}` : '404'
}

describe('[D3] paths of an Ingress', () => {
  const plain = [
    ingress([
      ['/', 'Prefix', 'root'],
      ['/foo', 'Prefix', 'foo'],
      ['/foo/bar/', 'Prefix', 'bar'],
      ['/foo/exact', 'Exact', 'exact'],
      ['/any', 'ImplementationSpecific', 'any'],
    ]),
  ]
  it.each([
    ['x/', 'root /', 'everything begins with /'],
    ['x/foo', 'foo /foo', 'a Prefix is itself'],
    ['x/foo/', 'foo /foo/', 'with a slash'],
    ['x/foo/a/b?c=d', 'foo /foo/a/b?c=d', 'and what is below it, query kept'],
    ['x/foobar', 'root /foobar', 'but no longer word'],
    ['x/foo/bar/baz', 'bar /foo/bar/baz', 'the longest Prefix wins'],
    ['x/foo/bar', 'foo /foo/bar', 'a Prefix with a slash at its end is not the path without it'],
    ['x/foo/exact', 'exact /foo/exact', 'Exact wins over Prefix'],
    ['x/foo/exact/', 'foo /foo/exact/', 'Exact is exact'],
    ['x/anything', 'any /anything', "nginx' own prefix goes letter by letter"],
    ['x/FOO', 'root /FOO', 'capitals count'],
  ])('%s reaches %s: %s', (url, expected) => {
    expect(reach(plain, url)).toBe(expected)
  })

  it('without one for / are answered by the default backend', () => {
    expect(reach([ingress([['/foo', 'Prefix', 'foo']])], 'x/')).toBe('404')
    expect(reach([], 'x/')).toBe('404')
  })

  it('belong to the older Ingress where two claim the same', () => {
    const [younger, older] = [ingress([['/', 'Prefix', 'young']]), ingress([['/', 'Prefix', 'old']])]
    older.metadata.creationTimestamp = '2025-01-01'
    expect(reach([younger, older], 'x/')).toBe('old /')
  })
})

describe('[D3] rewrite-target', () => {
  const seeds = ingress(
    [
      ['/', 'Prefix', 'hname'],
      ['/ip', 'Prefix', 'ip'],
      ['/your-directory', 'Prefix', 'your'],
    ],
    { annotations: { 'rewrite-target': '/' } },
  )
  it.each([
    ['x/', 'hname /'],
    ['x/ip', 'ip /'],
    ['x/IP/deeper?x=1', 'ip /?x=1'],
    ['x/your-directory', 'your /'],
  ])('/ sends %s to %s, as in the lab of the seed notes', (url, expected) => {
    expect(reach([seeds], url)).toBe(expected)
  })

  it.each([
    ['x/something', 'web /'],
    ['x/something/', 'web /'],
    ['x/something/new?a=b', 'web /new?a=b'],
    ['x/somethings', '404'],
  ])('with groups sends %s to %s', (url, expected) => {
    const annotations = { 'rewrite-target': '/$2', 'use-regex': 'true' }
    expect(reach([ingress([['/something(/|$)(.*)', 'ImplementationSpecific', 'web']], { annotations })], url)).toBe(
      expected,
    )
  })

  it('turns all paths of its host into expressions, also those of other Ingresses', () => {
    const other = ingress([['/exact', 'Exact', 'exact']])
    expect(reach([other], 'x/exact/more')).toBe('404')
    expect(reach([other, seeds], 'x/exact/more')).toBe('exact /exact/more')
  })

  it('with an expression that is none fits nothing', () => {
    const annotations = { 'use-regex': 'true' }
    expect(reach([ingress([['/a(', 'ImplementationSpecific', 'web']], { annotations })], 'x/a(')).toBe('404')
  })
})

describe('[D3] hosts of an Ingress', () => {
  const hosts = [
    ingress([['/', 'Prefix', 'exact']], { host: 'web.example.com' }),
    ingress([['/', 'Prefix', 'wild']], { host: '*.example.com' }),
    ingress([['/', 'Prefix', 'deep']], { host: '*.lab.example.com' }),
    ingress([['/api', 'Prefix', 'api']], { host: 'api.example.com' }),
    ingress([['/', 'Prefix', 'any']]),
  ]
  it.each([
    ['web.example.com/', 'exact /'],
    ['WEB.example.com:30100/', 'exact /'],
    ['shop.example.com/', 'wild /'],
    ['a.lab.example.com/', 'deep /'],
    ['example.com/', 'any /'],
    ['a.shop.example.com/', 'any /'],
    ['192.168.1.101:30100/', 'any /'],
    ['api.example.com/', '404'],
  ])('%s reaches %s', (url, expected) => {
    expect(reach(hosts, url)).toBe(expected)
  })

  it('take what none of their paths takes to the default backend of their Ingress', () => {
    const own = ingress([['/api', 'Prefix', 'api']], { host: 'api.example.com' })
    own.spec.defaultBackend = { service: { name: 'rest', port: { name: 'http' } } }
    expect(reach([own, ...hosts.slice(4)], 'api.example.com/x')).toBe('rest /x')
  })
})
