import { ConfigMap } from '../../api/core/configmap.ts'
import type { ContainerStatus, Pod } from '../../api/core/pod.ts'
import { Secret } from '../../api/core/secret.ts'
import type { Explanation, Finding, Text } from './explanation.ts'
import { told, type World } from './world.ts'

/** Why a container of a placed Pod does not run, or keeps ending; undefined where nothing is wrong with it. */
export function whyContainer(pod: Pod, status: ContainerStatus, world: World): Explanation | undefined {
  const { waiting, terminated } = status.state
  if (waiting) return whyWaiting(pod, status, waiting.reason ?? '', waiting.message ?? '', world)
  if (terminated && terminated.exitCode !== 0) return whyEnded(pod, status, terminated)
  return undefined
}

function whyWaiting(
  pod: Pod,
  status: ContainerStatus,
  reason: string,
  message: string,
  world: World,
): Explanation | undefined {
  const said: Finding = { source: `container ${status.name}`, text: `${reason}${message === '' ? '' : `: ${message}`}` }
  switch (reason) {
    case 'ErrImagePull':
    case 'ImagePullBackOff':
    case 'InvalidImageName':
    case 'ErrImageNeverPull':
      return { tone: 'bad', text: imageText(status, reason), evidence: [said, ...pullsOf(pod, world)] }
    case 'CreateContainerConfigError':
      return whyConfig(pod, message, said, world)
    case 'CrashLoopBackOff':
      return whyCrashing(pod, status, said, world)
    case 'ContainerCreating':
    case 'PodInitializing':
      return whyCreating(pod, said, world)
    default:
      return { tone: 'bad', text: startText(status.name, reason), evidence: [said, ...pullsOf(pod, world)] }
  }
}

/** What was tried, without the Events that only say that it failed. */
function pullsOf(pod: Pod, world: World): Finding[] {
  return told(world, pod, ['Failed'], 3).filter(({ text }) => !text.startsWith('Failed: Error: '))
}

function imageText({ image, name }: ContainerStatus, reason: string): Text {
  if (reason === 'InvalidImageName') {
    return { en: `“${image}” is no name of an image.`, ko: `“${image}”은(는) 올바른 이미지 이름이 아닙니다.` }
  }
  if (reason === 'ErrImageNeverPull') {
    return {
      en: `The image “${image}” is not on the node, and imagePullPolicy Never forbids fetching it.`,
      ko: `노드에 이미지 “${image}”이(가) 없고, imagePullPolicy: Never 이므로 내려받지 않습니다.`,
    }
  }
  return {
    en: `The image “${image}” of container “${name}” cannot be fetched: is its name right, and is there such a tag?`,
    ko: `컨테이너 “${name}”의 이미지 “${image}”을(를) 받을 수 없습니다. 이미지 이름과 태그를 확인하세요.`,
  }
}

function startText(container: string, reason: string): Text {
  return {
    en: `The container “${container}” cannot be started (${reason}).`,
    ko: `컨테이너 “${container}”을(를) 시작할 수 없습니다(${reason}).`,
  }
}

/** What the Pod wants to read is not there. */
function whyConfig(pod: Pod, message: string, said: Finding, world: World): Explanation {
  const missing = missingIn(message)
  const evidence = [said, ...told(world, pod, ['Failed'], 1)]
  if (!missing) {
    const text = { en: 'Its configuration cannot be put together.', ko: '컨테이너 설정을 만들 수 없습니다.' }
    return { tone: 'bad', text, evidence }
  }
  return { tone: 'bad', text: missingText(missing), evidence }
}

interface Missing {
  readonly kind: 'ConfigMap' | 'Secret'
  readonly name: string
  readonly key?: string
}

/** `configmap "settings" not found`, `couldn't find key mode in ConfigMap default/settings`. */
function missingIn(message: string): Missing | undefined {
  const object = /\b(configmap|secret)s? "([^"]+)" not found/i.exec(message)
  if (object) return { kind: kindOf(object[1] ?? ''), name: object[2] ?? '' }
  const key = /couldn't find key (\S+) in (ConfigMap|Secret) (?:[^/\s]+\/)?(\S+)/i.exec(message)
  return key ? { kind: kindOf(key[2] ?? ''), name: key[3] ?? '', key: key[1] ?? '' } : undefined
}

function kindOf(word: string): Missing['kind'] {
  return word.toLowerCase() === 'secret' ? 'Secret' : 'ConfigMap'
}

function missingText({ kind, name, key }: Missing): Text {
  if (key !== undefined) {
    return {
      en: `${kind} “${name}” has no key “${key}”, which a container reads.`,
      ko: `컨테이너가 읽으려는 키 “${key}”이(가) ${kind} “${name}”에 없습니다.`,
    }
  }
  return {
    en: `It needs the ${kind} “${name}”, and there is none in its namespace.`,
    ko: `${kind} “${name}”이(가) 필요하지만 이 네임스페이스에 없습니다.`,
  }
}

function whyCrashing(pod: Pod, status: ContainerStatus, said: Finding, world: World): Explanation {
  const { name, restartCount, lastState } = status
  const last = lastState.terminated
  const isUnhealthy = world
    .events(pod)
    .some(({ message = '' }) => /failed liveness probe|failed startup probe/.test(message))
  const evidence = [
    said,
    ...(last ? [{ source: `container ${name}`, text: endText(last) }] : []),
    ...told(world, pod, isUnhealthy ? ['Unhealthy', 'Killing'] : ['BackOff'], 2),
  ]
  return { tone: 'bad', text: crashText(name, restartCount, last, isUnhealthy), evidence }
}

type Terminated = NonNullable<ContainerStatus['state']['terminated']>

function endText({ reason = '', exitCode, signal, message }: Terminated): string {
  const how = signal === undefined ? `exit code ${exitCode}` : `signal ${signal}`
  return [`${reason} (${how})`, message ?? ''].filter(Boolean).join(': ')
}

function crashText(name: string, restarts: number, last: Terminated | undefined, isUnhealthy: boolean): Text {
  if (last?.reason === 'OOMKilled') {
    return {
      en: `“${name}” needed more memory than its limit and was killed; started ${restarts} times again, each time later.`,
      ko: `“${name}”이(가) 메모리 제한을 넘어 강제 종료되었습니다. ${restarts}번 다시 시작했고, 그때마다 더 오래 기다립니다.`,
    }
  }
  if (isUnhealthy) {
    return {
      en: `The kubelet restarts “${name}” because its liveness probe fails (${restarts} times so far).`,
      ko: `활성 프로브가 실패해 kubelet이 “${name}”을(를) 다시 시작합니다(지금까지 ${restarts}번).`,
    }
  }
  const code = last?.exitCode ?? 0
  return {
    en: `“${name}” ends by itself with exit code ${code}; the kubelet waits longer before each new start (${restarts} restarts). Its last words: kubectl logs --previous.`,
    ko: `“${name}”이(가) 종료 코드 ${code}(으)로 스스로 끝납니다. kubelet은 다시 시작할 때마다 더 오래 기다립니다(재시작 ${restarts}번). 마지막 로그: kubectl logs --previous.`,
  }
}

/** It is being made: what holds it up, if the kubelet says so. */
function whyCreating(pod: Pod, said: Finding, world: World): Explanation {
  const failures = told(world, pod, ['FailedMount', 'FailedAttachVolume', 'FailedCreatePodSandBox'])
  const [first] = failures
  const missing = first && missingIn(first.text)
  if (missing && !isThere(missing, pod, world)) {
    return { tone: 'bad', text: missingText(missing), evidence: [said, ...failures] }
  }
  if (first) {
    const text = { en: 'A volume of it cannot be mounted.', ko: '볼륨을 마운트할 수 없습니다.' }
    return { tone: 'bad', text, evidence: [said, ...failures] }
  }
  const init = pod.status.initContainerStatuses?.find(({ state }) => state.running)
  const text = init
    ? {
        en: `Its init container “${init.name}” still runs.`,
        ko: `초기화 컨테이너 “${init.name}”이(가) 아직 실행 중입니다.`,
      }
    : { en: 'Its containers are being made.', ko: '컨테이너를 만드는 중입니다.' }
  return { tone: 'busy', text, evidence: [said, ...told(world, pod, ['Pulling', 'Pulled'], 1)] }
}

function isThere({ kind, name }: Missing, { metadata }: Pod, { find }: World): boolean {
  return find(kind === 'Secret' ? Secret : ConfigMap, name, metadata.namespace) !== undefined
}

function whyEnded({ spec }: Pod, { name, restartCount }: ContainerStatus, end: Terminated): Explanation {
  const evidence = [{ source: `container ${name}`, text: endText(end) }]
  const isOver = spec.restartPolicy === 'Never'
  return {
    tone: 'bad',
    text: {
      en: `“${name}” ended with exit code ${end.exitCode}${isOver ? ', and restartPolicy Never leaves it so' : ''}.`,
      ko: `“${name}”이(가) 종료 코드 ${end.exitCode}(으)로 끝났습니다${isOver ? '. restartPolicy: Never 이므로 다시 시작하지 않습니다' : ''}.`,
    },
    evidence: restartCount > 0 ? [...evidence, { source: 'restartCount', text: String(restartCount) }] : evidence,
  }
}
