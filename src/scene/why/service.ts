import { isReady, Pod } from '../../api/core/pod.ts'
import { type Service, Service as Services, type ServicePort } from '../../api/core/service.ts'
import { EndpointSlice, isEndpointReady } from '../../api/discovery/endpointslice.ts'
import { formatSet, type Labels, matchesSet } from '../../machinery/labels.ts'
import { causeOf, type Explanation, type Fix } from './explanation.ts'
import { whyPod } from './pod.ts'
import type { World } from './world.ts'

const serviceName = 'kubernetes.io/service-name'

/** Why a Service leads nowhere: which label differs, which Pods are not ready, which port nobody names. */
export function whyService(service: Service, world: World): readonly Explanation[] {
  const { metadata, spec } = service
  if (spec.type === 'ExternalName') return [external(spec.externalName ?? '')]
  const addresses = world
    .list(EndpointSlice, metadata.namespace)
    .filter(slice => slice.metadata.labels?.[serviceName] === metadata.name)
    .flatMap(({ endpoints }) => (endpoints ?? []).filter(isEndpointReady).flatMap(endpoint => endpoint.addresses))
  const selector = spec.selector ?? {}
  if (Object.keys(selector).length === 0) return [withoutSelector(addresses.length)]
  const pods = world.list(Pod, metadata.namespace)
  const selected = pods.filter(pod => matchesSet(selector, pod.metadata.labels))
  if (selected.length === 0) return [selectsNothing(service, pods)]
  const portless = (spec.ports ?? []).map(port => whyPort(service, port, selected)).filter(why => why !== undefined)
  if (portless.length > 0 && portless.length === spec.ports?.length) return portless
  if (addresses.length === 0) return [...portless, noneReady(selected, world)]
  return [...portless, leadsTo(addresses, selected.length)]
}

function external(name: string): Explanation {
  const text = {
    en: `It is a name in DNS for “${name}”: there are no Pods behind it.`,
    ko: `DNS에서 “${name}”을(를) 가리키는 이름일 뿐, 뒤에 파드가 없습니다.`,
  }
  return { tone: 'idle', text, evidence: [{ source: 'spec.externalName', text: name }] }
}

function withoutSelector(count: number): Explanation {
  const text = {
    en: `It has no selector: its ${count} endpoints are what somebody writes into EndpointSlices.`,
    ko: `셀렉터가 없습니다. 엔드포인트 ${count}개는 EndpointSlice에 직접 적은 것입니다.`,
  }
  return { tone: count === 0 ? 'warning' : 'good', text, evidence: [{ source: 'spec.selector', text: '<none>' }] }
}

/** No Pod has the labels: the ones that come nearest show which label is meant. */
function selectsNothing(service: Service, pods: readonly Pod[]): Explanation {
  const selector = service.spec.selector ?? {}
  const near = nearest(selector, pods)
  const evidence = [{ source: 'spec.selector', text: formatSet(selector) }]
  if (!near) {
    return {
      tone: 'bad',
      text: {
        en: `Its selector ${formatSet(selector)} matches no Pod of its namespace.`,
        ko: `셀렉터 ${formatSet(selector)}에 맞는 파드가 이 네임스페이스에 없습니다.`,
      },
      evidence,
    }
  }
  const { pod, differing } = near
  const [key = ''] = differing
  const wanted = selector[key] ?? ''
  const found = pod.metadata.labels?.[key]
  const isHas = found === undefined ? `no label “${key}”` : `${key}=${found}`
  const fix = differing.length === 1 && found !== undefined ? relabel(service, key, found) : undefined
  return {
    tone: 'bad',
    text: {
      en: `It selects ${key}=${wanted}, but Pod “${pod.metadata.name}” has ${isHas}: no Pod matches.`,
      ko: `셀렉터는 ${key}=${wanted}인데 파드 “${pod.metadata.name}”의 레이블은 ${found === undefined ? `“${key}”이(가) 없습니다` : `${key}=${found}입니다`}. 맞는 파드가 없습니다.`,
    },
    evidence: [...evidence, { source: `pod ${pod.metadata.name}`, text: formatSet(pod.metadata.labels) }],
    ...(fix && { fix }),
  }
}

/** The Pod with the fewest labels that differ from a selector, if it has the same keys or some label in common. */
function nearest(selector: Labels, pods: readonly Pod[]): { pod: Pod; differing: string[] } | undefined {
  let best: { pod: Pod; differing: string[]; likeness: number } | undefined
  const keys = Object.keys(selector)
  for (const pod of pods) {
    const { labels = {} } = pod.metadata
    const differing = keys.filter(key => labels[key] !== selector[key])
    const likeness = likenessOf(selector, labels)
    if (likeness > 0 && (!best || likeness > best.likeness)) best = { pod, differing, likeness }
  }
  return best
}

function likenessOf(selector: Labels, labels: Labels): number {
  let likeness = 0
  for (const [key, value] of Object.entries(selector)) {
    const found = labels[key]
    if (found === value) likeness += 3
    else if (found !== undefined) likeness += isAlike(found, value) ? 2 : 1
  }
  return likeness
}

/** Whether one is the beginning of the other, or they differ in a letter or two. */
function isAlike(a: string, b: string): boolean {
  return a.startsWith(b) || b.startsWith(a) || distance(a, b) <= 2
}

/** How many letters have to be changed, added or left out: Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next[j] = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
    }
    row = next
  }
  return row[b.length] ?? 0
}

function relabel(service: Service, key: string, value: string): Fix {
  const selector = { ...service.spec.selector, [key]: value }
  const { name, namespace = 'default' } = service.metadata
  return {
    text: { en: `Select ${key}=${value} instead.`, ko: `셀렉터를 ${key}=${value}(으)로 바꿉니다.` },
    command: `kubectl set selector service ${name} '${formatSet(selector)}' -n ${namespace}`,
    object: withSpec(service, { selector }),
  }
}

function withSpec(service: Service, changes: Partial<Service['spec']>): Service {
  return { ...service, spec: { ...service.spec, ...changes } }
}

/** A port whose target no container of the Pods has. */
function whyPort(service: Service, port: ServicePort, pods: readonly Pod[]): Explanation | undefined {
  const target = port.targetPort ?? port.port
  const declared = pods.flatMap(({ spec }) => spec.containers.flatMap(({ ports = [] }) => ports))
  if (declared.length === 0) return undefined
  const isThere = declared.some(({ name, containerPort }) => target === name || target === containerPort)
  if (isThere) return undefined
  const known = [...new Set(declared.map(({ name, containerPort }) => `${name ? `${name} ` : ''}${containerPort}`))]
  const [only] = new Set(declared.map(({ containerPort }) => containerPort))
  const isNamed = typeof target === 'string' && !/^\d+$/.test(target)
  return {
    tone: isNamed ? 'bad' : 'warning',
    text: {
      en: `Its port ${port.port} leads to ${isNamed ? `a port named “${target}”` : `port ${target}`}, which no container of its Pods declares: they have ${known.join(', ')}.`,
      ko: `포트 ${port.port}은(는) ${isNamed ? `이름이 “${target}”인 포트` : `포트 ${target}`}로 보내지만, 파드의 컨테이너가 선언한 포트는 ${known.join(', ')}입니다.`,
    },
    evidence: [
      { source: 'spec.ports', text: `${port.port} → ${target}` },
      { source: 'containerPort', text: known.join(', ') },
    ],
    ...(known.length === 1 && only !== undefined && { fix: retarget(service, port, only) }),
  }
}

function retarget(service: Service, port: ServicePort, targetPort: number): Fix {
  const ports = (service.spec.ports ?? []).map(each => (each === port ? { ...each, targetPort } : each))
  const { name, namespace = 'default' } = service.metadata
  const index = (service.spec.ports ?? []).indexOf(port)
  const patch = JSON.stringify([{ op: 'replace', path: `/spec/ports/${index}/targetPort`, value: targetPort }])
  return {
    text: { en: `Send to port ${targetPort}.`, ko: `대상 포트를 ${targetPort}(으)로 바꿉니다.` },
    command: `kubectl patch service ${name} -n ${namespace} --type=json -p '${patch}'`,
    object: withSpec(service, { ports }),
  }
}

function noneReady(selected: readonly Pod[], world: World): Explanation {
  const pod = selected.find(each => !isReady(each)) ?? selected[0]
  const [why] = pod ? whyPod(pod, world) : []
  const name = pod?.metadata.name ?? ''
  return {
    tone: 'bad',
    text: {
      en: `It selects ${selected.length} Pods, and none of them is ready. Pod “${name}”: ${why?.text.en ?? ''}`,
      ko: `파드 ${selected.length}개를 선택했지만 준비된 파드가 없습니다. 파드 “${name}”: ${why?.text.ko ?? ''}`,
    },
    evidence: why?.evidence ?? [],
    ...(pod && { cause: why?.cause ?? causeOf(Pod, pod) }),
  }
}

function leadsTo(addresses: readonly string[], selected: number): Explanation {
  return {
    tone: 'good',
    text: {
      en: `It leads to ${addresses.length} of the ${selected} Pods that it selects: those that are ready.`,
      ko: `선택한 파드 ${selected}개 중 준비된 ${addresses.length}개로 요청을 보냅니다.`,
    },
    evidence: [{ source: 'EndpointSlice', text: addresses.slice(0, 10).join(', ') }],
  }
}

/** The first thing that is wrong with a Service, for those that lead to it. */
export function serviceTrouble(name: string, namespace: string, world: World): Explanation | undefined {
  const service = world.find(Services, name, namespace)
  if (!service) return undefined
  const [why] = whyService(service, world)
  if (!why || why.tone === 'good' || why.tone === 'idle') return undefined
  return { ...why, cause: why.cause ?? causeOf(Services, service) }
}
