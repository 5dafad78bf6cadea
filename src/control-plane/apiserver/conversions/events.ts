import type { ApiObject } from '../../../machinery/object.ts'
import { isApiObject } from '../objects.ts'
import { type Fields, fieldsOf } from '../record.ts'
import type { Conversion } from '../resources.ts'

/** Fields of events.k8s.io/v1 by what they are called in core/v1 (pkg/apis/events/v1/conversion.go). */
const names: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
  ['reportingComponent', 'reportingController'],
]

const toEvents = new Map(names)
const toCore = new Map(names.map(([core, events]) => [events, core]))

/** Events of both APIs are one resource, stored in its core form. */
export const eventConversion: Conversion = {
  resource: 'events.k8s.io/v1/events',
  storedAs: 'v1/events',
  toStored: event =>
    renamed(event, toCore, 'v1', {
      involvedObject: {},
      source: {},
      firstTimestamp: null,
      lastTimestamp: null,
      reportingComponent: '',
      reportingInstance: '',
    }),
  fromStored: event => renamed(event, toEvents, 'events.k8s.io/v1', {}),
}

function renamed(event: ApiObject, to: ReadonlyMap<string, string>, apiVersion: string, filled: Fields): ApiObject {
  const result: Fields = { ...filled }
  for (const [name, value] of Object.entries(fieldsOf(event))) result[to.get(name) ?? name] = value
  result.apiVersion = apiVersion
  if (!isApiObject(result)) throw new Error('an Event is an object in either version')
  return result
}
