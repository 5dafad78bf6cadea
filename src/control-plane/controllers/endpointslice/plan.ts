import type { Service } from '../../../api/core/service.ts'
import type { Endpoint, EndpointSlice } from '../../../api/discovery/endpointslice.ts'
import { type Desired, isSameEndpoint, keysOfEndpoints } from './endpoint.ts'
import { endpointsPerSlice, hasLabels, isOwnedBy, labelsFor, newSlice, type SliceDraft } from './slices.ts'

/** What is to be written so that the slices hold the desired endpoints. */
export interface Plan {
  readonly create: SliceDraft[]
  readonly update: EndpointSlice[]
  readonly remove: EndpointSlice[]
}

/** Models reconcileByAddressType of staging/src/k8s.io/endpointslice/reconciler.go. */
export function planSlices(service: Service, slices: readonly EndpointSlice[], groups: Map<string, Desired>): Plan {
  const plan: Plan = { create: [], update: [], remove: [] }
  const byPorts = new Map<string, EndpointSlice[]>()
  for (const slice of slices) {
    if (!isOwnedBy(slice, service)) {
      plan.remove.push(slice)
      continue
    }
    const key = JSON.stringify((slice.ports ?? []).map(portFields))
    const alike = byPorts.get(key)
    if (alike) alike.push(slice)
    else byPorts.set(key, [slice])
  }
  for (const [key, desired] of groups) planGroup(service, byPorts.get(key) ?? [], desired, plan)
  for (const [key, old] of byPorts) if (!groups.has(key)) plan.remove.push(...old)
  keepPlaceholder(service, slices, plan)
  replaceInsteadOfRemove(service, plan)
  return plan
}

/** A port with its fields in the order in which `portsOn` writes them. */
function portFields({ name = '', port, protocol, appProtocol }: NonNullable<EndpointSlice['ports']>[number]): unknown {
  return { name, port, protocol, ...(appProtocol !== undefined && { appProtocol }) }
}

/** A Service without endpoints has one slice with none, so that it can be told from one that nobody has looked at. */
function keepPlaceholder(service: Service, slices: readonly EndpointSlice[], plan: Plan): void {
  if (slices.length > plan.remove.length || plan.create.length > 0) return
  const [only, ...others] = plan.remove
  const isPlaceholder =
    only && others.length === 0 && !only.endpoints?.length && !only.ports?.length && isOwnedBy(only, service)
  if (isPlaceholder && hasLabels(only, labelsFor(service))) plan.remove.length = 0
  else plan.create.push(newSlice(service, []))
}

/** A slice that would go takes the content of one that would come: fewer writes, and the name stays. */
function replaceInsteadOfRemove(service: Service, { create, update, remove }: Plan): void {
  for (let i = 0; i < remove.length && create.length > 0;) {
    const old = remove[i]
    const draft = create.at(-1)
    if (!old || !draft || old.addressType !== draft.addressType || !isOwnedBy(old, service)) {
      i++
      continue
    }
    create.pop()
    remove.splice(i, 1)
    const { endpoints } = draft
    const ports = (draft.ports ?? []).flatMap(port => (port ? [port] : []))
    update.push({ ...old, endpoints, ports, metadata: { ...old.metadata, labels: labelsFor(service) } })
  }
}

interface Work {
  readonly slice: EndpointSlice
  readonly endpoints: Endpoint[]
  isChanged: boolean
}

/** Keeps endpoints in the slices in which they are, fills up slices that are written anyway, then others, then new ones. */
function planGroup(
  service: Service,
  slices: readonly EndpointSlice[],
  { ports, endpoints: left }: Desired,
  plan: Plan,
): void {
  const labels = labelsFor(service)
  const kept: Work[] = []
  for (const slice of slices) {
    const work = keepEndpoints(slice, left)
    if (!hasLabels(slice, labels)) work.isChanged = true
    if (work.endpoints.length === 0) plan.remove.push(slice)
    else kept.push(work)
  }
  const changed = kept.filter(({ isChanged }) => isChanged)
  for (const work of changed.sort((a, b) => b.endpoints.length - a.endpoints.length)) fill(work.endpoints, left)
  while (left.size > 0) {
    const roomy = left.size < endpointsPerSlice ? sliceToFill(kept, left.size) : undefined
    if (roomy) {
      fill(roomy.endpoints, left)
      roomy.isChanged = true
      continue
    }
    const draft = newSlice(service, ports)
    fill(draft.endpoints, left)
    plan.create.push(draft)
  }
  for (const { slice, endpoints, isChanged } of kept) {
    if (isChanged) plan.update.push({ ...slice, endpoints, metadata: { ...slice.metadata, labels } })
  }
}

/** The endpoints of a slice that are still desired, as they should be now; takes them out of what is left. */
function keepEndpoints(slice: EndpointSlice, left: Map<string, Endpoint>): Work {
  const work: Work = { slice, endpoints: [], isChanged: false }
  const keys = keysOfEndpoints(slice)
  for (const [i, old] of (slice.endpoints ?? []).entries()) {
    const key = keys[i] ?? ''
    const next = left.get(key)
    if (!next || !isSameEndpoint(old, next)) work.isChanged = true
    if (!next) continue
    work.endpoints.push(next)
    left.delete(key)
  }
  return work
}

function fill(endpoints: Endpoint[], left: Map<string, Endpoint>): void {
  for (const [key, endpoint] of left) {
    if (endpoints.length >= endpointsPerSlice) return
    endpoints.push(endpoint)
    left.delete(key)
  }
}

/** The slice, among those not yet written to, that is fullest when it has taken all that is left. */
function sliceToFill(works: readonly Work[], count: number): Work | undefined {
  let best: Work | undefined
  for (const work of works) {
    if (work.isChanged || work.endpoints.length + count > endpointsPerSlice) continue
    if (!best || work.endpoints.length > best.endpoints.length) best = work
  }
  return best
}
