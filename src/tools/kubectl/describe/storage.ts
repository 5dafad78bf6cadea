import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, mapAt, nameOf, namespaceOf, objectsAt, textAt, textsAt } from '../unstructured.ts'
import { type Describer, longTime, orNone, writeEvents, writeMap, writeMarks, writeName } from './sections.ts'
import { labelsText } from './config.ts'
import type { Page } from './page.ts'
import { writeSource } from './volumes.ts'

const modes: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

/** `RWO,ROX`, in the order in which the modes are defined. */
function modesText(given: readonly string[]): string {
  return Object.keys(modes)
    .filter(mode => given.includes(mode))
    .map(mode => modes[mode])
    .join(',')
}

export const describeVolume: Describer = (page, volume, describing) => {
  const { spec, status } = volume
  page.line(0, `Name:\t${nameOf(volume)}`)
  writeMarks(page, volume)
  page.line(0, `Finalizers:\t[${textsAt(volume, 'metadata', 'finalizers').join(' ')}]`)
  page.line(0, `StorageClass:\t${textAt(spec, 'storageClassName')}`)
  const deleted = textAt(volume, 'metadata', 'deletionTimestamp')
  page.line(0, `Status:\t${deleted === '' ? textAt(status, 'phase') : `Terminating (since ${longTime(deleted)})`}`)
  const claim = at(spec, 'claimRef')
  page.line(0, `Claim:\t${isObject(claim) ? `${textAt(claim, 'namespace')}/${textAt(claim, 'name')}` : ''}`)
  page.line(0, `Reclaim Policy:\t${textAt(spec, 'persistentVolumeReclaimPolicy')}`)
  page.line(0, `Access Modes:\t${modesText(textsAt(spec, 'accessModes'))}`)
  if (textAt(spec, 'volumeMode') !== '') page.line(0, `VolumeMode:\t${textAt(spec, 'volumeMode')}`)
  page.line(0, `Capacity:\t${textAt(spec, 'capacity', 'storage')}`)
  writeAffinity(page, at(spec, 'nodeAffinity'))
  page.line(0, `Message:\t${textAt(status, 'message')}`)
  page.line(0, 'Source:')
  const csi = at(spec, 'csi')
  if (isObject(csi)) writeCsi(page, csi)
  else writeSource(page, spec)
  writeEvents(page, volume, describing)
}

function writeCsi(page: Page, csi: JsonObject): void {
  page.line(2, 'Type:\tCSI (a Container Storage Interface (CSI) volume source)')
  for (const [title, member] of [
    ['Driver', 'driver'],
    ['FSType', 'fsType'],
    ['VolumeHandle', 'volumeHandle'],
  ] as const) {
    page.line(2, `${title}:\t${textAt(csi, member)}`)
  }
  page.line(2, `ReadOnly:\t${csi.readOnly === true}`)
  writeMap(page, '    VolumeAttributes', mapAt(csi, 'volumeAttributes'))
}

function writeAffinity(page: Page, affinity: unknown): void {
  const terms = objectsAt(affinity, 'required', 'nodeSelectorTerms')
  if (!isObject(affinity)) return page.line(0, 'Node Affinity:\t<none>')
  page.line(0, 'Node Affinity:\t')
  if (terms.length === 0) return page.line(1, 'Required Terms:\t<none>')
  page.line(1, 'Required Terms:\t')
  for (const [index, term] of terms.entries()) {
    const expressions = objectsAt(term, 'matchExpressions').map(expression => {
      const values = textsAt(expression, 'values')
      const start = `${textAt(expression, 'key')} ${textAt(expression, 'operator').toLowerCase()}`
      return values.length === 0 ? start : `${start} [${values.join(', ')}]`
    })
    page.put(`    Term ${index}:\t${orNone(expressions[0] ?? '')}\n`)
    for (const expression of expressions.slice(1)) page.put(`    \t${expression}\n`)
  }
}

export const describeClaim: Describer = (page, claim, describing) => {
  const { spec, status } = claim
  writeName(page, claim)
  page.line(0, `StorageClass:\t${textAt(spec, 'storageClassName')}`)
  const deleted = textAt(claim, 'metadata', 'deletionTimestamp')
  page.line(0, `Status:\t${deleted === '' ? textAt(status, 'phase') : `Terminating (lasts ${deleted})`}`)
  page.line(0, `Volume:\t${textAt(spec, 'volumeName')}`)
  writeMarks(page, claim)
  page.line(0, `Finalizers:\t[${textsAt(claim, 'metadata', 'finalizers').join(' ')}]`)
  const isBound = textAt(spec, 'volumeName') !== ''
  page.line(0, `Capacity:\t${isBound ? textAt(status, 'capacity', 'storage') : ''}`)
  page.line(0, `Access Modes:\t${isBound ? modesText(textsAt(status, 'accessModes')) : ''}`)
  if (textAt(spec, 'volumeMode') !== '') page.line(0, `VolumeMode:\t${textAt(spec, 'volumeMode')}`)
  const source = at(spec, 'dataSource')
  if (isObject(source)) {
    page.line(0, 'DataSource:')
    if (textAt(source, 'apiGroup') !== '') page.line(1, `APIGroup:\t${textAt(source, 'apiGroup')}`)
    page.line(1, `Kind:\t${textAt(source, 'kind')}`)
    page.line(1, `Name:\t${textAt(source, 'name')}`)
  }
  const pods = objectsAt(describing.client.get(`/api/v1/namespaces/${namespaceOf(claim)}/pods`), 'items').filter(pod =>
    objectsAt(pod, 'spec', 'volumes').some(
      volume => textAt(volume, 'persistentVolumeClaim', 'claimName') === nameOf(claim),
    ),
  )
  page.line(0, `Used By:\t${pods.length === 0 ? '<none>' : pods.map(nameOf).join('\n\t')}`)
  writeEvents(page, claim, describing)
}

export const describeStorageClass: Describer = (page, storage, describing) => {
  const annotations = mapAt(storage, 'metadata', 'annotations')
  const isDefault = [
    'storageclass.kubernetes.io/is-default-class',
    'storageclass.beta.kubernetes.io/is-default-class',
  ].some(key => annotations[key] === 'true')
  page.line(0, `Name:\t${nameOf(storage)}`)
  page.line(0, `IsDefaultClass:\t${isDefault ? 'Yes' : 'No'}`)
  page.line(0, `Annotations:\t${labelsText(annotations)}`)
  page.line(0, `Provisioner:\t${textAt(storage, 'provisioner')}`)
  page.line(0, `Parameters:\t${labelsText(mapAt(storage, 'parameters'))}`)
  const expands = storage.allowVolumeExpansion
  page.line(0, `AllowVolumeExpansion:\t${expands === undefined ? '<unset>' : expands === true ? 'True' : 'False'}`)
  const options = textsAt(storage, 'mountOptions')
  page.line(0, options.length === 0 ? 'MountOptions:\t<none>' : 'MountOptions:')
  for (const option of options) page.line(1, option)
  if (textAt(storage, 'reclaimPolicy') !== '') page.line(0, `ReclaimPolicy:\t${textAt(storage, 'reclaimPolicy')}`)
  if (textAt(storage, 'volumeBindingMode') !== '')
    page.line(0, `VolumeBindingMode:\t${textAt(storage, 'volumeBindingMode')}`)
  writeEvents(page, storage, describing)
}
