import { describe, expect, it } from 'vitest'
import { NodeLab } from '../../testing/node-lab.ts'
import { machineStats } from './stats.ts'

const mebibyte = 2 ** 20

function stats(lab: NodeLab, container = 'main') {
  const { containers } = machineStats(lab.runtime(), lab.simulation.now)
  const found = containers.find(({ name }) => name === container)
  return { cpuMs: Math.round(found?.cpuMs ?? 0), mebibytes: Math.round((found?.memoryBytes ?? 0) / mebibyte) }
}

/** Millicores over the next so many ms. */
function millicores(lab: NodeLab, ms: number): number {
  const before = stats(lab).cpuMs
  lab.runFor(ms)
  return Math.round((1_000 * (stats(lab).cpuMs - before)) / ms)
}

function staged(annotations: Record<string, string>, limits: Record<string, string> = {}) {
  const lab = new NodeLab()
  lab.run('web', { containers: [{ name: 'main', image: 'any/thing', resources: { limits } }] }, { annotations })
  const seen = lab.follow('web')
  lab.runFor(10_000)
  return { lab, seen }
}

describe('[B11] runtime: what containers use', () => {
  it('counts CPU that is used all the time, without an event', () => {
    const { lab } = staged({ 'podscape.dev/cpu': '250m' })
    expect(millicores(lab, 60_000)).toBe(250)
  })

  it('knows what well-known images take, and that a database needs more than it was given', () => {
    const lab = new NodeLab()
    const resources = { limits: { memory: '256Mi' } }
    lab.run('web', { containers: [{ name: 'main', image: 'redis' }] })
    lab.run('db', { restartPolicy: 'Never', containers: [{ name: 'mysql', image: 'mysql:8.4', resources }] })
    lab.runFor(20_000)
    expect(stats(lab).mebibytes).toBe(4)
    expect(lab.pod('db').status.containerStatuses?.[0]?.state.terminated?.reason).toBe('OOMKilled')
  })

  it('caps it at the limit', () => {
    const { lab } = staged({ 'podscape.dev/cpu': '1500m' }, { cpu: '500m' })
    expect(millicores(lab, 60_000)).toBe(500)
  })

  it('has no more than the machine has', () => {
    const { lab } = staged({ 'podscape.dev/cpu': '7' })
    expect(millicores(lab, 60_000)).toBe(2_000 - 45)
  })

  it('shares what the machine has by what was asked for, when more is wanted', () => {
    const lab = new NodeLab()
    const hog = (name: string, cpu?: string): void => {
      const resources = cpu === undefined ? {} : { requests: { cpu } }
      const containers = [{ name, image: 'any/thing', resources }]
      lab.run(name, { containers }, { annotations: { 'podscape.dev/cpu': '2' } })
    }
    const shares = (names: readonly string[]): number[] => {
      const before = names.map(name => stats(lab, name).cpuMs)
      lab.runFor(10_000)
      return names.map((name, index) => Math.round((stats(lab, name).cpuMs - (before[index] ?? 0)) / 10))
    }
    hog('one')
    hog('two')
    lab.runFor(10_000)
    const [one = 0, two = 0] = shares(['one', 'two'])
    expect(one).toBe(two)
    // The machine's own services have the rest.
    expect(Math.abs(one + two - 1_955)).toBeLessThan(3)
    hog('three', '1500m')
    hog('four', '500m')
    lab.runFor(10_000)
    const [small = 0, , three = 0, four = 0] = shares(['one', 'two', 'three', 'four'])
    expect(small).toBeLessThan(10)
    expect(three / four).toBeCloseTo(3, 1)
    for (const name of ['two', 'three', 'four']) lab.api.delete(lab.podKind, lab.pod(name))
    lab.runFor(40_000)
    const [alone = 0] = shares(['one'])
    expect(Math.abs(alone - 1_955)).toBeLessThan(3)
  })

  it('lets a request take its CPU time, and wait when there is more to do than the limit allows', () => {
    const { lab } = staged(
      { 'podscape.dev/ports': '80', 'podscape.dev/cpu-per-request': '200ms', 'podscape.dev/cpu': '0' },
      { cpu: '500m' },
    )
    const before = stats(lab).cpuMs
    const url = `http://${lab.pod('web').status.podIP}/`
    expect(lab.get(url)).toMatchObject({ status: 200, body: 'web\n' })
    expect(stats(lab).cpuMs - before).toBe(200)
    // Three at once are 600 ms of work for half a core.
    for (let request = 0; request < 2; request++) lab.open(url)
    expect(lab.get(`${url}third`)).toBeUndefined()
    expect(stats(lab).cpuMs - before).toBeLessThan(800)
    lab.runFor(1_000)
    expect(stats(lab).cpuMs - before).toBe(800)
  })

  it('ends a container whose memory grows beyond its limit with 137, at the moment it gets there', () => {
    const { lab, seen } = staged(
      { 'podscape.dev/memory': '20Mi', 'podscape.dev/memory-growth': '2Mi/s' },
      { memory: '100Mi' },
    )
    lab.runFor(25_000)
    expect(stats(lab).mebibytes).toBeGreaterThan(80)
    expect(seen.history.at(-1)).toMatch(/Running main=running/)
    lab.runFor(15_000)
    const [status] = lab.pod('web').status.containerStatuses ?? []
    expect(status).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } } })
    const { startedAt = '', finishedAt = '' } = status?.lastState.terminated ?? {}
    expect(Date.parse(finishedAt) - Date.parse(startedAt)).toBe(40_000)
    expect(seen.history.at(-1)).toMatch(/Running main=running\+? \(1\)/)
  })

  it('stops growing where it is told to', () => {
    const { lab } = staged(
      { 'podscape.dev/memory-growth': '10Mi/s', 'podscape.dev/memory-max': '50Mi' },
      { memory: '60Mi' },
    )
    lab.runFor(60_000)
    expect(stats(lab).mebibytes).toBe(50)
    expect(lab.pod('web').status.containerStatuses?.[0]?.restartCount).toBe(0)
  })

  it('keeps what each request leaves behind', () => {
    const { lab } = staged({
      'podscape.dev/ports': '80',
      'podscape.dev/memory': '10Mi',
      'podscape.dev/memory-per-request': '5Mi',
    })
    for (let request = 0; request < 3; request++) lab.get(`http://${lab.pod('web').status.podIP}/`)
    expect(stats(lab).mebibytes).toBe(25)
  })

  it('kills stress at once when it asks for more than its limit', () => {
    const lab = new NodeLab()
    const args = ['--vm', '1', '--vm-bytes', '250M', '--vm-hang', '1']
    const resources = { limits: { memory: '100Mi' } }
    lab.run('demo', { containers: [{ name: 'main', image: 'polinux/stress', command: ['stress'], args, resources }] })
    lab.runFor(20_000)
    expect(lab.pod('demo').status.containerStatuses?.[0]).toMatchObject({
      lastState: { terminated: { exitCode: 137, reason: 'OOMKilled' } },
    })
    expect(lab.log('demo', 'main')[0]).toBe('stress: info: [1] dispatching hogs: 0 cpu, 0 io, 1 vm, 0 hdd')
  })

  it.each([
    ['while true; do :; done', 1_000],
    ['yes > /dev/null', 1_000],
    ['dd if=/dev/zero of=/dev/null', 1_000],
    ['dd if=/dev/zero of=/dev/null & cat /dev/urandom > /dev/null', 1_955],
    ['sleep 1000', 0],
  ])('measures what a shell does: %s', (script, expected) => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'main', image: 'busybox', command: ['sh', '-c', script] }] })
    lab.runFor(10_000)
    const events = lab.simulation.handled
    expect(Math.abs(millicores(lab, 60_000) - expected)).toBeLessThan(expected / 50 + 1)
    // And it costs us next to nothing: the node's own heartbeats are among these.
    expect(lab.simulation.handled - events).toBeLessThan(150)
  })

  it('runs out of memory when a shell reads zeros to the end', () => {
    const lab = new NodeLab()
    const resources = { limits: { memory: '64Mi' } }
    lab.run('web', {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image: 'busybox', args: ['tail', '/dev/zero'], resources }],
    })
    lab.runFor(10_000)
    expect(lab.pod('web').status).toMatchObject({
      phase: 'Failed',
      containerStatuses: [{ state: { terminated: { exitCode: 137, reason: 'OOMKilled' } } }],
    })
  })
})

describe('[B1] runtime: staged containers', () => {
  it('begin and get ready when they are told to, log, and crash with their code', () => {
    const { lab, seen } = staged({
      'podscape.dev/start-delay': '3s',
      'podscape.dev/log': 'up',
      'podscape.dev/log-every': '5s',
      'podscape.dev/crash-after': '12s',
      'podscape.dev/exit-code': '3',
    })
    lab.runFor(10_000)
    expect(lab.log('web', 'main')).toEqual(['up', 'up', 'up'])
    expect(seen.statuses.some(status => status.containerStatuses?.[0]?.state.terminated?.exitCode === 3)).toBe(true)
  })

  it('answer 503 until they are ready', () => {
    const { lab } = staged({ 'podscape.dev/ports': '80', 'podscape.dev/ready-delay': '20s' })
    const url = `http://${lab.pod('web').status.podIP}/`
    expect(lab.get(url)?.status).toBe(503)
    lab.runFor(20_000)
    expect(lab.get(url)?.status).toBe(200)
  })

  it('leave the pages of an image as they are, unless an answer is staged', () => {
    const lab = new NodeLab()
    const annotations = { 'podscape.dev/ports': '80,8080', 'podscape.dev/latency': '300ms' }
    lab.run('web', { containers: [{ name: 'main', image: 'nginx' }] }, { annotations })
    lab.run(
      'bad',
      { containers: [{ name: 'main', image: 'nginx' }] },
      { annotations: { 'podscape.dev/response-status': '500' } },
    )
    lab.runFor(10_000)
    expect(lab.get(`http://${lab.pod('web').status.podIP}/`)?.body).toContain('Welcome to nginx!')
    expect(lab.get(`http://${lab.pod('web').status.podIP}:8080/`)?.body).toBe('web\n')
    expect(lab.get(`http://${lab.pod('bad').status.podIP}/`)?.status).toBe(500)
  })

  it('tell of annotations that mean nothing as an Event', () => {
    const { lab } = staged({ 'podscape.dev/crash-after': 'soon' })
    expect(lab.events('web')).toContain(
      'Warning InvalidBehaviour: podscape.dev/crash-after: "soon": must be a length of time, such as 30s',
    )
  })
})
