import { assert } from '../../../machinery/assert.ts'
import type { Kind } from '../../../machinery/kind.ts'
import { type ApiObject } from '../../../machinery/object.ts'
import type { Atom } from '../../../machinery/structured-merge/atom.ts'
import { difference, isEmptySet, setOfPath, setOfPaths, union } from '../../../machinery/structured-merge/field-set.ts'
import {
  identifierOf,
  type Operation,
  type Owner,
  type Owners,
  sortedOwners,
} from '../../../machinery/structured-merge/owners.ts'
import { fieldElement } from '../../../machinery/structured-merge/path-element.ts'
import {
  applyConfig,
  type Conflict,
  isConflicts,
  type Managers,
  type MergeContext,
  type OwnedSet,
  type Typed,
  updateManagers,
} from '../../../machinery/structured-merge/update.ts'
import { capManagers } from './cap-managers.ts'

/**
 * Keeps account of who owns which fields of one sort of object: the chain of managers that internal/fieldmanager.go of
 * util/managedfields builds, without the parts that only concern applying (apply.ts, last-applied.ts).
 */
export interface FieldManager {
  readonly kind: Kind
  readonly atom: Atom
  /** '' for the object itself. */
  readonly subresource: string
  readonly context: MergeContext
  /** What an object of the kind is before anybody has said anything. */
  readonly empty: ApiObject
}

/** Who makes a change, and when. */
export interface Author {
  readonly manager: string
  /** As it is shown: RFC 3339. */
  readonly time: string
}

/** Fields that never belong to anybody. */
const unowned = setOfPaths([
  ...['apiVersion', 'kind', 'metadata'].map(name => [fieldElement(name)]),
  ...[
    'name',
    'namespace',
    'creationTimestamp',
    'selfLink',
    'uid',
    'clusterName',
    'generation',
    'managedFields',
    'resourceVersion',
  ].map(name => [fieldElement('metadata'), fieldElement(name)]),
])

/** The owners after an object was created (`live` is undefined) or changed to `next`. */
export function ownersAfterUpdate(
  { kind, atom, subresource, context, empty }: FieldManager,
  live: ApiObject | undefined,
  next: ApiObject,
  owners: Owners,
  { manager, time }: Author,
): Owners {
  // Objects whose owners were forgotten are not followed any more until somebody applies.
  if (owners.length === 0 && live !== undefined) return owners
  const { apiVersion } = kind
  const self = 'current-operation'
  const typed = (value: ApiObject): Typed => ({ apiVersion, atom, value })
  const before = typed(live ?? { ...empty, apiVersion, kind: kind.kind })
  const { managers, times } = unpack(owners)
  const next1 = new Map(updateManagers(context, before, typed(next), managers, self))
  const changed = next1.get(self)
  next1.delete(self)
  const fields = changed && difference(changed.fields, unowned)
  if (fields && !isEmptySet(fields)) {
    const id = identifierOf({ manager, operation: 'Update', apiVersion, subresource })
    const previous = next1.get(id)
    next1.set(id, { fields: previous ? union(fields, previous.fields) : fields, apiVersion, isApplied: false })
    times.set(id, time)
  }
  capManagers(next1, times)
  return pack(next1, times)
}

/** What applying a configuration makes of an object. */
export interface AppliedObject {
  /** undefined if nothing changes. */
  readonly value: unknown
  readonly owners: Owners
}

/** Applies a configuration to an object, or tells who is in the way. */
export function applyTo(
  manager: FieldManager,
  live: ApiObject | undefined,
  config: unknown,
  owners: Owners,
  author: Author,
  force: boolean,
): AppliedObject | readonly Conflict[] {
  const { kind, atom, subresource, context, empty } = manager
  const { apiVersion } = kind
  const known = owners.length === 0 ? ownersBeforeApply(manager, live, author) : owners
  const { managers, times } = unpack(known)
  const id = identifierOf({ manager: author.manager, operation: 'Apply', apiVersion, subresource })
  const before: Typed = { apiVersion, atom, value: live ?? { ...empty, apiVersion, kind: kind.kind } }
  const result = applyConfig(context, before, { apiVersion, atom, value: config }, managers, id, force)
  if (isConflicts(result)) return result
  const next = new Map(result.managers)
  const mine = next.get(id)
  const fields = mine && difference(mine.fields, unowned)
  if (!mine || !fields || isEmptySet(fields)) next.delete(id)
  else next.set(id, { ...mine, fields })
  if (result.value !== undefined) times.set(id, author.time)
  return { value: result.value, owners: pack(next, times) }
}

/** Fields that are there and belong to nobody are taken for those of one manager, so that applying meets them. */
function ownersBeforeApply(manager: FieldManager, live: ApiObject | undefined, { time }: Author): Owners {
  if (live === undefined) return []
  return ownersAfterUpdate(manager, undefined, live, [], { manager: 'before-first-apply', time })
}

export function unpack(owners: Owners): { managers: Managers; times: Map<string, string> } {
  const managers = new Map<string, OwnedSet>()
  const times = new Map<string, string>()
  for (const owner of owners) {
    const id = identifierOf(owner)
    const { fields, apiVersion, operation, time } = owner
    managers.set(id, { fields, apiVersion, isApplied: operation === 'Apply' })
    if (time !== undefined) times.set(id, time)
  }
  return { managers, times }
}

export function pack(managers: Managers, times: ReadonlyMap<string, string>): Owners {
  const owners: Owner[] = []
  for (const [id, { fields, apiVersion, isApplied }] of managers) {
    const { manager, operation, subresource = '' } = readIdentifier(id)
    owners.push({
      manager,
      operation: isApplied ? 'Apply' : operation,
      apiVersion,
      subresource,
      time: times.get(id),
      fields,
    })
  }
  return Object.freeze(sortedOwners(owners))
}

interface Identifier {
  readonly manager: string
  readonly operation: Operation
  readonly subresource?: string
}

function isIdentifier(value: unknown): value is Identifier {
  return typeof value === 'object' && value !== null && 'manager' in value && 'operation' in value
}

/** The parts of an identifier. */
export function readIdentifier(id: string): Identifier {
  const parts: unknown = JSON.parse(id)
  assert(isIdentifier(parts), 'an identifier was made of an owner')
  return parts
}

/** `spec.replicas` as a set. */
export function setOfFields(...names: readonly string[]): ReturnType<typeof setOfPath> {
  return setOfPath(...names.map(fieldElement))
}
