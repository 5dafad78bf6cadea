import { isList, isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { objectsAt, textAt } from '../unstructured.ts'
import { changeAt } from './field-paths.ts'
import type { Item } from './item.ts'
import type { Folder } from './loading.ts'

const pods = [['spec'], ['spec', 'template', 'spec']] as const

/** `images`: other names, tags and digests for the images of containers. */
export function changeImages(items: readonly Item[], { settings }: Folder): readonly Item[] {
  return objectsAt(settings, 'images').reduce<readonly Item[]>((changed, setting) => {
    const change = (value: unknown): unknown => (typeof value === 'string' ? changedImage(value, setting) : value)
    return changed.map(item => ({ ...item, object: inContainers(mounted(item.object, change), change) }))
  }, items)
}

type Change = (value: unknown) => unknown

/** Images that are mounted. */
function mounted(object: JsonObject, change: Change): JsonObject {
  return pods.reduce<JsonObject>((changed, pod) => {
    return changeAt(changed, [...pod, 'volumes', 'image', 'reference'], change)
  }, object)
}

/** Containers wherever they are: those of CronJobs and custom resources (LegacyFilter). */
function inContainers(object: JsonObject, change: Change): JsonObject {
  if (object.kind === 'CustomResourceDefinition') return object
  const walk = (value: unknown, name: string): unknown => {
    if (isList(value)) {
      const isContainers = name === 'containers' || name === 'initContainers'
      return value.map(item => {
        const inner = walk(item, '')
        return isContainers && isObject(inner) && inner.image !== undefined
          ? { ...inner, image: change(inner.image) }
          : inner
      })
    }
    if (!isObject(value)) return value
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner, key)]))
  }
  const walked = walk(object, '')
  return isObject(walked) ? walked : object
}

/** The image with what the setting says of it, if it is the one that is meant. */
function changedImage(image: string, setting: JsonObject): string {
  const { name, tag, digest } = split(image)
  if (name !== textAt(setting, 'name')) return image
  const newName = textAt(setting, 'newName') || name
  const [newTag, newDigest, tagSuffix] = ['newTag', 'digest', 'tagSuffix'].map(field => textAt(setting, field))
  if (newDigest && newTag) return `${newName}:${newTag}@${newDigest}`
  if (newDigest) return `${newName}@${newDigest}`
  if (newTag) return `${newName}:${newTag}`
  if (tagSuffix) return `${newName}:${tag}${tagSuffix}`
  return `${newName}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`
}

function split(image: string): { readonly name: string; readonly tag: string; readonly digest: string } {
  const [before = '', digest = ''] = image.split('@')
  const colon = before.indexOf(':', before.lastIndexOf('/') + 1)
  return colon < 0
    ? { name: before, tag: '', digest }
    : { name: before.slice(0, colon), tag: before.slice(colon + 1), digest }
}
