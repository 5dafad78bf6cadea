import { type Evidence, nodeVerdicts, type RequestEvidence, type SchedulingEvidence } from '../../machinery/evidence.ts'
import type { Text } from '../why/explanation.ts'

/** What etcd and watches say of a write. */
export const told = {
  written: (revision: number): Text => ({ en: `Stored as revision ${revision}`, ko: `리비전 ${revision}(으)로 저장` }),
  heard: (revision: number, to: string): Text => ({
    en: `Watch: ${componentName(to)} hears of revision ${revision}`,
    ko: `워치: ${componentName(to)}에 리비전 ${revision} 전달`,
  }),
}

/** `kubelet/w1-k8s` is `kubelet w1-k8s`; there is one scheduler and one controller manager that matter. */
function componentName(component: string): string {
  return component.startsWith('kubelet/') ? component.replace('/', ' ') : (component.split('/')[0] ?? '')
}

const singulars: Readonly<Record<string, string>> = {
  pods: 'Pod',
  'replicasets.apps': 'ReplicaSet',
  'deployments.apps': 'Deployment',
  'statefulsets.apps': 'StatefulSet',
  'daemonsets.apps': 'DaemonSet',
  'jobs.batch': 'Job',
  'cronjobs.batch': 'CronJob',
  services: 'Service',
  nodes: 'Node',
}

export function requestSentence({ verb, target, subresource, code, message }: RequestEvidence): Text {
  const what = `${singulars[target.resource] ?? target.resource} ${target.name}`
  const { en, ko } = wishOf(verb, subresource, what)
  if (code < 400) return { en, ko }
  const why = message ?? `HTTP ${code}`
  return { en: `${en} – refused: ${why}`, ko: `${ko} – 거부됨: ${why}` }
}

function wishOf(verb: string, subresource: string | undefined, what: string): Text {
  if (subresource === 'binding') return { en: `Bind ${what} to its node`, ko: `${what}을(를) 노드에 바인딩` }
  if (subresource === 'eviction') return { en: `Evict ${what}`, ko: `${what} 축출` }
  if (subresource === 'scale') return { en: `Scale ${what}`, ko: `${what} 규모 조정` }
  if (subresource === 'status') return { en: `Report the status of ${what}`, ko: `${what}의 상태 보고` }
  switch (verb) {
    case 'create':
      return { en: `Create ${what}`, ko: `${what} 생성` }
    case 'delete':
      return { en: `Delete ${what}`, ko: `${what} 삭제` }
    default:
      return { en: `Change ${what}`, ko: `${what} 변경` }
  }
}

/** What was chosen among how many, or why nothing was. */
export function schedulingSentence(data: SchedulingEvidence): Text {
  const { node, message = '', feasible } = data
  if (node === undefined) return { en: `No node: ${message}`, ko: `노드 없음: ${message}` }
  const all = nodeVerdicts(data)
  const total = all.find(verdict => verdict.node === node)?.total
  const score = total === undefined ? '' : `, ${Math.round(total)}`
  return {
    en: `Chooses ${node}${score} (${feasible.nodes.length} of ${all.length} nodes could take it)`,
    ko: `${node} 선택${score} (노드 ${all.length}개 중 ${feasible.nodes.length}개 가능)`,
  }
}

const calls: Readonly<Record<string, Text>> = {
  RunPodSandbox: { en: 'Make the sandbox: namespaces and an address', ko: '샌드박스 생성: 네임스페이스와 IP 주소' },
  PullImage: { en: 'Pull the image', ko: '이미지 내려받기' },
  CreateContainer: { en: 'Create the container', ko: '컨테이너 생성' },
  StartContainer: { en: 'Start the container', ko: '컨테이너 시작' },
  StopContainer: { en: 'Stop the container', ko: '컨테이너 중지' },
  StopPodSandbox: { en: 'Take the sandbox down', ko: '샌드박스 해제' },
}

/** Calls that change something; those that only look are not worth an arrow. */
export function callSentence({ call, container, error, tookMs }: Evidence['cri']): Text | undefined {
  const text = calls[call]
  if (!text) return undefined
  const which = container === undefined ? '' : ` ${container}`
  const took = tookMs === undefined ? '' : ` (${(tookMs / 1000).toFixed(2)} s)`
  const why = error === undefined ? '' : `: ${error}`
  return { en: `${text.en}${which}${took}${why}`, ko: `${text.ko}${which}${took}${why}` }
}

export function processSentence({ container, what, signal = '', exitCode = 0 }: Evidence['process']): Text {
  if (what === 'started') return { en: `${container} runs`, ko: `${container} 실행 중` }
  if (what === 'signal') return { en: `${container} gets SIG${signal}`, ko: `${container}에 SIG${signal} 신호` }
  return { en: `${container} ends with exit code ${exitCode}`, ko: `${container} 종료(코드 ${exitCode})` }
}

const koreanProbes = { startup: '스타트업', liveness: '활성', readiness: '준비성' } as const

export function probeSentence({ probe, container, result, output }: Evidence['probe']): Text {
  if (result === 'success') {
    const ko = `${container}의 ${koreanProbes[probe]} 프로브 성공`
    return { en: `The ${probe} probe of ${container} succeeds`, ko }
  }
  return {
    en: `The ${probe} probe of ${container} fails: ${output}`,
    ko: `${container}의 ${koreanProbes[probe]} 프로브 실패: ${output}`,
  }
}
