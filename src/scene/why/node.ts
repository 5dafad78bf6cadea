import type { Node } from '../../api/core/node.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import type { Explanation, Text } from './explanation.ts'
import { told, type World } from './world.ts'

/** Why a node is not ready, or gets no Pods. */
export function whyNode(node: Node, world: World): readonly Explanation[] {
  const { spec, status } = node
  const found: Explanation[] = []
  const ready = findCondition(status.conditions, 'Ready')
  if (ready?.status !== 'True') found.push(whyUnready(node, world))
  for (const { type, reason = '', message = '', status: is } of status.conditions ?? []) {
    const text = is === 'True' ? pressures[type] : undefined
    if (text) {
      found.push({
        tone: 'warning',
        text,
        evidence: [{ source: `status.conditions[${type}]`, text: `${reason}: ${message}` }],
      })
    }
  }
  if (spec.unschedulable) found.push(cordoned())
  const taints = (spec.taints ?? []).filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
  if (taints.length > 0) {
    const list = taints.map(({ key, value, effect }) => `${key}${value ? `=${value}` : ''}:${effect}`).join(', ')
    const text = {
      en: 'Only Pods that tolerate its taints come here.',
      ko: '이 노드의 테인트를 허용(toleration)하는 파드만 배치됩니다.',
    }
    found.push({ tone: 'idle', text, evidence: [{ source: 'spec.taints', text: list }] })
  }
  if (found.length > 0) return found
  const text = { en: 'Its kubelet reports that all is well.', ko: 'kubelet이 정상이라고 보고하고 있습니다.' }
  return [{ tone: 'good', text, evidence: [{ source: 'status.conditions[Ready]', text: ready?.message ?? '' }] }]
}

function whyUnready(node: Node, world: World): Explanation {
  const {
    status = '',
    reason = '',
    message = '',
    lastHeartbeatTime,
  } = findCondition(node.status.conditions, 'Ready') ?? {}
  const evidence = [
    { source: 'status.conditions[Ready]', text: `${status} ${reason}: ${message}` },
    ...(lastHeartbeatTime ? [{ source: 'lastHeartbeatTime', text: lastHeartbeatTime }] : []),
    ...told(world, node, ['NodeNotReady'], 1),
  ]
  const text: Text =
    status === 'Unknown'
      ? {
          en: 'Its kubelet is silent: the machine is off, the kubelet has stopped, or the network is cut. After the grace period the node counts as unknown, and its Pods are moved five minutes later.',
          ko: 'kubelet의 소식이 끊겼습니다. 머신이 꺼졌거나 kubelet이 멈췄거나 네트워크가 끊긴 것입니다. 유예 시간이 지나면 상태가 Unknown이 되고, 5분 뒤 파드가 옮겨집니다.',
        }
      : { en: 'Its kubelet says itself that it is not ready.', ko: 'kubelet 스스로 준비되지 않았다고 보고했습니다.' }
  return { tone: 'bad', text, evidence }
}

function cordoned(): Explanation {
  return {
    tone: 'warning',
    text: {
      en: 'It is cordoned: what runs here stays, and nothing new comes.',
      ko: 'cordon 상태입니다. 실행 중인 파드는 그대로 있고, 새 파드는 배치되지 않습니다.',
    },
    evidence: [{ source: 'spec.unschedulable', text: 'true' }],
  }
}

const pressures: Readonly<Record<string, Text>> = {
  MemoryPressure: {
    en: 'It runs out of memory: its kubelet evicts Pods.',
    ko: '메모리가 부족해 kubelet이 파드를 축출합니다.',
  },
  DiskPressure: {
    en: 'It runs out of disk: its kubelet deletes images and evicts Pods.',
    ko: '디스크가 부족해 kubelet이 이미지를 지우고 파드를 축출합니다.',
  },
  PIDPressure: { en: 'It runs out of process numbers.', ko: '프로세스 ID가 부족합니다.' },
  NetworkUnavailable: { en: 'Its Pod network is not set up.', ko: '파드 네트워크가 설정되지 않았습니다.' },
}
