import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '../../../api/generated/apiextensions.v1.ts'
import { compareVersions } from '../../../machinery/version-priority.ts'
import type { EtcdState, KeyValue } from '../../etcd/store.ts'
import { range } from '../../etcd/store.ts'
import { isOf, type KindRef, storedObject } from '../objects.ts'

/** Where the objects that define resources are in etcd. */
export const definitionsPrefix = '/registry/apiextensions.k8s.io/customresourcedefinitions/'

export const definitionKind: KindRef<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
}

/** Every definition, in the order of their names. */
export function definitionsIn(etcd: EtcdState): CustomResourceDefinition[] {
  return range(etcd, definitionsPrefix).flatMap(entry => {
    const definition = definitionOf(entry)
    return definition ? [definition] : []
  })
}

export function definitionOf(entry: KeyValue): CustomResourceDefinition | undefined {
  const object = storedObject(entry)
  return isOf(definitionKind, object) ? object : undefined
}

type Condition = NonNullable<CustomResourceDefinition['status']['conditions']>[number]

export function conditionOf({ status }: CustomResourceDefinition, type: string): Condition | undefined {
  return (status.conditions ?? []).find(condition => condition.type === type)
}

export function isTrue(definition: CustomResourceDefinition, type: string): boolean {
  return conditionOf(definition, type)?.status === 'True'
}

/** Whether its resource is served: customresource_handler.go. */
export function isServed(definition: CustomResourceDefinition): boolean {
  return isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established')
}

export function isTerminating(definition: CustomResourceDefinition): boolean {
  return Boolean(definition.metadata.deletionTimestamp) || isTrue(definition, 'Terminating')
}

/** Where its instances are in etcd. */
export function instancesPrefix({ spec }: CustomResourceDefinition): string {
  return `/registry/${spec.group}/${spec.names.plural}/`
}

export function storageVersion({ spec }: CustomResourceDefinition): string {
  return spec.versions.find(({ storage }) => storage)?.name ?? ''
}

/** Versions with the one first that clients prefer. */
export function byPriority(versions: readonly CustomResourceDefinitionVersion[]): CustomResourceDefinitionVersion[] {
  return [...versions].sort((a, b) => compareVersions(a.name, b.name))
}
