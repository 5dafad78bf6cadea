import { matchesFields } from '../../../machinery/fields.ts'
import { matchesSelector } from '../../../machinery/labels.ts'
import { type ApiObject, deepFreeze } from '../../../machinery/object.ts'
import type { WatchEvent } from '../../../machinery/rest.ts'
import type { Self } from '../../../sim/component.ts'
import { changeAt } from '../../etcd/history.ts'
import type { Change, KeyValue } from '../../etcd/store.ts'
import { checkSoon, concernsAvailability } from '../aggregation/reaction.ts'
import { withManagedFields } from '../managed-fields/shown.ts'
import { definitionsPrefix } from '../custom/definitions.ts'
import { endStaleWatches } from '../custom/stale-watches.ts'
import { inVersion, storedObject } from '../objects.ts'
import { readField } from '../registry/list-options.ts'
import type { Resource } from '../resources.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState, Watch } from '../state.ts'
import { enqueue } from './deliver.ts'
import { forInterested } from './interest.ts'

/** How long the controllers of definitions take to see a change and to act. */
const definitionsMs = 10

/**
 * Tells watchers of what happened in etcd since this server last looked: after its own writes, and when etcd tells it
 * of those of others; of a write that was sent later than the present instant so much later. Models storage/cacher.
 */
export function catchUp(server: Server, self: Self<ApiServerState>, afterMs = 0): void {
  const { options, resources } = server
  const etcd = options.etcd()
  const { state } = self
  // What was compacted meanwhile is lost to those who watch: deliver.ts ends watches that were cut off so long.
  for (let revision = Math.max(state.seen, etcd.compacted) + 1; revision <= etcd.revision; revision++) {
    const change = changeAt(etcd, revision)
    state.seen = revision
    for (const resource of resources.atKey(change.key)) tell(server, self, resource, change, afterMs)
    if (change.key.startsWith(definitionsPrefix)) {
      self.schedule(definitionsMs, 'definitions')
      endStaleWatches(self, change)
    }
    if (concernsAvailability(server, change.key)) checkSoon(self)
  }
}

/** As catchUp, after this server has written: the others are told that there is something to catch up with. */
export function publish(server: Server, self: Self<ApiServerState>, afterMs: number): void {
  catchUp(server, self, afterMs)
  for (const follower of server.options.etcd().followers) {
    if (follower !== self.name) self.send(follower, afterMs, 'etcd')
  }
}

function tell(server: Server, self: Self<ApiServerState>, resource: Resource, change: Change, afterMs: number): void {
  const { state } = self
  if (!state.interest.get(resource.name)?.size) return
  const versions = versionsOf(server, resource, change, false)
  let complete: Versions | undefined
  forInterested(state, resource.name, versions.previous, versions.current, id => {
    const watch = state.watches.get(id)
    if (!watch || !isVersion(watch, resource)) return
    const told = watch.managedFields ? (complete ??= versionsOf(server, resource, change, true)) : versions
    const event = eventFor(watch, resource, told)
    if (event) enqueue(self, watch, event, afterMs)
  })
}

/** A change in one version of its resource. Events are made once and shared by all watchers. */
export interface Versions {
  readonly revision: number
  readonly previous: ApiObject | undefined
  readonly current: ApiObject | undefined
  added?: WatchEvent
  modified?: WatchEvent
  deleted?: WatchEvent
}

export function versionsOf(
  server: Server,
  resource: Resource,
  { revision, previous, current }: Change,
  managedFields: boolean,
): Versions {
  const shown = (entry: KeyValue): ApiObject => {
    const object = inVersion(resource, storedObject(entry))
    return managedFields ? withManagedFields(server, resource, object, entry.ledger) : object
  }
  return { revision, previous: previous && shown(previous), current: current && shown(current) }
}

/** What a watcher is told: an object that stops to match its selectors is DELETED to it, one that begins to is ADDED. */
export function eventFor(watch: Watch, { kind }: Resource, versions: Versions): WatchEvent | undefined {
  const { previous, current, revision } = versions
  const was = previous !== undefined && isWanted(watch, kind, previous)
  const is = current !== undefined && isWanted(watch, kind, current)
  if (is) {
    if (was) return (versions.modified ??= Object.freeze({ type: 'MODIFIED', object: current, revision }))
    return (versions.added ??= Object.freeze({ type: 'ADDED', object: current, revision }))
  }
  if (!was) return undefined
  return (versions.deleted ??= Object.freeze({ type: 'DELETED', object: lastOf(previous, revision), revision }))
}

function isWanted({ labels, fields, namespace }: Watch, kind: Resource['kind'], object: ApiObject): boolean {
  if (namespace !== undefined && object.metadata.namespace !== namespace) return false
  if (labels.length > 0 && !matchesSelector(labels, object.metadata.labels)) return false
  return fields.length === 0 || matchesFields(fields, field => readField(kind, object, field))
}

/** The last state of an object, with the version of the change that ended it. */
function lastOf(object: ApiObject, revision: number): ApiObject {
  return deepFreeze({ ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } })
}

function isVersion({ version: [group, version, plural] }: Watch, { kind }: Resource): boolean {
  return kind.version === version && kind.group === group && kind.plural === plural
}
