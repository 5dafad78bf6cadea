import { type ApiObject, deepFreeze, draftOf } from '../../../machinery/object.ts'
import type { Ledger } from '../../../machinery/structured-merge/ledger.ts'
import { decodeOwners, isReset, noOwners, type Owners } from '../../../machinery/structured-merge/owners.ts'
import { equalSets } from '../../../machinery/structured-merge/field-set.ts'
import { timestamp } from '../../../machinery/time.ts'
import type { KeyValue } from '../../etcd/store.ts'
import type { Call } from '../call.ts'
import { inVersion, storedObject } from '../objects.ts'
import { fieldsOf, listOf } from '../record.ts'
import { documentIn } from '../registry/body.ts'
import { ownersAfterUpdate } from './field-manager.ts'
import { noted, ownersIn, settledLedger } from './ledger.ts'
import { managerName } from './manager-name.ts'
import type { OwnersNote } from './owners-note.ts'
import { fieldManagerFor } from './manager-of-resource.ts'
import { mindsOwners } from './shown.ts'

const later: OwnersNote = Object.freeze({})

/** The server itself writes down something about an object: how much of a quota or a budget is used. */
export const statusByServer: OwnersNote = Object.freeze({ by: { manager: 'kube-apiserver', subresource: 'status' } })

/** Call after defaults were set and before admission, which makes nobody an owner (endpoints/handlers/{create,update}.go). */
export function noteOwners(call: Call, draft: ApiObject, entry: KeyValue | undefined): void {
  const { managedFields } = draft.metadata
  delete draft.metadata.managedFields
  // Who applies has worked out the owners already.
  if (call.note?.owners) return
  call.note = mindsOwners(call) ? { owners: ownersAfter(call, draft, managedFields, entry) } : later
}

function ownersAfter(call: Call, draft: ApiObject, given: unknown, entry: KeyValue | undefined): Owners {
  const { server, resource, self, request } = call
  const { subresource = '' } = request
  const live = entry && inVersion(resource, storedObject(entry))
  const known = ownersIn(server, resource, entry?.ledger)
  const owners = subresource === '' ? givenOwners(call, given, known) : known
  const settled = server.decoder.settle(resource.kind, draftOf(draft), live)
  const next = { ...settled, ...emptyListsIn(draft) }
  const author = { manager: managerName(call), time: timestamp(self.now) }
  return ownersAfterUpdate(fieldManagerFor(server, resource, subresource), live, next, owners, author)
}

/** Lists that were given empty: storing makes null of some. */
function emptyListsIn(draft: ApiObject): object {
  return Object.fromEntries(Object.entries(draft).filter(([, value]) => Array.isArray(value) && value.length === 0))
}

/** A client may change managedFields themselves. What it leaves out or gets wrong stays (decodeLiveOrNew). */
function givenOwners(call: Call, given: unknown, known: Owners): Owners {
  // Decoding leaves out lists that are empty, of which the document still knows.
  if (isReset(given) || (given === undefined && isReset(managedFieldsIn(documentIn(call).value)))) return noOwners
  const owners = decodeOwners(given)
  return owners && owners.length > 0 ? owners : known
}

/** What a body or a patch says about managedFields. */
function managedFieldsIn(document: unknown): unknown {
  const operations = listOf(document).map(fieldsOf)
  const last = operations.findLast(({ path }) => path === '/metadata/managedFields')
  return last ? last.value : fieldsOf(fieldsOf(document).metadata).managedFields
}

/** The ledger that is stored with an object: with the request's note, or as before when it is nobody's doing. */
export function ledgerFor(call: Call, existing: KeyValue | undefined, stored: object): Ledger | undefined {
  const { note, server, resource, request, self } = call
  if (!note) return existing?.ledger
  if (note.owners) return note.owners.length > 0 ? settledLedger(note.owners) : undefined
  return noted(server, resource, existing?.ledger, {
    manager: note.by?.manager ?? managerName(call),
    apiVersion: resource.kind.apiVersion,
    subresource: note.by?.subresource ?? request.subresource ?? '',
    at: self.now,
    before: existing?.value,
    after: existing ? stored : deepFreeze(fieldsOf(request.body)),
  })
}

/**
 * Whether an update that leaves the object as it is leaves its owners, too. Times alone are no change
 * (fieldmanager/equality.go).
 */
export function keepsOwners({ note, server, resource }: Call, entry: KeyValue): boolean {
  if (!note?.owners) return true
  const before = ownersIn(server, resource, entry.ledger)
  return (
    before.length === note.owners.length &&
    note.owners.every((owner, index) => {
      const old = before[index]
      return (
        old !== undefined &&
        old.manager === owner.manager &&
        old.operation === owner.operation &&
        old.apiVersion === owner.apiVersion &&
        old.subresource === owner.subresource &&
        equalSets(old.fields, owner.fields)
      )
    })
  )
}
