import { describe, expect, it } from 'vitest'
import { verdicts } from '../../../testing/scheduler-table.ts'
import { nodeVolumeLimits } from './nodevolumelimits.ts'
import { volumeBinding } from './volumebinding.ts'
import { volumeRestrictions } from './volumerestrictions.ts'
import { volumeZone } from './volumezone.ts'

const zone = 'topology.kubernetes.io/zone'
const nodes = [
  { name: 'a', labels: { [zone]: 'a' } },
  { name: 'b', labels: { [zone]: 'b' } },
]
const spec = { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] }

function claim(more: object = {}, annotations: object = {}): object {
  const claimSpec = { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', storageClassName: 'local' }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', annotations },
    spec: { ...claimSpec, resources: { requests: { storage: '5Gi' } }, ...more },
    status: { phase: 'Pending' },
  }
}
function volume(name: string, more: object = {}, labels: object = {}): object {
  const volumeSpec = { accessModes: ['ReadWriteOnce'], volumeMode: 'Filesystem', storageClassName: 'local' }
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels },
    spec: { ...volumeSpec, capacity: { storage: '10Gi' }, ...more },
    status: { phase: 'Available' },
  }
}
function storageClass(provisioner: string): object {
  const volumeBindingMode = 'WaitForFirstConsumer'
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'local' },
    provisioner,
    volumeBindingMode,
  }
}
function onNode(name: string): object {
  const matchExpressions = [{ key: 'kubernetes.io/hostname', operator: 'In', values: [name] }]
  return { nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions }] } } }
}

const none = storageClass('kubernetes.io/no-provisioner')
const bound = claim({ volumeName: 'v' }, { 'pv.kubernetes.io/bind-completed': 'yes' })
const noVolume = "node(s) didn't find available persistent volumes to bind!"
const elsewhere = "node(s) didn't match PersistentVolume's node affinity!"
const missing = 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)!'
const immediate = 'pod has unbound immediate PersistentVolumeClaims!'

describe('[B1] VolumeBinding', () => {
  it.each([
    [
      'a claim that is not there',
      [],
      'persistentvolumeclaim "data" not found!',
      'persistentvolumeclaim "data" not found!',
    ],
    ['a claim that should be bound by now', [claim()], immediate, immediate],
    ['a claim for which there is no volume', [claim(), none], noVolume, noVolume],
    ['a claim for which there is a volume on one node', [claim(), none, volume('v', onNode('b'))], noVolume, ''],
    [
      'a claim for which the volume is too small',
      [claim(), none, volume('v', { capacity: { storage: '1Gi' } })],
      noVolume,
      noVolume,
    ],
    ['a claim for which a volume can be made', [claim(), storageClass('example.com/disk')], '', ''],
    ['a bound claim whose volume is on one node', [bound, volume('v', onNode('a'))], '', elsewhere],
    ['a bound claim whose volume is gone', [bound], missing, missing],
  ])('knows where a Pod may go with %s', (_title, objects, a, b) => {
    expect(verdicts(volumeBinding, { spec: spec as object }, { nodes, objects })).toEqual({ a, b })
  })
})

describe('[B1] VolumeZone', () => {
  it('keeps a Pod in the zone of its volume', () => {
    const objects = [bound, volume('v', {}, { [zone]: 'a' })]
    const expected = { a: '', b: 'node(s) had no available volume zone!' }
    expect(verdicts(volumeZone, { spec: spec as object }, { nodes, objects })).toEqual(expected)
  })
})

describe('[B1] VolumeRestrictions', () => {
  it('lets one Pod in the cluster use a claim that is for one Pod', () => {
    const taken = 'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode'
    const objects = [claim({ accessModes: ['ReadWriteOncePod'] })]
    const world = { nodes, objects, pods: [{ node: 'a', spec: spec as object }] }
    expect(verdicts(volumeRestrictions, { spec: spec as object }, world)).toEqual({ a: taken, b: taken })
    expect(verdicts(volumeRestrictions, { spec: spec as object }, { nodes, objects })).toEqual({ a: '', b: '' })
  })
})

describe('[B1] NodeVolumeLimits', () => {
  it('attaches no more volumes to a node than its driver can', () => {
    const csi = { csi: { driver: 'disk.example.com', volumeHandle: 'one' } }
    const limits = {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'CSINode',
      metadata: { name: 'a' },
      spec: { drivers: [{ name: 'disk.example.com', nodeID: 'a', allocatable: { count: 0 } }] },
    }
    const expected = { a: 'node(s) exceed max volume count', b: '' }
    const world = { nodes, objects: [bound, volume('v', csi), limits] }
    expect(verdicts(nodeVolumeLimits, { spec: spec as object }, world)).toEqual(expected)
  })
})
