import { CertificateSigningRequest } from '../../../api/certificates/certificatesigningrequest.ts'
import { decodeBase64, encodeBase64 } from '../../../api/meta/base64.ts'
import { defineController } from '../../../client/controller.ts'
import { timestamp } from '../../../machinery/time.ts'
import { certify } from '../../../machinery/x509/authority.ts'
import { usages } from '../../../machinery/x509/certificate.ts'
import { parseRequest } from '../../../machinery/x509/request.ts'
import { complaintOf } from './signers.ts'

/** `--cluster-signing-duration`, and how far a certificate begins in the past for clocks that go wrong. */
const durationSeconds = 365 * 24 * 3600
const backdateMs = 5 * 60 * 1000

const extended: Readonly<Record<string, string>> = {
  'client auth': usages.clientAuth,
  'server auth': usages.serverAuth,
}

/** Signs what was approved, for Kubernetes' own four signers. Models pkg/controller/certificates/signer. */
export const certificateSigner = defineController({
  name: 'csrsigning',
  serviceAccount: 'certificate-controller',
  reconciles: CertificateSigningRequest,

  reconcile(request, { api, now, random }) {
    const { spec, status } = request
    const has = (type: string): boolean => status.conditions?.some(condition => condition.type === type) ?? false
    if (!has('Approved') || has('Denied') || has('Failed') || status.certificate) return
    const complaint = complaintOf(request)
    if (complaint === 'not ours') return
    if (complaint !== undefined) {
      const at = timestamp(now)
      const failed = { type: 'Failed', status: 'True', reason: 'SignerValidationFailure', message: complaint }
      const conditions = [...(status.conditions ?? []), { ...failed, lastUpdateTime: at, lastTransitionTime: at }]
      api.updateStatus(CertificateSigningRequest, { ...request, status: { ...status, conditions } })
      return
    }
    const wanted = parseRequest(decodeBase64(spec.request))
    const own = spec.usages ?? []
    const certificate = certify({
      ...wanted,
      serial: Array.from({ length: 16 }, () => Math.floor(random() * 256)),
      notBefore: now - backdateMs,
      notAfter: now - backdateMs + (spec.expirationSeconds ?? durationSeconds) * 1000,
      keyUsage: (own.includes('digital signature') ? 0x80 : 0) | (own.includes('key encipherment') ? 0x20 : 0),
      extendedUsage: own.flatMap(usage => extended[usage] ?? []),
    })
    const next = { ...status, certificate: encodeBase64(certificate) }
    api.updateStatus(CertificateSigningRequest, { ...request, status: next })
  },
})
