import { CertificateSigningRequest } from '../../../api/certificates/certificatesigningrequest.ts'
import { defineController } from '../../../client/controller.ts'
import { attempt } from '../../../machinery/status.ts'
import { parseTime } from '../../../machinery/time.ts'

const hourMs = 3600 * 1000

/** How long a request stays: a day without an answer, an hour with one (cleaner.go). */
function isOver({ metadata, status }: CertificateSigningRequest, now: number): boolean {
  const ageMs = now - parseTime(metadata.creationTimestamp)
  const since = (type: string): number => {
    const condition = status.conditions?.find(one => one.type === type)
    return condition?.lastUpdateTime === undefined ? -1 : now - parseTime(condition.lastUpdateTime)
  }
  if (!status.conditions?.length) return ageMs > 24 * hourMs
  return ['Approved', 'Denied', 'Failed'].some(type => since(type) > hourMs)
}

/** Takes old requests away. Models pkg/controller/certificates/cleaner. */
export const certificateCleaner = defineController({
  name: 'csrcleaner',
  serviceAccount: 'certificate-controller',
  reconciles: CertificateSigningRequest,
  concerns: () => false,
  reconcile: () => undefined,
  periodMs: hourMs,

  tick({ api, cache, now }) {
    for (const request of cache.list(CertificateSigningRequest)) {
      if (isOver(request, now)) attempt(() => api.delete(CertificateSigningRequest, request))
    }
  },
})
