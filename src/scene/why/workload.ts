import type { DaemonSet } from '../../api/apps/daemonset.ts'
import type { Deployment } from '../../api/apps/deployment.ts'
import type { ReplicaSet } from '../../api/apps/replicaset.ts'
import type { StatefulSet } from '../../api/apps/statefulset.ts'
import { isReady, Pod } from '../../api/core/pod.ts'
import { ReplicaSet as ReplicaSets } from '../../api/apps/replicaset.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { type ApiObject, controllerOf } from '../../machinery/object.ts'
import { causeOf, type Explanation, type Finding, type Text } from './explanation.ts'
import { whyPod } from './pod.ts'
import { told, type World } from './world.ts'

/** Why a rollout is stuck, or Pods are missing. */
export function whyDeployment(deployment: Deployment, world: World): readonly Explanation[] {
  const { spec, status, metadata } = deployment
  if ((spec.replicas ?? 1) === 0) return [scaledToZero(spec.replicas ?? 0)]
  const sets = ownedBy(world.list(ReplicaSets, metadata.namespace), deployment)
  const pods = world.list(Pod, metadata.namespace).filter(pod => sets.some(set => isOwned(pod, set)))
  const found: Explanation[] = []
  if (spec.paused) found.push(paused())
  const refused = findCondition(status.conditions, 'ReplicaFailure')
  if (refused?.status === 'True') found.push(refusedPods(refused.message ?? ''))
  const progress = findCondition(status.conditions, 'Progressing')
  const isStuck = progress?.status === 'False' && progress.reason === 'ProgressDeadlineExceeded'
  const blamed = blame(pods, world)
  if (isStuck) found.push(stuck(progress.message ?? '', blamed))
  else if (blamed) found.push(blamed)
  if (found.length > 0) return found
  const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status
  const wanted = spec.replicas ?? 1
  if (updatedReplicas === wanted && availableReplicas === wanted && replicas === wanted) return [allThere(wanted)]
  return [underWay(`${updatedReplicas} updated, ${availableReplicas} available, ${replicas} in all, ${wanted} wanted`)]
}

/** Why a ReplicaSet, StatefulSet or DaemonSet has fewer ready Pods than it wants. */
export function whySet(set: ReplicaSet | StatefulSet | DaemonSet, world: World): readonly Explanation[] {
  const { wanted, ready } = sizesOf(set)
  const pods = ownedBy(world.list(Pod, set.metadata.namespace), set)
  const found: Explanation[] = []
  const refusals = told(world, set, ['FailedCreate'], 1)
  const [refusal] = refusals
  if (refusal && pods.length < wanted) found.push(refusedPods(refusal.text))
  const blamed = blame(pods, world)
  if (blamed) found.push(blamed)
  if (found.length > 0) return found
  if (wanted === 0) return [set.kind === 'DaemonSet' ? noNode() : scaledToZero(wanted)]
  if (ready >= wanted) return [allThere(wanted)]
  return [underWay(`${pods.length} made, ${ready} ready, ${wanted} wanted`)]
}

function sizesOf(set: ReplicaSet | StatefulSet | DaemonSet): { wanted: number; ready: number } {
  if ('numberReady' in set.status) return { wanted: set.status.desiredNumberScheduled, ready: set.status.numberReady }
  const replicas = 'replicas' in set.spec ? (set.spec.replicas ?? 1) : 0
  return { wanted: replicas, ready: 'readyReplicas' in set.status ? (set.status.readyReplicas ?? 0) : 0 }
}

function isOwned(object: ApiObject, { metadata }: ApiObject): boolean {
  return controllerOf(object)?.uid === metadata.uid
}

export function ownedBy<T extends ApiObject>(objects: readonly T[], owner: ApiObject): T[] {
  return objects.filter(object => isOwned(object, owner))
}

const urgency: Readonly<Record<string, number>> = { bad: 0, warning: 1, busy: 2 }

/** Of a thousand Pods that are not ready, the newest tell enough. */
const mostBlamed = 30

/** What is wrong with the Pod that is worst off: of several, it is the newest, which is of the newest template. */
export function blame(pods: readonly Pod[], world: World): Explanation | undefined {
  const unready = pods.filter(pod => !isReady(pod) && pod.metadata.deletionTimestamp === undefined)
  let worst: { pod: Pod; why: Explanation } | undefined
  for (const pod of [...unready].sort(newestFirst).slice(0, mostBlamed)) {
    const [why] = whyPod(pod, world)
    if (!why || why.tone === 'good' || why.tone === 'idle') continue
    if (!worst || (urgency[why.tone] ?? 3) < (urgency[worst.why.tone] ?? 3)) worst = { pod, why }
  }
  if (!worst) return undefined
  const { pod, why } = worst
  const { name } = pod.metadata
  return {
    tone: why.tone,
    text: {
      en: `${unready.length} of its ${pods.length} Pods ${unready.length === 1 ? 'is' : 'are'} not ready. Pod “${name}”: ${why.text.en}`,
      ko: `파드 ${pods.length}개 중 ${unready.length}개가 준비되지 않았습니다. 파드 “${name}”: ${why.text.ko}`,
    },
    evidence: why.evidence,
    cause: why.cause ?? causeOf(Pod, pod),
  }
}

function newestFirst({ metadata: a }: Pod, { metadata: b }: Pod): number {
  if (a.creationTimestamp !== b.creationTimestamp) return a.creationTimestamp < b.creationTimestamp ? 1 : -1
  return a.name < b.name ? -1 : 1
}

function stuck(message: string, blamed: Explanation | undefined): Explanation {
  const said: Finding = { source: 'status.conditions[Progressing]', text: message }
  const next: Text = blamed?.text ?? { en: 'No Pod of it is at fault.', ko: '문제가 있는 파드는 없습니다.' }
  return {
    ...blamed,
    tone: 'bad',
    text: {
      en: `The rollout is stuck: nothing came forward within progressDeadlineSeconds. ${next.en}`,
      ko: `롤아웃이 멈췄습니다. progressDeadlineSeconds 안에 진행이 없었습니다. ${next.ko}`,
    },
    evidence: [said, ...(blamed?.evidence ?? [])],
  }
}

function refusedPods(message: string): Explanation {
  return {
    tone: 'bad',
    text: {
      en: 'The API server refuses to create its Pods.',
      ko: 'API 서버가 파드 생성을 거부하고 있습니다.',
    },
    evidence: [{ source: 'FailedCreate', text: message }],
  }
}

function paused(): Explanation {
  return {
    tone: 'warning',
    text: {
      en: 'It is paused: changes of its template are not rolled out before it is resumed.',
      ko: '일시 중지 상태입니다. 재개하기 전에는 템플릿 변경이 배포되지 않습니다.',
    },
    evidence: [{ source: 'spec.paused', text: 'true' }],
  }
}

function scaledToZero(replicas: number): Explanation {
  const text = {
    en: 'It is scaled to zero: it wants no Pods.',
    ko: '레플리카가 0으로 설정되어 파드를 만들지 않습니다.',
  }
  return { tone: 'idle', text, evidence: [{ source: 'spec.replicas', text: String(replicas) }] }
}

function noNode(): Explanation {
  const text = { en: 'No node is fit for its Pods.', ko: '파드를 둘 수 있는 노드가 없습니다.' }
  return { tone: 'warning', text, evidence: [{ source: 'status.desiredNumberScheduled', text: '0' }] }
}

function allThere(wanted: number): Explanation {
  const text = {
    en: `All ${wanted} Pods are there, up to date and ready.`,
    ko: `파드 ${wanted}개가 모두 최신 상태로 준비되어 있습니다.`,
  }
  return { tone: 'good', text, evidence: [{ source: 'status', text: `${wanted}/${wanted}` }] }
}

function underWay(sizes: string): Explanation {
  const text = { en: 'It is on its way to what is wanted.', ko: '원하는 상태로 바뀌는 중입니다.' }
  return { tone: 'busy', text, evidence: [{ source: 'status', text: sizes }] }
}
