import type { Event } from '../../api/core/event.ts'
import type { Evidence, EvidenceEntry } from '../../machinery/evidence.ts'
import type { Kind } from '../../machinery/kind.ts'
import type { ApiObject } from '../../machinery/object.ts'
import type { Explanation, Finding } from './explanation.ts'

/** What explainers look at: the API, and the trace. */
export interface World {
  readonly now: number
  find<T extends ApiObject>(kind: Kind<T>, name: string, namespace?: string): T | undefined
  /** Objects of all namespaces unless one is named. */
  list<T extends ApiObject>(kind: Kind<T>, namespace?: string): readonly T[]
  /** Events about an object, oldest first. */
  events(about: ApiObject): readonly Event[]
  /** The newest entry of the trace that is of a type and passes. */
  latest<Type extends keyof Evidence>(
    type: Type,
    passes: (data: Evidence[Type]) => boolean,
  ): EvidenceEntry<Type> | undefined
}

/** Says why an object is as it is: the most important first, never nothing. */
export type Explainer<T extends ApiObject> = (object: T, world: World) => readonly Explanation[]

/** The newest Events of some reasons, as findings, the last first. */
export function told(world: World, about: ApiObject, reasons: readonly string[], most = 2): Finding[] {
  return world
    .events(about)
    .filter(({ reason = '' }) => reasons.includes(reason))
    .slice(-most)
    .reverse()
    .map(findingOf)
}

/** What Events warn of, the last first. */
export function warnings(world: World, about: ApiObject, most = 3): Finding[] {
  return world
    .events(about)
    .filter(({ type }) => type === 'Warning')
    .slice(-most)
    .reverse()
    .map(findingOf)
}

function findingOf({ source, reportingComponent, reason = '', message = '', count = 1 }: Event): Finding {
  const who = [source?.component ?? reportingComponent ?? '', source?.host ?? ''].filter(Boolean).join(' ')
  return { source: who || 'Event', text: `${reason}: ${message}${count > 1 ? ` (×${count})` : ''}` }
}
