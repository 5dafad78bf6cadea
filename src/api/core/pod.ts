import { type FieldError, forbidden, invalid } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { parseTime, timestamp } from '../../machinery/time.ts'
import type {
  Container,
  ContainerStatus,
  Pod as Model,
  PodCondition,
  PodSpec,
  PodStatus,
} from '../generated/core.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { findCondition } from '../meta/conditions.ts'
import { checkImages } from './podspec/containers.ts'
import { defaultPodOnly, defaultPodSpec } from './podspec/defaults.ts'
import { applyMatchLabelKeys } from './podspec/matchlabelkeys.ts'
import { checkPodSpec } from './podspec/spec.ts'
import { isTerminal, podSummary, readinessGates, restartsText } from './podstatus.ts'
import { checkPodStatusUpdate, checkPodUpdate } from './podupdate.ts'
import { podWarnings } from './podwarnings.ts'
import { qosClass } from './resources.ts'

export type { Container, ContainerStatus, PodCondition, PodSpec }
export type Pod = Model

/** Strategy: pkg/registry/core/pod/strategy.go. */
export const Pod = defineKind<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  subresources: [
    'attach',
    'binding',
    'ephemeralcontainers',
    'eviction',
    'exec',
    'log',
    'portforward',
    'proxy',
    'resize',
    'status',
  ],

  defaults(draft) {
    defaultPodSpec(draft.spec)
    defaultPodOnly(draft.spec)
    mirrorPodIp(draft.status)
  },

  prepareForCreate(draft, { now }) {
    draft.status = { phase: 'Pending', qosClass: qosClass(draft) }
    if (draft.spec.schedulingGates?.length) draft.status.conditions = [gatedCondition(now)]
    applyMatchLabelKeys(draft)
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
    delete draft.metadata.deletionTimestamp
    if (old.metadata.deletionTimestamp) draft.metadata.deletionTimestamp = old.metadata.deletionTimestamp
    if (old.metadata.ownerReferences) draft.metadata.ownerReferences = old.metadata.ownerReferences
    else delete draft.metadata.ownerReferences
    draft.status.qosClass ||= old.status.qosClass
  },

  validate(pod, old) {
    const errors: FieldError[] = []
    checkPodMetadata(errors, pod)
    if (pod.spec === old?.spec) return errors
    checkPodSpec(errors, 'spec', pod.spec)
    checkImages(errors, 'spec.containers', pod.spec.containers)
    checkImages(errors, 'spec.initContainers', pod.spec.initContainers)
    // An object that was never stored has no version yet.
    if (!pod.metadata.resourceVersion) checkNewPod(errors, pod.spec)
    return errors
  },

  validateUpdate: checkPodUpdate,
  validateStatusUpdate: checkPodStatusUpdate,
  warnings: podWarnings,

  selectableFields: {
    'spec.nodeName': pod => pod.spec.nodeName ?? '',
    'spec.restartPolicy': pod => pod.spec.restartPolicy,
    'spec.schedulerName': pod => pod.spec.schedulerName,
    'spec.serviceAccountName': pod => pod.spec.serviceAccountName ?? '',
    'spec.hostNetwork': pod => String(pod.spec.hostNetwork ?? false),
    'status.phase': pod => pod.status.phase,
    'status.podIP': pod => pod.status.podIPs?.[0]?.ip ?? pod.status.podIP ?? '',
    'status.nominatedNodeName': pod => pod.status.nominatedNodeName ?? '',
  },

  // A Pod that runs nowhere has nothing to shut down.
  deletionGraceSeconds(pod, requested) {
    if (!pod.spec.nodeName || isTerminal(pod)) return 0
    const seconds = requested ?? pod.spec.terminationGracePeriodSeconds
    return seconds < 0 ? 1 : seconds
  },

  columns: [
    nameColumn,
    { name: 'Ready', cell: podReady },
    { name: 'Status', cell: podStatus },
    { name: 'Restarts', cell: (pod, now) => restartsText(podSummary(pod), now) },
    ageColumn,
    { name: 'IP', wide: true, cell: pod => pod.status.podIPs?.[0]?.ip ?? pod.status.podIP ?? '<none>' },
    { name: 'Node', wide: true, cell: pod => pod.spec.nodeName || '<none>' },
    { name: 'Nominated Node', wide: true, cell: pod => pod.status.nominatedNodeName || '<none>' },
    { name: 'Readiness Gates', wide: true, cell: readinessGates },
  ],
})

/** podIP is the first of podIPs under its old name; where both are given and differ, the old name counts. */
function mirrorPodIp(status: PodStatus | undefined): void {
  if (!status) return
  if (status.podIP && status.podIPs?.[0]?.ip !== status.podIP) status.podIPs = [{ ip: status.podIP }]
  else if (status.podIPs?.[0]) status.podIP = status.podIPs[0].ip
}

function gatedCondition(now: number): PodCondition {
  const condition: PodCondition = {
    type: 'PodScheduled',
    status: 'False',
    lastTransitionTime: timestamp(now),
    reason: 'SchedulingGated',
    message: 'Scheduling is blocked due to non-empty scheduling gates',
  }
  // Go writes this field also where nobody set it.
  return Object.assign(condition, { lastProbeTime: null })
}

/** The word of STATUS. */
export function podStatus(pod: Pod): string {
  return podSummary(pod).status
}

/** `1/2`: ready containers of all that should run. */
export function podReady(pod: Pod): string {
  const { ready, total } = podSummary(pod)
  return `${ready}/${total}`
}

export function podRestarts(pod: Pod): number {
  return podSummary(pod).restarts
}

/** Whether the Pod's Ready condition holds. */
export function isReady({ status }: Pod): boolean {
  return findCondition(status.conditions, 'Ready')?.status === 'True'
}

/** Whether the Pod has been ready for a while: IsPodAvailable of pkg/api/v1/pod/util.go. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const ready = findCondition(pod.status.conditions, 'Ready')
  if (ready?.status !== 'True') return false
  if (minReadySeconds === 0) return true
  return ready.lastTransitionTime !== undefined && parseTime(ready.lastTransitionTime) + minReadySeconds * 1000 <= now
}

/** Whether controllers count the Pod: neither done nor on its way out (IsPodActive). */
export function isActive(pod: Pod): boolean {
  return !isTerminal(pod) && !pod.metadata.deletionTimestamp
}

const mirrorAnnotation = 'kubernetes.io/config.mirror'
const deletionCost = 'controller.kubernetes.io/pod-deletion-cost'

function checkPodMetadata(errors: FieldError[], { metadata: { annotations }, spec }: Pod): void {
  if (!annotations) return
  const mirror = annotations[mirrorAnnotation]
  if (mirror !== undefined && !spec.nodeName) {
    const detail = 'must set spec.nodeName if mirror pod annotation is set'
    errors.push(invalid(`metadata.annotations[${mirrorAnnotation}]`, mirror, detail))
  }
  const cost = annotations[deletionCost]
  if (cost !== undefined && !/^(0|-?[1-9][0-9]{0,9})$/.test(cost)) {
    errors.push(invalid(`metadata.annotations[${deletionCost}]`, cost, 'must be a 32bit integer'))
  }
}

function checkNewPod(errors: FieldError[], { ephemeralContainers, nodeName, schedulingGates }: PodSpec): void {
  if (ephemeralContainers?.length) errors.push(forbidden('spec.ephemeralContainers', 'cannot be set on create'))
  if (nodeName && schedulingGates?.length) {
    errors.push(forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
}
