import type { PersistentVolumeClaimTemplate, ProjectedVolumeSource, Volume } from '../../generated/core.v1.ts'
import { defaultPullPolicy } from './pullpolicy.ts'

/** 0644: rights of the files that ConfigMaps, Secrets and projections become. */
const defaultMode = 0o644

/** Fills in what a volume leaves out; a volume that names no source is an emptyDir. */
export function defaultVolume(volume: Volume): void {
  if (Object.keys(volume).every(key => key === 'name')) volume.emptyDir = {}
  const { configMap, secret, downwardAPI, projected, hostPath, ephemeral, image } = volume
  if (configMap) configMap.defaultMode ??= defaultMode
  if (secret) secret.defaultMode ??= defaultMode
  if (downwardAPI) {
    downwardAPI.defaultMode ??= defaultMode
    downwardAPI.items?.forEach(defaultFieldRef)
  }
  if (projected) defaultProjected(projected)
  if (hostPath) hostPath.type ??= ''
  if (ephemeral?.volumeClaimTemplate) defaultClaimTemplate(ephemeral.volumeClaimTemplate)
  if (image) image.pullPolicy ??= defaultPullPolicy(image.reference ?? '')
  defaultLegacyVolume(volume)
}

function defaultProjected(projected: ProjectedVolumeSource): void {
  projected.defaultMode ??= defaultMode
  for (const { serviceAccountToken, downwardAPI, podCertificate } of projected.sources ?? []) {
    if (serviceAccountToken) serviceAccountToken.expirationSeconds ??= 3600
    if (podCertificate) podCertificate.maxExpirationSeconds ??= 86_400
    downwardAPI?.items?.forEach(defaultFieldRef)
  }
}

function defaultFieldRef(item: { fieldRef?: { apiVersion: string }; resourceFieldRef?: { divisor?: string } }): void {
  if (item.fieldRef) item.fieldRef.apiVersion ||= 'v1'
  if (item.resourceFieldRef) item.resourceFieldRef.divisor ??= '0'
}

function defaultClaimTemplate(template: PersistentVolumeClaimTemplate): void {
  template.metadata ??= {}
  template.spec.volumeMode ??= 'Filesystem'
  template.spec.resources ??= {}
}

function defaultLegacyVolume({ azureDisk, iscsi, rbd, scaleIO }: Volume): void {
  if (iscsi) iscsi.iscsiInterface ||= 'default'
  if (rbd) {
    rbd.pool ||= 'rbd'
    rbd.user ||= 'admin'
    rbd.keyring ||= '/etc/ceph/keyring'
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= 'ReadWrite'
    azureDisk.kind ??= 'Shared'
    azureDisk.fsType ??= 'ext4'
    azureDisk.readOnly ??= false
  }
  if (scaleIO) {
    scaleIO.storageMode ||= 'ThinProvisioned'
    scaleIO.fsType ||= 'xfs'
  }
}
