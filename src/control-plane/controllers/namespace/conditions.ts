import type { Namespace } from '../../../api/core/namespace.ts'
import { compareBytes } from '../../../machinery/go-text.ts'
import { timestamp } from '../../../machinery/time.ts'
import type { Cleanup } from './content.ts'

/** What a namespace's status says of its deletion. Models pkg/controller/namespace/deletion/status_condition_utils.go. */

type Condition = NonNullable<Namespace['status']['conditions']>[number]
type Verdict = Pick<Condition, 'status' | 'reason' | 'message'>

const removed = 'All content successfully removed'
const deleted = 'All content successfully deleted, may be waiting on finalization'

/** The conditions after a pass; the same array when nothing is new. */
export function conditionsOf(namespace: Namespace, cleanup: Cleanup, now: number): Condition[] | undefined {
  const before = namespace.status.conditions
  const conditions = [...(before ?? [])]
  let isNew = false
  for (const [type, verdict] of verdictsOf(cleanup)) {
    const position = conditions.findIndex(condition => condition.type === type)
    const old = conditions[position]
    if (!old) conditions.push({ type, lastTransitionTime: timestamp(now), ...verdict })
    else if (old.status === verdict.status && old.reason === verdict.reason && old.message === verdict.message) continue
    else {
      const lastTransitionTime = old.status === verdict.status ? old.lastTransitionTime : timestamp(now)
      conditions[position] = { type, ...(lastTransitionTime !== undefined && { lastTransitionTime }), ...verdict }
    }
    isNew = true
  }
  return isNew ? conditions : before
}

function verdictsOf({ failures, remaining, finalizers }: Cleanup): [string, Verdict][] {
  return [
    ['NamespaceDeletionDiscoveryFailure', no('ResourcesDiscovered', 'All resources successfully discovered')],
    [
      'NamespaceDeletionGroupVersionParsingFailure',
      no('ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    ],
    ['NamespaceDeletionContentFailure', contentFailure(failures.map(({ message }) => message))],
    ['NamespaceContentRemaining', contentRemaining(remaining)],
    ['NamespaceFinalizersRemaining', finalizersRemaining(finalizers)],
  ]
}

function no(reason: string, message: string): Verdict {
  return { status: 'False', reason, message }
}

function contentFailure(messages: string[]): Verdict {
  if (messages.length === 0) return no('ContentDeleted', deleted)
  const list = messages.sort(compareBytes).join(', ')
  const message = `Failed to delete all resource types, ${messages.length} remaining: ${list}`
  return { status: 'True', reason: 'ContentDeletionFailed', message }
}

function contentRemaining(counts: ReadonlyMap<string, number>): Verdict {
  if (counts.size === 0) return no('ContentRemoved', removed)
  const list = listOf(counts, (resource, count) => `${resource} has ${count} resource instances`)
  return { status: 'True', reason: 'SomeResourcesRemain', message: `Some resources are remaining: ${list}` }
}

function finalizersRemaining(counts: ReadonlyMap<string, number>): Verdict {
  if (counts.size === 0) return no('ContentHasNoFinalizers', 'All content-preserving finalizers finished')
  const list = listOf(counts, (finalizer, count) => `${finalizer} in ${count} resource instances`)
  return {
    status: 'True',
    reason: 'SomeFinalizersRemain',
    message: `Some content in the namespace has finalizers remaining: ${list}`,
  }
}

function listOf(counts: ReadonlyMap<string, number>, text: (name: string, count: number) => string): string {
  return [...counts]
    .map(([name, count]) => text(name, count))
    .sort(compareBytes)
    .join(', ')
}
