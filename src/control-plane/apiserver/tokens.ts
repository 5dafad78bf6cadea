import { Digest } from '../../sim/digest.ts'
import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import { type Fields, fieldsOf, isFields, textOf } from './record.ts'

/** `--service-account-issuer` of kubeadm. */
export const issuer = 'https://kubernetes.default.svc.cluster.local'

/** Stands for the key pair in /etc/kubernetes/pki/sa.key: signatures are digests that only this server makes. */
const key = 'podscape service account signing key'

/** What a token says of itself, by the names of RFC 7519. */
export type Claims = Fields

/** Signs claims: a JSON web token as service accounts have them (pkg/serviceaccount/jwt.go). */
export function signToken(claims: Claims): string {
  const header = encodeBase64Url(JSON.stringify({ alg: 'RS256', kid: 'podscape' }))
  const content = `${header}.${encodeBase64Url(JSON.stringify(claims))}`
  return `${content}.${signature(content)}`
}

/** The claims of a token that this cluster has signed and that has not expired; undefined for any other text. */
export function verifyToken(token: string, nowMs: number, parse: (text: string) => unknown): Claims | undefined {
  const [header = '', payload = '', given = '', ...more] = token.split('.')
  if (more.length > 0 || given !== signature(`${header}.${payload}`)) return undefined
  const claims = parse(decodeBase64Url(payload) ?? '')
  if (!isFields(claims) || textOf(claims.iss) !== issuer) return undefined
  return typeof claims.exp === 'number' && claims.exp * 1000 > nowMs ? claims : undefined
}

/** Where the token's subject belongs: `system:serviceaccount:<namespace>:<name>`. */
export function accountIn(claims: Claims): { namespace: string; name: string; uid: string } {
  const place = fieldsOf(claims['kubernetes.io'])
  const account = fieldsOf(place.serviceaccount)
  return { namespace: textOf(place.namespace), name: textOf(account.name), uid: textOf(account.uid) }
}

function signature(content: string): string {
  return encodeBase64Url(new Digest().add(content).add(key).toString())
}
