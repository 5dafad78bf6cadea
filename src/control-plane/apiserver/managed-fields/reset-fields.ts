import { type FieldSet, recursiveDifference, setOfPaths } from '../../../machinery/structured-merge/field-set.ts'
import { fieldElement } from '../../../machinery/structured-merge/path-element.ts'

/** What a request has a say in: of a set, the fields that the strategy does not put back anyway. */
export type FieldFilter = (set: FieldSet) => FieldSet

/** Paths of fields without those that a strategy resets (GetResetFields). */
function excluding(...paths: string[]): FieldFilter {
  const excluded = setOfPaths(paths.map(path => path.split('.').map(fieldElement)))
  return set => recursiveDifference(set, excluded)
}

const status = excluding('status')
const allButStatus = excluding('spec')
const statusOnly = excluding('metadata', 'spec')
const nothing: FieldFilter = set => set

/** Where a strategy says something else than that the object has no say in `status`, and its status none in `spec`. */
const special: Readonly<Record<string, FieldFilter>> = {
  'pods/status': excluding('spec', 'metadata.deletionTimestamp', 'metadata.ownerReferences'),
  // Their strategies have filters, of which the server makes no use.
  'pods/ephemeralcontainers': nothing,
  'pods/resize': nothing,
  'deployments.apps/status': excluding('spec', 'metadata.labels'),
  'apiservices.apiregistration.k8s.io/status': statusOnly,
  'volumeattachments.storage.k8s.io/status': statusOnly,
  'certificatesigningrequests.certificates.k8s.io': excluding('spec', 'status'),
  'certificatesigningrequests.certificates.k8s.io/approval': excluding('spec', 'status.certificate'),
  'resourceclaims.resource.k8s.io/status': statusOnly,
}

/** The filter of a resource's strategy, by the subresource it serves. */
export function filterFor(resource: string, subresource: string, hasStatus: boolean): FieldFilter {
  const own = special[subresource ? `${resource}/${subresource}` : resource]
  if (own) return own
  if (subresource === 'status') return allButStatus
  if (subresource === 'scale') return nothing
  return hasStatus || subresource !== '' ? status : nothing
}
