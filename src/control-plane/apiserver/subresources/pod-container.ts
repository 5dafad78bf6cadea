import type { Pod } from '../../../api/generated/core.v1.ts'
import { badRequest } from '../../../machinery/status.ts'

/** The container asked for, or the only one: validateContainer of registry/core/pod/strategy.go. */
export function containerOf({ metadata: { name }, spec }: Pod, wanted: string): string {
  const own = spec.containers.map(container => container.name)
  const inits = spec.initContainers?.map(container => container.name) ?? []
  const ephemerals = spec.ephemeralContainers?.map(container => container.name) ?? []
  if (wanted) {
    if ([...inits, ...own, ...ephemerals].includes(wanted)) return wanted
    throw badRequest(`container ${wanted} is not valid for pod ${name}`)
  }
  const [first = ''] = own
  if (own.length + inits.length + ephemerals.length === 1) return first
  const choices = `choose one of: [${own.join(' ')}]`
  const others = inits.length > 0 ? ` or one of the init containers: [${inits.join(' ')}]` : ''
  throw badRequest(`a container name must be specified for pod ${name}, ${choices}${others}`)
}
