import type { ApiObject } from '../../machinery/object.ts'
import type { Tone } from '../model.ts'

/** A sentence in the languages of the page. */
export interface Text {
  readonly en: string
  readonly ko: string
}

/** Where to look next: an object of the API. */
export interface Cause {
  /** As kubectl names it: `pods`, `deployments.apps`. */
  readonly resource: string
  readonly namespace?: string
  readonly name: string
}

/** What a component said, in its words. */
export interface Finding {
  /** Who said it, or where it stands: `kube-scheduler`, `w1-k8s`, `status.conditions[Ready]`. */
  readonly source: string
  readonly text: string
}

/** A change that certainly mends what is explained. */
export interface Fix {
  readonly text: Text
  /** The command that makes the change. */
  readonly command: string
  /** The object as it would be then. */
  readonly object?: ApiObject
}

export interface Explanation {
  readonly tone: Tone
  readonly text: Text
  readonly evidence: readonly Finding[]
  readonly cause?: Cause
  readonly fix?: Fix
}

export function causeOf(kind: { readonly resource: string }, { metadata }: ApiObject): Cause {
  const { namespace, name } = metadata
  return { resource: kind.resource, name, ...(namespace !== undefined && { namespace }) }
}
