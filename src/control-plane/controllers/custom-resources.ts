import { CustomResourceDefinition } from '../../api/apiextensions/customresourcedefinition.ts'
import type { Cache } from '../../client/controller.ts'
import type { DiscoveredKind } from '../../client/discovered-kind.ts'
import { compareVersions } from '../../machinery/version-priority.ts'

const known = new WeakMap<CustomResourceDefinition, DiscoveredKind | undefined>()

/** What discovery tells of custom resources, each in the version that is preferred; in one that is served. */
export function customResources(cache: Cache): DiscoveredKind[] {
  return cache.list(CustomResourceDefinition).flatMap(definition => {
    const resource = known.has(definition) ? known.get(definition) : resourceOf(definition)
    known.set(definition, resource)
    return resource ? [resource] : []
  })
}

function resourceOf({ spec, status }: CustomResourceDefinition): DiscoveredKind | undefined {
  const isEstablished = status.conditions?.some(({ type, status }) => type === 'Established' && status === 'True')
  const versions = spec.versions.filter(({ served }) => served).map(({ name }) => name)
  const [version] = versions.sort(compareVersions)
  if (!isEstablished || version === undefined) return undefined
  const { group, names, scope } = spec
  return { group, version, kind: names.kind, plural: names.plural, namespaced: scope === 'Namespaced' }
}
