import type { Pod, Toleration } from '../../../api/generated/core.v1.ts'
import { pods } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin } from './chain.ts'

/** One object each for all Pods (DESIGN.md, D5). */
const tolerations = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'].map(key =>
  Object.freeze({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }),
)

/** Pods stay on a lost node for five minutes unless they say otherwise (plugin/pkg/admission/defaulttolerationseconds). */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],

  mutate(pod) {
    if (!isOf(pods, pod)) return
    for (const toleration of tolerations) tolerate(pod, toleration)
  },
}

function tolerate({ spec }: Pod, wanted: Toleration): void {
  const { tolerations: own = [] } = spec
  const isTolerated = own.some(({ key, effect }) => (!key || key === wanted.key) && (!effect || effect === 'NoExecute'))
  if (isTolerated) return
  spec.tolerations = [...own, wanted]
}
