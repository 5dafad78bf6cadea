import type { JsonObject } from '../../../machinery/json-value.ts'
import { ApiError } from '../../../machinery/status.ts'
import { parseTime } from '../../../machinery/time.ts'
import { at, nameOf, namespaceOf, objectsAt, textAt } from '../unstructured.ts'
import type { RestClient } from '../api/client.ts'

/** What a drain of a Node may do: kubectl/pkg/drain/filters.go. */
export interface DrainRules {
  readonly ignoreDaemonSets: boolean
  readonly deleteLocalData: boolean
  readonly force: boolean
  readonly podSelector: string
  /** Pods that have been terminating for longer are not waited for; 0 turns that off. */
  readonly skipTerminatingSeconds: number
}

/** One Pod to evict, and how that goes. */
export interface DrainedPod {
  readonly namespace: string
  readonly name: string
  readonly uid: string
}

export interface PodsToDrain {
  readonly pods: readonly DrainedPod[]
  readonly warnings: string
  readonly errors: readonly string[]
}

type Verdict =
  | { readonly type: 'okay' | 'skip' }
  | { readonly type: 'warning'; readonly deletes: boolean; readonly text: string }
  | { readonly type: 'error'; readonly text: string }

const okay: Verdict = { type: 'okay' }
const unmanaged = 'Pods that declare no controller (use --force to override)'
const localStorage = 'Pods with local storage (use --delete-emptydir-data to override)'
const daemonSetManaged = 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)'

/** The Pods of a Node that a drain takes away, or why it may not. */
export function podsToDrain(client: RestClient, node: string, rules: DrainRules, now: number): PodsToDrain {
  const query = { fieldSelector: `spec.nodeName=${node}`, labelSelector: rules.podSelector, limit: 500 }
  const pods: DrainedPod[] = []
  const warnings = new Map<string, string[]>()
  // In this order, whichever comes first: upstream's order is that of a Go map.
  const errors = new Map<string, string[]>([unmanaged, localStorage, daemonSetManaged].map(text => [text, []]))
  for (const pod of objectsAt(client.get('/api/v1/pods', { query }), 'items')) {
    const verdict = judge(client, pod, rules, now)
    const shown = `${namespaceOf(pod)}/${nameOf(pod)}`
    if (verdict.type === 'error') errors.set(verdict.text, [...(errors.get(verdict.text) ?? []), shown])
    if (verdict.type === 'warning') warnings.set(verdict.text, [...(warnings.get(verdict.text) ?? []), shown])
    if (verdict.type !== 'okay' && !(verdict.type === 'warning' && verdict.deletes)) continue
    pods.push({ namespace: namespaceOf(pod), name: nameOf(pod), uid: textAt(pod, 'metadata', 'uid') })
  }
  return {
    pods,
    warnings: [...warnings].map(([text, names]) => `${text}: ${names.join(', ')}`).join('; '),
    errors: [...errors].flatMap(([text, names]) =>
      names.length === 0 ? [] : [`cannot delete ${text}: ${names.join(', ')}`],
    ),
  }
}

/** Each filter may end it; what the last one says holds. */
function judge(client: RestClient, pod: JsonObject, rules: DrainRules, now: number): Verdict {
  let verdict: Verdict = okay
  for (const filter of [skipTerminating, ofDaemonSet, mirror, withLocalStorage, withoutController]) {
    verdict = filter(client, pod, rules, now)
    if (verdict.type === 'skip' || verdict.type === 'error' || (verdict.type === 'warning' && !verdict.deletes)) break
  }
  return verdict
}

type Filter = (client: RestClient, pod: JsonObject, rules: DrainRules, now: number) => Verdict

const skipTerminating: Filter = (_, pod, { skipTerminatingSeconds }, now) =>
  isLongTerminating(pod, skipTerminatingSeconds, now) ? { type: 'skip' } : okay

/** Whether a Pod has been terminating for longer than it is waited for. */
export function isLongTerminating(pod: JsonObject, seconds: number, now: number): boolean {
  const deleted = textAt(pod, 'metadata', 'deletionTimestamp')
  return seconds > 0 && deleted !== '' && Math.floor((now - parseTime(deleted)) / 1000) > seconds
}

const ofDaemonSet: Filter = (client, pod, { force, ignoreDaemonSets }) => {
  const owner = controllerOf(pod)
  if (owner?.kind !== 'DaemonSet' || owner.apiVersion !== 'apps/v1' || isOver(pod)) return okay
  try {
    client.get(`/apis/apps/v1/namespaces/${namespaceOf(pod)}/daemonsets/${textAt(owner, 'name')}`)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const isOrphan = error.reason === 'NotFound' && force
    return isOrphan ? { type: 'warning', deletes: true, text: error.message } : { type: 'error', text: error.message }
  }
  if (!ignoreDaemonSets) return { type: 'error', text: daemonSetManaged }
  return { type: 'warning', deletes: false, text: 'ignoring DaemonSet-managed Pods' }
}

const mirror: Filter = (_, pod) =>
  at(pod, 'metadata', 'annotations', 'kubernetes.io/config.mirror') === undefined ? okay : { type: 'skip' }

const withLocalStorage: Filter = (_, pod, { deleteLocalData }) => {
  const isLocal = objectsAt(pod, 'spec', 'volumes').some(volume => volume.emptyDir !== undefined)
  if (!isLocal || isOver(pod)) return okay
  if (!deleteLocalData) return { type: 'error', text: localStorage }
  return { type: 'warning', deletes: true, text: 'deleting Pods with local storage' }
}

const withoutController: Filter = (_, pod, { force }) => {
  if (isOver(pod) || controllerOf(pod)) return okay
  if (!force) return { type: 'error', text: unmanaged }
  return { type: 'warning', deletes: true, text: 'deleting Pods that declare no controller' }
}

function isOver(pod: JsonObject): boolean {
  return ['Succeeded', 'Failed'].includes(textAt(pod, 'status', 'phase'))
}

function controllerOf(pod: JsonObject): JsonObject | undefined {
  return objectsAt(pod, 'metadata', 'ownerReferences').find(owner => owner.controller === true)
}
