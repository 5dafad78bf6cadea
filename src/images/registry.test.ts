import { describe, expect, it } from 'vitest'
import { NodeLab } from '../testing/node-lab.ts'
import { images } from './index.ts'
import { imageRegistry } from './registry.ts'

const registry = imageRegistry(images)

function failure(name: string, code: string, why: string): string {
  return `rpc error: code = ${code} desc = failed to pull and unpack image "${name}": failed to resolve reference "${name}": ${why}`
}

describe('[B10] images: what can be pulled', () => {
  it.each([
    'nginx',
    'nginx:1.7.9',
    'nginx:1.14',
    'nginx:1.15.12',
    'nginx:1.16.0',
    'nginx:1.29.1-alpine',
    'nginx:stable',
    'httpd:2.4',
    'sysnet4admin/echo-hname',
    'busybox',
    'ghcr.io/somebody/something:v7',
    'postgres:17',
    'registry.k8s.io/pause:3.10.1',
  ])('%s exists', reference => {
    expect(registry.pull(reference)).toMatchObject({
      found: true,
      digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    })
  })

  it.each(['1.99', '9.9', '1.6', '1.7.8', 'no-such-tag', '1.14-windows', '01.14'])('nginx:%s does not', tag => {
    const name = `docker.io/library/nginx:${tag}`
    expect(registry.pull(`nginx:${tag}`)).toEqual({
      found: false,
      error: failure(name, 'NotFound', `${name}: not found`),
    })
  })

  it('says what Docker Hub says of a repository that is not there or not for everybody', () => {
    const name = 'docker.io/library/ngnix:latest'
    const why =
      'pull access denied, repository does not exist or may require authorization: ' +
      'server message: insufficient_scope: authorization failed'
    expect(registry.pull('ngnix')).toEqual({ found: false, error: failure(name, 'Unknown', why) })
  })

  it('gives two tags different digests and one tag always the same', () => {
    const digest = (reference: string): string => {
      const result = registry.pull(reference)
      return result.found ? result.digest : result.error
    }
    expect(digest('nginx:1.14')).toBe(digest('docker.io/library/nginx:1.14'))
    expect(digest('nginx:1.14')).not.toBe(digest('nginx:1.15'))
  })
})

describe('[D6] images: what their processes answer', () => {
  it.each([
    ['nginx:1.16.0', '/', 200, 'Welcome to nginx!', 'nginx/1.16.0'],
    ['nginx:1.14', '/', 200, 'Welcome to nginx!', 'nginx/1.14.2'],
    ['nginx', '/nothing', 404, '404 Not Found', 'nginx/1.29.1'],
    ['httpd:2.4', '/', 200, 'It works!', 'Apache/2.4'],
    ['sysnet4admin/echo-hname', '/any/where', 200, 'web', 'nginx'],
  ])('%s answers %s with %i %s', (image, path, status, text, server) => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'main', image }] })
    lab.runFor(10_000)
    const answer = lab.get(`http://${lab.pod('web').status.podIP}${path}`)
    expect(answer).toMatchObject({ status, body: expect.stringContaining(text) })
    expect(answer?.headers.Server).toContain(server)
  })

  it('logs each request as nginx does', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'main', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    lab.get(`http://${lab.pod('web').status.podIP}/a?b=c`)
    expect(lab.log('web', 'main').at(-1)).toMatch(
      /^192\.168\.1\.101 - - \[15\/Jan\/2026:09:00:11 \+0000\] "GET \/a\?b=c HTTP\/1\.1" 404 \d+ "-" "curl\/8\.5\.0" "-"$/,
    )
  })

  it('stops cleanly when it is asked to', () => {
    const lab = new NodeLab()
    lab.run('any', { containers: [{ name: 'main', image: 'ghcr.io/somebody/something:1' }] })
    lab.runFor(10_000)
    const seen = lab.follow('any')
    lab.api.delete(lab.podKind, lab.pod('any'))
    lab.runFor(2_000)
    expect(seen.statuses.at(-1)?.containerStatuses?.[0]?.state.terminated).toMatchObject({ exitCode: 0 })
  })
})
