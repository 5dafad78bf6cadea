import { describe, expect, it } from 'vitest'
import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { StorageClass } from '../../../api/storage/storageclass.ts'
import { type SchedulerLab, schedulerLab } from '../../../testing/scheduler-lab.ts'

function lab(provisioner: string): SchedulerLab {
  const made = schedulerLab()
  for (const name of ['n1', 'n2']) made.node(name)
  const volumeBindingMode = 'WaitForFirstConsumer'
  made.api.create(StorageClass, { metadata: { name: 'local' }, provisioner, volumeBindingMode })
  return made
}

function claim(to: SchedulerLab, name: string): void {
  const resources = { requests: { storage: '1Gi' } }
  const spec = { accessModes: ['ReadWriteOnce' as const], storageClassName: 'local', resources }
  to.api.create(PersistentVolumeClaim, { metadata: { name, namespace: 'default' }, spec })
}

function volume(to: SchedulerLab, name: string, node: string): void {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In' as const, values: [node] }]
  const made = to.api.create(PersistentVolume, {
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '2Gi' },
      storageClassName: 'local',
      local: { path: '/mnt' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  })
  to.api.updateStatus(PersistentVolume, { ...made, status: { phase: 'Available' } })
}

function user(of: SchedulerLab, name: string, claimName: string): void {
  of.pod(name, undefined, { spec: { volumes: [{ name: 'data', persistentVolumeClaim: { claimName } }] } })
}

/** What the volume controller does when a claim and a volume have found each other. */
function complete(of: SchedulerLab, name: string, volumeName: string): void {
  const known = of.api.get(PersistentVolumeClaim, name, 'default')
  const annotations = { ...known.metadata.annotations, 'pv.kubernetes.io/bind-completed': 'yes' }
  const metadata = { ...known.metadata, annotations }
  of.api.update(PersistentVolumeClaim, { ...known, metadata, spec: { ...known.spec, volumeName } })
}

describe('[B1] volumes that wait for their first consumer', () => {
  it('go to the Pod’s node: each claim gets a volume of its own, and its Pod waits until that is settled', () => {
    const made = lab('kubernetes.io/no-provisioner')
    volume(made, 'v1', 'n2')
    volume(made, 'v2', 'n2')
    for (const name of ['a', 'b']) {
      claim(made, name)
      user(made, name, name)
    }
    made.advance(3_000)
    const taken = made.api.list(PersistentVolume).map(({ metadata, spec }) => [metadata.name, spec.claimRef?.name])
    expect(taken).toEqual([
      ['v1', 'a'],
      ['v2', 'b'],
    ])
    expect([made.places(), made.events()]).toEqual([{ a: '', b: '' }, []])
    complete(made, 'a', 'v1')
    complete(made, 'b', 'v2')
    made.advance(2_000)
    expect(made.places()).toEqual({ a: 'n2', b: 'n2' })
    expect(made.state.takenVolumes.size).toBe(0)
  })

  it('are asked for on the node that was chosen', () => {
    const made = lab('example.com/disk')
    claim(made, 'data')
    user(made, 'web', 'data')
    made.advance(3_000)
    const { annotations } = made.api.get(PersistentVolumeClaim, 'data', 'default').metadata
    expect(annotations?.['volume.kubernetes.io/selected-node']).toBe('n1')
    expect(made.places()).toEqual({ web: '' })
    complete(made, 'data', 'made')
    made.advance(2_000)
    expect(made.places()).toEqual({ web: 'n1' })
  })

  it('are given up after ten minutes', () => {
    const made = lab('example.com/disk')
    claim(made, 'data')
    user(made, 'web', 'data')
    made.advance(601_000)
    expect(made.events()).toContain(
      'Warning FailedScheduling web: running PreBind plugin "VolumeBinding": binding volumes: context deadline exceeded',
    )
  })
})
