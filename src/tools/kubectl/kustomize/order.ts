import { compareBytes } from '../../../machinery/go-text.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { textsAt } from '../unstructured.ts'
import { groupKindOf, idOf, type Item } from './item.ts'

const first = [
  ...['Namespace', 'ResourceQuota', 'StorageClass', 'CustomResourceDefinition', 'ServiceAccount', 'PodSecurityPolicy'],
  ...['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding', 'ConfigMap', 'Secret', 'Endpoints', 'Service'],
  ...['LimitRange', 'PriorityClass', 'PersistentVolume', 'PersistentVolumeClaim', 'Deployment', 'StatefulSet'],
  ...['CronJob', 'PodDisruptionBudget'],
]
const last = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

/** In the order in which kustomize prints: what others need comes first (SortOrderTransformer, `legacy`). */
export function inLegacyOrder(items: readonly Item[], options: unknown = undefined): readonly Item[] {
  const [firstKinds, lastKinds] = [textsAt(options, 'orderFirst'), textsAt(options, 'orderLast')]
  const isGiven = firstKinds.length + lastKinds.length > 0
  const [starts, ends] = isGiven ? [firstKinds, lastKinds] : [first, last]
  const rank = (kind: string): number => {
    const start = starts.indexOf(kind)
    return start < 0 ? ends.indexOf(kind) + 1 : start - starts.length
  }
  return [...items].sort((a, b) => {
    const [left, right] = [groupKindOf(a.object), groupKindOf(b.object)]
    return (
      rank(left.kind) - rank(right.kind) ||
      compareBytes(kindKey(a.object), kindKey(b.object)) ||
      compareBytes(nameKey(a.object), nameKey(b.object))
    )
  })
}

function kindKey(object: JsonObject): string {
  const { group, version, kind } = groupKindOf(object)
  return `${group || '~G'}_${version || '~V'}_${kind || '~K'}`
}

function nameKey(object: JsonObject): string {
  const { name, namespace } = idOf(object)
  return `${namespace || '~X'}|${name || '~N'}`
}
