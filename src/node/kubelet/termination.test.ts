import { describe, expect, it } from 'vitest'
import { Pod } from '../../api/core/pod.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'

const image = 'lab/tools:1'

describe('[B9] kubelet: termination', () => {
  it('kills a container that does not stop when its grace period is over', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { terminationGracePeriodSeconds: 10, containers: [{ name: 'main', image }] })
    lab.runFor(10_000)
    const seen = lab.follow('web')
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(9_500)
    expect(lab.find('web')?.status.phase).toBe('Running')
    lab.runFor(2_000)
    expect(seen.history.map(withoutTime)).toEqual(['Running main=running+', 'Failed main=Error', 'deleted'])
    expect(seen.statuses.at(-1)?.containerStatuses?.[0]?.state.terminated).toMatchObject({
      exitCode: 137,
      reason: 'Error',
    })
  })

  it('runs the preStop hook first, within the same grace period', () => {
    const lab = new NodeLab()
    const lifecycle = { preStop: { sleep: { seconds: 5 } } }
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', lifecycle }] })
    lab.runFor(10_000)
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(4_900)
    expect(lab.pod('web').status.containerStatuses?.[0]?.ready).toBe(true)
    lab.runFor(1_000)
    expect(lab.find('web')).toBeUndefined()
  })

  it('counts the time of the hook, but leaves two seconds in any case', () => {
    const lab = new NodeLab({ images: [tools] })
    const run = (name: string, seconds: number): void => {
      const lifecycle = { preStop: { sleep: { seconds } } }
      lab.run(name, { terminationGracePeriodSeconds: 8, containers: [{ name: 'main', image, lifecycle }] })
    }
    run('short', 4)
    run('long', 7)
    lab.runFor(10_000)
    for (const name of ['short', 'long']) lab.api.delete(Pod, lab.pod(name))
    lab.runFor(7_500)
    expect([lab.find('short'), lab.find('long')].map(pod => pod?.status.phase)).toEqual(['Running', 'Running'])
    lab.runFor(1_000)
    expect([lab.find('short'), lab.find('long')].map(pod => pod?.status.phase)).toEqual([undefined, 'Running'])
    lab.runFor(2_000)
    expect(lab.find('long')).toBeUndefined()
  })

  it('lets a second deletion shorten the time that is left', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { containers: [{ name: 'main', image }] })
    lab.runFor(10_000)
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(2_000)
    lab.api.delete(Pod, lab.pod('web'), { gracePeriodSeconds: 3 })
    lab.runFor(4_000)
    expect(lab.find('web')).toBeUndefined()
    expect(lab.runtime().containers.size).toBe(0)
  })

  it('ends the containers of a Pod that was deleted by force', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    lab.api.delete(Pod, lab.pod('web'), { gracePeriodSeconds: 0 })
    expect(lab.find('web')).toBeUndefined()
    expect(lab.runtime().containers.size).toBe(1)
    lab.runFor(3_000)
    expect(lab.runtime().containers.size).toBe(0)
    expect(lab.runtime().leases.size).toBe(0)
  })

  it('gives up a pull when the Pod is deleted meanwhile', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'main', image: 'ghcr.io/lab/large:1' }] })
    lab.runFor(700)
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(500)
    expect(lab.find('web')).toBeUndefined()
    lab.runFor(20_000)
    expect(lab.runtime().containers.size).toBe(0)
  })

  it('keeps an ended Pod and its log until it is deleted', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('task', { restartPolicy: 'Never', containers: [{ name: 'main', image, command: ['ends', '0', '1'] }] })
    lab.runFor(10_000)
    expect(lab.pod('task').status.phase).toBe('Succeeded')
    expect(lab.log('task', 'main')).toEqual(['started', 'leaving with 0'])
    lab.api.delete(Pod, lab.pod('task'))
    lab.runFor(1_000)
    expect(lab.find('task')).toBeUndefined()
    expect(lab.runtime().containers.size).toBe(0)
  })

  it('ends a Pod that was active for longer than it may', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('task', {
      activeDeadlineSeconds: 8,
      terminationGracePeriodSeconds: 1,
      containers: [{ name: 'main', image }],
    })
    lab.runFor(12_000)
    expect(lab.pod('task').status).toMatchObject({
      phase: 'Failed',
      reason: 'DeadlineExceeded',
      message: 'Pod was active on the node longer than the specified deadline',
    })
  })

  it('takes the text of the termination message file, or the end of the log', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('task', {
      restartPolicy: 'Never',
      containers: [
        { name: 'main', image, command: ['ends', '2', '1'], terminationMessagePolicy: 'FallbackToLogsOnError' },
      ],
    })
    lab.runFor(10_000)
    expect(lab.pod('task').status.containerStatuses?.[0]?.state.terminated?.message).toBe('started\nleaving with 2\n')
  })
})

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '')
}
