import { Node } from '../../api/core/node.ts'
import { PersistentVolumeClaim } from '../../api/core/persistentvolumeclaim.ts'
import { type Pod } from '../../api/core/pod.ts'
import type { NodeVerdict } from '../../machinery/evidence.ts'
import { causeOf, type Explanation, type Finding, type Text } from './explanation.ts'
import type { World } from './world.ts'

/** Why a Pod has no node: the scheduler's own verdict on each of them. */
export function whyUnplaced(pod: Pod, world: World): Explanation {
  const { spec, metadata } = pod
  const gates = spec.schedulingGates ?? []
  if (gates.length > 0) return gated(gates.map(({ name }) => name))
  const entry = world.latest('scheduling', data => data.pod.uid === metadata.uid)
  if (!entry) return untried(pod, world)
  const { message = '', refused, profile } = entry.data
  const evidence: Finding[] = [
    ...(message === '' ? [] : [{ source: profile, text: message }]),
    ...refused.slice(0, 8).map(verdict => ({ source: verdict.node, text: reasonsOf(verdict) })),
  ]
  const claim = unboundClaim(pod, world)
  if (claim) {
    return {
      tone: 'warning',
      text: {
        en: `It waits for its claim “${claim.metadata.name}”, which has no volume yet.`,
        ko: `볼륨이 아직 연결되지 않은 클레임 “${claim.metadata.name}”을(를) 기다리고 있습니다.`,
      },
      evidence,
      cause: causeOf(PersistentVolumeClaim, claim),
    }
  }
  return { tone: 'warning', text: summaryOf(refused, world.list(Node).length), evidence }
}

function gated(names: readonly string[]): Explanation {
  const list = names.join(', ')
  return {
    tone: 'warning',
    text: {
      en: `The scheduler does not look at it before its gates are taken away: ${list}.`,
      ko: `스케줄링 게이트가 제거되기 전에는 스케줄러가 이 파드를 보지 않습니다: ${list}.`,
    },
    evidence: [{ source: 'spec.schedulingGates', text: list }],
  }
}

function untried({ spec }: Pod, { list }: World): Explanation {
  const name = spec.schedulerName ?? 'default-scheduler'
  const evidence = [{ source: 'spec.schedulerName', text: name }]
  if (list(Node).length === 0) {
    const text = { en: 'There is no node in the cluster.', ko: '클러스터에 노드가 하나도 없습니다.' }
    return { tone: 'warning', text, evidence }
  }
  return {
    tone: 'warning',
    text: {
      en: `No scheduler has looked at it yet: does one named “${name}” run?`,
      ko: `아직 어떤 스케줄러도 이 파드를 보지 않았습니다. “${name}” 스케줄러가 실행 중인지 확인하세요.`,
    },
    evidence,
  }
}

function unboundClaim({ spec, metadata }: Pod, { find }: World): PersistentVolumeClaim | undefined {
  for (const { persistentVolumeClaim } of spec.volumes ?? []) {
    if (!persistentVolumeClaim) continue
    const claim = find(PersistentVolumeClaim, persistentVolumeClaim.claimName, metadata.namespace)
    if (claim && claim.status.phase !== 'Bound') return claim
  }
  return undefined
}

function reasonsOf({ refusedBy, reasons = [] }: NodeVerdict): string {
  return `${reasons.join(', ')}${refusedBy === undefined ? '' : ` (${refusedBy})`}`
}

/** One sentence for the reason that most nodes have, since that is where to begin. */
function summaryOf(refused: readonly NodeVerdict[], nodes: number): Text {
  const counts = new Map<string, number>()
  for (const { reasons = [], data } of refused) {
    const weight = countIn(data)
    for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + weight)
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a)
  if (!most) return { en: 'No node was found for it.', ko: '배치할 수 있는 노드를 찾지 못했습니다.' }
  const [reason, count] = most
  const { en, ko } = inWords(reason)
  return {
    en: `None of the ${nodes} nodes can take it. On ${count}: ${en}.`,
    ko: `노드 ${nodes}개 중 배치할 수 있는 노드가 없습니다. ${count}개 노드: ${ko}.`,
  }
}

/** Verdicts on very many nodes come as one for all that are alike. */
function countIn(data: unknown): number {
  return typeof data === 'object' && data !== null && 'count' in data && typeof data.count === 'number' ? data.count : 1
}

/** The scheduler's reasons in plain words, by how they begin. */
const words: readonly (readonly [begins: string, words: (rest: string) => Text])[] = [
  [
    'Insufficient ',
    what => ({ en: `not enough ${what} left for its requests`, ko: `요청한 ${what} 자원이 부족합니다` }),
  ],
  ['Too many pods', () => ({ en: 'it holds as many Pods as it may', ko: '파드 수가 한도에 도달했습니다' })],
  [
    'node(s) had untolerated taint',
    taint => ({
      en: `a taint that it does not tolerate${taint}`,
      ko: `파드가 허용(toleration)하지 않는 테인트가 있습니다${taint}`,
    }),
  ],
  [
    "node(s) didn't match Pod's node affinity/selector",
    () => ({
      en: 'its labels are not those that the Pod asks for (nodeSelector or affinity)',
      ko: '파드가 요구하는 레이블(nodeSelector, 어피니티)과 일치하지 않습니다',
    }),
  ],
  ['node(s) were unschedulable', () => ({ en: 'it is cordoned', ko: '노드가 cordon 되어 있습니다' })],
  [
    "node(s) didn't have free ports",
    () => ({ en: 'the host port is taken there', ko: '요청한 호스트 포트를 이미 사용 중입니다' }),
  ],
  [
    "node(s) didn't match pod affinity rules",
    () => ({ en: 'no Pod that it wants to be near runs there', ko: '함께 있어야 할 파드가 없습니다' }),
  ],
  [
    "node(s) didn't match pod anti-affinity rules",
    () => ({ en: 'a Pod that it keeps away from runs there', ko: '떨어져 있어야 할 파드가 이미 있습니다' }),
  ],
  [
    "node(s) didn't match pod topology spread constraints",
    () => ({ en: 'the Pods would be spread too unevenly', ko: '파드 분산(topology spread) 제약을 어기게 됩니다' }),
  ],
]

function inWords(reason: string): Text {
  for (const [begins, say] of words) if (reason.startsWith(begins)) return say(reason.slice(begins.length))
  return { en: reason, ko: reason }
}
