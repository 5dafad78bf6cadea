import { persistentVolumeClaims, storageClasses } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const isDefault = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
const legacyClass = 'volume.beta.kubernetes.io/storage-class'

/** Claims without a class get the default one, if there is one (plugin/pkg/admission/storage/storageclass/setdefault). */
export const defaultStorageClass: AdmissionPlugin = {
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],

  mutate(claim, { list }) {
    if (!isOf(persistentVolumeClaims, claim) || claim.spec.storageClassName !== undefined) return
    if (claim.metadata.annotations?.[legacyClass] !== undefined) return
    const [newest] = list(storageClasses)
      .filter(({ metadata }) => isDefault.some(name => metadata.annotations?.[name] === 'true'))
      .sort((a, b) => compareAge(a.metadata, b.metadata))
    if (newest) claim.spec.storageClassName = newest.metadata.name
  },
}

/** The newest first; of equals the first by name. */
function compareAge(
  a: { creationTimestamp: string; name: string },
  b: { creationTimestamp: string; name: string },
): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp > b.creationTimestamp ? -1 : 1
  return a.name < b.name ? -1 : 1
}
