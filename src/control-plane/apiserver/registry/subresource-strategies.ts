import type { Call } from '../call.ts'
import { approvalStrategy } from './certificate-approval.ts'
import { podStrategyOf, type SubresourceStrategy } from './pod-subresources.ts'

const approval = 'certificatesigningrequests.certificates.k8s.io/approval'

/** What may change through the subresource of a request, besides status. */
export function strategyOf({ resource, request }: Call): SubresourceStrategy | undefined {
  if (request.subresource === undefined) return undefined
  const name = `${resource.name}/${request.subresource}`
  return name === approval ? approvalStrategy : podStrategyOf(name)
}
