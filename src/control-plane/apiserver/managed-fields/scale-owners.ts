import { difference, hasPath, isEmptySet, setOfPath } from '../../../machinery/structured-merge/field-set.ts'
import { identifierOf, type Owner, type Owners, sortedOwners } from '../../../machinery/structured-merge/owners.ts'
import { fieldElement } from '../../../machinery/structured-merge/path-element.ts'

/**
 * Owners of the number of replicas, as the scale subresource sees them and as its object does: scalehandler.go of
 * util/managedfields. The time of who scales is not kept there, so it is not here.
 */

const scaleVersion = 'autoscaling/v1'
const pathInScale = ['spec', 'replicas'].map(fieldElement)
const replicasOfScale = setOfPath(...pathInScale)

/** Where an object has the number, in the spelling of elements; undefined in versions that are not known. */
export type ReplicasPath = (apiVersion: string) => readonly string[] | undefined

/** ToSubresource: those who own the number, of a Scale. */
export function ownersOfScale(owners: Owners, pathIn: ReplicasPath): Owners {
  const mine = owners.flatMap(owner => {
    const path = pathIn(owner.apiVersion)
    return path && hasPath(owner.fields, path) ? [{ ...owner, apiVersion: scaleVersion, fields: replicasOfScale }] : []
  })
  return sortedOwners(mine)
}

/** ToParent: the object's owners after the Scale's have changed. */
export function ownersOfScaled(owners: Owners, scale: Owners, apiVersion: string, pathIn: ReplicasPath): Owners {
  const left = new Map(scale.map(owner => [identifierOf(owner), owner]))
  const result: Owner[] = []
  for (const owner of owners) {
    const path = pathIn(owner.apiVersion)
    if (!path) continue
    const id = identifierOf(owner)
    if (!hasPath(owner.fields, path) || left.has(id)) {
      if (hasPath(owner.fields, path)) left.delete(id)
      result.push(owner)
      continue
    }
    const fields = difference(owner.fields, setOfPath(...path))
    if (!isEmptySet(fields)) result.push({ ...owner, fields })
  }
  const path = pathIn(apiVersion)
  for (const owner of left.values()) {
    if (!path || !hasPath(owner.fields, pathInScale)) continue
    result.push({ ...owner, apiVersion, fields: setOfPath(...path), time: undefined })
  }
  return sortedOwners(result)
}
