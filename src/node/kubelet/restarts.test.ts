import { describe, expect, it } from 'vitest'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'

const image = 'lab/tools:1'

describe('[B1] kubelet: restarts', () => {
  it('restarts a crashing container at once, then after 10 s, 20 s, 40 s …, and says that it waits', () => {
    const lab = new NodeLab({ images: [tools] })
    const seen = lab.follow('web')
    lab.run('web', { containers: [{ name: 'main', image, command: ['ends', '1', '1'] }] })
    lab.runFor(70_000)

    expect(seen.history.map(withoutTime)).toEqual([
      'Pending',
      'Pending main=ContainerCreating',
      'Running main=running+',
      'Running main=Error',
      'Running main=running+ (1)',
      'Running main=Error (1)',
      'Running main=CrashLoopBackOff (1)',
      'Running main=running+ (2)',
      'Running main=Error (2)',
      'Running main=CrashLoopBackOff (2)',
      'Running main=running+ (3)',
      'Running main=Error (3)',
      'Running main=CrashLoopBackOff (3)',
    ])
    const waits = betweenRestarts(seen.history)
    expect(waits[0]).toBeLessThan(1)
    expect(waits[1]).toBeGreaterThanOrEqual(10)
    expect(waits[1]).toBeLessThan(16)
    expect(waits[2]).toBeGreaterThanOrEqual(20)
    expect(waits[2]).toBeLessThan(31)
    const [status] = lab.pod('web').status.containerStatuses ?? []
    const { uid } = lab.pod('web').metadata
    expect(status?.state.waiting?.message).toBe(`back-off 40s restarting failed container=main pod=web_default(${uid})`)
    expect(status?.lastState.terminated).toMatchObject({ exitCode: 1, reason: 'Error' })
    expect(lab.events('web')).toContainEqual(
      expect.stringContaining(
        `Warning BackOff: Back-off restarting failed container main in pod web_default(${uid}) x`,
      ),
    )
  })

  it('forgets the back-off of a container that ran for ten minutes', () => {
    const calm = new NodeLab({ images: [tools] })
    const seen = calm.follow('calm')
    calm.run('calm', { containers: [{ name: 'main', image, command: ['ends', '1', '700'] }] })
    calm.runFor(1_500_000)
    expect(seen.history.map(withoutTime)).not.toContainEqual(expect.stringContaining('CrashLoopBackOff'))
    expect(calm.pod('calm').status.containerStatuses?.[0]?.restartCount).toBe(2)
  })

  it('leaves a Pod alone whose container failed when its restart policy is Never', () => {
    const lab = new NodeLab({ images: [tools] })
    const seen = lab.follow('task')
    lab.run('task', { restartPolicy: 'Never', containers: [{ name: 'main', image, command: ['ends', '3', '1'] }] })
    lab.runFor(60_000)

    expect(seen.history.map(withoutTime)).toEqual([
      'Pending',
      'Pending main=ContainerCreating',
      'Running main=running+',
      // It may not be called Failed before its sandbox is gone.
      'Running main=Error',
      'Failed main=Error',
    ])
    expect(lab.pod('task').status.conditions).toMatchObject([
      { type: 'PodReadyToStartContainers', status: 'False' },
      { type: 'Initialized', status: 'True' },
      { type: 'Ready', status: 'False', reason: 'PodFailed' },
      { type: 'ContainersReady', status: 'False', reason: 'PodFailed' },
      { type: 'PodScheduled', status: 'True' },
    ])
  })

  it('restarts on failure only, if the policy says so, and lets the Pod succeed when the container does', () => {
    const lab = new NodeLab({ images: [tools] })
    const containers = [
      { name: 'bad', image, command: ['ends', '1', '1'] },
      { name: 'good', image, command: ['ends', '0', '1'] },
    ]
    lab.run('task', { restartPolicy: 'OnFailure', containers })
    lab.run('done', { restartPolicy: 'OnFailure', containers: containers.slice(1) })
    lab.runFor(60_000)

    const counts = lab.pod('task').status.containerStatuses?.map(status => status.restartCount)
    expect(counts?.[0]).toBeGreaterThan(1)
    expect(counts?.[1]).toBe(0)
    expect(lab.pod('done').status.phase).toBe('Succeeded')
    expect(lab.pod('done').status.conditions?.[1]).toMatchObject({ type: 'Initialized', reason: 'PodCompleted' })
  })

  it('[B11] kills a container that uses more memory than its limit', () => {
    const lab = new NodeLab({ images: [tools] })
    const limits = { memory: '256Mi' }
    lab.run('hog', {
      restartPolicy: 'Never',
      containers: [{ name: 'main', image, command: ['grows'], resources: { limits } }],
    })
    lab.runFor(20_000)

    expect(lab.pod('hog').status.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 137,
      reason: 'OOMKilled',
    })
  })

  it('tells why a command cannot be started', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { containers: [{ name: 'main', image, command: ['nothere'] }] })
    lab.runFor(3_000)

    const why =
      'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: ' +
      'unable to start container process: error during container init: exec: "nothere": executable file not found in $PATH: unknown'
    expect(lab.events('web')).toContainEqual(expect.stringContaining(`Warning Failed: Error: ${why}`))
    const [status] = lab.pod('web').status.containerStatuses ?? []
    expect(status?.lastState.terminated).toMatchObject({ exitCode: 128, reason: 'StartError', message: why })
  })

  it('replaces a container whose image was changed', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    lab.api.patch(lab.podKind, lab.pod('web'), 'strategic', {
      spec: { containers: [{ name: 'nginx', image: 'nginx:1.16.0' }] },
    })
    lab.runFor(10_000)

    expect(lab.events('web')).toContain('Normal Killing: Container nginx definition changed, will be restarted')
    expect(lab.pod('web').status.containerStatuses?.[0]).toMatchObject({
      image: 'docker.io/library/nginx:1.16.0',
      restartCount: 1,
      ready: true,
    })
  })
})

/** Seconds from each end of the container to its next start. */
function betweenRestarts(history: readonly string[]): number[] {
  const waits: number[] = []
  let ended: number | undefined
  for (const line of history) {
    const seconds = Number(line.split(' ')[0])
    if (/Error/.test(line)) ended = seconds
    if (/running/.test(line) && ended !== undefined) waits.push(seconds - ended)
  }
  return waits
}

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '')
}
