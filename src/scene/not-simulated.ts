/**
 * Kinds that are stored, listed and watched like any other, while the machinery that would act on them is not there. The page
 * says so wherever one is applied or looked at, and the README lists the same sentences. Take a line out when its machinery comes.
 */
export interface Gap {
  readonly kinds: readonly string[]
  readonly en: string
  readonly ko: string
}

export const gaps: readonly Gap[] = [
  {
    kinds: ['NetworkPolicy'],
    en: 'NetworkPolicies are not enforced: every Pod still reaches every other.',
    ko: 'NetworkPolicy는 아직 적용되지 않습니다. 모든 파드가 여전히 서로 통신할 수 있습니다.',
  },
  {
    kinds: ['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'],
    en: 'Admission webhooks are not called.',
    ko: '어드미션 웹훅은 아직 호출되지 않습니다.',
  },
  {
    kinds: ['StorageClass', 'PersistentVolume'],
    en: 'No provisioner runs: volumes are bound and released, but nobody makes, deletes or recycles them.',
    ko: '프로비저너가 아직 없습니다. 볼륨은 바인딩되고 해제되지만, 생성·삭제·재활용되지는 않습니다.',
  },
  {
    kinds: ['APIService'],
    en: 'API aggregation forwards requests to metrics-server only.',
    ko: 'API 집계는 아직 metrics-server로만 요청을 전달합니다.',
  },
  {
    kinds: ['FlowSchema', 'PriorityLevelConfiguration'],
    en: 'API priority and fairness does not queue requests.',
    ko: 'API 우선순위와 공정성은 아직 요청을 줄 세우지 않습니다.',
  },
  {
    kinds: ['ResourceClaim', 'ResourceClaimTemplate', 'DeviceClass', 'ResourceSlice'],
    en: 'Dynamic resource allocation assigns no devices.',
    ko: '동적 리소스 할당은 아직 장치를 배정하지 않습니다.',
  },
]

const gapOfKind = new Map(gaps.flatMap(gap => gap.kinds.map(kind => [kind.toLowerCase(), gap] as const)))

/** What is missing behind a kind, if anything: by its name in any case, with or without its group. */
export function gapOf(kind: string): Gap | undefined {
  return gapOfKind.get(kind.toLowerCase().replace(/\..*$/, ''))
}

/** What is missing behind the objects that kubectl says it has applied: `networkpolicy.networking.k8s.io/deny created`. */
export function gapsIn(applied: readonly string[]): readonly Gap[] {
  const found = applied.flatMap(line => gapOf(line.split('/')[0] ?? '') ?? [])
  return [...new Set(found)]
}
