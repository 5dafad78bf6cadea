import type { JsonObject } from '../../../machinery/json-value.ts'
import { at, mapAt, nameOf, numberAt, objectsAt, textAt, withAt } from '../unstructured.ts'
import { UsageError } from '../errors.ts'
import { changeAt, type FieldSpec, fits, namesIn } from './field-paths.ts'
import { groupKindOf, isClusterScoped, type Item, renamed } from './item.ts'
import type { Folder } from './loading.ts'

/** `namespace`: where everything goes that has one, and who is meant by `default` in bindings. */
export function changeNamespace(items: readonly Item[], { settings }: Folder): readonly Item[] {
  const namespace = textAt(settings, 'namespace')
  return namespace === '' ? items : items.map(item => renamed(item, inNamespace(item.object, namespace)))
}

function inNamespace(object: JsonObject, namespace: string): JsonObject {
  const { group, kind } = groupKindOf(object)
  const set = (path: readonly string[]): JsonObject => changeAt(object, path, () => namespace, true)
  if (kind === 'Namespace' && group === '') return set(['metadata', 'name'])
  if (kind === 'APIService' && group === 'apiregistration.k8s.io') return set(['spec', 'service', 'namespace'])
  if (kind === 'CustomResourceDefinition') {
    const path = ['spec', 'conversion', 'webhook', 'clientConfig', 'service', 'namespace']
    return changeAt(object, path, () => namespace)
  }
  const placed = isClusterScoped(object) ? object : withAt(object, ['metadata', 'namespace'], namespace)
  if (kind !== 'RoleBinding' && kind !== 'ClusterRoleBinding') return placed
  if (at(placed, 'subjects') === undefined) return placed
  const subjects = objectsAt(placed, 'subjects').map(subject => {
    return subject.name === 'default' ? { ...subject, namespace } : subject
  })
  return { ...placed, subjects }
}

const keepNames = new Set(['CustomResourceDefinition', 'APIService', 'Namespace'])

/** `namePrefix` and `nameSuffix`; kinds whose names mean something keep them. */
export function changeNames(items: readonly Item[], { settings }: Folder): readonly Item[] {
  const [prefix, suffix] = [textAt(settings, 'namePrefix'), textAt(settings, 'nameSuffix')]
  if (prefix === '' && suffix === '') return items
  return items.map(item => {
    if (keepNames.has(groupKindOf(item.object).kind)) return item
    const named = renamed(item, withAt(item.object, ['metadata', 'name'], `${prefix}${nameOf(item.object)}${suffix}`))
    return {
      ...named,
      prefixes: prefix === '' ? item.prefixes : [...item.prefixes, prefix],
      suffixes: suffix === '' ? item.suffixes : [...item.suffixes, suffix],
    }
  })
}

const annotationSpecs: readonly FieldSpec[] = [
  { path: 'metadata/annotations', create: true },
  ...(['ReplicationController', 'Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'] as const).map(kind => ({
    path: 'spec/template/metadata/annotations',
    create: true,
    kind,
  })),
  { path: 'spec/template/metadata/annotations', create: true, group: 'batch', kind: 'Job' },
  { path: 'spec/jobTemplate/metadata/annotations', create: true, group: 'batch', kind: 'CronJob' },
  { path: 'spec/jobTemplate/spec/template/metadata/annotations', create: true, group: 'batch', kind: 'CronJob' },
]

/** `commonAnnotations`: for objects and the Pods that they make. */
export function annotate(items: readonly Item[], { settings }: Folder): readonly Item[] {
  const annotations = mapAt(settings, 'commonAnnotations')
  if (Object.keys(annotations).length === 0) return items
  return items.map(item => ({ ...item, object: mergeMaps(item.object, annotationSpecs, annotations) }))
}

/** An object with more members in the maps of some fields. */
export function mergeMaps(
  object: JsonObject,
  specs: readonly FieldSpec[],
  members: Readonly<Record<string, string>>,
): JsonObject {
  const kind = groupKindOf(object)
  return specs
    .filter(spec => fits(spec, kind))
    .reduce((changed, { path, create = false }) => {
      const merge = (value: unknown): unknown => ({ ...mapAt({ value }, 'value'), ...members })
      return changeAt(changed, namesIn(path), merge, create)
    }, object)
}

const scalable = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'])

/** `replicas`: counts by the names that objects have, or had. */
export function changeReplicas(items: readonly Item[], { settings }: Folder): readonly Item[] {
  return objectsAt(settings, 'replicas').reduce<readonly Item[]>((changed, setting) => {
    const [name, count] = [textAt(setting, 'name'), numberAt(setting, 'count')]
    const isMeant = ({ object, before }: Item): boolean =>
      scalable.has(groupKindOf(object).kind) && [nameOf(object), ...before.map(id => id.name)].includes(name)
    if (!changed.some(isMeant)) {
      const kinds = 'Deployment, ReplicationController, ReplicaSet, StatefulSet'
      throw new UsageError(`resource with name ${name} does not match a config with the following GVK [${kinds}]`)
    }
    return changed.map(item => {
      return isMeant(item) ? { ...item, object: changeAt(item.object, ['spec', 'replicas'], () => count, true) } : item
    })
  }, items)
}
