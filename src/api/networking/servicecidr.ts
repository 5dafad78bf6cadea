import { type FieldError, invalid, required } from '../../machinery/fieldpath.ts'
import { defineKind } from '../../machinery/kind.ts'
import { isEqual } from '../../machinery/object.ts'
import { isDns1123Subdomain, isPathSegmentName } from '../../machinery/validation.ts'
import type { IPAddress as IPAddressModel, ServiceCIDR as ServiceCIDRModel } from '../generated/networking.v1.ts'
import { addInvalid } from '../meta/checks.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'
import { isCidr, isIp, parseCidr } from '../meta/ip.ts'

export type ServiceCIDR = ServiceCIDRModel
export type IPAddress = IPAddressModel

/** A range that Services get their addresses from. Strategy: pkg/registry/networking/servicecidr/strategy.go. */
export const ServiceCIDR = defineKind<ServiceCIDR>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  plural: 'servicecidrs',
  namespaced: false,
  subresources: ['status'],

  prepareForCreate(draft) {
    draft.status = {}
  },

  prepareForUpdate(draft, old) {
    draft.status = old.status
  },

  prepareForStatusUpdate(draft, old) {
    draft.spec = old.spec
  },

  validateCreate: ({ spec }) => cidrErrors(spec),

  validateUpdate({ spec }, { spec: old }) {
    const cidrs = spec.cidrs ?? []
    const before = old.cidrs ?? []
    const becomesDual = before.length === 1 && cidrs.length === 2
    if (cidrs.length !== before.length && !becomesDual) return [invalid('spec.cidrs', cidrs, immutable)]
    const changed = before.flatMap((cidr, i) =>
      cidr === cidrs[i] ? [] : [invalid(`spec.cidrs[${i}]`, cidrs[i], immutable)],
    )
    return becomesDual ? [...changed, ...cidrErrors(spec)] : changed
  },

  columns: [nameColumn, { name: 'CIDRs', cell: ({ spec }) => (spec.cidrs ?? []).join(',') }, ageColumn],
})

const immutable = 'field is immutable'

/** One range, or one of each family: validateServiceCIDRSpec of pkg/apis/networking/validation. */
function cidrErrors(spec: ServiceCIDR['spec']): FieldError[] {
  const path = 'spec.cidrs'
  const cidrs = spec.cidrs ?? []
  if (cidrs.length === 0) return [required(path, 'at least one CIDR required')]
  if (cidrs.length > 2) return [invalid(path, spec, 'may only hold up to 2 values')]
  const errors: FieldError[] = []
  cidrs.forEach((cidr, i) => addInvalid(errors, `${path}[${i}]`, cidr, isCidr(cidr)))
  const [first, second] = cidrs.map(cidr => parseCidr(cidr)?.family)
  if (first !== undefined && first === second) {
    const why = 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64'
    errors.push(invalid(path, cidrs, why))
  }
  return errors
}

/** One address of such a range that somebody has. */
export const IPAddress = defineKind<IPAddress>({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  shortNames: ['ip'],
  namespaced: false,
  countsGenerations: false,
  validateName: isIp,
  validateCreate: ({ spec }) => parentErrors(spec.parentRef),
  validateUpdate: ({ spec }, old) =>
    isEqual(spec.parentRef, old.spec.parentRef) ? [] : [invalid('spec.parentRef', spec.parentRef, immutable)],

  columns: [
    nameColumn,
    {
      name: 'ParentRef',
      cell: ({ spec: { parentRef } }) =>
        [parentRef.resource + (parentRef.group ? `.${parentRef.group}` : ''), parentRef.namespace, parentRef.name]
          .filter(part => part)
          .join('/'),
    },
  ],
})

/** The object that has the address, mostly a Service: validateIPAddressParentReference. */
function parentErrors(parent: IPAddress['spec']['parentRef'] | undefined): FieldError[] {
  const path = 'spec.parentRef'
  if (!parent) return [required(path)]
  const { group, resource, name, namespace } = parent
  const errors: FieldError[] = []
  if (group) addInvalid(errors, `${path}.group`, group, isDns1123Subdomain(group))
  if (!resource) errors.push(required(`${path}.resource`))
  else addInvalid(errors, `${path}.resource`, resource, isPathSegmentName(resource))
  if (!name) errors.push(required(`${path}.name`))
  else addInvalid(errors, `${path}.name`, name, isPathSegmentName(name))
  if (namespace) addInvalid(errors, `${path}.namespace`, namespace, isPathSegmentName(namespace))
  return errors
}
