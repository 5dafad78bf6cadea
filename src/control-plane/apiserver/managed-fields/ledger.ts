import { documentOf } from '../../../machinery/json-text.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import type { Ledger, NotedLedger, SettledLedger } from '../../../machinery/structured-merge/ledger.ts'
import { noOwners, type Owners } from '../../../machinery/structured-merge/owners.ts'
import { timestamp } from '../../../machinery/time.ts'
import { isApiObject } from '../objects.ts'
import type { Resource } from '../resources.ts'
import type { Server } from '../server-context.ts'
import { ownersAfterUpdate } from './field-manager.ts'
import { fieldManagerFor } from './manager-of-resource.ts'

/**
 * Working out who owns what takes many times longer than a write of one of our components, and hardly anybody looks. So a
 * write only leaves a note, and the notes are worked out in their order when somebody does look. What is worked out then is
 * remembered aside, not stored: looking changes nothing.
 */

/** With more notes than this they are worked out by the next write: each keeps versions of the object. */
const maxNotes = 8

/** Notes and what they come to. A memo. */
const settled = new WeakMap<Ledger, Owners>()

export function settledLedger(owners: Owners): SettledLedger {
  return Object.freeze({ owners, depth: 0 })
}

/** The ledger with one more note. */
export function noted(
  server: Server,
  resource: Resource,
  previous: Ledger | undefined,
  note: Omit<NotedLedger, 'depth' | 'previous'>,
): Ledger {
  const known = previous && previous.depth >= maxNotes ? settledLedger(ownersIn(server, resource, previous)) : previous
  const { manager, apiVersion, subresource, at, before, after } = note
  // Written out: this is on the way of every write.
  return Object.freeze({
    depth: (known?.depth ?? 0) + 1,
    previous: known,
    manager,
    apiVersion,
    subresource,
    at,
    before,
    after,
  })
}

/** Who owns what. */
export function ownersIn(server: Server, resource: Resource, ledger: Ledger | undefined): Owners {
  const open: NotedLedger[] = []
  let at = ledger
  let owners: Owners = noOwners
  for (; at; at = at.previous) {
    const known = at.owners ?? settled.get(at)
    if (known) {
      owners = known
      break
    }
    if (at.owners) break
    open.push(at)
  }
  for (let note = open.pop(); note; note = open.pop()) {
    owners = afterNote(server, resource, note, owners)
    settled.set(note, owners)
  }
  return owners
}

function afterNote(server: Server, resource: Resource, note: NotedLedger, owners: Owners): Owners {
  const { apiVersion, subresource, manager, at, before, after } = note
  const version = server.resources.atKey(resource.prefix).find(({ kind }) => kind.apiVersion === apiVersion)
  // The version is served no more: nobody can say what was meant.
  if (!version) return owners
  const isCreation = before === undefined
  const next = isCreation ? asAskedFor(server, version, after) : shownIn(version, after)
  const live = isCreation ? undefined : shownIn(version, before)
  const author = { manager, time: timestamp(at) }
  return ownersAfterUpdate(fieldManagerFor(server, version, subresource), live, next, owners, author)
}

function shownIn({ conversion }: Resource, stored: object): ApiObject {
  if (!isApiObject(stored)) throw new Error('what is stored is an object')
  return conversion ? conversion.fromStored(stored) : stored
}

/** What was asked for with a creation: with the kind's defaults, but before admission. */
function asAskedFor({ decoder }: Server, { kind }: Resource, body: object): ApiObject {
  const draft = { metadata: {}, ...body, apiVersion: kind.apiVersion, kind: kind.kind }
  const { object } = decoder.decode(kind, documentOf(draft), 'Ignore')
  kind.defaults?.(object)
  return decoder.settle(kind, object, undefined)
}
