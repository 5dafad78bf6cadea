import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Lab } from './lab.ts'
import { expect, test } from './podscape.ts'

// A presenter types into a real terminal, the room sees the graph move.
test.describe('[I3] npm run serve -- --page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'podscape-live-'))
  const kubeconfig = join(folder, 'config')
  let server: ChildProcess
  let printed = ''

  test.beforeAll(async () => {
    const options = ['--port', '0', '--page-port', '0', '--speed', '10', '--kubeconfig', kubeconfig]
    server = spawn(process.execPath, ['node_modules/tsx/dist/cli.mjs', 'src/bridge/serve.ts', ...options])
    server.stdout?.on('data', (piece: Buffer) => (printed += piece.toString()))
    server.stderr?.on('data', (piece: Buffer) => (printed += piece.toString()))
    await expect.poll(() => printed, { timeout: 120_000 }).toContain('#live=')
  })

  test.afterAll(async () => {
    const ended = new Promise(resolve => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true })
  })

  test('shows what a client of the API does, and does what the page is told', async ({ page }) => {
    const url = /http:\/\/127\.0\.0\.1:\d+\/#live=\S+/.exec(printed)?.[0] ?? ''
    const lab = new Lab(page)
    await lab.open(url)
    expect(page.url()).not.toContain('live=')

    const spec = { containers: [{ name: 'c', image: 'nginx:1.27' }] }
    const pod = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })
    expect(await call(kubeconfig, 'POST', '/api/v1/namespaces/default/pods', pod('from-outside'))).toBe(201)
    await expect(lab.pods('from-outside', 'Running')).toHaveCount(1)

    await lab.applyByTyping(JSON.stringify(pod('from-the-page')))
    await expect(lab.pods('from-the-page', 'Running')).toHaveCount(1)
    expect(await call(kubeconfig, 'GET', '/api/v1/namespaces/default/pods/from-the-page')).toBe(200)

    await page.reload()
    await expect(lab.pods('from-outside', 'Running')).toHaveCount(1)
    await page.goto(new URL(url).origin)
    await expect(lab.pods('from-the-page', 'Running')).toHaveCount(1)
  })
})

/** A request with the certificate of a kubeconfig; its status. */
function call(file: string, method: string, path: string, body?: object): Promise<number> {
  const text = readFileSync(file, 'utf8')
  const field = (name: string): string => new RegExp(`${name}: (\\S+)`).exec(text)?.[1] ?? ''
  const pem = (name: string): Buffer => Buffer.from(field(name), 'base64')
  const { hostname, port } = new URL(field('server'))
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        ...{ hostname, port, method, path, agent: false, headers: { 'content-type': 'application/json' } },
        ...{ ca: pem('certificate-authority-data'), cert: pem('client-certificate-data'), key: pem('client-key-data') },
      },
      answer => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      },
    )
    sent.on('error', reject)
    sent.end(body && JSON.stringify(body))
  })
}
