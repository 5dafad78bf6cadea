import { duplicate, type FieldError, forbidden, invalid, required } from '../../../machinery/fieldpath.ts'
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ProjectedVolumeSource,
  VolumeProjection,
} from '../../generated/core.v1.ts'
import { checkFieldRef, checkResourceFieldRef } from './env.ts'
import { checkFileMode, checkLocalNonReservedPath } from './paths.ts'

/** Volumes that are written from objects: ConfigMaps, Secrets, the downward API and projections of them. */

/** Which keys become which files. */
export function checkKeys(
  errors: FieldError[],
  path: string,
  { items, defaultMode }: { items?: KeyToPath[]; defaultMode?: number },
): void {
  checkFileMode(errors, `${path}.defaultMode`, defaultMode)
  items?.forEach((item, i) => checkKey(errors, `${path}.items[${i}]`, item))
}

function checkKey(errors: FieldError[], path: string, { key, path: file, mode }: KeyToPath): void {
  if (!key) errors.push(required(`${path}.key`))
  checkFilePath(errors, `${path}.path`, file)
  checkFileMode(errors, `${path}.mode`, mode)
}

function checkFilePath(errors: FieldError[], path: string, file: string): void {
  if (!file) errors.push(required(path))
  checkLocalNonReservedPath(errors, path, file ?? '')
}

const fieldsForFiles = new Set([
  'metadata.annotations',
  'metadata.labels',
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
])

export function checkDownwardItems(
  errors: FieldError[],
  path: string,
  items: readonly DownwardAPIVolumeFile[] | undefined,
  defaultMode: number | undefined,
): void {
  checkFileMode(errors, `${path}.defaultMode`, defaultMode)
  // Upstream names the volume and not the item.
  for (const item of items ?? []) checkDownwardItem(errors, path, item)
}

function checkDownwardItem(errors: FieldError[], path: string, item: DownwardAPIVolumeFile): void {
  const { fieldRef, resourceFieldRef, mode } = item
  if (!item.path) errors.push(required(`${path}.path`))
  checkLocalNonReservedPath(errors, `${path}.path`, item.path ?? '')
  if (fieldRef) {
    checkFieldRef(errors, `${path}.fieldRef`, fieldRef, fieldsForFiles)
    if (resourceFieldRef) {
      errors.push(invalid(path, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
    }
  } else if (resourceFieldRef) checkResourceFieldRef(errors, `${path}.resourceFieldRef`, resourceFieldRef, true)
  else errors.push(required(path, 'one of fieldRef and resourceFieldRef is required'))
  checkFileMode(errors, `${path}.mode`, mode)
}

export function checkProjected(
  errors: FieldError[],
  path: string,
  { sources, defaultMode }: ProjectedVolumeSource,
): void {
  checkFileMode(errors, `${path}.defaultMode`, defaultMode)
  const paths = new Set<string>()
  sources?.forEach((source, i) => checkProjection(errors, `${path}.sources[${i}]`, source, paths))
}

function checkProjection(errors: FieldError[], path: string, source: VolumeProjection, paths: Set<string>): void {
  const { secret, configMap, downwardAPI, serviceAccountToken } = source
  const claim = (at: string, name: string, files: readonly { path: string }[] | undefined): void => {
    for (const { path: file } of files ?? []) {
      if (!file) continue
      if (paths.has(file)) errors.push(invalid(at, name, `conflicting duplicate paths: ${file}`))
      paths.add(file)
    }
  }
  let count = 0
  const isOnly = (name: string): boolean => {
    if (count++ === 0) return true
    errors.push(forbidden(`${path}.${name}`, 'may not specify more than 1 volume type'))
    return false
  }
  if (secret && isOnly('secret')) {
    if (!secret.name) errors.push(required(`${path}.secret.name`))
    checkKeys(errors, `${path}.secret`, secret)
    claim(`${path}.secret`, secret.name ?? '', secret.items)
  }
  if (configMap && isOnly('configMap')) {
    if (!configMap.name) errors.push(required(`${path}.configMap.name`))
    checkKeys(errors, `${path}.configMap`, configMap)
    claim(`${path}.configMap`, configMap.name ?? '', configMap.items)
  }
  if (downwardAPI && isOnly('downwardAPI')) {
    for (const item of downwardAPI.items ?? []) checkDownwardItem(errors, `${path}.downwardAPI`, item)
    claim(`${path}.downwardAPI`, '', downwardAPI.items)
  }
  if (serviceAccountToken && isOnly('serviceAccountToken')) {
    checkToken(errors, `${path}.serviceAccountToken`, serviceAccountToken)
    if (paths.has(serviceAccountToken.path))
      errors.push(duplicate(`${path}.serviceAccountToken.path`, serviceAccountToken.path))
    paths.add(serviceAccountToken.path)
  }
  if (count === 0 && !source.clusterTrustBundle && !source.podCertificate) {
    errors.push(required(path, 'must specify a volume type'))
  }
}

const minTokenSeconds = 600
const maxTokenSeconds = 2 ** 32

function checkToken(
  errors: FieldError[],
  path: string,
  { expirationSeconds = 0, path: file }: { expirationSeconds?: number; path: string },
): void {
  if (expirationSeconds < minTokenSeconds) {
    errors.push(
      invalid(`${path}.expirationSeconds`, expirationSeconds, 'may not specify a duration less than 10 minutes'),
    )
  }
  if (expirationSeconds > maxTokenSeconds) {
    errors.push(
      invalid(`${path}.expirationSeconds`, expirationSeconds, 'may not specify a duration larger than 2^32 seconds'),
    )
  }
  checkFilePath(errors, `${path}.path`, file)
}
