import type { JsonObject } from '../../machinery/json-value.ts'
import { goSort } from './printers/go-sort.ts'
import { at, numberAt, objectsAt, textAt } from './unstructured.ts'

// Which of several Pods kubectl speaks to: kubectl/pkg/util/podutils.

/** The Pod whose logs tell most: one that runs, is ready, and has been for longest; else one that restarts often. */
export function bestForLogs(pods: readonly JsonObject[]): JsonObject | undefined {
  const ordered = [...pods]
  goSort(ordered, (a, b) => compare(a, b, { isForLogs: true }) < 0)
  return ordered[0]
}

/** The Pod to run something in: ActivePods, the last of them first. */
export function bestForAttaching(pods: readonly JsonObject[]): JsonObject | undefined {
  const ordered = [...pods]
  goSort(ordered, (a, b) => compare(a, b, { isForLogs: false }) < 0)
  return ordered[0]
}

/** Less than 0 when the first Pod is the better one. */
function compare(a: JsonObject, b: JsonObject, { isForLogs }: { isForLogs: boolean }): number {
  const first = (...ranks: readonly number[]): number => ranks.find(rank => rank !== 0) ?? 0
  const less = (left: boolean, right: boolean): number => Number(right) - Number(left)
  const [ready, otherReady] = [readyTime(a), readyTime(b)]
  const restarts = (pod: JsonObject): number => maxRestarts(pod, 'containerStatuses')
  const sidecars = (pod: JsonObject): number => maxRestarts(pod, 'initContainerStatuses', sidecarsOf(pod))
  const more = first(restarts(b) - restarts(a), sidecars(b) - sidecars(a))
  return first(
    less(textAt(a, 'spec', 'nodeName') !== '', textAt(b, 'spec', 'nodeName') !== ''),
    phaseRank(a) - phaseRank(b),
    less(ready !== undefined, otherReady !== undefined),
    isForLogs ? 0 : -less(isDeleting(a), isDeleting(b)),
    earlier(ready, otherReady),
    isForLogs ? more : -more,
    earlier(textAt(a, 'metadata', 'creationTimestamp'), textAt(b, 'metadata', 'creationTimestamp')),
  )
}

function phaseRank(pod: JsonObject): number {
  return Math.max(['Running', 'Unknown', 'Pending'].indexOf(textAt(pod, 'status', 'phase')), 0)
}

/** Since when it is ready, if it is. */
function readyTime(pod: JsonObject): string | undefined {
  const ready = objectsAt(pod, 'status', 'conditions').find(({ type, status }) => type === 'Ready' && status === 'True')
  return ready && textAt(ready, 'lastTransitionTime')
}

function isDeleting(pod: JsonObject): boolean {
  return at(pod, 'metadata', 'deletionTimestamp') !== undefined
}

/** The earlier time first. */
function earlier(a = '', b = ''): number {
  return a === b ? 0 : a < b ? -1 : 1
}

function maxRestarts(pod: JsonObject, list: string, names?: ReadonlySet<string>): number {
  const counted = objectsAt(pod, 'status', list).filter(each => !names || names.has(textAt(each, 'name')))
  return Math.max(0, ...counted.map(each => numberAt(each, 'restartCount')))
}

function sidecarsOf(pod: JsonObject): ReadonlySet<string> {
  const always = objectsAt(pod, 'spec', 'initContainers').filter(each => each.restartPolicy === 'Always')
  return new Set(always.map(each => textAt(each, 'name')))
}
