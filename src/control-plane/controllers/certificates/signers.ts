import type { CertificateSigningRequest } from '../../../api/certificates/certificatesigningrequest.ts'
import { decodeBase64 } from '../../../api/meta/base64.ts'
import { type CertificateRequest, parseRequest } from '../../../machinery/x509/request.ts'

/** What each of Kubernetes' signers demands of a request (pkg/apis/certificates/helpers.go, signer/signer.go). */

type Check = (wanted: CertificateRequest, usages: readonly string[]) => string | undefined

const keyUsages = ['digital signature', 'key encipherment']

const checks: Readonly<Record<string, Check>> = {
  'kubernetes.io/kube-apiserver-client': (_, usages) => usagesFor('client auth', usages),
  'kubernetes.io/kube-apiserver-client-kubelet': (wanted, usages) =>
    nodeSubject(wanted) ?? noNames(wanted) ?? usagesFor('client auth', usages),
  'kubernetes.io/kubelet-serving': (wanted, usages) => nodeSubject(wanted) ?? usagesFor('server auth', usages),
  'kubernetes.io/legacy-unknown': () => undefined,
}

/** Why a request is not signed; `not ours` when its signer is somebody else. */
export function complaintOf({ spec }: CertificateSigningRequest): string | undefined {
  const check = Object.hasOwn(checks, spec.signerName) ? checks[spec.signerName] : undefined
  if (!check) return 'not ours'
  try {
    return check(parseRequest(decodeBase64(spec.request)), spec.usages ?? [])
  } catch (error) {
    if (error instanceof RangeError) return error.message
    throw error
  }
}

function nodeSubject({ subject }: CertificateRequest): string | undefined {
  const [group, ...more] = subject.organizations
  if (group !== 'system:nodes' || more.length > 0) return 'subject organization is not system:nodes'
  return subject.commonName.startsWith('system:node:')
    ? undefined
    : 'subject common name does not begin with system:node:'
}

function noNames({ dnsNames, emails, ipAddresses, uris }: CertificateRequest): string | undefined {
  if (dnsNames.length > 0) return 'DNS subjectAltNames are not allowed'
  if (emails.length > 0) return 'Email subjectAltNames are not allowed'
  if (ipAddresses.length > 0) return 'IP subjectAltNames are not allowed'
  return uris.length > 0 ? 'URI subjectAltNames are not allowed' : undefined
}

function usagesFor(needed: string, usages: readonly string[]): string | undefined {
  const isRight = usages.includes(needed) && usages.every(usage => usage === needed || keyUsages.includes(usage))
  return isRight ? undefined : `usages did not match [${[needed, ...keyUsages].join(' ')}]`
}
