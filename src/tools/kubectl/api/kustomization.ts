import { UsageError } from '../errors.ts'
import type { Host } from '../host.ts'
import type { Manifest } from './manifests.ts'
import { documentsIn, parseYaml } from './manifests.ts'
import { textAt, textsAt } from '../unstructured.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { isObject } from '../../../machinery/json-value.ts'

const names = ['kustomization.yaml', 'kustomization.yml', 'Kustomization']

/** The objects of a kustomization: its resources, as they are. Generators, patches and name changes are not there yet. */
export function readKustomization(host: Host, folder: string): readonly Manifest[] {
  const base = folder.replace(/\/$/, '')
  const found = names.map(name => host.files.read(`${base}/${name}`)).find(text => text !== undefined)
  if (found === undefined) {
    throw new UsageError(
      `unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '${base}'`,
    )
  }
  const settings: JsonObject = parseYaml(folder, found).find(isObject) ?? {}
  return textsAt(settings, 'resources').flatMap(path => {
    const text = host.files.read(`${base}/${path}`)
    if (text === undefined) return readKustomization(host, `${base}/${path}`)
    return documentsIn(`${base}/${path}`, text).map(manifest => placed(manifest, textAt(settings, 'namespace')))
  })
}

function placed({ source, object }: Manifest, namespace: string): Manifest {
  if (namespace === '') return { source, object }
  const metadata = isObject(object.metadata) ? object.metadata : {}
  return { source, object: { ...object, metadata: { ...metadata, namespace } } }
}
