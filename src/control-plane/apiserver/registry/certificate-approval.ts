import type {
  CertificateSigningRequest,
  CertificateSigningRequestCondition,
} from '../../../api/generated/certificates.v1.ts'
import { type FieldError, invalid } from '../../../machinery/fieldpath.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { timestamp } from '../../../machinery/time.ts'
import { certificateSigningRequests } from '../known.ts'
import { isOf } from '../objects.ts'
import type { SubresourceStrategy } from './pod-subresources.ts'

/** Approving changes conditions and nothing else (certificates/strategy.go, csrApprovalStrategy). */
export const approvalStrategy: SubresourceStrategy = {
  prepare(draft, old, { self }) {
    if (!isRequest(draft) || !isRequest(old)) return
    draft.spec = old.spec
    const conditions = (draft.status.conditions ?? []).map(condition => dated(condition, old, timestamp(self.now)))
    draft.status = { ...old.status, ...(conditions.length > 0 && { conditions }) }
  },

  validate(draft, old) {
    if (!isRequest(draft) || !isRequest(old)) return []
    const types = (draft.status.conditions ?? []).map(({ type }) => type)
    const errors: FieldError[] = []
    for (const type of ['Approved', 'Denied']) {
      const was = old.status.conditions?.some(condition => condition.type === type) ?? false
      if (was && !types.includes(type)) {
        errors.push(invalid('status.conditions', null, `updates may not remove a condition of type "${type}"`))
      }
    }
    if (types.includes('Approved') && types.includes('Denied')) {
      const last = types.lastIndexOf(types.indexOf('Approved') > types.indexOf('Denied') ? 'Approved' : 'Denied')
      const why = 'Approved and Denied conditions are mutually exclusive'
      errors.push(invalid(`status.conditions[${last}].type`, types[last] ?? '', why))
    }
    return errors
  },
}

function isRequest(object: ApiObject): object is CertificateSigningRequest {
  return isOf(certificateSigningRequests, object)
}

/** populateConditionTimestamps: what came about now says so. */
function dated(
  condition: CertificateSigningRequestCondition,
  old: CertificateSigningRequest,
  now: string,
): CertificateSigningRequestCondition {
  const before = old.status.conditions?.find(
    ({ type, status }) => type === condition.type && status === condition.status,
  )
  const lastTransitionTime = condition.lastTransitionTime ?? before?.lastTransitionTime ?? now
  return { ...condition, lastUpdateTime: condition.lastUpdateTime ?? now, lastTransitionTime }
}
