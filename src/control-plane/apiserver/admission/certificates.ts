import { parseRequest } from '../../../machinery/x509/request.ts'
import { decodeBase64 } from '../../../api/meta/base64.ts'
import { isEqual } from '../../../machinery/object.ts'
import { forbidden } from '../../../machinery/status.ts'
import { certificateSigningRequests } from '../known.ts'
import { isOf } from '../objects.ts'
import type { AdmissionPlugin, Attributes } from './chain.ts'

const resources = ['certificatesigningrequests.certificates.k8s.io']

/** Who approves or denies must be allowed to for the signer (plugin/pkg/admission/certificates/approval). */
export const certificateApproval: AdmissionPlugin = {
  name: 'CertificateApproval',
  operations: ['UPDATE'],
  resources,
  subresources: ['approval'],
  validate(_, attributes) {
    const signer = signerOf(attributes)
    if (signer === undefined || mayFor(attributes, 'approve', signer)) return
    refuse(attributes, `user not permitted to approve requests with signerName "${signer}"`)
  },
}

/** Who signs, or says that it failed, must be allowed to (plugin/pkg/admission/certificates/signing). */
export const certificateSigning: AdmissionPlugin = {
  name: 'CertificateSigning',
  operations: ['UPDATE'],
  resources,
  subresources: ['status'],
  validate(request, attributes) {
    const { old } = attributes
    const signer = signerOf(attributes)
    if (signer === undefined || !isOf(certificateSigningRequests, request)) return
    if (!isOf(certificateSigningRequests, old)) return
    const { certificate, conditions } = request.status
    if (certificate === old.status.certificate && isEqual(conditions, old.status.conditions)) return
    if (mayFor(attributes, 'sign', signer)) return
    refuse(attributes, `user not permitted to sign requests with signerName "${signer}"`)
  },
}

const clientSigner = 'kubernetes.io/kube-apiserver-client'

/** Nobody becomes a member of system:masters by a request (plugin/pkg/admission/certificates/subjectrestriction). */
export const certificateSubjectRestriction: AdmissionPlugin = {
  name: 'CertificateSubjectRestriction',
  operations: ['CREATE'],
  resources,
  validate(request, attributes) {
    if (!isOf(certificateSigningRequests, request) || request.spec.signerName !== clientSigner) return
    const { organizations } = subjectOf(request.spec.request)
    if (!organizations.includes('system:masters')) return
    refuse(attributes, `use of ${clientSigner} signer with system:masters group is not allowed`)
  },
}

function subjectOf(request: string): { readonly organizations: readonly string[] } {
  try {
    return parseRequest(decodeBase64(request)).subject
  } catch (error) {
    if (error instanceof RangeError) return { organizations: [] }
    throw error
  }
}

function signerOf({ old }: Attributes): string | undefined {
  return isOf(certificateSigningRequests, old) ? old.spec.signerName : undefined
}

/** For the signer itself, or for all of its domain (admission/certificates/authorization.go). */
function mayFor({ ask }: Attributes, verb: string, signer: string): boolean {
  const question = { verb, group: 'certificates.k8s.io', resource: 'signers' }
  const [domain = ''] = signer.split('/')
  return ask({ ...question, name: signer }).allowed || ask({ ...question, name: `${domain}/*` }).allowed
}

function refuse({ kind, name }: Attributes, why: string): never {
  throw forbidden(kind, name, why)
}
