import { Node } from '../../api/core/node.ts'
import { Pod } from '../../api/core/pod.ts'
import { type Taint, tolerates } from '../../api/core/toleration.ts'
import { findCondition, setCondition } from '../../api/meta/conditions.ts'
import { type Context, defineController, type Outcome, watchOf } from '../../client/controller.ts'
import { type ApiObject, isEqual } from '../../machinery/object.ts'
import { attempt } from '../../machinery/status.ts'

/** A deletion that is planned: since when the Pod is on a tainted node, and when it has to go. Plain data. */
interface Eviction {
  readonly since: number
  readonly at: number
  /** The Pod was told to go: it is not told again. */
  readonly isDone: boolean
}

/**
 * Drives Pods off nodes with NoExecute taints that they do not tolerate, or no longer. Models
 * pkg/controller/tainteviction/taint_eviction.go.
 */
export const taintEvictionController = defineController({
  name: 'taint-eviction-controller',
  serviceAccount: 'node-controller',
  reconciles: Pod,
  workers: 8,
  concerns: (old, next) =>
    old?.spec.nodeName !== next?.spec.nodeName || !isEqual(old?.spec.tolerations, next?.spec.tolerations),
  watches: [
    watchOf(Node, (old, next, cache) => {
      const node = next ?? old
      if (!node || isEqual(noExecuteTaints(old), noExecuteTaints(next))) return []
      const pods = cache.list(Pod).filter(({ spec }) => spec.nodeName === node.metadata.name)
      return pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    }),
  ],

  reconcile(pod, context) {
    const taints = noExecuteTaints(context.cache.get(Node, pod.spec.nodeName ?? ''))
    const planned = plannedIn(context)
    if (!pod.spec.nodeName || (taints.length === 0 && !planned)) return
    const toleratedMs = taints.length === 0 ? Infinity : msTolerated(pod, taints)
    if (toleratedMs === Infinity) return cancel(pod, context)
    if (toleratedMs === 0) return evict(pod, context)
    return plan(pod, toleratedMs, context)
  },

  removed(key, { event, memory }) {
    const planned = memory.get(key)
    memory.delete(key)
    const [namespace = '', name = ''] = key.split('/')
    const metadata = { name, namespace, uid: '', resourceVersion: '', creationTimestamp: '' }
    if (isEviction(planned) && !planned.isDone)
      tellOfCancelling({ apiVersion: 'v1', kind: 'Pod', metadata }, key, event)
  },
})

function noExecuteTaints(node: Node | undefined): Taint[] {
  return (node?.spec.taints ?? []).filter(({ effect }) => effect === 'NoExecute')
}

/** How long the Pod may stay; 0 if it does not tolerate one of the taints, Infinity if it tolerates all for ever. */
function msTolerated({ spec: { tolerations = [] } }: Pod, taints: readonly Taint[]): number {
  let least = Infinity
  for (const taint of taints) {
    const toleration = tolerations.find(each => tolerates(each, taint))
    if (!toleration) return 0
    const { tolerationSeconds } = toleration
    if (tolerationSeconds !== undefined) least = Math.min(least, Math.max(tolerationSeconds, 0) * 1000)
  }
  return least
}

/** Sets the time of a deletion; one that was set earlier and comes first stays. */
function plan(pod: Pod, toleratedMs: number, context: Context): Outcome | void {
  const { key, memory, now } = context
  const planned = plannedIn(context)
  if (planned?.isDone) return
  if (planned && now >= planned.at) return evict(pod, context)
  const since = planned?.since ?? now
  if (planned && since + toleratedMs < now + toleratedMs) return { requeueAfterMs: planned.at - now }
  const eviction: Eviction = { since, at: now + toleratedMs, isDone: false }
  memory.set(key, eviction)
  return { requeueAfterMs: toleratedMs }
}

function plannedIn({ key, memory }: Context): Eviction | undefined {
  const kept = memory.get(key)
  return isEviction(kept) ? kept : undefined
}

function isEviction(value: unknown): value is Eviction {
  return typeof value === 'object' && value !== null && 'at' in value && 'since' in value
}

function cancel(pod: Pod, { event, key, memory }: Context): void {
  const planned = memory.get(key)
  memory.delete(key)
  if (isEviction(planned) && !planned.isDone) tellOfCancelling(pod, key, event)
}

function tellOfCancelling(pod: ApiObject, key: string, event: Context['event']): void {
  event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)
}

function evict(pod: Pod, { api, event, key, memory, now }: Context): void {
  const done: Eviction = { since: now, at: now, isDone: true }
  memory.set(key, done)
  event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`)
  const failure = attempt(() => {
    const live = api.get(Pod, pod.metadata.name, pod.metadata.namespace)
    if (live.metadata.uid !== pod.metadata.uid) return
    if (findCondition(live.status.conditions, 'DisruptionTarget')?.status !== 'True') {
      const { generation } = live.metadata
      const target = { ...disruption, ...(generation !== undefined && { observedGeneration: generation }) }
      const conditions = setCondition(live.status.conditions, target, now)
      api.patch(Pod, live, 'strategic', { status: { conditions: [conditions.at(-1)] } }, 'status')
    }
    api.delete(Pod, live)
  })
  if (failure && failure.reason !== 'NotFound') throw failure
}

const disruption = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'DeletionByTaintManager',
  message: 'Taint manager: deleting due to NoExecute taint',
}
