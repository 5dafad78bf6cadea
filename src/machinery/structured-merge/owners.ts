import { compareBytes, goJson } from '../go-text.ts'
import { isList, isObject } from '../json-value.ts'
import type { ManagedFieldsEntry } from '../object.ts'
import { parseTime, timestamp } from '../time.ts'
import type { FieldSet } from './field-set.ts'
import { decodeFields, encodeFields } from './fields-v1.ts'

/** `metadata.managedFields` as it is worked with: internal/managedfields.go of util/managedfields. */

export type Operation = 'Apply' | 'Update'

/** One manager, and what it owns. */
export interface Owner {
  readonly manager: string
  readonly operation: Operation
  readonly apiVersion: string
  /** '' for the object itself. */
  readonly subresource: string
  /** When it last changed what it owns; sometimes not known. */
  readonly time: string | undefined
  readonly fields: FieldSet
}

/** In the order in which they are shown. */
export type Owners = readonly Owner[]

export const noOwners: Owners = Object.freeze([])

/** Who an owner is: appliers are the same in every version. */
export function identifierOf({ manager, operation, apiVersion, subresource }: Omit<Owner, 'time' | 'fields'>): string {
  const version = operation === 'Update' ? `,"apiVersion":${goJson(apiVersion)}` : ''
  const part = subresource ? `,"subresource":${goJson(subresource)}` : ''
  return `{"manager":${goJson(manager)},"operation":"${operation}"${version}${part}}`
}

/** Reads what a client wrote; undefined if it is not in order. */
export function decodeOwners(entries: unknown): Owners | undefined {
  if (entries === undefined || entries === null) return noOwners
  if (!isList(entries)) return undefined
  const owners = entries.map(ownerIn)
  const found = new Map<string, Owner>()
  for (const owner of owners) {
    if (!owner) return undefined
    found.set(identifierOf(owner), owner)
  }
  return sortedOwners([...found.values()])
}

function ownerIn(entry: unknown): Owner | undefined {
  if (!isObject(entry)) return undefined
  const { manager, operation, apiVersion, subresource, time, fieldsType, fieldsV1 } = entry
  if (operation !== 'Apply' && operation !== 'Update') return undefined
  if (typeof apiVersion !== 'string' || apiVersion === '' || fieldsType !== 'FieldsV1') return undefined
  const fields = decodeFields(fieldsV1)
  if (!fields) return undefined
  const at = typeof time === 'string' ? parseTime(time) : NaN
  return {
    manager: typeof manager === 'string' ? manager : '',
    operation,
    apiVersion,
    subresource: typeof subresource === 'string' ? subresource : '',
    time: Number.isNaN(at) ? undefined : timestamp(at),
    fields,
  }
}

/** The order of entries: operation, time, manager, version, subresource. */
export function sortedOwners(owners: Owner[]): Owners {
  const compare = (a: Owner, b: Owner): number =>
    compareBytes(a.operation, b.operation) ||
    compareBytes(a.time ?? '', b.time ?? '') ||
    compareBytes(a.manager, b.manager) ||
    compareBytes(a.apiVersion, b.apiVersion) ||
    compareBytes(a.subresource, b.subresource)
  return owners.length > 1 ? owners.sort(compare) : owners
}

/** The entries as objects show them. */
export function encodeOwners(owners: Owners): ManagedFieldsEntry[] {
  return owners.map(({ manager, operation, apiVersion, subresource, time, fields }) =>
    Object.freeze({
      ...(manager && { manager }),
      operation,
      apiVersion,
      ...(time !== undefined && { time }),
      fieldsType: 'FieldsV1',
      fieldsV1: encodeFields(fields),
      ...(subresource && { subresource }),
    }),
  )
}

/** Whether a client asks to forget all owners: an empty list, or one entry that is empty. */
export function isReset(entries: unknown): boolean {
  if (!isList(entries)) return false
  const [first] = entries
  return entries.length === 0 || (entries.length === 1 && isObject(first) && Object.values(first).every(isUnset))
}

function isUnset(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
