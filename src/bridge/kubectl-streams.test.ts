import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedOutput } from '../testing/golden-kubectl.ts'
import { splitWords } from '../testing/kubectl-lab.ts'
import { findKubectl, noKubectl, type RealKubectl, runKubectl } from '../testing/parity/real-kubectl.ts'
import { type Bridge, startBridge } from './bridge.ts'

// What of kubectl goes on: its WebSockets, and the SPDY inside of one that port-forward speaks.

const kubectl = findKubectl()
const lab = { preset: 'm-k8s', masters: 1, workers: 1, workerCpu: 2, workerMemoryMiB: 2560 }

const manifests = `
apiVersion: v1
kind: Pod
metadata: { name: web }
spec: { containers: [{ name: nginx, image: nginx:1.27 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: box }
spec:
  restartPolicy: Never
  containers:
    - { name: box, image: busybox:1.36, stdin: true, command: [sh, -c, 'read line; echo got $line; sleep 100000'] }
---
apiVersion: v1
kind: Pod
metadata: { name: ticker }
spec:
  restartPolicy: Never
  containers: [{ name: c, image: busybox:1.36, command: [sh, -c, 'for i in 1 2 3 4 5; do echo tick $i; sleep 10; done'] }]
`

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** The answer of a server that is on its way up. */
async function fetchSoon(url: string): Promise<{ status: number; text: string }> {
  for (let tries = 0; ; tries++) {
    try {
      const answer = await fetch(url)
      return { status: answer.status, text: await answer.text() }
    } catch (error) {
      if (tries > 40) throw error
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}

function streamWith(kubectl: RealKubectl): void {
  describe(`[I3] streams of ${kubectl.path} ${kubectl.version}`, () => {
    const home = mkdtempSync(join(tmpdir(), 'podscape-streams-'))
    let bridge: Bridge

    const run = (line: string, more: { stdin?: string; seconds?: number } = {}): Promise<RecordedOutput> => {
      const env = { HOME: home, TZ: 'UTC', PATH: '/usr/bin:/bin' }
      return runKubectl(kubectl, splitWords(line), { cwd: home, env, ...more })
    }

    beforeAll(async () => {
      bridge = await startBridge({ port: 0, topology: lab, seed: 1, speed: 20 })
      mkdirSync(join(home, '.kube'))
      writeFileSync(join(home, '.kube/config'), bridge.kubeconfig)
      writeFileSync(join(home, 'pods.yaml'), manifests)
      expect(await run('apply -f pods.yaml')).toMatchObject({ code: 0 })
      expect(await run('wait pod/web pod/box pod/ticker --for=condition=Ready --timeout=30s')).toMatchObject({
        code: 0,
      })
    }, 120_000)

    afterAll(async () => {
      await bridge.close()
      rmSync(home, { recursive: true })
    })

    it('runs commands in containers, with what they print, read and end with', async () => {
      expect(await run('exec web -- echo hello')).toEqual({ code: 0, stdout: 'hello\n', stderr: '' })
      expect(await run("exec web -- sh -c 'echo out; echo err >&2; exit 7'")).toEqual({
        code: 7,
        stdout: 'out\n',
        stderr: 'err\ncommand terminated with exit code 7\n',
      })
      expect(await run('exec -i web -- cat', { stdin: 'héllo\n' })).toMatchObject({ code: 0, stdout: 'héllo\n' })
    })

    it('follows logs until the container ends', async () => {
      const { code, stdout } = await run('logs -f ticker')
      expect([code, stdout]).toEqual([0, 'tick 1\ntick 2\ntick 3\ntick 4\ntick 5\n'])
    })

    it('watches until it is interrupted', async () => {
      const watching = run('get pods web -w -o name', { seconds: 3 })
      await new Promise(resolve => setTimeout(resolve, 1_000))
      await run('label pod web seen=yes')
      expect(await watching).toEqual({ code: null, stdout: 'pod/web\npod/web\n', stderr: '' })
    })

    it('speaks to what runs in a container', async () => {
      const { stdout } = await run('attach -i box', { stdin: 'a word\n', seconds: 4 })
      expect(stdout).toContain('got a word\n')
    })

    it('copies files to containers and back', async () => {
      writeFileSync(join(home, 'note.txt'), 'first line\n')
      expect(await run('cp note.txt web:/tmp/note.txt')).toMatchObject({ code: 0, stderr: '' })
      expect(await run('exec web -- cat /tmp/note.txt')).toMatchObject({ stdout: 'first line\n' })
      expect(await run('cp web:/tmp/note.txt back.txt')).toMatchObject({ code: 0 })
      expect(readFileSync(join(home, 'back.txt'), 'utf8')).toBe('first line\n')
    })

    it('forwards ports, and says when nobody listens', async () => {
      const port = await freePort()
      const forwarding = run(`port-forward pod/web ${port}:80`, { seconds: 4 })
      const answer = await fetchSoon(`http://127.0.0.1:${port}/`)
      expect(answer.status).toBe(200)
      expect(answer.text).toContain('nginx')
      expect((await forwarding).stdout).toContain(`Forwarding from 127.0.0.1:${port} -> 80\n`)

      const other = await freePort()
      const refused = run(`port-forward pod/web ${other}:81`, { seconds: 4 })
      await expect(fetchSoon(`http://127.0.0.1:${other}/`)).rejects.toThrow()
      expect((await refused).stderr).toMatch(/error forwarding port 81 to pod.*connection refused/)
    })
  })
}

if (kubectl) streamWith(kubectl)
else {
  it(`[I3] ${noKubectl('exec, attach, logs, cp and port-forward were not tried with a real one')}`, () => {
    expect(kubectl).toBeUndefined()
  })
}
