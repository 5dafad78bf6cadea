import { CustomResourceDefinition } from '../../../api/apiextensions/customresourcedefinition.ts'
import { kinds } from '../../../api/index.ts'
import { Namespace } from '../../../api/core/namespace.ts'
import { type Context, defineController, type Outcome } from '../../../client/controller.ts'
import { discoveredKind } from '../../../client/discovered-kind.ts'
import { attempt } from '../../../machinery/status.ts'
import { customResources } from '../custom-resources.ts'
import { type Cleanup, emptyNamespace } from './content.ts'
import { conditionsOf } from './conditions.ts'

/** How long a deletion waits, so that servers that have not heard of it yet create nothing any more in the namespace. */
const graceMs = 5_000

/**
 * Empties namespaces that are being deleted, Pods first, and lets them go. Models pkg/controller/namespace: the kinds
 * that discovery would tell of are those that are built in, and what the cached CustomResourceDefinitions say.
 */
export const namespaceController = defineController({
  name: 'namespace-controller',
  reconciles: Namespace,
  reads: [CustomResourceDefinition],
  workers: 10,
  rate: { qps: 20, burst: 100 }, // startModifiedNamespaceController: it makes many calls in a row
  concerns: (_old, next) => next?.metadata.deletionTimestamp !== undefined,

  reconcile(namespace, context) {
    if (namespace.metadata.deletionTimestamp === undefined) return
    const waitMs = msUntilDue(context)
    if (waitMs > 0) return { requeueAfterMs: waitMs }
    return empty(namespace, context)
  },

  removed: (key, { memory }) => void memory.delete(key),
})

/**
 * Every change of a namespace is answered a grace period later, as upstream's queue has it; a time that is set stays,
 * unless a nearer one is wished for.
 */
function msUntilDue({ key, memory, now }: Context): number {
  const due = memory.get(key)
  if (typeof due !== 'number') {
    memory.set(key, now + graceMs)
    return graceMs
  }
  if (due > now) return due - now
  memory.delete(key)
  return 0
}

function empty(namespace: Namespace, context: Context): Outcome | void {
  const { api, cache, key, memory, now } = context
  if (namespace.spec.finalizers?.length === 0) return
  const cleanup = emptyNamespace(namespace, [...kinds, ...customResources(cache).map(discoveredKind)], context)
  const conditions = conditionsOf(namespace, cleanup, now)
  if (conditions !== namespace.status.conditions) {
    api.updateStatus(Namespace, { ...namespace, status: { ...namespace.status, conditions } })
  }
  if (cleanup.failures[0]) {
    memory.set(key, now)
    throw cleanup.failures[0]
  }
  if (cleanup.estimateS === 0) return finalize(namespace, context)
  return waitForRest(cleanup, context)
}

function waitForRest({ estimateS }: Cleanup, { key, memory, now }: Context): Outcome {
  const afterMs = (Math.floor(estimateS / 2) + 1) * 1000
  memory.set(key, now + Math.min(afterMs, graceMs))
  return { requeueAfterMs: Math.min(afterMs, graceMs) }
}

/** Says that nothing is left: the server then removes the namespace. */
function finalize(namespace: Namespace, { api }: Context): void {
  const finalizers = namespace.spec.finalizers?.filter(finalizer => finalizer !== 'kubernetes') ?? []
  const body = { ...namespace, spec: { ...namespace.spec, finalizers } }
  const { name } = namespace.metadata
  const failure = attempt(() => {
    api.send({ verb: 'update', kind: Namespace, name, subresource: 'finalize', body })
  })
  if (failure && failure.reason !== 'NotFound') throw failure
}
