import type { JsonObject } from '../../../machinery/json-value.ts'
import { namespaceOf, objectsAt, textAt } from '../unstructured.ts'
import type { Describing } from './sections.ts'
import type { Page } from './page.ts'

/** The Pods of a namespace that a controller owns and its selector takes. */
export function podsOf(owner: JsonObject, selector: string, { client }: Describing): readonly JsonObject[] {
  const path = `/api/v1/namespaces/${namespaceOf(owner)}/pods`
  const uid = textAt(owner, 'metadata', 'uid')
  const pods = objectsAt(
    client.get(path, { query: { labelSelector: selector === '<none>' ? '' : selector, limit: 500 } }),
    'items',
  )
  return pods.filter(pod =>
    objectsAt(pod, 'metadata', 'ownerReferences').some(
      reference => reference.controller === true && reference.uid === uid,
    ),
  )
}

/** `2 Running / 0 Waiting / 0 Succeeded / 0 Failed`. */
export function podCounts(pods: readonly JsonObject[]): string {
  const count = (phase: string): number => pods.filter(pod => textAt(pod, 'status', 'phase') === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}

/** Conditions with their reasons, without times. */
export function writeReasons(page: Page, object: JsonObject): void {
  const conditions = objectsAt(object, 'status', 'conditions')
  if (conditions.length === 0) return
  page.line(0, 'Conditions:')
  page.line(1, 'Type\tStatus\tReason')
  page.line(1, '----\t------\t------')
  for (const condition of conditions) {
    page.line(1, `${textAt(condition, 'type')} \t${textAt(condition, 'status')}\t${textAt(condition, 'reason')}`)
  }
}
