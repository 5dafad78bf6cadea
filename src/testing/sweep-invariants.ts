import { scaledIntOrPercent } from '../api/apps/rollingupdate.ts'
import { DaemonSet } from '../api/apps/daemonset.ts'
import { Deployment } from '../api/apps/deployment.ts'
import { ReplicaSet } from '../api/apps/replicaset.ts'
import { Node } from '../api/core/node.ts'
import { Pod } from '../api/core/pod.ts'
import { podRequests } from '../api/core/resources.ts'
import { Service } from '../api/core/service.ts'
import { EndpointSlice } from '../api/discovery/endpointslice.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { isEvidence } from '../machinery/evidence.ts'
import type { Kind } from '../machinery/kind.ts'
import { type ApiObject, controllerOf, keyOf } from '../machinery/object.ts'
import { add, compareQuantities, zero } from '../machinery/quantity.ts'
import { startOfTime } from '../session/session.ts'
import type { TraceEntry } from '../sim/trace.ts'
import type { Family } from './sweep-workloads.ts'

/** What a Deployment promises from when it was complete last until it is again. */
interface Pledge {
  uid: string
  most: number
  least: number
}

/** What is still written while nothing happens. */
const heartbeats = ['leases.coordination.k8s.io', 'nodes']
/** A kubelet that comes back needs some time to say that its Pods' addresses have changed. */
const sharedIpMs = 120_000
const healedMs = 150_000

/** Looks at the cluster from outside, every second, and writes down what must not be. */
export class Watchman {
  readonly problems: string[] = []
  private readonly objects = new Map<string, Map<string, ApiObject>>()
  private readonly nodeOfPod = new Map<string, string>()
  private readonly promises = new Map<string, Pledge>()
  private readonly sharedSince = new Map<string, number>()
  private readonly said = new Set<string>()
  private revision = 0
  private disturbedAt = 0
  private changed: string[] = []

  constructor(private readonly cluster: Cluster) {}

  report(problem: string): void {
    if (this.said.has(problem)) return
    this.said.add(problem)
    const seconds = (this.cluster.simulation.now - startOfTime) / 1000
    this.problems.push(`${seconds} s: ${problem}`)
  }

  /** Something was broken or mended: Deployments cannot keep Pods up. */
  disturb(): void {
    this.disturbedAt = this.cluster.simulation.now
    for (const promise of this.promises.values()) promise.least = 0
  }

  has(resource: string, key: string): boolean {
    return this.objects.get(resource)?.has(key) ?? false
  }

  podsOf(namespace: string): Pod[] {
    return this.all(Pod).filter(({ metadata }) => metadata.namespace === namespace && !metadata.deletionTimestamp)
  }

  /** Takes in what changed and checks what must hold at all times. */
  look(isBroken: boolean): void {
    if (isBroken) this.disturb()
    const { changes, revision, complete } = this.cluster.changesSince(this.revision)
    if (revision < this.revision) this.report(`the revision went back from ${this.revision} to ${revision}`)
    this.revision = revision
    if (complete) this.objects.clear()
    for (const { resource, key, next } of changes) {
      this.changed.push(`${resource} ${key}`)
      const known = this.known(resource)
      const previous = known.get(key)
      if (next && previous?.metadata.uid === next.metadata.uid && version(previous) > version(next)) {
        this.report(`${resource} ${key} went back to version ${version(next)}`)
      }
      if (next) known.set(key, next)
      else known.delete(key)
    }
    this.checkBindings()
    this.checkAddresses()
    this.checkRequests()
    for (const deployment of this.all(Deployment)) this.checkDeployment(deployment)
  }

  /** What must hold when everything is mended and enough time has passed. */
  judgeEnd(families: ReadonlyMap<string, Family>): void {
    for (const [resource, known] of this.objects) {
      for (const [key, { metadata }] of known) {
        if (metadata.deletionTimestamp) this.report(`${resource} ${key} is still being deleted`)
      }
    }
    for (const name of families.keys()) {
      if (!this.has('deployments.apps', `default/${name}`)) this.report(`Deployment ${name} is missing`)
    }
    this.judgeWorkloads()
    this.judgeOwners()
    for (const service of this.all(Service)) this.judgeService(service)
    for (const { metadata, status } of this.all(Node)) {
      if (status.conditions?.find(({ type }) => type === 'Ready')?.status !== 'True') {
        this.report(`Node ${metadata.name} is not ready`)
      }
    }
    for (const pod of this.all(Pod)) {
      if (!isReady(pod) && !isOver(pod)) this.report(`Pod ${keyOf(pod)} is ${pod.status.phase} and not ready`)
    }
  }

  /** Lets time pass, in which nothing but heartbeats may be written. */
  judgeQuiet(pass: () => void): void {
    this.changed = []
    pass()
    const noise = this.changed.filter(change => !heartbeats.includes(change.split(' ')[0] ?? ''))
    if (noise.length > 0) this.report(`the cluster is not quiet: ${[...new Set(noise)].slice(0, 8).join(', ')}`)
  }

  judgeVisits(entries: readonly TraceEntry[], what: string, isServed: boolean): void {
    const ends = entries.flatMap(entry =>
      isEvidence(entry, 'exchange') && entry.data.phase === 'end' && entry.data.from === 'outside'
        ? [String(entry.data.status ?? entry.data.error)]
        : [],
    )
    const wanted = isServed ? '200' : 'connection refused'
    if (ends.length !== 3 || ends.some(end => end !== wanted)) this.report(`visits of ${what} ended ${ends.join(', ')}`)
  }

  private checkBindings(): void {
    for (const pod of this.all(Pod)) {
      const { nodeName } = pod.spec
      const before = this.nodeOfPod.get(pod.metadata.uid)
      if (before !== undefined && before !== nodeName) this.report(`Pod ${keyOf(pod)} was bound twice`)
      if (!nodeName || before !== undefined) continue
      this.nodeOfPod.set(pod.metadata.uid, nodeName)
      if (!this.has('nodes', nodeName)) this.report(`Pod ${keyOf(pod)} was bound to ${nodeName}, which is no node`)
    }
  }

  private checkAddresses(): void {
    const owners = new Map<string, string>()
    const shared = new Set<string>()
    for (const pod of this.all(Pod)) {
      const { podIP } = pod.status
      if (podIP === undefined || pod.spec.hostNetwork || isOver(pod)) continue
      const other = owners.get(podIP)
      if (other !== undefined) shared.add(`Pods ${other} and ${keyOf(pod)} share ${podIP}`)
      owners.set(podIP, keyOf(pod))
    }
    for (const text of this.sharedSince.keys()) if (!shared.has(text)) this.sharedSince.delete(text)
    const { now } = this.cluster.simulation
    // A machine that is off cannot correct what it said before.
    const since = Math.max(this.disturbedAt, 0)
    for (const text of shared) {
      const first = this.sharedSince.get(text) ?? now
      this.sharedSince.set(text, first)
      if (now - Math.max(first, since) > sharedIpMs) this.report(text)
    }
  }

  private checkRequests(): void {
    for (const { metadata, status } of this.all(Node)) {
      const pods = this.all(Pod).filter(pod => pod.spec.nodeName === metadata.name && !isOver(pod))
      for (const name of ['cpu', 'memory']) {
        const requested = pods.map(pod => podRequests(pod)[name] ?? zero).reduce((a, b) => add(a, b), zero)
        const allocatable = status.allocatable?.[name]
        if (allocatable !== undefined && compareQuantities(requested, allocatable) > 0) {
          this.report(`Pods on ${metadata.name} ask for more ${name} than it has`)
        }
      }
    }
  }

  private checkDeployment(deployment: Deployment): void {
    const key = keyOf(deployment)
    const { most, least, isComplete } = boundsOf(deployment)
    const { now } = this.cluster.simulation
    const healed = now - this.disturbedAt > healedMs
    let promise = this.promises.get(key)
    if (promise?.uid !== deployment.metadata.uid) promise = { uid: deployment.metadata.uid, most, least: 0 }
    else if (isComplete) promise = { ...promise, most, least: healed ? least : 0 }
    else promise = { ...promise, most: Math.max(promise.most, most), least: Math.min(promise.least, least) }
    this.promises.set(key, promise)
    const sets = this.all(ReplicaSet).filter(set => controllerOf(set)?.uid === deployment.metadata.uid)
    const uids = new Set(sets.map(({ metadata }) => metadata.uid))
    const pods = this.all(Pod).filter(
      pod => uids.has(controllerOf(pod)?.uid ?? '') && !pod.metadata.deletionTimestamp && !isOver(pod),
    )
    const available = pods.filter(isReady).length
    if (pods.length > promise.most) this.report(`Deployment ${key} has ${pods.length} Pods of at most ${promise.most}`)
    if (available < promise.least) {
      this.report(`Deployment ${key} has ${available} available Pods of at least ${promise.least}`)
    }
  }

  private judgeWorkloads(): void {
    for (const deployment of this.all(Deployment)) {
      const { isComplete } = boundsOf(deployment)
      const { replicas = 0 } = deployment.spec
      const { readyReplicas = 0, availableReplicas = 0 } = deployment.status
      if (!isComplete || readyReplicas !== replicas || availableReplicas !== replicas) {
        this.report(`Deployment ${keyOf(deployment)} of ${replicas} did not converge`)
      }
    }
    for (const set of this.all(DaemonSet)) {
      const { desiredNumberScheduled: desired, numberReady, updatedNumberScheduled = 0 } = set.status
      if (desired !== numberReady || desired !== updatedNumberScheduled || desired === 0) {
        this.report(`DaemonSet ${keyOf(set)} has ${numberReady} ready Pods of ${desired}`)
      }
      if (set.status.numberMisscheduled > 0) this.report(`DaemonSet ${keyOf(set)} counts Pods where none should be`)
    }
  }

  private judgeOwners(): void {
    const uids = new Set(
      [...this.objects.values()].flatMap(known => [...known.values()].map(each => each.metadata.uid)),
    )
    for (const [resource, known] of this.objects) {
      for (const [key, object] of known) {
        const owner = controllerOf(object)
        if (owner && !uids.has(owner.uid)) {
          this.report(`${resource} ${key} is still there, its ${owner.kind} ${owner.name} is not`)
        }
      }
    }
  }

  private judgeService(service: Service): void {
    const { selector } = service.spec
    const { name, namespace } = service.metadata
    if (!selector || Object.keys(selector).length === 0) return
    const selects = (labels: Readonly<Record<string, string>> = {}): boolean =>
      Object.entries(selector).every(([label, value]) => labels[label] === value)
    const ready = this.all(Pod).filter(
      pod => pod.metadata.namespace === namespace && selects(pod.metadata.labels) && isReady(pod),
    )
    const served = this.all(EndpointSlice)
      .filter(({ metadata }) => metadata.namespace === namespace)
      .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name)
      .flatMap(slice => slice.endpoints ?? [])
      .filter(endpoint => endpoint.conditions.ready)
      .flatMap(endpoint => endpoint.addresses)
    const wanted = ready.map(pod => pod.status.podIP ?? '')
    if (wanted.sort().join() !== served.sort().join()) {
      this.report(`Service ${keyOf(service)} has ${served.join()} and not ${wanted.join()}`)
    }
  }

  private all<T extends ApiObject>(kind: Kind<T>): T[] {
    const isOfKind = (object: ApiObject): object is T => object.kind === kind.kind
    return [...this.known(kind.resource).values()].filter(isOfKind)
  }

  private known(resource: string): Map<string, ApiObject> {
    const known = this.objects.get(resource) ?? new Map<string, ApiObject>()
    this.objects.set(resource, known)
    return known
  }
}

function boundsOf({ metadata, spec, status }: Deployment): { most: number; least: number; isComplete: boolean } {
  const { replicas = 1, strategy } = spec
  const { replicas: total = 0, updatedReplicas: updated = 0, availableReplicas: available = 0 } = status
  const isComplete =
    status.observedGeneration === metadata.generation && [total, updated, available].every(count => count === replicas)
  if (strategy.type !== 'RollingUpdate') return { most: replicas, least: 0, isComplete }
  const surge = scaledIntOrPercent(strategy.rollingUpdate?.maxSurge, replicas, 'up')
  const missing = scaledIntOrPercent(strategy.rollingUpdate?.maxUnavailable, replicas, 'down')
  return { most: replicas + surge, least: replicas - Math.max(missing, surge === 0 ? 1 : 0), isComplete }
}

function isReady({ metadata, status }: Pod): boolean {
  return !metadata.deletionTimestamp && status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'
}

function isOver({ status: { phase } }: Pod): boolean {
  return phase === 'Succeeded' || phase === 'Failed'
}

function version({ metadata }: ApiObject): number {
  return Number(metadata.resourceVersion)
}
