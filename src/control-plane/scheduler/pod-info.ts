import type { Container, Pod } from '../../api/core/pod.ts'
import { podRequests } from '../../api/core/resources.ts'
import type { PodAffinityTerm, WeightedPodAffinityTerm } from '../../api/generated/core.v1.ts'
import { type Labels, matches } from '../../machinery/labels.ts'
import type { LabelSelector } from '../../machinery/labels.ts'
import { type Amounts, amountsOf } from './amounts.ts'

/** A Pod with what scheduling asks of it again and again. Frozen; models framework.PodInfo. */
export interface PodInfo {
  readonly pod: Pod
  /** `namespace/name`. */
  readonly key: string
  readonly uid: string
  readonly priority: number
  readonly requests: Amounts
  /** Requests in which a container that asks for nothing counts as 100m and 200Mi, for scores. */
  readonly nonZero: Amounts
  readonly ports: readonly HostPort[]
  readonly requiredAffinity: readonly AffinityTerm[]
  readonly requiredAntiAffinity: readonly AffinityTerm[]
  readonly preferredAffinity: readonly WeightedTerm[]
  readonly preferredAntiAffinity: readonly WeightedTerm[]
}

export interface HostPort {
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

export interface AffinityTerm {
  /** The same for terms that mean the same. */
  readonly key: string
  readonly namespaces: readonly string[]
  readonly namespaceSelector?: LabelSelector
  readonly selector?: LabelSelector
  readonly topologyKey: string
}

export interface WeightedTerm {
  readonly term: AffinityTerm
  readonly weight: number
}

/** GetNonzeroRequests of pkg/scheduler/util/pod_resources.go. */
const assumed = { milliCpu: 100, memory: 200 * 1024 * 1024 }
const assumedRequests = { cpu: `${assumed.milliCpu}m`, memory: String(assumed.memory) }

const infos = new WeakMap<Pod, PodInfo>()
const none: readonly never[] = Object.freeze([])

/** What there is to know of a Pod. Remembered by the object, which is frozen. */
export function podInfoOf(pod: Pod): PodInfo {
  let info = infos.get(pod)
  if (!info) infos.set(pod, (info = Object.freeze(computeInfo(pod))))
  return info
}

/** The same for a Pod that was known before: what has not changed is not worked out again. */
export function podInfoAfter(before: PodInfo, pod: Pod): PodInfo {
  return hasSameSpec(before.pod.spec, pod.spec) ? Object.freeze({ ...before, pod }) : podInfoOf(pod)
}

/** Whether what two infos say was worked out once: then the Pod takes of a node what it took before. */
export function asksTheSame(a: PodInfo, b: PodInfo): boolean {
  return a.requests === b.requests && a.ports === b.ports && a.requiredAffinity === b.requiredAffinity
}

/** Whether two specs are the same in all that an info is made of. Objects that did not change are shared. */
function hasSameSpec(a: Pod['spec'], b: Pod['spec']): boolean {
  return (
    a === b ||
    (a.containers === b.containers &&
      a.initContainers === b.initContainers &&
      a.resources === b.resources &&
      a.overhead === b.overhead &&
      a.affinity === b.affinity &&
      a.priority === b.priority)
  )
}

/** The same Pod as if it were bound already: what the scheduler assumes. */
export function assumedOn(info: PodInfo, nodeName: string): PodInfo {
  const { pod } = info
  const assumed = Object.freeze({ ...pod, spec: Object.freeze({ ...pod.spec, nodeName }) })
  return Object.freeze({ ...info, pod: assumed })
}

function computeInfo(pod: Pod): PodInfo {
  const { metadata, spec } = pod
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {}
  const weighted = (terms: readonly WeightedPodAffinityTerm[] | undefined): readonly WeightedTerm[] =>
    terms?.map(({ podAffinityTerm, weight }) => ({ term: termOf(pod, podAffinityTerm), weight })) ?? none
  const required = (terms: readonly PodAffinityTerm[] | undefined): readonly AffinityTerm[] =>
    terms?.map(term => termOf(pod, term)) ?? none
  const requests = amountsOf(podRequests(pod))
  return {
    pod,
    key: `${metadata.namespace ?? ''}/${metadata.name}`,
    uid: metadata.uid,
    priority: spec.priority ?? 0,
    requests,
    nonZero: nonZeroRequests(pod, requests),
    ports: hostPorts(pod),
    requiredAffinity: required(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    requiredAntiAffinity: required(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution),
    preferredAffinity: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  }
}

/** Where containers simply add up, so does what is assumed of them. */
function nonZeroRequests(pod: Pod, requests: Amounts): Amounts {
  const { containers, initContainers, resources } = pod.spec
  if (initContainers || resources) return amountsOf(podRequests({ spec: withAssumedRequests(pod) }))
  let { milliCpu, memory } = requests
  for (const container of containers) {
    const own = container.resources?.requests
    if (own?.['cpu'] === undefined) milliCpu += assumed.milliCpu
    if (own?.['memory'] === undefined) memory += assumed.memory
  }
  return Object.freeze({ ...requests, milliCpu, memory })
}

function withAssumedRequests({ spec }: Pod): Pod['spec'] {
  const fill = (container: Container): Container => ({
    ...container,
    resources: { ...container.resources, requests: { ...assumedRequests, ...container.resources?.requests } },
  })
  const containers = spec.containers.map(fill)
  return { ...spec, containers, ...(spec.initContainers && { initContainers: spec.initContainers.map(fill) }) }
}

function hostPorts({ spec }: Pod): readonly HostPort[] {
  let ports: HostPort[] | undefined
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === 'Always') ?? none
  for (const container of [...spec.containers, ...sidecars]) {
    for (const { hostPort, hostIP, protocol } of container.ports ?? none) {
      if (hostPort) (ports ??= []).push({ ip: hostIP || '0.0.0.0', protocol, port: hostPort })
    }
  }
  return ports ?? none
}

function termOf({ metadata }: Pod, term: PodAffinityTerm): AffinityTerm {
  const { namespaceSelector, labelSelector, topologyKey } = term
  const isOwn = !term.namespaces?.length && !namespaceSelector
  const meant = {
    namespaces: isOwn ? [metadata.namespace ?? ''] : (term.namespaces ?? none),
    ...(namespaceSelector && { namespaceSelector }),
    ...(labelSelector && { selector: labelSelector }),
    topologyKey,
  }
  return Object.freeze({ key: JSON.stringify(meant), ...meant })
}

/** Whether a term of some Pod means this Pod; `namespaceLabels` are those of the Pod's namespace. */
export function termMatches(term: AffinityTerm, pod: Pod, namespaceLabels: Labels | undefined): boolean {
  const { namespaces, namespaceSelector, selector } = term
  const inScope =
    namespaces.includes(pod.metadata.namespace ?? '') ||
    (namespaceSelector !== undefined && matches(namespaceSelector, namespaceLabels ?? {}))
  return inScope && matches(selector, pod.metadata.labels)
}

export function hasAffinity(info: PodInfo): boolean {
  return (
    info.requiredAffinity.length > 0 ||
    info.requiredAntiAffinity.length > 0 ||
    info.preferredAffinity.length > 0 ||
    info.preferredAntiAffinity.length > 0
  )
}
