import { isObject, type JsonObject } from '../../../machinery/json-value.ts'
import { at, fields, numberAt, withAt } from '../unstructured.ts'
import { controlledBy, type Describer, writeEvents, writeMarks, writeName } from './sections.ts'
import { selectorText, writePodTemplate } from './pod-template.ts'
import { podCounts, podsOf, writeReasons } from './workload-pods.ts'

/** A template without the label that tells ReplicaSets of one Deployment apart. */
export function withoutPodTemplateHash(template: unknown): JsonObject {
  return withAt(fields(template), ['metadata', 'labels', 'pod-template-hash'], undefined)
}

/** ReplicaSets, and ReplicationControllers, whose selector is a map. */
export const describeReplicas: Describer = (page, set, describing) => {
  const { spec, status } = set
  const selector = at(spec, 'selector')
  const isMap = isObject(selector) && selector.matchLabels === undefined && selector.matchExpressions === undefined
  const text = selectorText(isMap ? { matchLabels: selector } : selector)
  writeName(page, set)
  page.line(0, `Selector:\t${text}`)
  writeMarks(page, set)
  const owner = controlledBy(set)
  if (owner !== '') page.line(0, `Controlled By:\t${owner}`)
  page.line(0, `Replicas:\t${numberAt(status, 'replicas')} current / ${numberAt(spec, 'replicas')} desired`)
  page.line(0, `Pods Status:\t${podCounts(podsOf(set, text, describing))}`)
  writePodTemplate(page, at(spec, 'template'))
  writeReasons(page, set)
  writeEvents(page, set, describing)
}
