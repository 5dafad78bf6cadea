import type { ConfigMap } from '../../api/core/configmap.ts'
import type { Secret } from '../../api/core/secret.ts'
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../../api/generated/core.v1.ts'
import { decodeBase64 } from '../../machinery/base64.ts'
import { own } from '../../machinery/json-value.ts'

/** Where the files of volumes come from. Each may throw ApiError. */
export interface Sources {
  configMap(name: string): ConfigMap | undefined
  secret(name: string): Secret | undefined
  token(projection: ServiceAccountTokenProjection): string
  downward(file: DownwardAPIVolumeFile): string
}

type Files = Record<string, string>

/** Files of a volume by their path below its root, or what is wrong with it. */
export type Contents =
  { readonly ok: true; readonly files: Readonly<Files> } | { readonly ok: false; readonly error: string }

/**
 * What a volume holds when it is mounted: pkg/volume/{configmap,secret,projected,downwardapi,emptydir}. Volumes that
 * begin empty have no files here; the others are written anew whenever their sources change.
 */
export function contentsOf(volume: Volume, sources: Sources): Contents {
  const files: Files = {}
  const error = fill(files, volume, sources)
  return error === undefined ? { ok: true, files } : { ok: false, error }
}

/** Whether the kubelet writes the volume's files, so that it must do so again when their sources change. */
export function isWritten({ configMap, secret, projected, downwardAPI }: Volume): boolean {
  return Boolean(configMap ?? secret ?? projected ?? downwardAPI)
}

function fill(files: Files, volume: Volume, sources: Sources): string | undefined {
  const { configMap, secret, projected, downwardAPI } = volume
  if (configMap) return addConfigMap(files, configMap, sources)
  if (secret) return addSecret(files, { ...secret, name: secret.secretName ?? '' }, sources)
  if (downwardAPI) return addDownward(files, downwardAPI.items, sources)
  for (const source of projected?.sources ?? []) {
    const error = addProjection(files, source, sources)
    if (error !== undefined) return error
  }
  return undefined
}

function addProjection(files: Files, source: VolumeProjection, sources: Sources): string | undefined {
  if (source.configMap) return addConfigMap(files, source.configMap, sources)
  if (source.secret) return addSecret(files, source.secret, sources)
  if (source.downwardAPI) return addDownward(files, source.downwardAPI.items, sources)
  if (source.serviceAccountToken) {
    files[pathIn(source.serviceAccountToken.path)] = sources.token(source.serviceAccountToken)
  }
  return undefined
}

interface Selection {
  readonly name: string
  readonly items?: readonly KeyToPath[]
  readonly optional?: boolean
}

function addConfigMap(files: Files, { name, items, optional }: Selection, sources: Sources): string | undefined {
  const found = sources.configMap(name)
  if (!found && !optional) return `configmap "${name}" not found`
  const data: Files = { ...found?.data }
  for (const [key, encoded] of Object.entries(found?.binaryData ?? {})) data[key] = decodeBase64(encoded)
  return addItems(files, data, items, optional, 'references non-existent config key')
}

function addSecret(files: Files, { name, items, optional }: Selection, sources: Sources): string | undefined {
  const found = sources.secret(name)
  if (!found && !optional) return `secret "${name}" not found`
  const data: Files = {}
  for (const [key, encoded] of Object.entries(found?.data ?? {})) data[key] = decodeBase64(encoded)
  return addItems(files, data, items, optional, 'references non-existent secret key')
}

function addItems(
  files: Files,
  data: Readonly<Files>,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  complaint: string,
): string | undefined {
  if (!items || items.length === 0) {
    for (const [key, text] of Object.entries(data)) files[pathIn(key)] = text
    return undefined
  }
  for (const { key, path } of items) {
    const text = own(data, key)
    if (text !== undefined) files[pathIn(path)] = text
    else if (!optional) return `${complaint}: ${key}`
  }
  return undefined
}

function addDownward(files: Files, items: readonly DownwardAPIVolumeFile[] | undefined, sources: Sources): undefined {
  for (const item of items ?? []) files[pathIn(item.path)] = sources.downward(item)
}

function pathIn(path: string): string {
  return path.startsWith('/') ? path : `/${path}`
}
