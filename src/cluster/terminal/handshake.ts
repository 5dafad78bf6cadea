import type { PeerCertificate } from '../../control-plane/apiserver/authentication/credentials.ts'
import { header, type HttpRequest } from '../../control-plane/apiserver/http/message.ts'
import { type Certificate, verifyClient } from '../../machinery/x509/authority.ts'
import { shown } from '../../tools/kubectl/host.ts'

/** What no token is: the API server refuses it, as it does a certificate that somebody else has signed. */
const unknownAuthority = 'x509'

/** Memo of verified certificates: a terminal shows the same one with every request. */
const verified = new Map<string, Certificate>()
const kept = 100

/**
 * The TLS between a terminal and the API server: takes the certificate that kubectl shows off the request and hands over
 * whose it is.
 */
export function withPeer(request: HttpRequest, now: number): HttpRequest {
  const pem = header(request, shown.certificate)
  if (pem === undefined) return request
  const { [shown.certificate]: _, [shown.key]: key, ...headers } = request.headers
  const certificate = peerOf(pem, typeof key === 'string' ? key : '', now)
  if (certificate) return { ...request, headers, certificate }
  return { ...request, headers: { Authorization: unknownAuthority, ...headers } }
}

function peerOf(pem: string, key: string, now: number): PeerCertificate | undefined {
  const id = `${pem}${key}`
  const known = verified.get(id)
  const isValid = known !== undefined && now >= known.notBefore && now <= known.notAfter
  const found = isValid ? known : verifyClient(pem, key, now)
  if (!found) return undefined
  if (verified.size >= kept) verified.clear()
  verified.set(id, found)
  const { subject, fingerprint } = found
  return { user: subject.commonName, groups: subject.organizations, fingerprint }
}
