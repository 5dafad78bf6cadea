import { describe, expect, it } from 'vitest'
import { Event } from '../../api/core/event.ts'
import { Pod } from '../../api/core/pod.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'

const image = 'lab/tools:1'

function add(
  lab: NodeLab,
  pod: string,
  container: { readonly name: string; readonly image: string; readonly command?: string[] },
): void {
  const target = { metadata: { name: pod, namespace: 'default' } }
  lab.api.patch(Pod, target, 'strategic', { spec: { ephemeralContainers: [container] } }, 'ephemeralcontainers')
}

describe('[B13] kubelet: containers for debugging', () => {
  it('start in a Pod that runs, leave it as it is, and are not started again', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { containers: [{ name: 'main', image }] })
    lab.runFor(10_000)
    const before = lab.pod('web').status
    const seen = lab.follow('web')
    add(lab, 'web', { name: 'look', image, command: ['ends', '3', '5'] })
    lab.runFor(30_000)

    const { status } = lab.pod('web')
    expect(status.containerStatuses).toEqual(before.containerStatuses)
    expect(status.phase).toBe('Running')
    const states = seen.statuses.map(({ ephemeralContainerStatuses: list }) => {
      const { waiting, running, terminated } = list?.[0]?.state ?? {}
      return waiting?.reason ?? (running ? 'running' : terminated ? `exit ${terminated.exitCode}` : 'none')
    })
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      'none',
      'ContainerCreating',
      'running',
      'exit 3',
    ])
    expect(status.ephemeralContainerStatuses).toMatchObject([{ name: 'look', ready: false, restartCount: 0 }])
    expect(lab.log('web', 'look')).not.toEqual([])
    const told = lab.api.list(Event).filter(({ involvedObject }) => involvedObject.fieldPath?.includes('look'))
    expect(told.map(({ involvedObject, reason }) => `${involvedObject.fieldPath} ${reason}`)).toEqual([
      'spec.ephemeralContainers{look} Pulled',
      'spec.ephemeralContainers{look} Created',
      'spec.ephemeralContainers{look} Started',
    ])
  })

  it('say why they cannot start, and end with their Pod', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { containers: [{ name: 'main', image }] })
    lab.runFor(10_000)
    add(lab, 'web', { name: 'typo', image: 'nginx:no-such-tag' })
    add(lab, 'web', { name: 'look', image })
    lab.runFor(20_000)
    const stateOf = (name: string) =>
      lab.pod('web').status.ephemeralContainerStatuses?.find(status => status.name === name)?.state
    expect(stateOf('typo')?.waiting?.reason).toMatch(/ErrImagePull|ImagePullBackOff/)
    expect(stateOf('look')?.running).toBeDefined()
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(60_000)
    expect(lab.api.find(Pod, 'web', 'default')).toBeUndefined()
  })
})
