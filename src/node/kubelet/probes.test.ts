import { describe, expect, it } from 'vitest'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'

const image = 'lab/tools:1'
const healthz = { httpGet: { path: '/healthz', port: 8080 } }

describe('[B8] kubelet: probes', () => {
  it('makes a container ready when its readiness probe succeeds, and unready when it has failed three times', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.runFor(30_000)
    const seen = lab.follow('web')
    const readinessProbe = { ...healthz, periodSeconds: 5 }
    lab.run('web', { containers: [{ name: 'main', image, command: ['sometimes-healthy'], readinessProbe }] })
    lab.runFor(60_000)

    expect(seen.history.map(withoutTime)).toEqual([
      'Pending',
      'Pending main=ContainerCreating',
      'Running main=running',
      'Running main=running+',
      'Running main=running',
    ])
    const [ready, unready] = seen.history.slice(3).map(line => Number(line.split(' ')[0]))
    // Healthy from 10 s to 30 s; asked every 5 s; three failures make it unready.
    expect((unready ?? 0) - (ready ?? 0)).toBeGreaterThanOrEqual(25)
    expect((unready ?? 0) - (ready ?? 0)).toBeLessThanOrEqual(36)
    expect(lab.events('web')).toContainEqual(
      expect.stringMatching(/^Warning Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503 x\d+$/),
    )
    expect(lab.pod('web').status.conditions).toContainEqual(
      expect.objectContaining({
        type: 'Ready',
        status: 'False',
        reason: 'ContainersNotReady',
        message: 'containers with unready status: [main]',
      }),
    )
  })

  it('restarts a container whose liveness probe has failed three times', () => {
    const lab = new NodeLab()
    lab.runFor(30_000)
    const livenessProbe = { httpGet: { path: '/healthz', port: 80 }, periodSeconds: 5 }
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', livenessProbe }] })
    lab.runFor(25_000)

    expect(lab.events('web')).toContainEqual(
      expect.stringMatching(/^Warning Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 404 x[34]$/),
    )
    expect(lab.events('web')).toContain('Normal Killing: Container nginx failed liveness probe, will be restarted')
    expect(lab.pod('web').status.containerStatuses?.[0]).toMatchObject({ restartCount: 1, ready: true })
  })

  it('says what a connection met that nobody answers', () => {
    const lab = new NodeLab()
    lab.runFor(30_000)
    const readinessProbe = { httpGet: { path: '/', port: 81 }, periodSeconds: 5 }
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', readinessProbe }] })
    const livenessProbe = { tcpSocket: { port: 81 } }
    lab.run('tcp', { containers: [{ name: 'nginx', image: 'nginx:1.14', livenessProbe }] })
    lab.runFor(15_000)

    const url = 'Get "http://172.16.1.2:81/": dial tcp 172.16.1.2:81: connect: connection refused'
    expect(lab.events('web')).toContainEqual(
      expect.stringContaining(`Warning Unhealthy: Readiness probe failed: ${url}`),
    )
    expect(lab.events('tcp')).toContainEqual(
      expect.stringContaining(
        'Warning Unhealthy: Liveness probe failed: dial tcp 172.16.1.3:81: connect: connection refused',
      ),
    )
  })

  it('runs commands in the container, and tells what they printed', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.runFor(30_000)
    const readinessProbe = { exec: { command: ['test', '/tmp/ready'] }, periodSeconds: 2 }
    lab.run('web', { containers: [{ name: 'main', image, readinessProbe }] })
    lab.runFor(9_000)
    expect(lab.pod('web').status.containerStatuses?.[0]?.ready).toBe(false)
    expect(lab.events('web')).toContainEqual(
      expect.stringMatching(/Readiness probe failed: cat: can't open '\/tmp\/ready': No such file or directory/),
    )

    lab.containerFiles('web', 'main').set('/tmp/ready', '')
    lab.runFor(3_000)
    expect(lab.pod('web').status.containerStatuses?.[0]?.ready).toBe(true)
  })

  it('gives a command up that takes too long', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.runFor(30_000)
    const livenessProbe = { exec: { command: ['stubborn', 'a "b"'] }, periodSeconds: 10, timeoutSeconds: 2 }
    lab.run('web', { containers: [{ name: 'main', image, livenessProbe }] })
    lab.runFor(16_000)
    expect(lab.events('web')).toContainEqual(
      expect.stringContaining('Liveness probe failed: command timed out: "stubborn a \\"b\\"" timed out after 2s'),
    )
    expect([...lab.runtime().containers.values()].map(({ processes }) => processes.size)).toEqual([1])
  })

  it('asks for liveness and readiness only after the startup probe has succeeded', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.runFor(30_000)
    const seen = lab.follow('web')
    const startupProbe = { ...healthz, periodSeconds: 1, failureThreshold: 30 }
    const livenessProbe = { ...healthz, periodSeconds: 1 }
    lab.run('web', {
      containers: [{ name: 'main', image, command: ['sometimes-healthy'], startupProbe, livenessProbe }],
    })
    lab.runFor(20_000)

    expect(lab.events('web').filter(event => /Liveness|Killing/.test(event))).toEqual([])
    expect(seen.history.map(withoutTime).slice(-2)).toEqual(['Running main=running', 'Running main=running+'])
    const started = seen.statuses.map(status => status.containerStatuses?.[0]?.started)
    expect(started.filter(value => value !== undefined)).toEqual([false, false, true])

    lab.runFor(18_000)
    expect(lab.events('web')).toContain('Normal Killing: Container main failed liveness probe, will be restarted')
  })

  it('asks for readiness as soon as the container runs, not at the next tick of its period', () => {
    const lab = new NodeLab()
    lab.runFor(70_000)
    const seen = lab.follow('web')
    const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 60 }
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', readinessProbe }] })
    lab.runFor(10_000)
    expect(withoutTime(seen.history.at(-1) ?? '')).toBe('Running nginx=running+')
  })

  it('waits for initialDelaySeconds after the start of the container', () => {
    const lab = new NodeLab()
    lab.runFor(30_000)
    const seen = lab.follow('web')
    const readinessProbe = { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 7 }
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', readinessProbe }] })
    lab.runFor(30_000)
    const [running, ready] = seen.history.slice(-2).map(line => Number(line.split(' ')[0]))
    expect((ready ?? 0) - (running ?? 0)).toBeGreaterThanOrEqual(6.8)
  })
})

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '')
}
