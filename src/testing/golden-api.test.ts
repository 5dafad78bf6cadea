import { describe, expect, it } from 'vitest'

import { replayCase, replayKnown } from './golden-api-replay.ts'
import type { HttpRequest, HttpResponse, HttpServer } from './golden-api-replay.ts'
import { API_FOLDERS, apiCases, casesFor, kindsOf, resourceOfPath } from './golden-api.ts'
import type { GoldenCase, GoldenResponse } from './golden-api.ts'
import { mapTexts } from './golden-json.ts'
import { describeMismatches } from './golden-match.ts'
import { makeWorld } from './golden-world.ts'

const cases = API_FOLDERS.flatMap(folder => apiCases(folder))

const STAND_INS: Record<string, string> = {
  rv: '7',
  time: '2026-01-15T09:00:00Z',
  rand5: 'b4x7z',
  clusterip: '10.96.3.4',
  nodeport: '30123',
  continue: 'abc',
  token: 'a.b.c',
  hash: 'ABC123',
  ptr: '0xc000',
  server: '10.0.0.1:6443',
  age: '3s',
  seconds: '4',
  object: '{}',
}

/** A response as a server might have given it: each placeholder replaced by a value of its kind. */
function lived(text: string): string {
  return text
    .replace(/<uid:(\d+)>/g, (_, n: string) => `00000000-0000-4000-8000-${n.padStart(12, '0')}`)
    .replace(/<rv:(\d+)>/g, (_, n: string) => String(1000 + Number(n)))
    .replace(/<(\w+)>/g, (whole, name: string) => STAND_INS[name] ?? whole)
}

function bodyOf(response: GoldenResponse): string {
  if (response.bodyText !== undefined) return lived(response.bodyText)
  if (response.events) return response.events.map(event => `${JSON.stringify(mapTexts(event, lived))}\n`).join('')
  return response.body === undefined ? '' : JSON.stringify(mapTexts(response.body, lived))
}

/** A server that answers as recorded, in order; it notes the requests that it got. */
function recorded(golden: GoldenCase, change: (index: number, response: HttpResponse) => HttpResponse = (_, r) => r) {
  const left = [...(golden.setup ?? []), ...golden.steps].flatMap(step => {
    if (step.request && step.response) return [{ request: step.request, response: step.response }]
    return step.http ?? []
  })
  const got: HttpRequest[] = []
  let index = 0
  let world = (golden.namespaces ?? []).reduce((sum, each) => sum + (each.noServiceAccount ? 1 : 2), 0)
  const server: HttpServer = {
    send(request) {
      if (world-- > 0) return { status: 201, headers: {}, body: '' }
      got.push(request)
      const response = left[index++]?.response ?? { status: 599 }
      return change(index - 1, { status: response.status, headers: response.headers ?? {}, body: bodyOf(response) })
    },
    advance() {},
    compact() {},
  }
  return { server, got, asked: left.map(exchange => exchange.request) }
}

describe('[A3] API cases', () => {
  it('are all read: 70 of create, 116 invalid, 48 of patch, 10 of discovery', () => {
    const counts = API_FOLDERS.map(folder => apiCases(folder).length)
    expect(counts).toEqual([70, 116, 48, 10])
  })

  it.each(cases.map(golden => [golden.id, golden] as const))('%s agrees with its own recording', (_, golden) => {
    const { server, got, asked } = recorded(golden)
    const replay = replayCase(golden, server)
    expect(describeMismatches(replay.mismatches)).toBe('')
    expect(replay.compared).toBe(asked.length)
    expect(got.map(request => request.method)).toEqual(asked.map(request => request.method))
    for (const request of got) expect(`${request.path}${request.body}`).not.toMatch(/\$\{\w+\}|<(?:uid|rv):\d+>/)
  })

  it('fail when a status, a field, a warning or a version is wrong', () => {
    const byId = (id: string) => cases.find(golden => golden.id === id) ?? { id, steps: [] }
    const spoilt = (id: string, change: (body: string) => string, only?: number) =>
      replayCase(
        byId(id),
        recorded(byId(id), (index, r) => (only === undefined || only === index ? { ...r, body: change(r.body) } : r))
          .server,
      ).mismatches.map(found => found.path)

    expect(
      spoilt('create/pod-minimal', body => body.replace('"restartPolicy":"Always"', '"restartPolicy":"Never"')),
    ).toEqual([expect.stringMatching(/body\.spec\.restartPolicy$/)])
    expect(spoilt('create/pod-minimal', body => body.replace('"priority":0,', ''))).toEqual([
      expect.stringMatching(/body\.spec\.priority$/),
    ])
    expect(spoilt('patch/watch-events', body => body.replace('MODIFIED', 'ADDED'))).not.toEqual([])
    expect(
      spoilt('patch/generation', body => body.replace(/"resourceVersion":"\d+"/, '"resourceVersion":"1001"')),
    ).not.toEqual([])
    const warned = byId('create/endpointslice-endpoints')
    const silent = recorded(warned, (_, r) => ({ ...r, headers: { 'Content-Type': 'application/json' } }))
    expect(replayCase(warned, silent.server).mismatches.map(found => found.path)).toContainEqual(
      expect.stringMatching(/Warning\[0\]$/),
    )
    const refused = recorded(byId('create/pod-minimal'), (_, r) => ({ ...r, status: 500 }))
    expect(replayCase(byId('create/pod-minimal'), refused.server).mismatches).toContainEqual(
      expect.objectContaining({ expected: '201', got: expect.stringMatching(/^500/) }),
    )
  })

  it('run kubectl where there is one and compare what it printed', () => {
    const golden: GoldenCase = {
      id: 'x',
      steps: [
        { kubectl: ['get', 'x'], files: { a: 'b' }, exitCode: 1, stdout: 'a\nb <rand5>\n', stderr: '', http: [] },
      ],
    }
    const { server } = recorded(golden)
    const run = (stdout: string) =>
      replayCase(golden, server, {
        kubectl: ({ files }) => ({ exitCode: files['a'] === 'b' ? 1 : 2, stdout, stderr: '' }),
      })
    expect(run('a\nb 4x7zb\n').mismatches).toEqual([])
    expect(run('a\nb aaaaa\n').mismatches[0]?.path).toBe('steps[0] kubectl get x stdout line 2')
  })

  it.each([
    ['/api/v1/namespaces/lab/pods/a/eviction', 'v1/pods/eviction'],
    ['/api/v1/namespaces/lab', 'v1/namespaces'],
    ['/api/v1/namespaces/lab/status', 'v1/namespaces/status'],
    ['/apis/apps/v1/deployments?watch=true', 'apps/v1/deployments'],
    ['/apis/apps/v1/namespaces/a/deployments/b/scale', 'apps/v1/deployments/scale'],
    ['/apis/networking.k8s.io/v1beta1/ingresses', undefined],
    ['/version', undefined],
  ])('%s is about %s', (path, resource) => {
    expect(resourceOfPath(path)).toBe(resource)
  })

  it('are filtered by the resources that a server knows', () => {
    const known = new Set(['v1/pods', 'v1/configmaps', 'v1/namespaces'])
    const chosen = casesFor(cases, name => known.has(name)).map(golden => golden.id)
    expect(chosen).toContain('create/pod-minimal')
    expect(chosen).toContain('patch/watch-events')
    expect(chosen).not.toContain('create/deployment-minimal')
    expect(
      kindsOf(
        apiCases('create').find(golden => golden.id === 'create/deployment-minimal') ??
          cases[0] ?? { id: '', steps: [] },
      ),
    ).toEqual(['apps/v1/deployments'])
  })

  it('are reported by number: how many there are, are known, and pass', () => {
    const two = cases.filter(golden => /^create\/(?:configmap|pod-minimal|deployment-minimal)$/.test(golden.id))
    const left = two.filter(golden => golden.id !== 'create/deployment-minimal')
    const servers = left.map(
      (golden, index) => recorded(golden, (_, r) => (index === 0 ? { ...r, status: 500 } : r)).server,
    )
    const report = replayKnown(
      two,
      name => !name.startsWith('apps/'),
      () => servers.shift() ?? recorded({ id: '', steps: [] }).server,
    )
    expect(report).toMatchObject({ total: 3, known: 2, passed: 1, failures: [{ id: 'create/configmap' }] })
  })

  it('start in a world of four namespaces, an account, a service and two priorities', () => {
    const paths: string[] = []
    const refuse = (request: HttpRequest): HttpResponse => {
      paths.push(`${request.path} ${/"name":"([^"]*)"/.exec(request.body ?? '')?.[1]}`)
      return { status: 404, headers: {}, body: '' }
    }
    makeWorld({ send: refuse, advance: () => {}, compact: () => {} })
    expect(paths).toHaveLength(8)
    expect(paths).toContain('/api/v1/namespaces/default/services kubernetes')
    expect(paths).toContain('/apis/scheduling.k8s.io/v1/priorityclasses system-node-critical')
  })
})
