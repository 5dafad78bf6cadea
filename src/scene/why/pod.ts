import { isNodeReady, Node } from '../../api/core/node.ts'
import { isReady, type Pod } from '../../api/core/pod.ts'
import { findCondition } from '../../api/meta/conditions.ts'
import { parseTime } from '../../machinery/time.ts'
import { whyContainer } from './containers.ts'
import { causeOf, type Explanation, type Finding } from './explanation.ts'
import { whyUnplaced } from './placement.ts'
import { told, warnings, type World } from './world.ts'

/** Why a Pod is pending, failing, unready or not going away. */
export function whyPod(pod: Pod, world: World): readonly Explanation[] {
  const { metadata, spec, status } = pod
  const node = spec.nodeName === undefined ? undefined : world.find(Node, spec.nodeName)
  if (metadata.deletionTimestamp !== undefined) return [whyLeaving(pod, node, world)]
  if (status.phase === 'Failed' && status.reason !== undefined) return [whyFailed(pod, world)]
  if (!spec.nodeName) return [whyUnplaced(pod, world)]
  const found: Explanation[] = []
  if (!node || !isNodeReady(node)) found.push(whyStranded(pod, node))
  for (const container of [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]) {
    const why = whyContainer(pod, container, world)
    if (why) found.push(why)
  }
  if (found.length > 0) return found
  if (status.phase === 'Succeeded') return [over()]
  if (status.phase === 'Pending') return [starting(pod, world)]
  return isReady(pod) ? [fine(pod)] : whyUnready(pod, world)
}

function whyLeaving({ metadata, spec }: Pod, node: Node | undefined, world: World): Explanation {
  const finalizers = metadata.finalizers ?? []
  if (spec.nodeName && (!node || !isNodeReady(node))) {
    return {
      tone: 'warning',
      text: {
        en: `It is to go, but its node “${spec.nodeName}” does not answer, so nobody can say that its containers have ended.`,
        ko: `삭제 중이지만 노드 “${spec.nodeName}”이(가) 응답하지 않아 컨테이너가 끝났는지 아무도 확인해 줄 수 없습니다.`,
      },
      evidence: [{ source: 'metadata.deletionTimestamp', text: metadata.deletionTimestamp ?? '' }],
      ...(node && { cause: causeOf(Node, node) }),
    }
  }
  if (finalizers.length > 0 && parseTime(metadata.deletionTimestamp ?? '') < world.now) {
    const list = finalizers.join(', ')
    return {
      tone: 'warning',
      text: {
        en: `It is gone as soon as whoever set these finalizers takes them away: ${list}.`,
        ko: `다음 파이널라이저를 설정한 쪽이 제거해야 삭제됩니다: ${list}.`,
      },
      evidence: [{ source: 'metadata.finalizers', text: list }],
    }
  }
  const seconds = metadata.deletionGracePeriodSeconds ?? 0
  return {
    tone: 'idle',
    text: {
      en: `It was told to end and has ${seconds} s for it.`,
      ko: `종료 요청을 받았고, ${seconds}초 안에 끝나야 합니다.`,
    },
    evidence: [{ source: 'metadata.deletionTimestamp', text: metadata.deletionTimestamp ?? '' }],
  }
}

function whyFailed(pod: Pod, world: World): Explanation {
  const { reason = '', message = '' } = pod.status
  const text =
    reason === 'Evicted'
      ? { en: 'Its node had to give something up and evicted it.', ko: '노드의 자원이 부족해 축출되었습니다.' }
      : { en: `It failed: ${reason}.`, ko: `실패했습니다: ${reason}.` }
  return {
    tone: 'bad',
    text,
    evidence: [{ source: 'status', text: `${reason}: ${message}` }, ...warnings(world, pod, 1)],
  }
}

function whyStranded({ spec }: Pod, node: Node | undefined): Explanation {
  const name = spec.nodeName ?? ''
  const ready = node && findCondition(node.status.conditions, 'Ready')
  const evidence: Finding[] = ready
    ? [{ source: `${name} Ready`, text: `${ready.status} ${ready.reason ?? ''}: ${ready.message ?? ''}` }]
    : []
  return {
    tone: 'bad',
    text: node
      ? { en: `Its node “${name}” is not ready.`, ko: `노드 “${name}”이(가) 준비되지 않았습니다(NotReady).` }
      : { en: `There is no node “${name}”.`, ko: `노드 “${name}”이(가) 없습니다.` },
    evidence,
    ...(node && { cause: causeOf(Node, node) }),
  }
}

function starting(pod: Pod, world: World): Explanation {
  return {
    tone: 'busy',
    text: {
      en: `Its kubelet on “${pod.spec.nodeName ?? ''}” is about to start it.`,
      ko: `노드 “${pod.spec.nodeName ?? ''}”의 kubelet이 시작하려고 합니다.`,
    },
    evidence: told(world, pod, ['Scheduled'], 1),
  }
}

function over(): Explanation {
  const text = { en: 'All its containers have ended well.', ko: '모든 컨테이너가 정상적으로 끝났습니다.' }
  return { tone: 'idle', text, evidence: [{ source: 'status.phase', text: 'Succeeded' }] }
}

function fine({ spec, status }: Pod): Explanation {
  const since = findCondition(status.conditions, 'Ready')?.lastTransitionTime ?? ''
  return {
    tone: 'good',
    text: {
      en: `It runs on “${spec.nodeName ?? ''}” and is ready for requests.`,
      ko: `노드 “${spec.nodeName ?? ''}”에서 실행 중이며 요청을 받을 준비가 되었습니다.`,
    },
    evidence: [{ source: 'status.conditions[Ready]', text: `True ${since}` }],
  }
}

/** It runs, and no Service sends it requests. */
function whyUnready(pod: Pod, world: World): Explanation[] {
  const { status } = pod
  const found = (status.containerStatuses ?? [])
    .filter(({ ready, state }) => !ready && state.running)
    .map(({ name, started }): Explanation => {
      const evidence = told(world, pod, ['Unhealthy'])
      const isStarting = started === false
      if (evidence.length > 0) return failingProbe(name, isStarting ? 'startup' : 'readiness', evidence)
      return {
        tone: 'busy',
        text: {
          en: `“${name}” runs, and its ${isStarting ? 'startup' : 'readiness'} probe has not succeeded yet.`,
          ko: `“${name}”은(는) 실행 중이지만 ${isStarting ? '스타트업' : '준비성'} 프로브가 아직 성공하지 않았습니다.`,
        },
        evidence: [{ source: `container ${name}`, text: isStarting ? 'started: false' : 'ready: false' }],
      }
    })
  const gates = (pod.spec.readinessGates ?? [])
    .map(({ conditionType }) => conditionType)
    .filter(type => findCondition(status.conditions, type)?.status !== 'True')
  if (gates.length > 0) {
    found.push({
      tone: 'warning',
      text: {
        en: `It is not ready before somebody sets these conditions: ${gates.join(', ')}.`,
        ko: `다음 조건이 True가 되어야 준비 상태가 됩니다: ${gates.join(', ')}.`,
      },
      evidence: [{ source: 'spec.readinessGates', text: gates.join(', ') }],
    })
  }
  if (found.length > 0) return found
  const { reason = '', message = '' } = findCondition(status.conditions, 'Ready') ?? {}
  const text = { en: 'It is not ready.', ko: '아직 준비되지 않았습니다.' }
  return [{ tone: 'warning', text, evidence: [{ source: 'status.conditions[Ready]', text: `${reason} ${message}` }] }]
}

function failingProbe(name: string, probe: 'startup' | 'readiness', evidence: readonly Finding[]): Explanation {
  const koreanName = probe === 'startup' ? '스타트업' : '준비성'
  return {
    tone: 'warning',
    text: {
      en: `The ${probe} probe of “${name}” fails, so no Service sends it requests.`,
      ko: `“${name}”의 ${koreanName} 프로브가 실패해 서비스가 요청을 보내지 않습니다.`,
    },
    evidence,
  }
}
