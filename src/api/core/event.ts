import { type FieldError, invalid } from '../../machinery/fieldpath.ts'
import { defineKind, type Column } from '../../machinery/kind.ts'
import type { Event as Model, ObjectReference } from '../generated/core.v1.ts'
import { since } from '../meta/age.ts'

export type Event = Model

/** Strategy: pkg/registry/core/event/strategy.go. The storage forgets them after an hour. */
export const Event = defineKind<Event>({
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,

  defaults(draft) {
    const { involvedObject } = draft
    draft.involvedObject = { ...involvedObject }
    draft.source = { ...draft.source }
    draft.reportingComponent ??= ''
    draft.reportingInstance ??= ''
    // Go prints times that nobody has set.
    const { eventTime = null, firstTimestamp = null, lastTimestamp = null } = draft
    Object.assign(draft, { eventTime, firstTimestamp, lastTimestamp })
  },

  validate: checkEvent,

  selectableFields: {
    'involvedObject.kind': event => event.involvedObject.kind ?? '',
    'involvedObject.namespace': event => event.involvedObject.namespace ?? '',
    'involvedObject.name': event => event.involvedObject.name ?? '',
    'involvedObject.uid': event => event.involvedObject.uid ?? '',
    'involvedObject.apiVersion': event => event.involvedObject.apiVersion ?? '',
    'involvedObject.resourceVersion': event => event.involvedObject.resourceVersion ?? '',
    'involvedObject.fieldPath': event => event.involvedObject.fieldPath ?? '',
    reason: event => event.reason ?? '',
    reportingComponent: event => event.reportingComponent ?? '',
    source: event => event.source?.component || event.reportingComponent || '',
    type: event => event.type ?? '',
  },

  columns: eventColumns(event => event),
})

function checkEvent({ metadata: { namespace = '' }, involvedObject }: Event): FieldError[] {
  const expected = involvedObject.namespace || 'default'
  const isAllowed = namespace === expected || (!involvedObject.namespace && namespace === '')
  if (isAllowed) return []
  return [invalid('involvedObject.namespace', involvedObject.namespace ?? '', 'does not match event.namespace')]
}

/** What a row of `kubectl get events` shows; both versions of the API show the same. */
export function eventColumns<T extends { metadata: { name: string } }>(asCore: (event: T) => Event): Column<T>[] {
  return [
    { name: 'Last Seen', cell: (event, now) => lastSeen(asCore(event), now) },
    { name: 'Type', cell: event => asCore(event).type ?? '' },
    { name: 'Reason', cell: event => asCore(event).reason ?? '' },
    { name: 'Object', cell: event => objectOf(asCore(event).involvedObject) },
    { name: 'Subobject', wide: true, cell: event => asCore(event).involvedObject.fieldPath ?? '' },
    { name: 'Source', wide: true, cell: event => sourceOf(asCore(event)) },
    { name: 'Message', cell: event => (asCore(event).message ?? '').trim() },
    { name: 'First Seen', wide: true, cell: (event, now) => firstSeen(asCore(event), now) },
    { name: 'Count', wide: true, cell: event => countOf(asCore(event)) },
    { name: 'Name', format: 'name', wide: true, cell: event => event.metadata.name },
  ]
}

function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return since(firstTimestamp || eventTime || undefined, now)
}

function lastSeen(event: Event, now: number): string {
  if (event.series?.lastObservedTime) return since(event.series.lastObservedTime, now)
  return event.lastTimestamp ? since(event.lastTimestamp, now) : firstSeen(event, now)
}

function countOf({ series, count }: Event): number {
  return series?.count ?? (count || 1)
}

function objectOf({ kind = '', name = '' }: ObjectReference): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase()
}

function sourceOf({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || ''
  const host = source?.host || reportingInstance || ''
  return host ? `${component}, ${host}` : component
}
