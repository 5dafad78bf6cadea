import { defineKind } from '../../machinery/kind.ts'
import type { Event as CoreEvent } from '../generated/core.v1.ts'
import type { Event as Model } from '../generated/events.v1.ts'
import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { eventColumns } from '../core/event.ts'

export type EventV1 = Model

/** The newer form of events. Both forms are one storage: the API server converts with these functions. */
export const EventV1 = defineKind<EventV1>({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  shortNames: ['ev'],
  namespaced: true,

  defaults(draft) {
    draft.regarding = { ...draft.regarding }
    draft.deprecatedSource = { ...draft.deprecatedSource }
    const absent = { deprecatedFirstTimestamp: null, deprecatedLastTimestamp: null }
    for (const [key, value] of Object.entries(absent)) if (!(key in draft)) Object.assign(draft, { [key]: value })
  },

  validate: checkEvent,

  selectableFields: {
    reason: event => event.reason ?? '',
    reportingController: event => event.reportingController ?? '',
    'regarding.kind': event => event.regarding?.kind ?? '',
    'regarding.namespace': event => event.regarding?.namespace ?? '',
    'regarding.name': event => event.regarding?.name ?? '',
    'regarding.uid': event => event.regarding?.uid ?? '',
    'regarding.apiVersion': event => event.regarding?.apiVersion ?? '',
    'regarding.resourceVersion': event => event.regarding?.resourceVersion ?? '',
    'regarding.fieldPath': event => event.regarding?.fieldPath ?? '',
    type: event => event.type ?? '',
  },

  columns: eventColumns(toCoreEvent),
})

/** Strict rules of the new API: ValidateEventCreate of pkg/apis/core/validation/events.go. */
function checkEvent(event: EventV1): FieldError[] {
  const errors: FieldError[] = []
  const needed = (field: string, value: string | undefined): void => {
    if (!value) errors.push(required(field))
  }
  if (!event.eventTime) errors.push(required('eventTime'))
  needed('reportingController', event.reportingController)
  needed('reportingInstance', event.reportingInstance)
  needed('action', event.action)
  needed('reason', event.reason)
  const { type = '' } = event
  if (type !== 'Normal' && type !== 'Warning') {
    errors.push(invalid('type', type, `has invalid value: ${type}`))
  }
  return errors
}

/** The same event as a client of the core API sees it. */
export function toCoreEvent(event: EventV1): CoreEvent {
  const {
    note,
    regarding = {},
    deprecatedSource,
    deprecatedCount,
    deprecatedFirstTimestamp,
    deprecatedLastTimestamp,
    reportingController,
    ...same
  } = event
  return {
    ...same,
    apiVersion: 'v1',
    involvedObject: regarding,
    ...(note !== undefined && { message: note }),
    ...(deprecatedSource && { source: deprecatedSource }),
    ...(deprecatedCount !== undefined && { count: deprecatedCount }),
    ...(deprecatedFirstTimestamp !== undefined && { firstTimestamp: deprecatedFirstTimestamp }),
    ...(deprecatedLastTimestamp !== undefined && { lastTimestamp: deprecatedLastTimestamp }),
    reportingComponent: reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  }
}

/** The same event as a client of events.k8s.io sees it. */
export function fromCoreEvent(event: CoreEvent): EventV1 {
  const { message, involvedObject, source, count, firstTimestamp, lastTimestamp, reportingComponent, ...same } = event
  const { eventTime, series, ...rest } = same
  return {
    ...rest,
    apiVersion: 'events.k8s.io/v1',
    eventTime: eventTime ?? '',
    regarding: involvedObject,
    ...(series && { series: { count: series.count ?? 0, lastObservedTime: series.lastObservedTime ?? '' } }),
    ...(message !== undefined && { note: message }),
    ...(source && { deprecatedSource: source }),
    ...(count !== undefined && { deprecatedCount: count }),
    ...(firstTimestamp !== undefined && { deprecatedFirstTimestamp: firstTimestamp }),
    ...(lastTimestamp !== undefined && { deprecatedLastTimestamp: lastTimestamp }),
    reportingController: reportingComponent ?? '',
    reportingInstance: event.reportingInstance ?? '',
  }
}
