import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, fields, objectsAt, textAt, textOf } from '../unstructured.ts'
import type { Page } from './page.ts'

/** What a source of volumes is called, and which of its fields are shown, under which titles. */
interface SourceForm {
  readonly type: string
  readonly rows?: readonly (readonly [title: string, read: (source: JsonObject) => string])[]
}

const read =
  (name: string, absent = '') =>
  (source: JsonObject): string =>
    textOf(source[name]) || absent
const yesNo =
  (name: string) =>
  (source: JsonObject): string =>
    String(source[name] === true)

const forms: Readonly<Record<string, SourceForm>> = {
  hostPath: {
    type: 'HostPath (bare host directory volume)',
    rows: [
      ['Path', read('path')],
      ['HostPathType', source => (source.type === undefined ? '<none>' : textOf(source.type))],
    ],
  },
  emptyDir: {
    type: "EmptyDir (a temporary directory that shares a pod's lifetime)",
    rows: [
      ['Medium', read('medium')],
      ['SizeLimit', read('sizeLimit', '<unset>')],
    ],
  },
  gitRepo: {
    type: 'GitRepo (a volume that is pulled from git when the pod is created)',
    rows: [
      ['Repository', read('repository')],
      ['Revision', read('revision')],
    ],
  },
  secret: {
    type: 'Secret (a volume populated by a Secret)',
    rows: [
      ['SecretName', read('secretName')],
      ['Optional', yesNo('optional')],
    ],
  },
  configMap: {
    type: 'ConfigMap (a volume populated by a ConfigMap)',
    rows: [
      ['Name', read('name')],
      ['Optional', yesNo('optional')],
    ],
  },
  nfs: {
    type: 'NFS (an NFS mount that lasts the lifetime of a pod)',
    rows: [
      ['Server', read('server')],
      ['Path', read('path')],
      ['ReadOnly', yesNo('readOnly')],
    ],
  },
  persistentVolumeClaim: {
    type: 'PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
    rows: [
      ['ClaimName', read('claimName')],
      ['ReadOnly', yesNo('readOnly')],
    ],
  },
  csi: {
    type: 'CSI (a Container Storage Interface (CSI) volume source)',
    rows: [
      ['Driver', read('driver')],
      ['FSType', read('fsType')],
      ['ReadOnly', yesNo('readOnly')],
      ['VolumeHandle', read('volumeHandle')],
    ],
  },
  local: {
    type: 'LocalVolume (a persistent volume backed by local storage on a node)',
    rows: [['Path', read('path')]],
  },
  image: {
    type: 'Image (a container image or OCI artifact)',
    rows: [
      ['Reference', read('reference')],
      ['PullPolicy', read('pullPolicy')],
    ],
  },
  ephemeral: {
    type: 'EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)',
  },
}

/** The volumes of a Pod or of a template, which is indented. */
export function writeVolumes(page: Page, volumes: readonly JsonObject[], space: string): void {
  if (volumes.length === 0) return page.line(0, `${space}Volumes:\t<none>`)
  page.line(0, `${space}Volumes:`)
  for (const volume of volumes) {
    page.line(1, `${space === '' ? '' : ' '}${textAt(volume, 'name')}:`)
    writeSource(page, volume)
  }
}

/** The source that a volume names. */
export function writeSource(page: Page, volume: unknown): void {
  if (isObject(at(volume, 'projected'))) return writeProjected(page, at(volume, 'projected'))
  if (isObject(at(volume, 'downwardAPI'))) return writeDownward(page, at(volume, 'downwardAPI'))
  const [name, source] = Object.entries(fields(volume)).find(([key]) => forms[key] !== undefined) ?? []
  const form = name === undefined ? undefined : forms[name]
  if (!form) return page.line(1, '<unknown>')
  page.line(2, `Type:\t${form.type}`)
  for (const [title, value] of form.rows ?? []) page.line(2, `${title}:\t${value(fields(source))}`)
}

function writeProjected(page: Page, projected: unknown): void {
  page.line(2, 'Type:\tProjected (a volume that contains injected data from multiple sources)')
  for (const source of objectsAt(projected, 'sources')) {
    const [secret, configMap, token] = [source.secret, source.configMap, source.serviceAccountToken]
    if (isObject(secret)) {
      page.line(2, `SecretName:\t${textAt(secret, 'name')}`)
      page.line(2, `Optional:\t${secret.optional === true}`)
    } else if (isObject(source.downwardAPI)) page.line(2, 'DownwardAPI:\ttrue')
    else if (isObject(configMap)) {
      page.line(2, `ConfigMapName:\t${textAt(configMap, 'name')}`)
      page.line(2, `Optional:\t${configMap.optional === true}`)
    } else if (isObject(token)) page.line(2, `TokenExpirationSeconds:\t${textAt(token, 'expirationSeconds')}`)
  }
}

function writeDownward(page: Page, source: unknown): void {
  page.line(2, 'Type:\tDownwardAPI (a volume populated by information about the pod)')
  page.line(2, 'Items:')
  for (const item of objectsAt(source, 'items')) {
    const from = textAt(item, 'fieldRef', 'fieldPath') || textAt(item, 'resourceFieldRef', 'resource')
    page.line(3, `${from} -> ${textAt(item, 'path')}`)
  }
}
