import { describe, expect, it } from 'vitest'
import { Pod } from '../../api/core/pod.ts'
import { NodeLab } from '../../testing/node-lab.ts'

describe('[A8] kubelet: the life of a Pod', () => {
  it('pulls, creates and starts the container of a Pod bound to its node, and tells the API each step', () => {
    const lab = new NodeLab()
    const seen = lab.follow('web')
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    lab.runFor(10_000)

    expect(lab.events('web')).toEqual([
      'Normal Pulling: Pulling image "nginx:1.14"',
      expect.stringMatching(
        /^Normal Pulled: Successfully pulled image "nginx:1\.14" in [\d.]+m?s \([\d.]+m?s including waiting\)\. Image size: 44710204 bytes\.$/,
      ),
      'Normal Created: Container created',
      'Normal Started: Container started',
    ])
    expect(seen.history.map(withoutTime)).toEqual([
      'Pending',
      'Pending nginx=ContainerCreating',
      'Running nginx=running+',
    ])
  })

  it('shows the status of a running Pod as the recordings have it', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14', resources: { requests: { cpu: '250m' } } }] })
    lab.runFor(10_000)

    const { status } = lab.pod('web')
    expect(status).toMatchObject({
      observedGeneration: 1,
      phase: 'Running',
      hostIP: '192.168.1.101',
      hostIPs: [{ ip: '192.168.1.101' }],
      podIP: '172.16.1.2',
      podIPs: [{ ip: '172.16.1.2' }],
      startTime: '2026-01-15T09:00:01Z',
      qosClass: 'Burstable',
    })
    expect(
      status.conditions?.map(({ type, status, observedGeneration }) => [type, status, observedGeneration]),
    ).toEqual([
      ['PodReadyToStartContainers', 'True', 1],
      ['Initialized', 'True', 1],
      ['Ready', 'True', 1],
      ['ContainersReady', 'True', 1],
      ['PodScheduled', 'True', 1],
    ])
    expect(status.containerStatuses).toEqual([
      {
        name: 'nginx',
        state: { running: { startedAt: expect.stringMatching(/^2026-01-15T09:00:0\dZ$/) } },
        lastState: {},
        ready: true,
        restartCount: 0,
        image: 'docker.io/library/nginx:1.14',
        imageID: expect.stringMatching(/^docker\.io\/library\/nginx@sha256:[0-9a-f]{64}$/),
        containerID: expect.stringMatching(/^containerd:\/\/[0-9a-f]{64}$/),
        started: true,
        allocatedResources: { cpu: '250m' },
        resources: { requests: { cpu: '250m' } },
        volumeMounts: [
          {
            name: expect.stringMatching(/^kube-api-access-/),
            mountPath: '/var/run/secrets/kubernetes.io/serviceaccount',
            readOnly: true,
            recursiveReadOnly: 'Disabled',
          },
        ],
        user: { linux: { gid: 0, supplementalGroups: [0], uid: 0 } },
      },
    ])
  })

  it('says again that a Pod is ready when somebody else has denied it, as the node controller does', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    const ready = (): string | undefined =>
      lab.pod('web').status.conditions?.find(({ type }) => type === 'Ready')?.status
    const patch = { status: { conditions: [{ type: 'Ready', status: 'False' }] } }
    lab.api.patch(Pod, { metadata: { name: 'web', namespace: 'default' } }, 'strategic', patch, 'status')
    expect(ready()).toBe('False')
    lab.runFor(11_000)
    expect(ready()).toBe('True')
    const { resourceVersion } = lab.pod('web').metadata
    lab.runFor(60_000)
    expect(lab.pod('web').metadata.resourceVersion).toBe(resourceVersion)
  })

  it('[B9] stops a deleted Pod gracefully and only then lets the API forget it', () => {
    const lab = new NodeLab()
    lab.run('web', { containers: [{ name: 'nginx', image: 'nginx:1.14' }] })
    lab.runFor(10_000)
    const seen = lab.follow('web')
    lab.api.delete(Pod, lab.pod('web'))
    lab.runFor(5_000)

    expect(seen.history.map(withoutTime)).toEqual(['Running nginx=running+', 'Succeeded nginx=Completed', 'deleted'])
    expect(lab.events('web').at(-1)).toBe('Normal Killing: Stopping container nginx')
    expect([...lab.runtime().containers.values()]).toEqual([])
    expect([...lab.runtime().sandboxes.values()]).toEqual([])
  })
})

function withoutTime(line: string): string {
  return line.replace(/^\S+ /, '')
}
