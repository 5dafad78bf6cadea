import { deepFreeze } from '../../../machinery/object.ts'
import type { WatchEvent, WatchTarget } from '../../../machinery/rest.ts'
import { ApiError } from '../../../machinery/status.ts'
import { changeAt } from '../../etcd/history.ts'
import type { Call } from '../call.ts'
import { mindsOwners } from '../managed-fields/shown.ts'
import { isApiObject } from '../objects.ts'
import { listPage } from '../registry/list.ts'
import { checkListOptions, parseVersion, selectorsOf } from '../registry/list-options.ts'
import type { Watch } from '../state.ts'
import { enqueue, enqueueInitial } from './deliver.ts'
import { addInterest, placeOf } from './interest.ts'
import { catchUp, eventFor, versionsOf } from './publish.ts'

/** The annotation of the bookmark that ends the initial events. */
const initialEventsEnd = 'k8s.io/initial-events-end'

/** Starts a watch. What happened since its version, or what is there, is on its way to the watcher at once. */
export function startWatch(call: Call, target: WatchTarget): number {
  const { self, resource, namespace, options, etcd, server } = call
  const { kind } = resource
  checkListOptions(options, true)
  const selectors = selectorsOf(kind, options)
  const since = parseVersion(options.resourceVersion ?? '', '')
  catchUp(server, self)
  const wantsState = options.sendInitialEvents ?? since === 0
  if (!wantsState && since !== 0 && since < etcd.compacted) throw tooOld(since, etcd.compacted)
  const id = self.state.nextWatchId++
  const watch: Watch = {
    id,
    resource: resource.name,
    version: [kind.group, kind.version, kind.plural],
    component: target.component,
    delayMs: target.delayMs,
    place: placeOf(resource.name, namespace, selectors.fields),
    namespace,
    labels: selectors.labels,
    fields: selectors.fields,
    bookmarks: options.allowWatchBookmarks ?? false,
    managedFields: mindsOwners(call),
    pending: [],
    told: wantsState || since === 0 ? self.state.seen : since,
  }
  self.state.watches.set(id, watch)
  addInterest(self.state, watch)
  if (wantsState) enqueueInitial(self, watch, initialEvents(call, watch))
  else replay(call, watch)
  if (options.timeoutSeconds) self.schedule(options.timeoutSeconds * 1000, 'watch timeout', id)
  return id
}

function initialEvents(call: Call, { told, bookmarks }: Watch): WatchEvent[] {
  const { resourceVersion: _, resourceVersionMatch: __, sendInitialEvents, ...options } = call.options
  const { items } = listPage({ ...call, options })
  const events = items.map((object): WatchEvent => {
    return Object.freeze({ type: 'ADDED', object, revision: Number(object.metadata.resourceVersion) })
  })
  if (sendInitialEvents && bookmarks) events.push(bookmark(call.resource.kind, told, { [initialEventsEnd]: 'true' }))
  return events
}

function replay(call: Call, watch: Watch): void {
  const { self, resource, etcd, namespace } = call
  const prefix = namespace ? `${resource.prefix}${namespace}/` : resource.prefix
  for (let revision = watch.told + 1; revision <= self.state.seen; revision++) {
    const change = changeAt(etcd, revision)
    if (!change.key.startsWith(prefix)) continue
    const event = eventFor(watch, resource, versionsOf(call.server, resource, change, watch.managedFields))
    if (event) enqueue(self, watch, event, 0)
  }
}

/** An event that tells nothing but how far the watch has come. */
export function bookmark(
  { kind, apiVersion }: { kind: string; apiVersion: string },
  revision: number,
  annotations?: Record<string, string>,
): WatchEvent {
  const metadata = { resourceVersion: String(revision), ...(annotations && { annotations }) }
  const object: unknown = deepFreeze({ kind, apiVersion, metadata })
  if (!isApiObject(object)) throw new Error('a bookmark is an object')
  return Object.freeze({ type: 'BOOKMARK', object, revision })
}

function tooOld(since: number, oldest: number): ApiError {
  return new ApiError('Expired', `too old resource version: ${since} (${oldest})`)
}
