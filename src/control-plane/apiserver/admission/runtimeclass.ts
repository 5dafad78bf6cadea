import type { RuntimeClass } from '../../../api/generated/node.v1.ts'
import { forbidden } from '../../../machinery/status.ts'
import { pods, runtimeClasses } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

/** Adds what a Pod's runtime costs and where it can run (plugin/pkg/admission/runtimeclass). */
export const runtimeClass: AdmissionPlugin = {
  name: 'RuntimeClass',
  operations: ['CREATE'],
  resources: ['pods'],

  mutate(pod, attributes) {
    if (!isOf(pods, pod)) return
    const found = classOf(pod.spec.runtimeClassName, attributes)
    const { overhead, scheduling } = found ?? {}
    if (overhead?.podFixed && !pod.spec.overhead) pod.spec.overhead = { ...overhead.podFixed }
    if (!scheduling) return
    if (scheduling.nodeSelector) pod.spec.nodeSelector = { ...scheduling.nodeSelector, ...pod.spec.nodeSelector }
    if (scheduling.tolerations) pod.spec.tolerations = [...(pod.spec.tolerations ?? []), ...scheduling.tolerations]
  },

  validate(pod, attributes) {
    if (!isOf(pods, pod)) return
    const { kind, name } = attributes
    const found = classOf(pod.spec.runtimeClassName, attributes)
    if (pod.spec.overhead && !found?.overhead?.podFixed) {
      throw forbidden(kind, name, 'pod rejected: Pod Overhead set without corresponding RuntimeClass defined Overhead')
    }
  },
}

function classOf(wanted: string | undefined, { kind, name, find }: Attributes): RuntimeClass | undefined {
  if (wanted === undefined) return undefined
  const found = find(runtimeClasses, wanted)
  if (!found) throw forbidden(kind, name, `pod rejected: RuntimeClass "${wanted}" not found`)
  return found
}
