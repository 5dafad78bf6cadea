import { describe, expect, it } from 'vitest'
import { Pod } from '../../api/core/pod.ts'
import { copyState } from '../../sim/checkpoint.ts'
import { NodeLab } from '../../testing/node-lab.ts'
import { tools } from '../../testing/node-programs.ts'
import { containerLog } from '../kubelet/logs.ts'
import type { KubeletState } from '../kubelet/state.ts'

const image = 'lab/tools:1'

describe('[A10] runtime: sandboxes', () => {
  it('gives addresses one after the other, and old ones again only when it has gone round', () => {
    const lab = new NodeLab()
    const containers = [{ name: 'main', image: 'ghcr.io/lab/app:1' }]
    const address = (name: string): string | undefined => {
      lab.run(name, { containers })
      lab.runFor(10_000)
      return lab.pod(name).status.podIP
    }
    expect(['a', 'b', 'c'].map(address)).toEqual(['172.16.1.2', '172.16.1.3', '172.16.1.4'])
    lab.api.delete(Pod, lab.pod('b'))
    lab.runFor(5_000)
    expect(address('d')).toBe('172.16.1.5')
  })

  it('lets only one process of a host have a port', () => {
    const lab = new NodeLab()
    const containers = [{ name: 'nginx', image: 'nginx:1.14' }]
    lab.run('one', { hostNetwork: true, containers })
    lab.runFor(5_000)
    lab.run('two', { hostNetwork: true, restartPolicy: 'Never', containers })
    lab.runFor(5_000)
    expect(lab.pod('one').status.phase).toBe('Running')
    expect(lab.pod('two').status.phase).toBe('Failed')
    expect(lab.log('two', 'nginx')).toContain('nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)')
    lab.api.delete(Pod, lab.pod('one'))
    lab.runFor(3_000)
    lab.run('three', { hostNetwork: true, containers })
    lab.runFor(3_000)
    expect(lab.pod('three').status.phase).toBe('Running')
  })
})

describe('[A10] runtime: logs and commands', () => {
  it('keeps the log of the container before the present one', () => {
    const lab = new NodeLab({ images: [tools] })
    lab.run('web', { containers: [{ name: 'main', image, command: ['ends', '7', '1'] }] })
    lab.runFor(3_200)
    const address = { namespace: 'default', pod: 'web', container: 'main' }
    const read = (options: object): string => {
      const kubelet = lab.simulation.state<KubeletState>('kubelet/w1')
      return containerLog(kubelet, lab.runtime(), address, options, lab.simulation.now)
    }
    expect(read({ previous: true })).toBe('started\nleaving with 7\n')
    expect(read({ tailLines: 1, timestamps: true })).toMatch(
      /^2026-01-15T09:00:0\d\.\d{9}Z (started|leaving with 7)\n$/,
    )
    expect(read({ tailLines: 0 })).toBe('')
    // Waiting for its third start: the one that ended last is the newest and the last one as well.
    lab.runFor(4_000)
    expect(lab.pod('web').status.containerStatuses?.[0]?.state.waiting?.reason).toBe('CrashLoopBackOff')
    expect(read({})).toBe('started\nleaving with 7\n')
    expect(read({ previous: true })).toBe('started\nleaving with 7\n')
  })

  it('runs a command for a session and sends it what it prints and how it ends', () => {
    const lab = new NodeLab({ images: [tools] })
    const session = lab.session()
    lab.run('web', { containers: [{ name: 'main', image }] })
    lab.runFor(5_000)
    const [containerId] = lab.runtime().containers.keys()
    const exec = (command: readonly string[]): number => {
      const stream = session.open(containerId ?? '', command)
      lab.runFor(100)
      return stream
    }
    const first = exec(['test', '/nothing'])
    const second = exec(['nothere'])
    expect(session.seen).toEqual([
      [first, 'output', "cat: can't open '/nothing': No such file or directory\n"],
      [first, 'end', 1],
      [second, 'end', expect.stringContaining('exec: "nothere": executable file not found in $PATH')],
    ])
  })
})

describe('[J6] runtime and kubelet: checkpoints', () => {
  it('goes on from a checkpoint exactly as it went on before', () => {
    const lab = new NodeLab({ images: [tools] })
    const readinessProbe = { httpGet: { path: '/', port: 80 }, periodSeconds: 3 }
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', readinessProbe }] })
    lab.run('task', { containers: [{ name: 'main', image, command: ['ends', '1', '2'] }] })
    lab.runFor(2_345)
    const checkpoint = lab.simulation.checkpoint()
    const future = (): unknown => {
      lab.runFor(60_000)
      const { handled } = lab.simulation
      return { handled, status: lab.pod('task').status, events: lab.events('task'), runtime: copyState(lab.runtime()) }
    }
    const first = future()
    lab.simulation.restore(checkpoint)
    expect(lab.pod('task').status.containerStatuses?.[0]?.restartCount).toBe(0)
    expect(future()).toEqual(first)
  })
})
