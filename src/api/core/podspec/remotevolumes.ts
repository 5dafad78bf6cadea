import { type FieldError, invalid, required } from '../../../machinery/fieldpath.ts'
import { isDns1123Label } from '../../../machinery/validation.ts'
import type {
  AWSElasticBlockStoreVolumeSource,
  AzureDiskVolumeSource,
  FCVolumeSource,
  GCEPersistentDiskVolumeSource,
  NFSVolumeSource,
  PhotonPersistentDiskVolumeSource,
  PortworxVolumeSource,
  QuobyteVolumeSource,
  VsphereVirtualDiskVolumeSource,
} from '../../generated/core.v1.ts'
import { addInvalid } from '../../meta/checks.ts'

/**
 * Volumes that live on other machines, as Pods and PersistentVolumes name them. Most are kinds that only CSI drivers
 * still serve; what they demand is that their fields are there.
 */

export interface RemoteSources {
  awsElasticBlockStore?: AWSElasticBlockStoreVolumeSource
  azureDisk?: AzureDiskVolumeSource
  azureFile?: { secretName: string; shareName: string }
  cephfs?: { monitors: string[] }
  cinder?: { volumeID: string }
  csi?: { driver: string; volumeHandle?: string }
  fc?: FCVolumeSource
  flexVolume?: { driver: string }
  flocker?: { datasetName?: string; datasetUUID?: string }
  gcePersistentDisk?: GCEPersistentDiskVolumeSource
  glusterfs?: { endpoints: string; path: string }
  iscsi?: { targetPortal: string; iqn: string; lun: number }
  nfs?: NFSVolumeSource
  photonPersistentDisk?: PhotonPersistentDiskVolumeSource
  portworxVolume?: PortworxVolumeSource
  quobyte?: QuobyteVolumeSource
  rbd?: { image: string; monitors: string[] }
  scaleIO?: { gateway: string; system: string; volumeName?: string }
  storageos?: { volumeName?: string; volumeNamespace?: string }
  vsphereVolume?: VsphereVirtualDiskVolumeSource
}

/** Fields of a source that must not be empty, in upstream's order. */
const requiredFields: Record<keyof RemoteSources, (volume: RemoteSources) => Record<string, unknown>> = {
  awsElasticBlockStore: ({ awsElasticBlockStore: it }) => ({ volumeID: it?.volumeID }),
  azureDisk: ({ azureDisk: it }) => ({ diskName: it?.diskName, diskURI: it?.diskURI }),
  azureFile: ({ azureFile: it }) => ({ secretName: it?.secretName, shareName: it?.shareName }),
  cephfs: ({ cephfs: it }) => ({ monitors: it?.monitors }),
  cinder: ({ cinder: it }) => ({ volumeID: it?.volumeID }),
  csi: ({ csi: it }) => ({ driver: it?.driver }),
  fc: () => ({}),
  flexVolume: ({ flexVolume: it }) => ({ driver: it?.driver }),
  flocker: () => ({}),
  gcePersistentDisk: ({ gcePersistentDisk: it }) => ({ pdName: it?.pdName }),
  glusterfs: ({ glusterfs: it }) => ({ endpoints: it?.endpoints, path: it?.path }),
  iscsi: ({ iscsi: it }) => ({ targetPortal: it?.targetPortal, iqn: it?.iqn }),
  nfs: ({ nfs: it }) => ({ server: it?.server, path: it?.path }),
  photonPersistentDisk: ({ photonPersistentDisk: it }) => ({ pdID: it?.pdID }),
  portworxVolume: ({ portworxVolume: it }) => ({ volumeID: it?.volumeID }),
  quobyte: ({ quobyte: it }) => ({ registry: it?.registry, volume: it?.volume }),
  rbd: ({ rbd: it }) => ({ monitors: it?.monitors, image: it?.image }),
  scaleIO: ({ scaleIO: it }) => ({ gateway: it?.gateway, system: it?.system, volumeName: it?.volumeName }),
  storageos: () => ({}),
  vsphereVolume: ({ vsphereVolume: it }) => ({ volumePath: it?.volumePath }),
}

export function checkRemoteVolume(
  errors: FieldError[],
  path: string,
  name: keyof RemoteSources,
  volume: RemoteSources,
): void {
  for (const [field, value] of Object.entries(requiredFields[name](volume))) {
    if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) {
      errors.push(required(`${path}.${field}`))
    }
  }
  if (name === 'nfs' && volume.nfs) checkNfs(errors, path, volume.nfs)
  if (name === 'csi' && volume.csi?.driver) checkDriverName(errors, `${path}.driver`, volume.csi.driver)
  if (name === 'fc' && volume.fc) checkFc(errors, path, volume.fc)
}

function checkNfs(errors: FieldError[], path: string, { path: directory }: NFSVolumeSource): void {
  if (directory && !directory.startsWith('/')) {
    errors.push(invalid(`${path}.path`, directory, 'must be an absolute path'))
  }
}

/** Names of CSI drivers: lower or upper case domains of at most 63 characters. */
export function checkDriverName(errors: FieldError[], path: string, name: string): void {
  if (!name) {
    errors.push(required(path))
    return
  }
  if (name.length > 63) errors.push({ type: 'FieldValueTooLong', field: path, detail: 'may not be more than 63 bytes' })
  for (const part of name.toLowerCase().split('.')) addInvalid(errors, path, part, isDns1123Label(part))
}

function checkFc(errors: FieldError[], path: string, { targetWWNs, wwids, lun }: FCVolumeSource): void {
  if (!targetWWNs?.length && !wwids?.length) {
    errors.push(required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both'))
  } else if (targetWWNs?.length && lun === undefined) {
    errors.push(required(`${path}.lun`, 'lun is required if targetWWNs is specified'))
  }
}
