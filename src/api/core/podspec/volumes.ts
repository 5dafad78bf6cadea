import { duplicate, type FieldError, forbidden, invalid, required } from '../../../machinery/fieldpath.ts'
import { quantityError, sign } from '../../../machinery/quantity.ts'
import { isDns1123Label, isDns1123Subdomain } from '../../../machinery/validation.ts'
import type { EmptyDirVolumeSource, HostPathVolumeSource, Volume } from '../../generated/core.v1.ts'
import { addInvalid, checkSupported } from '../../meta/checks.ts'
import { checkNoBacksteps } from './paths.ts'
import { checkDownwardItems, checkKeys, checkProjected } from './projections.ts'
import { checkRemoteVolume, type RemoteSources } from './remotevolumes.ts'

/** Volumes of a Pod: ValidateVolumes and validateVolumeSource of core validation. */

const none: ReadonlyMap<string, Volume> = new Map()

/** Checks the volumes and answers those that containers may mount, by name. */
export function checkVolumes(
  errors: FieldError[],
  path: string,
  volumes: readonly Volume[] | undefined,
): ReadonlyMap<string, Volume> {
  if (!volumes?.length) return none
  const named = new Map<string, Volume>()
  for (let i = 0; i < volumes.length; i++) {
    const volume = volumes[i]
    if (!volume) continue
    const at = `${path}[${i}]`
    const before = errors.length
    checkSource(errors, at, volume)
    if (!volume.name) errors.push(required(`${at}.name`))
    else {
      addInvalid(errors, `${at}.name`, volume.name, isDns1123Label(volume.name))
      if (named.has(volume.name)) errors.push(duplicate(`${at}.name`, volume.name))
    }
    if (errors.length === before) named.set(volume.name, volume)
  }
  return named
}

type Check = (errors: FieldError[], path: string, volume: Volume) => void

/** Sources in upstream's order: the first that is set is checked, further ones are too many. */
const sources: readonly [keyof Volume, Check][] = [
  ['emptyDir', (errors, path, { emptyDir }) => emptyDir && checkEmptyDir(errors, path, emptyDir)],
  ['hostPath', (errors, path, { hostPath }) => hostPath && checkHostPath(errors, path, hostPath)],
  ['gitRepo', (errors, path, { gitRepo }) => gitRepo && !gitRepo.repository && need(errors, `${path}.repository`)],
  ['gcePersistentDisk', remote('gcePersistentDisk')],
  ['awsElasticBlockStore', remote('awsElasticBlockStore')],
  ['secret', checkSecretVolume],
  ['nfs', remote('nfs')],
  ['iscsi', remote('iscsi')],
  ['glusterfs', remote('glusterfs')],
  ['flocker', remote('flocker')],
  ['persistentVolumeClaim', checkClaim],
  ['rbd', remote('rbd')],
  ['cinder', remote('cinder')],
  ['cephfs', remote('cephfs')],
  ['quobyte', remote('quobyte')],
  ['downwardAPI', checkDownwardVolume],
  ['fc', remote('fc')],
  ['flexVolume', remote('flexVolume')],
  ['configMap', checkConfigMapVolume],
  ['azureFile', remote('azureFile')],
  ['vsphereVolume', remote('vsphereVolume')],
  ['photonPersistentDisk', remote('photonPersistentDisk')],
  ['portworxVolume', remote('portworxVolume')],
  ['azureDisk', remote('azureDisk')],
  ['storageos', remote('storageos')],
  ['projected', (errors, path, { projected }) => projected && checkProjected(errors, path, projected)],
  ['scaleIO', remote('scaleIO')],
  ['csi', remote('csi')],
  ['ephemeral', checkEphemeral],
  ['image', checkImageVolume],
]

function remote(name: keyof RemoteSources & keyof Volume): Check {
  return (errors, path, volume) => checkRemoteVolume(errors, path, name, volume)
}

const checks = new Map<string, Check>(sources)

function checkSource(errors: FieldError[], path: string, volume: Volume): void {
  // Nearly every volume has its name and one source: then there is no order to keep.
  const keys = Object.keys(volume)
  const [first, second] = keys
  const only = keys.length === 2 ? (first === 'name' ? second : first) : undefined
  const check = only === undefined ? undefined : checks.get(only)
  if (check) check(errors, `${path}.${only}`, volume)
  else checkSources(errors, path, volume)
}

function checkSources(errors: FieldError[], path: string, volume: Volume): void {
  let count = 0
  for (const [name, check] of sources) {
    if (volume[name] === undefined) continue
    if (count++ === 0) check(errors, `${path}.${name}`, volume)
    else errors.push(forbidden(`${path}.${name}`, 'may not specify more than 1 volume type'))
  }
  if (count === 0) errors.push(required(path, 'must specify a volume type'))
}

function need(errors: FieldError[], path: string): void {
  errors.push(required(path))
}

function checkEmptyDir(errors: FieldError[], path: string, { sizeLimit }: EmptyDirVolumeSource): void {
  if (sizeLimit === undefined || quantityError(sizeLimit) !== undefined) return
  if (sign(sizeLimit) < 0) {
    errors.push(forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
  }
}

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

export function checkHostPath(errors: FieldError[], path: string, { path: file, type }: HostPathVolumeSource): void {
  if (!file) {
    errors.push(required(`${path}.path`))
    return
  }
  checkNoBacksteps(errors, `${path}.path`, file)
  checkSupported(errors, `${path}.type`, type, hostPathTypes)
}

function checkSecretVolume(errors: FieldError[], path: string, { secret }: Volume): void {
  if (!secret) return
  if (!secret.secretName) need(errors, `${path}.secretName`)
  checkKeys(errors, path, secret)
}

function checkConfigMapVolume(errors: FieldError[], path: string, { configMap }: Volume): void {
  if (!configMap) return
  if (!configMap.name) need(errors, `${path}.name`)
  checkKeys(errors, path, configMap)
}

function checkDownwardVolume(errors: FieldError[], path: string, { downwardAPI }: Volume): void {
  if (downwardAPI) checkDownwardItems(errors, path, downwardAPI.items, downwardAPI.defaultMode)
}

function checkClaim(errors: FieldError[], path: string, { persistentVolumeClaim }: Volume): void {
  if (!persistentVolumeClaim) return
  const { claimName } = persistentVolumeClaim
  if (!claimName) need(errors, `${path}.claimName`)
}

function checkEphemeral(errors: FieldError[], path: string, { name, ephemeral }: Volume): void {
  const at = `${path}.volumeClaimTemplate`
  const template = ephemeral?.volumeClaimTemplate
  if (!template) {
    need(errors, at)
    return
  }
  if (name.length > 200) errors.push(invalid(at, name, 'must be no more than 200 characters'))
  if (!template.spec.accessModes?.length) {
    errors.push(required(`${at}.spec.accessModes`, 'at least 1 access mode is required'))
  }
  if (template.spec.resources.requests?.storage === undefined) need(errors, `${at}.spec.resources[storage]`)
  const { storageClassName } = template.spec
  if (storageClassName) {
    addInvalid(errors, `${at}.spec.storageClassName`, storageClassName, isDns1123Subdomain(storageClassName))
  }
}

function checkImageVolume(errors: FieldError[], path: string, { image }: Volume): void {
  if (!image?.reference) need(errors, `${path}.reference`)
  checkSupported(errors, `${path}.pullPolicy`, image?.pullPolicy, ['Always', 'IfNotPresent', 'Never'])
}
