import { ControllerRevision } from '../../../api/apps/controllerrevision.ts'
import { DaemonSet } from '../../../api/apps/daemonset.ts'
import { Node } from '../../../api/core/node.ts'
import { Pod } from '../../../api/core/pod.ts'
import { isEmptySelector } from '../../../api/meta/labelselector.ts'
import { type Cache, type Context, defineController, watchOf } from '../../../client/controller.ts'
import { matches } from '../../../machinery/labels.ts'
import { controllerOf, isEqual } from '../../../machinery/object.ts'
import { attempt } from '../../../machinery/status.ts'
import { claimantKeys } from '../ownership.ts'
import { revisionOwnerKeys } from '../revisions.ts'
import { type Daemons, daemonsOf } from './daemons.ts'
import { cleanUpHistory, type History, historyOf } from './history.ts'
import { applyChanges, changesOf } from './manage.ts'
import { placementOn, targetNode } from './placement.ts'
import { rollingChanges } from './rolling.ts'
import { updateStatus } from './status.ts'

/** Runs a Pod on each node that it is for. Models pkg/controller/daemon/daemon_controller.go. */
export const daemonSetController = defineController({
  name: 'daemonset-controller',
  serviceAccount: 'daemon-set-controller',
  reconciles: DaemonSet,
  workers: 2,
  owns: [Pod],
  watches: [
    watchOf(Pod, (old, next, cache) => orphanKeys(old, next, cache)),
    watchOf(Node, (old, next, cache) => nodeKeys(old, next, cache)),
    watchOf(ControllerRevision, (old, next) => revisionOwnerKeys(DaemonSet, next ?? old)),
  ],

  reconcile(ds, context) {
    const { event, expectations } = context
    if (isEmptySelector(ds.spec.selector)) {
      event(ds, 'Warning', 'SelectingAll', 'This daemon set is selecting all pods. A non-empty selector is required.')
      return
    }
    if (ds.metadata.deletionTimestamp !== undefined) return
    const history = historyOf(ds, context)
    const daemons = daemonsOf(ds, context)
    const mayAct = expectations.met(ds)
    const failure = mayAct ? attempt(() => act(daemons, history, context)) : undefined
    const isWaiting = updateStatus(daemons, history.hash, context, mayAct)
    if (failure) throw failure
    if (isWaiting && mayAct) return { requeueAfterMs: (ds.spec.minReadySeconds ?? 0) * 1000 }
  },
})

function act(daemons: Daemons, history: History, context: Context): void {
  const { ds } = daemons
  applyChanges(ds, changesOf(daemons, history.hash, context), history.hash, context)
  if (context.expectations.met(ds) && ds.spec.updateStrategy.type === 'RollingUpdate') {
    applyChanges(ds, rollingChanges(daemons, history.hash, context), history.hash, context)
  }
  cleanUpHistory(daemons, history, context)
}

/**
 * DaemonSets that have something to do on a node that is new or changed: syncNodeUpdate; also those that count Pods where
 * they should not be, which may be right again. Nobody looks at a node that was deleted: its Pods' end is what wakes.
 */
function nodeKeys(old: Node | undefined, next: Node | undefined, cache: Cache): string[] {
  if (!next) return []
  const isSame = old && isEqual(old.metadata.labels, next.metadata.labels) && isEqual(old.spec, next.spec)
  if (isSame) return []
  const { name } = next.metadata
  const keys: string[] = []
  for (const ds of cache.list(DaemonSet)) {
    const { shouldRun, mayStay } = placementOn(next, ds)
    const isThere = cache.ownedBy(Pod, ds).some(pod => targetNode(pod) === name)
    const isCountStale = isThere && (ds.status.numberMisscheduled ?? 0) > 0
    if (isCountStale || (isThere ? !mayStay : shouldRun)) keys.push(`${ds.metadata.namespace}/${ds.metadata.name}`)
  }
  return keys
}

function orphanKeys(old: Pod | undefined, next: Pod | undefined, cache: Cache): string[] {
  if (!next || next.metadata.deletionTimestamp !== undefined) return []
  if (old && !controllerOf(old) && old.metadata.labels === next.metadata.labels) return []
  const owners = (): DaemonSet[] => cache.list(DaemonSet, next.metadata.namespace)
  return claimantKeys(next, owners, ({ spec }, labels) => matches(spec.selector, labels))
}
