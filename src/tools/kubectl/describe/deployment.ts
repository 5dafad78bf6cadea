import { withoutPodTemplateHash } from './replica-sets.ts'
import { isEqual } from '../../../machinery/object.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { isObject } from '../../../machinery/json-value.ts'
import { at, nameOf, namespaceOf, numberAt, objectsAt, textAt } from '../unstructured.ts'
import { type Describer, type Describing, longTime, orNone, writeEvents, writeMarks, writeName } from './sections.ts'
import { selectorText, writePodTemplate } from './pod-template.ts'
import { writeReasons } from './workload-pods.ts'

export const describeDeployment: Describer = (page, deployment, describing) => {
  const { spec, status } = deployment
  writeName(page, deployment)
  page.line(0, `CreationTimestamp:\t${longTime(textAt(deployment, 'metadata', 'creationTimestamp'))}`)
  writeMarks(page, deployment)
  page.line(0, `Selector:\t${selectorText(at(spec, 'selector'))}`)
  const count = (name: string): number => numberAt(status, name)
  const counts = [
    `${numberAt(spec, 'replicas')} desired`,
    `${count('updatedReplicas')} updated`,
    `${count('replicas')} total`,
    `${count('availableReplicas')} available`,
    `${count('unavailableReplicas')} unavailable`,
  ]
  page.line(0, `Replicas:\t${counts.join(' | ')}`)
  page.line(0, `StrategyType:\t${textAt(spec, 'strategy', 'type')}`)
  page.line(0, `MinReadySeconds:\t${numberAt(spec, 'minReadySeconds')}`)
  const rolling = at(spec, 'strategy', 'rollingUpdate')
  if (isObject(rolling)) {
    const [unavailable, surge] = [textAt(rolling, 'maxUnavailable'), textAt(rolling, 'maxSurge')]
    page.line(0, `RollingUpdateStrategy:\t${unavailable} max unavailable, ${surge} max surge`)
  }
  writePodTemplate(page, at(spec, 'template'))
  writeReasons(page, deployment)
  const { old, current } = replicaSetsOf(deployment, describing)
  if (old.length > 0 || current) {
    page.line(0, `OldReplicaSets:\t${orNone(old.map(created).join(', '))}`)
    page.line(0, `NewReplicaSet:\t${current ? created(current) : '<none>'}`)
  }
  writeEvents(page, deployment, describing)
}

function created(set: JsonObject): string {
  return `${nameOf(set)} (${numberAt(set, 'status', 'replicas')}/${numberAt(set, 'spec', 'replicas')} replicas created)`
}

/** The ReplicaSets of a Deployment: the one whose template is the Deployment's, and those before it. */
function replicaSetsOf(deployment: JsonObject, { client }: Describing) {
  const path = `/apis/apps/v1/namespaces/${namespaceOf(deployment)}/replicasets`
  const labelSelector = selectorText(at(deployment, 'spec', 'selector'))
  const uid = textAt(deployment, 'metadata', 'uid')
  const owned = objectsAt(client.get(path, { query: { labelSelector, limit: 500 } }), 'items').filter(set =>
    objectsAt(set, 'metadata', 'ownerReferences').some(
      reference => reference.uid === uid && reference.controller === true,
    ),
  )
  const template = at(deployment, 'spec', 'template')
  const ordered = [...owned].sort((a, b) =>
    textAt(a, 'metadata', 'creationTimestamp') < textAt(b, 'metadata', 'creationTimestamp') ? -1 : 1,
  )
  const current = ordered.find(set => isEqual(withoutPodTemplateHash(at(set, 'spec', 'template')), template))
  return { current, old: owned.filter(set => set !== current) }
}
