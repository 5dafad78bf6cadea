import { NodeMetrics } from '../../../api/metrics/nodemetrics.ts'
import { PodMetrics } from '../../../api/metrics/podmetrics.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { type DefinedResources, type Resource, resourceOf } from '../resources.ts'
import type { ApiServices } from './api-services.ts'

/** Nothing of theirs is stored: the place in etcd is a name that nothing has. */
const served = [NodeMetrics, PodMetrics].map((kind: Kind) => ({
  ...resourceOf(kind, `/aggregated/${kind.resource}/`),
  isAggregated: true,
}))

/** Resources that other API servers have, as long as an APIService says so. */
export function aggregatedResources(apiServices: ApiServices): DefinedResources {
  const all = (): readonly Resource[] =>
    served.filter(({ kind }) => apiServices.remote(kind.group, kind.version) !== undefined)
  return {
    all,
    find: path => all().find(({ kind }) => `${kind.apiVersion}/${kind.plural}` === path),
    atKey: () => [],
  }
}

/** Both lists as one. */
export function joined(first: DefinedResources, second: DefinedResources): DefinedResources {
  return {
    all: () => {
      const more = second.all()
      return more.length === 0 ? first.all() : [...first.all(), ...more]
    },
    find: path => first.find(path) ?? second.find(path),
    atKey: key => first.atKey(key),
  }
}
