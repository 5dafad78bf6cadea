import { isTerminal } from '../../../api/core/podstatus.ts'
import type { Namespace } from '../../../api/core/namespace.ts'
import { Pod } from '../../../api/core/pod.ts'
import type { Context } from '../../../client/controller.ts'
import type { Kind } from '../../../machinery/kind.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { ApiError, attempt } from '../../../machinery/status.ts'
import { parseTime } from '../../../machinery/time.ts'

/** Deletes what is in a namespace. Models pkg/controller/namespace/deletion/namespaced_resources_deleter.go. */
export interface Cleanup {
  /** How long what is left may still take, in seconds; 0 when nothing is left. */
  readonly estimateS: number
  readonly failures: readonly ApiError[]
  /** Objects left by resource (`pods.`, `deployments.apps`) and by finalizer; empty while Pods are waited for. */
  readonly remaining: ReadonlyMap<string, number>
  readonly finalizers: ReadonlyMap<string, number>
}

/** What an object with finalizers is given: time for the garbage collector and others to do their part. */
const finalizerEstimateS = 15

/** Deletes everything: Pods first, and the rest when they are gone, since Pods may need the rest until then. */
export function emptyNamespace(namespace: Namespace, kinds: readonly Kind[], context: Context): Cleanup {
  const remaining = new Map<string, number>()
  const finalizers = new Map<string, number>()
  const failures: ApiError[] = []
  let estimateS = 0

  const remove = (kind: Kind): Rest | undefined => {
    let rest: Rest | undefined
    const failure = attempt(() => {
      rest = deleteAll(namespace, kind, context)
    })
    if (failure) failures.push(failure)
    return rest
  }

  const pods = remove(Pod)
  if (pods && pods.estimateS > 0) return { estimateS: pods.estimateS, failures, remaining, finalizers }
  for (const kind of kinds) {
    if (!kind.namespaced || (kind.verbs && !kind.verbs.includes('delete'))) continue
    const rest = remove(kind)
    if (!rest || rest.objects.length === 0) continue
    estimateS = Math.max(estimateS, rest.estimateS)
    remaining.set(`${kind.plural}.${kind.group}`, rest.objects.length)
    for (const object of rest.objects) {
      for (const name of object.metadata.finalizers ?? []) finalizers.set(name, (finalizers.get(name) ?? 0) + 1)
    }
  }
  return { estimateS, failures, remaining, finalizers }
}

interface Rest {
  readonly objects: readonly ApiObject[]
  readonly estimateS: number
}

/** Deletes all objects of a kind; throws when one stays that has no reason to. */
function deleteAll({ metadata }: Namespace, kind: Kind, { api, now }: Context): Rest {
  const namespace = metadata.name
  const before = api.list(kind, namespace)
  if (before.length === 0) return { objects: before, estimateS: 0 }
  const estimateS = kind.resource === Pod.resource ? podGraceS(api.list(Pod, namespace), metadata, now) : 0
  const options = { propagationPolicy: 'Background' } as const
  if (!kind.verbs || kind.verbs.includes('deletecollection')) {
    api.send({ verb: 'deletecollection', kind, namespace, options })
  } else for (const object of before) api.delete(kind, object, options)
  const objects = api.list(kind, namespace)
  if (objects.length === 0) return { objects, estimateS: 0 }
  if (estimateS > 0) return { objects, estimateS }
  if (objects.some(object => object.metadata.finalizers?.length)) return { objects, estimateS: finalizerEstimateS }
  const { group, version, plural } = kind
  const what = `${group}/${version}, Resource=${plural}`
  throw new ApiError('', `unexpected items still remain in namespace: ${namespace} for gvr: ${what}`)
}

/** The longest grace period of the Pods, unless it has passed since the namespace was deleted. */
function podGraceS(pods: readonly Pod[], { deletionTimestamp = '' }: Namespace['metadata'], now: number): number {
  let longestS = 0
  for (const pod of pods) {
    if (!isTerminal(pod)) longestS = Math.max(longestS, pod.spec.terminationGracePeriodSeconds)
  }
  return now - parseTime(deletionTimestamp) >= longestS * 1000 ? 0 : longestS
}
