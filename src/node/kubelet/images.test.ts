import { describe, expect, it } from 'vitest'
import { attempt } from '../../machinery/status.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'
import { containerLog } from './logs.ts'
import type { KubeletState } from './state.ts'

const notFound =
  'rpc error: code = NotFound desc = failed to pull and unpack image "docker.io/library/nginx:9.9": failed to resolve ' +
  'reference "docker.io/library/nginx:9.9": docker.io/library/nginx:9.9: not found'

describe('[B10] kubelet: images', () => {
  it('backs off from a tag that does not exist, in the words of the recordings', () => {
    const lab = new NodeLab()
    const seen = lab.follow('web')
    lab.run('web', { containers: [{ name: 'main', image: 'nginx:9.9' }] })
    lab.runFor(20_000)

    expect(seen.history.map(line => line.replace(/^\S+ /, ''))).toEqual([
      'Pending',
      'Pending main=ContainerCreating',
      'Pending main=ErrImagePull',
      'Pending main=ImagePullBackOff',
    ])
    expect(
      lab
        .events('web')
        .map(line => line.replace(/ x\d+$/, ''))
        .sort(),
    ).toEqual([
      'Normal BackOff: Back-off pulling image "nginx:9.9"',
      'Normal Pulling: Pulling image "nginx:9.9"',
      'Warning Failed: Error: ErrImagePull',
      'Warning Failed: Error: ImagePullBackOff',
      `Warning Failed: Failed to pull image "nginx:9.9": ${notFound}`,
    ])
    const messages = seen.statuses.map(status => status.containerStatuses?.[0]?.state.waiting?.message)
    expect(messages).toContain(notFound)
    expect(messages).toContain(`Back-off pulling image "nginx:9.9": ErrImagePull: ${notFound}`)
    // The sandbox is there, so the Pod has its address.
    expect(lab.pod('web').status.podIP).toBe('172.16.1.2')
  })

  it('refuses a name that cannot be one', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'main', image: 'Nginx' }] })
    lab.runFor(5_000)
    expect(lab.pod('web').status.containerStatuses?.[0]?.state.waiting).toEqual({
      reason: 'InvalidImageName',
      message:
        'Failed to apply default image tag "Nginx": couldn\'t parse image name "Nginx": ' +
        'invalid reference format: repository name (library/Nginx) must be lowercase',
    })
  })

  it('obeys the pull policy', () => {
    const lab = new NodeLab({ images: [tools] })
    const pulls = (name: string): string[] => lab.events(name).filter(event => /Pulling|Pulled|Never/.test(event))
    const run = (name: string, imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never'): void => {
      lab.run(name, { containers: [{ name: 'main', image: 'lab/tools:1', imagePullPolicy }] })
      lab.runFor(5_000)
    }
    run('never', 'Never')
    expect(pulls('never')[0]).toMatch(
      /^Warning ErrImageNeverPull: Container image "lab\/tools:1" is not present with pull policy of Never/,
    )
    expect(lab.pod('never').status.containerStatuses?.[0]?.state.waiting?.reason).toBe('ErrImageNeverPull')
    run('first', 'IfNotPresent')
    expect(pulls('first')).toEqual([expect.stringContaining('Pulling'), expect.stringContaining('Successfully pulled')])
    run('second', 'IfNotPresent')
    expect(pulls('second')).toEqual([
      'Normal Pulled: Container image "lab/tools:1" already present on machine and can be accessed by the pod',
    ])
    run('always', 'Always')
    expect(pulls('always')).toEqual([
      expect.stringContaining('Pulling'),
      expect.stringContaining('Successfully pulled'),
    ])
    run('late', 'Never')
    expect(lab.pod('late').status.phase).toBe('Running')
  })

  it('pulls one image after the other, and tells how long a Pod had to wait for its turn', () => {
    const lab = new NodeLab()
    for (const name of ['a', 'b']) lab.run(name, { containers: [{ name: 'main', image: `ghcr.io/lab/${name}:1` }] })
    lab.runFor(60_000)
    const waits = ['a', 'b'].map(name => {
      const [, took, waited] = /in ([\d.]+)s \(([\d.]+)s including waiting\)/.exec(lab.events(name).join('\n')) ?? []
      return Number(waited) - Number(took)
    })
    expect(Math.min(...waits)).toBe(0)
    expect(Math.max(...waits)).toBeGreaterThan(1)
  })

  it('pulls without a secret that is not there, and says so', () => {
    const lab = new NodeLab()
    lab.run('web', { imagePullSecrets: [{ name: 'regcred' }], containers: [{ name: 'main', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    expect(lab.events('web')[0]).toBe(
      'Warning FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.',
    )
    expect(lab.pod('web').status.phase).toBe('Running')
  })

  it('tells who asks for a log why there is none yet', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'main', image: 'nginx:9.9' }] })
    const why = (): string | undefined => {
      const kubelet = lab.simulation.state<KubeletState>('kubelet/w1')
      const address = { namespace: 'default', pod: 'web', container: 'main' }
      return attempt(() => containerLog(kubelet, lab.runtime(), address, {}, lab.simulation.now))?.message
    }
    lab.runFor(500)
    expect(why()).toBe('container "main" in pod "web" is waiting to start: ContainerCreating')
    lab.runFor(3_000)
    expect(why()).toBe('container "main" in pod "web" is waiting to start: image can\'t be pulled')
    lab.runFor(15_000)
    expect(why()).toBe('container "main" in pod "web" is waiting to start: trying and failing to pull image')
  })

  it('lists the images of the machine in the Node, the largest first', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', {
      containers: [
        { name: 'a', image: 'lab/tools:1' },
        { name: 'b', image: 'nginx:1.14' },
      ],
    })
    lab.runFor(30_000)
    expect(lab.node().status.images?.map(image => [image.names?.at(-1), image.sizeBytes])).toEqual([
      ['docker.io/library/nginx:1.14', 44_710_204],
      ['docker.io/lab/tools:1', 2_000_000],
    ])
  })
})
