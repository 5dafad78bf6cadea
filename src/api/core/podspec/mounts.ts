import { type FieldError, forbidden, invalid, notFoundValue, required } from '../../../machinery/fieldpath.ts'
import type { EphemeralContainer, Volume, VolumeMount } from '../../generated/core.v1.ts'
import { checkSupported } from '../../meta/checks.ts'
import { checkLocalDescendingPath } from './paths.ts'

/** Where containers mount volumes: ValidateVolumeMounts and ValidateVolumeDevices of core validation. */

type Volumes = ReadonlyMap<string, Volume>
type Mounting = Pick<EphemeralContainer, 'volumeMounts' | 'volumeDevices' | 'securityContext'>

const propagations = ['Bidirectional', 'HostToContainer', 'None']

export function checkMounts(errors: FieldError[], path: string, container: Mounting, volumes: Volumes): void {
  const { volumeMounts = [], volumeDevices } = container
  for (let i = 0; i < volumeMounts.length; i++) {
    const mount = volumeMounts[i]
    if (!mount) continue
    const at = `${path}[${i}]`
    if (!mount.name) errors.push(required(`${at}.name`))
    if (!volumes.has(mount.name)) errors.push(notFoundValue(`${at}.name`, mount.name))
    if (!mount.mountPath) errors.push(required(`${at}.mountPath`))
    else if (volumeMounts.findIndex(({ mountPath }) => mountPath === mount.mountPath) < i) {
      errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must be unique'))
    }
    if (volumeDevices?.some(({ name }) => name === mount.name)) {
      errors.push(invalid(`${at}.name`, mount.name, 'must not already exist in volumeDevices'))
    }
    if (volumeDevices?.some(({ devicePath }) => devicePath === mount.mountPath)) {
      errors.push(invalid(`${at}.mountPath`, mount.mountPath, 'must not already exist as a path in volumeDevices'))
    }
    checkMountOptions(errors, path, mount, container)
  }
}

/** Upstream names the list and not the item for some of these. */
function checkMountOptions(
  errors: FieldError[],
  list: string,
  mount: VolumeMount,
  { securityContext }: Mounting,
): void {
  const { subPath, subPathExpr, mountPropagation, readOnly, recursiveReadOnly } = mount
  if (subPath) checkLocalDescendingPath(errors, `${list}.subPath`, subPath)
  if (subPathExpr) {
    if (subPath)
      errors.push(invalid(`${list}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
    checkLocalDescendingPath(errors, `${list}.subPathExpr`, subPathExpr)
  }
  if (mountPropagation !== undefined) {
    checkSupported(errors, `${list}.mountPropagation`, mountPropagation, propagations)
    if (mountPropagation === 'Bidirectional' && securityContext?.privileged !== true) {
      errors.push(
        forbidden(
          `${list}.mountPropagation`,
          'Bidirectional mount propagation is available only to privileged containers',
        ),
      )
    }
  }
  if (recursiveReadOnly === undefined) return
  checkSupported(errors, `${list}.recursiveReadOnly`, recursiveReadOnly, ['Disabled', 'IfPossible', 'Enabled'])
  if (recursiveReadOnly !== 'Disabled' && !readOnly) {
    errors.push(forbidden(`${list}.recursiveReadOnly`, 'may only be specified when readOnly is true'))
  }
}

export function checkDevices(errors: FieldError[], path: string, container: Mounting, volumes: Volumes): void {
  const { volumeMounts, volumeDevices = [] } = container
  volumeDevices.forEach(({ name, devicePath }, i) => {
    const at = `${path}[${i}]`
    if (!name) errors.push(required(`${at}.name`))
    else if (volumeDevices.findIndex(device => device.name === name) < i) {
      errors.push(invalid(`${at}.name`, name, 'must be unique'))
    }
    const volume = volumes.get(name)
    if (!volume) errors.push(notFoundValue(`${at}.name`, name))
    else if (!volume.persistentVolumeClaim && !volume.ephemeral) {
      const detail = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'
      errors.push(invalid(`${at}.name`, name, detail))
    }
    checkDevicePath(errors, at, devicePath, volumeDevices.findIndex(device => device.devicePath === devicePath) < i)
    if (volumeMounts?.some(mount => mount.name === name)) {
      errors.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'))
    }
    if (volumeMounts?.some(mount => mount.mountPath === devicePath)) {
      errors.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'))
    }
  })
}

function checkDevicePath(errors: FieldError[], path: string, devicePath: string, isRepeated: boolean): void {
  if (!devicePath) errors.push(required(`${path}.devicePath`))
  else if (isRepeated) errors.push(invalid(`${path}.devicePath`, devicePath, 'must be unique'))
  else if (devicePath.split('/').includes('..')) {
    errors.push(invalid(`${path}.devicePath`, devicePath, "must not contain '..'"))
  }
}
