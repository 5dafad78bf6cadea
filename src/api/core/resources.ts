import { add, asQuantity, compareQuantities, type Quantity, sign } from '../../machinery/quantity.ts'
import type { Container, Pod, PodSpec, ResourceRequirements } from '../generated/core.v1.ts'

/** Amounts by the name of the resource. */
export type ResourceList = Readonly<Record<string, Quantity>>

type Amounts = Record<string, Quantity>
type Written = Readonly<Record<string, string>> | undefined

/** Whether an init container is a sidecar: it starts in order and then keeps running beside the others. */
export function isRestartableInitContainer(container: Pick<Container, 'restartPolicy'> | undefined): boolean {
  return container?.restartPolicy === 'Always'
}

const requestsBySpec = new WeakMap<PodSpec, ResourceList>()
const limitsBySpec = new WeakMap<PodSpec, ResourceList>()

/**
 * What a Pod asks of its node: PodRequests of component-helpers/resource/helpers.go. Containers and sidecars add up; an
 * init container runs alone with the sidecars started before it, so the larger of both counts; amounts for the whole Pod
 * take the place of the sum, and the overhead of the runtime class comes on top. Remembered by spec, which is frozen.
 */
export function podRequests(pod: Pick<Pod, 'spec'>): ResourceList {
  return remembered(requestsBySpec, pod.spec, spec => {
    const sum = sumOver(spec, container => container.resources?.requests)
    for (const [name, amount] of podLevel(spec.resources?.requests)) sum[name] = amount
    addTo(sum, spec.overhead)
    return sum
  })
}

/** What a Pod may use at most; resources without a limit in some container are still listed with what the others have. */
export function podLimits(pod: Pick<Pod, 'spec'>): ResourceList {
  return remembered(limitsBySpec, pod.spec, spec => {
    const sum = sumOver(spec, container => container.resources?.limits)
    for (const [name, amount] of podLevel(spec.resources?.limits)) sum[name] = amount
    for (const [name, amount] of Object.entries(spec.overhead ?? {})) {
      const limit = sum[name]
      if (limit) sum[name] = add(limit, amount)
    }
    return sum
  })
}

function remembered(
  memory: WeakMap<PodSpec, ResourceList>,
  spec: PodSpec,
  compute: (spec: PodSpec) => ResourceList,
): ResourceList {
  if (!Object.isFrozen(spec)) return compute(spec)
  let result = memory.get(spec)
  if (!result) memory.set(spec, (result = compute(spec)))
  return result
}

function sumOver(spec: PodSpec, amountsOf: (container: Container) => Written): Amounts {
  const running: Amounts = {}
  for (const container of spec.containers) addTo(running, amountsOf(container))

  const sidecars: Amounts = {}
  const starting: Amounts = {}
  for (const container of spec.initContainers ?? []) {
    if (isRestartableInitContainer(container)) {
      addTo(running, amountsOf(container))
      addTo(sidecars, amountsOf(container))
      raiseTo(starting, sidecars)
    } else {
      const together = { ...sidecars }
      addTo(together, amountsOf(container))
      raiseTo(starting, together)
    }
  }
  raiseTo(running, starting)
  return running
}

function addTo(sum: Amounts, amounts: Written): void {
  for (const name in amounts) {
    const amount = amounts[name]
    if (amount === undefined) continue
    const before = sum[name]
    sum[name] = before ? add(before, amount) : asQuantity(amount)
  }
}

function raiseTo(sum: Amounts, amounts: ResourceList): void {
  for (const name in amounts) {
    const amount = amounts[name]
    const before = sum[name]
    if (amount && (!before || compareQuantities(amount, before) > 0)) sum[name] = amount
  }
}

/** Resources that may be given for a whole Pod. */
export function isPodLevelResource(name: string): boolean {
  return name === 'cpu' || name === 'memory' || name.startsWith('hugepages-')
}

function podLevel(amounts: Written): [string, Quantity][] {
  return Object.entries(amounts ?? {})
    .filter(([name]) => isPodLevelResource(name))
    .map(([name, amount]) => [name, asQuantity(amount)])
}

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort'

const qosResources = ['cpu', 'memory']

/** The class that decides who is evicted first: ComputePodQOS of kubernetes/pkg/apis/core/helper/qos/qos.go. */
export function qosClass({ spec }: Pick<Pod, 'spec'>): QosClass {
  const requests: Amounts = {}
  const limits: Amounts = {}
  let isGuaranteed = true
  const requirements: (ResourceRequirements | undefined)[] = spec.resources
    ? [spec.resources]
    : [...spec.containers, ...(spec.initContainers ?? [])].map(container => container.resources)
  for (const required of requirements) {
    addCounted(requests, required?.requests)
    addCounted(limits, required?.limits)
    if (!qosResources.every(name => isCounted(required?.limits?.[name]))) isGuaranteed = false
  }
  const asked = Object.entries(requests)
  if (asked.length === 0 && Object.keys(limits).length === 0) return 'BestEffort'
  const isEqual = asked.every(([name, amount]) => {
    const limit = limits[name]
    return limit !== undefined && compareQuantities(limit, amount) === 0
  })
  return isGuaranteed && isEqual && asked.length === Object.keys(limits).length ? 'Guaranteed' : 'Burstable'
}

function isCounted(amount: string | undefined): boolean {
  return amount !== undefined && sign(amount) > 0
}

function addCounted(sum: Amounts, amounts: Written): void {
  for (const name of qosResources) {
    const amount = amounts?.[name]
    if (amount === undefined || !isCounted(amount)) continue
    const before = sum[name]
    sum[name] = before ? add(before, amount) : asQuantity(amount)
  }
}
