import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
} from '../../../api/generated/apiextensions.v1.ts'
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

/** Versions with the one first that clients prefer: apimachinery/pkg/version, CompareKubeAwareVersionStrings. */
export function byPriority(versions: readonly CustomResourceDefinitionVersion[]): CustomResourceDefinitionVersion[] {
  return [...versions].sort((a, b) => compareVersions(a.name, b.name))
}

const stages = ['alpha', 'beta', '']

/** Below zero if the first is preferred: `v2`, `v1`, `v2beta1`, `v1alpha1`, `foo`. */
export function compareVersions(a: string, b: string): number {
  const [one, two] = [a, b].map(parsed)
  if (!one || !two) {
    if (one || two) return one ? -1 : 1
    return a < b ? -1 : a > b ? 1 : 0
  }
  return two.stage - one.stage || two.major - one.major || two.minor - one.minor
}

function parsed(version: string): { stage: number; major: number; minor: number } | undefined {
  const match = /^v([1-9]\d*)(?:(alpha|beta)([1-9]\d*))?$/.exec(version)
  if (!match) return undefined
  return { stage: stages.indexOf(match[2] ?? ''), major: Number(match[1]), minor: Number(match[3] ?? 0) }
}
