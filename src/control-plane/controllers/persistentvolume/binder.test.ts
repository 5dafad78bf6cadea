import { describe, expect, it } from 'vitest'
import { PersistentVolume } from '../../../api/core/persistentvolume.ts'
import { PersistentVolumeClaim } from '../../../api/core/persistentvolumeclaim.ts'
import { Pod } from '../../../api/core/pod.ts'
import { StorageClass } from '../../../api/storage/storageclass.ts'
import { type ControlPlane, controlPlane } from '../../../testing/control-plane.ts'
import { controllers } from '../index.ts'

type Spec = Partial<PersistentVolume['spec']>

function volume(cluster: ControlPlane, name: string, storage: string, spec: Spec = {}): void {
  cluster.api.create(PersistentVolume, {
    metadata: { name },
    spec: {
      capacity: { storage },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'manual',
      hostPath: { path: `/srv/${name}` },
      ...spec,
    },
  })
}

function claim(
  cluster: ControlPlane,
  name: string,
  storage: string,
  spec: Partial<PersistentVolumeClaim['spec']> = {},
): void {
  cluster.api.create(PersistentVolumeClaim, {
    metadata: { name, namespace: 'default' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'manual',
      resources: { requests: { storage } },
      ...spec,
    },
  })
}

const phaseOf = (cluster: ControlPlane, name: string): string => cluster.get(PersistentVolume, name).status.phase ?? ''
const volumeOf = (cluster: ControlPlane, name: string): unknown =>
  cluster.get(PersistentVolumeClaim, name).spec.volumeName
const remove = (cluster: ControlPlane, name: string): void =>
  cluster.api.delete(PersistentVolumeClaim, { metadata: { name, namespace: 'default' } })

describe('[E4] claims and volumes', () => {
  it('go together by size, class and modes: the smallest volume that will do', () => {
    const cluster = controlPlane({ controllers })
    volume(cluster, 'big', '10Gi')
    volume(cluster, 'fits', '3Gi')
    volume(cluster, 'small', '1Gi')
    volume(cluster, 'shared', '2Gi', { accessModes: ['ReadOnlyMany'] })
    volume(cluster, 'fast', '2Gi', { storageClassName: 'fast' })
    cluster.runFor(1_000)
    claim(cluster, 'data', '2Gi')
    cluster.runFor(1_000)
    expect(cluster.get(PersistentVolumeClaim, 'data')).toMatchObject({
      spec: { volumeName: 'fits' },
      status: { phase: 'Bound', capacity: { storage: '3Gi' }, accessModes: ['ReadWriteOnce'] },
    })
    expect(['big', 'fits', 'small'].map(name => phaseOf(cluster, name))).toEqual(['Available', 'Bound', 'Available'])
  })

  it('are given out once each, also to claims that come at the same moment', () => {
    const cluster = controlPlane({ controllers })
    for (const name of ['a', 'b', 'c']) volume(cluster, name, '1Gi')
    cluster.runFor(1_000)
    for (const name of ['one', 'two', 'three', 'four']) claim(cluster, name, '1Gi')
    cluster.runFor(2_000)
    const given = ['one', 'two', 'three', 'four'].map(name => volumeOf(cluster, name))
    expect(given.filter(name => name !== undefined).sort()).toEqual(['a', 'b', 'c'])
    expect(cluster.events).toContain('Warning ProvisioningFailed: storageclass.storage.k8s.io "manual" not found')
  })

  it('wait for their first consumer when their class says so', () => {
    const cluster = controlPlane({ controllers })
    const provisioner = 'kubernetes.io/no-provisioner'
    cluster.api.create(StorageClass, {
      metadata: { name: 'manual' },
      provisioner,
      volumeBindingMode: 'WaitForFirstConsumer',
    })
    volume(cluster, 'a', '1Gi')
    cluster.runFor(1_000)
    claim(cluster, 'data', '1Gi')
    cluster.runFor(1_000)
    expect(volumeOf(cluster, 'data')).toBeUndefined()
    expect(cluster.events).toContain(
      'Normal WaitForFirstConsumer: waiting for first consumer to be created before binding',
    )
  })

  it('part when the claim goes: the volume is kept and given to nobody else', () => {
    const cluster = controlPlane({ controllers })
    volume(cluster, 'a', '1Gi')
    cluster.runFor(1_000)
    claim(cluster, 'data', '1Gi')
    cluster.runFor(1_000)
    remove(cluster, 'data')
    cluster.runFor(1_000)
    expect(phaseOf(cluster, 'a')).toBe('Released')
    claim(cluster, 'data', '1Gi')
    cluster.runFor(20_000)
    expect(volumeOf(cluster, 'data')).toBeUndefined()
    expect(phaseOf(cluster, 'a')).toBe('Released')
  })

  it('leave the claim lost when the volume goes', () => {
    const cluster = controlPlane({ controllers })
    volume(cluster, 'a', '1Gi')
    cluster.runFor(1_000)
    claim(cluster, 'data', '1Gi')
    cluster.runFor(1_000)
    const a = cluster.get(PersistentVolume, 'a')
    cluster.api.update(PersistentVolume, { ...a, metadata: { ...a.metadata, finalizers: [] } })
    cluster.api.delete(PersistentVolume, a)
    cluster.runFor(1_000)
    expect(cluster.get(PersistentVolumeClaim, 'data').status.phase).toBe('Lost')
    expect(cluster.events).toContain(
      'Warning ClaimLost: Bound claim has lost its PersistentVolume. Data on the volume is lost!',
    )
  })

  it('stay while a Pod on a node uses the claim', () => {
    const cluster = controlPlane({ controllers })
    volume(cluster, 'a', '1Gi')
    claim(cluster, 'data', '1Gi')
    cluster.api.create(Pod, {
      metadata: { name: 'user', namespace: 'default' },
      spec: {
        nodeName: 'n1',
        containers: [{ name: 'app', image: 'web:1' }],
        volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        terminationGracePeriodSeconds: 0,
      },
    })
    cluster.runFor(1_000)
    remove(cluster, 'data')
    cluster.runFor(1_000)
    expect(cluster.get(PersistentVolumeClaim, 'data').metadata.deletionTimestamp).toBeDefined()
    cluster.api.delete(Pod, { metadata: { name: 'user', namespace: 'default' } }, { gracePeriodSeconds: 0 })
    cluster.runFor(1_000)
    expect(cluster.api.find(PersistentVolumeClaim, 'data', 'default')).toBeUndefined()
  })

  it('get the class that became the default after they were made', () => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(PersistentVolumeClaim, {
      metadata: { name: 'data', namespace: 'default' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    })
    cluster.runFor(1_000)
    expect(cluster.events.filter(line => line.includes('no storage class is set'))).not.toEqual([])
    const annotations = { 'storageclass.kubernetes.io/is-default-class': 'true' }
    cluster.api.create(StorageClass, { metadata: { name: 'later', annotations }, provisioner: 'csi.example.com' })
    cluster.runFor(20_000)
    expect(cluster.get(PersistentVolumeClaim, 'data').spec.storageClassName).toBe('later')
  })

  it('ask an external provisioner by annotations', () => {
    const cluster = controlPlane({ controllers })
    cluster.api.create(StorageClass, { metadata: { name: 'fast' }, provisioner: 'csi.example.com' })
    claim(cluster, 'data', '1Gi', { storageClassName: 'fast' })
    cluster.runFor(1_000)
    expect(cluster.get(PersistentVolumeClaim, 'data').metadata.annotations).toMatchObject({
      'volume.kubernetes.io/storage-provisioner': 'csi.example.com',
    })
    expect(cluster.events.filter(line => line.includes('ExternalProvisioning'))).not.toEqual([])
  })
})
