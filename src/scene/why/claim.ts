import { PersistentVolume } from '../../api/core/persistentvolume.ts'
import type { PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim.ts'
import { StorageClass } from '../../api/storage/storageclass.ts'
import { compareQuantities } from '../../machinery/quantity.ts'
import type { Explanation, Finding, Text } from './explanation.ts'
import { told, type World } from './world.ts'

/** Why a claim has no volume: what is the matter with each of those that there are. */
export function whyClaim(claim: PersistentVolumeClaim, world: World): readonly Explanation[] {
  const { spec, status } = claim
  if (status.phase === 'Bound') return [bound(spec.volumeName ?? '')]
  const className = spec.storageClassName ?? ''
  const storageClass = className === '' ? undefined : world.find(StorageClass, className)
  const events = told(world, claim, [
    'ProvisioningFailed',
    'FailedBinding',
    'WaitForFirstConsumer',
    'ExternalProvisioning',
  ])
  const volumes = world.list(PersistentVolume)
  const evidence: Finding[] = [
    ...events,
    ...volumes.slice(0, 8).map(volume => ({ source: volume.metadata.name, text: objectionTo(volume, claim) })),
  ]
  if (status.phase === 'Lost') {
    const text = { en: 'Its volume is gone.', ko: '연결되어 있던 볼륨이 사라졌습니다.' }
    return [{ tone: 'bad', text, evidence }]
  }
  if (storageClass?.volumeBindingMode === 'WaitForFirstConsumer' && events.some(isWaiting)) {
    const text = {
      en: 'It waits for a Pod that uses it: then the scheduler chooses node and volume together.',
      ko: '이 클레임을 쓰는 파드를 기다립니다. 그때 스케줄러가 노드와 볼륨을 함께 고릅니다.',
    }
    return [{ tone: 'idle', text, evidence }]
  }
  return [{ tone: 'warning', text: nothingFits(className, storageClass, volumes.length), evidence }]
}

function isWaiting({ text }: Finding): boolean {
  return text.startsWith('WaitForFirstConsumer')
}

function nothingFits(className: string, storageClass: StorageClass | undefined, volumes: number): Text {
  if (className === '') {
    return {
      en: `It names no storage class and there is no default one, and none of the ${volumes} volumes fits.`,
      ko: `스토리지 클래스가 없고 기본 클래스도 없으며, 볼륨 ${volumes}개 중 맞는 것이 없습니다.`,
    }
  }
  if (!storageClass) {
    return {
      en: `There is no storage class “${className}” that would make a volume, and none of the ${volumes} volumes fits.`,
      ko: `볼륨을 만들어 줄 스토리지 클래스 “${className}”이(가) 없고, 볼륨 ${volumes}개 중 맞는 것도 없습니다.`,
    }
  }
  return {
    en: `None of the ${volumes} volumes fits, and it waits for “${storageClass.provisioner}” to make one.`,
    ko: `볼륨 ${volumes}개 중 맞는 것이 없어, “${storageClass.provisioner}”이(가) 새 볼륨을 만들기를 기다립니다.`,
  }
}

/** Why a volume is not the claim's: the questions of the binder (pkg/controller/volume/persistentvolume/index.go). */
function objectionTo({ spec, status }: PersistentVolume, claim: PersistentVolumeClaim): string {
  const { namespace, name } = claim.metadata
  const { claimRef } = spec
  if (claimRef && (claimRef.namespace !== namespace || claimRef.name !== name)) {
    return `claimed by ${claimRef.namespace ?? ''}/${claimRef.name ?? ''} (${status.phase ?? ''})`
  }
  const className = claim.spec.storageClassName ?? ''
  if ((spec.storageClassName ?? '') !== className) {
    return `storageClassName "${spec.storageClassName ?? ''}", wanted "${className}"`
  }
  const capacity = spec.capacity?.['storage'] ?? '0'
  const wanted = claim.spec.resources?.requests?.['storage'] ?? '0'
  if (compareQuantities(capacity, wanted) < 0) return `${capacity}, wanted ${wanted}`
  const missing = (claim.spec.accessModes ?? []).filter(mode => !spec.accessModes?.includes(mode))
  if (missing.length > 0) return `accessModes ${(spec.accessModes ?? []).join(', ')}, wanted ${missing.join(', ')}`
  return status.phase ?? ''
}

function bound(volume: string): Explanation {
  const text = { en: `It has the volume “${volume}”.`, ko: `볼륨 “${volume}”에 연결되어 있습니다.` }
  return { tone: 'good', text, evidence: [{ source: 'spec.volumeName', text: volume }] }
}
