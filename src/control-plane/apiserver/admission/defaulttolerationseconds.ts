import type { Pod } from '../../../api/generated/core.v1.ts'
import { pods } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin } from './chain.ts'

const seconds = 300

/** Pods stay on a lost node for five minutes unless they say otherwise (plugin/pkg/admission/defaulttolerationseconds). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],

  mutate(pod) {
    if (!isOf(pods, pod)) return
    for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) tolerate(pod, key)
  },
}

function tolerate({ spec }: Pod, key: string): void {
  const { tolerations = [] } = spec
  const isTolerated = tolerations.some(toleration => {
    return (!toleration.key || toleration.key === key) && (!toleration.effect || toleration.effect === 'NoExecute')
  })
  if (isTolerated) return
  spec.tolerations = [...tolerations, { key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: seconds }]
}
