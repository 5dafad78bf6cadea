import { describe, expect, it } from 'vitest'
import { Pod } from '../../api/core/pod.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'

const image = 'lab/tools:1'

describe('[B1] kubelet: init containers and sidecars', () => {
  it('runs init containers one after the other before the others', () => {
    const lab = new NodeLab({ images: [tools] })
    const seen = lab.follow('web')
    const initContainers = ['first', 'second'].map(name => ({ name, image, command: ['ends', '0', '2'] }))
    lab.run('web', { initContainers, containers: [{ name: 'main', image }] })
    lab.runFor(20_000)

    expect(seen.history.map(withoutTime)).toEqual([
      'Pending',
      'Pending first=PodInitializing second=PodInitializing main=PodInitializing',
      'Pending first=running second=PodInitializing main=PodInitializing',
      'Pending first=Completed+ second=PodInitializing main=PodInitializing',
      'Pending first=Completed+ second=running main=PodInitializing',
      'Pending first=Completed+ second=Completed+ main=PodInitializing',
      'Running first=Completed+ second=Completed+ main=running+',
    ])
    const initialized = seen.statuses.map(status => status.conditions?.find(({ type }) => type === 'Initialized'))
    expect(initialized).toContainEqual(
      expect.objectContaining({
        status: 'False',
        reason: 'ContainersNotInitialized',
        message: 'containers with incomplete status: [first second]',
      }),
    )
  })

  it('tries a failing init container again with back-off, and fails the Pod when it may not', () => {
    const lab = new NodeLab({ images: [tools] })
    const initContainers = [{ name: 'init', image, command: ['ends', '1', '1'] }]
    const containers = [{ name: 'main', image }]
    lab.run('again', { initContainers, containers })
    lab.run('never', { restartPolicy: 'Never', initContainers, containers })
    lab.runFor(10_000)

    const { phase, initContainerStatuses } = lab.pod('again').status
    expect(phase).toBe('Pending')
    expect(initContainerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff')
    expect(lab.pod('never').status.phase).toBe('Failed')
    expect(lab.pod('never').status.containerStatuses?.[0]?.state.waiting?.reason).toBe('PodInitializing')
  })

  it('keeps a sidecar running beside the others and ends it after them', () => {
    const lab = new NodeLab({ images: [tools] })
    const seen = lab.follow('task')
    lab.run('task', {
      restartPolicy: 'Never',
      initContainers: [{ name: 'proxy', image: 'nginx:1.14', restartPolicy: 'Always' }],
      containers: [{ name: 'main', image, command: ['ends', '0', '3'] }],
    })
    lab.runFor(30_000)

    expect(seen.history.map(withoutTime)).toEqual([
      'Pending',
      'Pending proxy=PodInitializing main=PodInitializing',
      'Pending proxy=running+ main=PodInitializing',
      'Running proxy=running+ main=running+',
      'Running proxy=running+ main=Completed',
      'Running proxy=Completed main=Completed',
      'Succeeded proxy=Completed main=Completed',
    ])
  })

  it('stops sidecars after the other containers when the Pod is deleted', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', {
      terminationGracePeriodSeconds: 5,
      initContainers: [{ name: 'proxy', image: 'nginx:1.14', restartPolicy: 'Always' }],
      containers: [{ name: 'main', image }],
    })
    lab.runFor(10_000)
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(4_000)
    const states = (): string[] =>
      [...lab.runtime().containers.values()].map(({ config, state }) => `${config.name} ${state}`)
    expect(states()).toEqual(['proxy running', 'main running'])
    lab.runFor(4_000)
    expect(lab.find('web')).toBeUndefined()
    expect(lab.events('web').filter(event => /Killing/.test(event))).toEqual([
      'Normal Killing: Stopping container main',
      'Normal Killing: Stopping container proxy',
    ])
  })
})

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '')
}
