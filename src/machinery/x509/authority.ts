import { sha256 } from '@noble/hashes/sha2.js'
import { parseTime } from '../time.ts'
import { type Certificate, isIssuedBy, issue, parseCertificate, usages } from './certificate.ts'
import { utf8Bytes } from './der.ts'
import type { Subject } from './names.ts'
import { pemBlock, pemOf } from './pem.ts'
import { privateKeyDer, publicHalf, publicKeyOf } from './signature.ts'

/**
 * The certificate authority of every simulated cluster: /etc/kubernetes/pki/ca.key and ca.crt. The key is no secret, since
 * anybody can read it here: nothing outside of a simulation may trust it.
 */
const caKey = keyFrom('podscape certificate authority')
const issuer: Subject = { commonName: 'kubernetes', organizations: [] }
const dayMs = 24 * 3600 * 1000
const began = parseTime('2026-01-15T08:55:00Z')

export type { Certificate }

/** A private key that belongs to a name: the same in every run. */
export function keyFrom(name: string): Uint8Array {
  return sha256(Uint8Array.from(utf8Bytes(name)))
}

let authority: string | undefined

/** The authority's own certificate, in PEM. */
export function authorityCertificate(): string {
  authority ??= issue(
    {
      ...{ subject: issuer, issuer, publicKey: publicKeyOf(caKey), serial: [0], isAuthority: true },
      ...{ notBefore: began, notAfter: began + 3650 * dayMs, keyUsage: 0xa4, extendedUsage: [] },
    },
    caKey,
  )
  return authority
}

export interface Wanted {
  readonly subject: Subject
  readonly publicKey: Uint8Array
  readonly serial: readonly number[]
  readonly notBefore: number
  readonly notAfter: number
  readonly keyUsage: number
  readonly extendedUsage: readonly string[]
  readonly alternativeNames?: Uint8Array | undefined
}

/** Signs what somebody wants, in PEM. */
export function certify(wanted: Wanted): string {
  return issue({ ...wanted, issuer, isAuthority: false }, caKey)
}

/** A user's certificate and key, as kubeadm makes those of admin.conf. */
export function clientPair(subject: Subject): { readonly certificate: string; readonly key: string } {
  const key = keyFrom(`podscape client ${subject.commonName}`)
  const certificate = certify({
    subject,
    publicKey: publicKeyOf(key),
    serial: [...keyFrom(`serial ${subject.commonName}`).subarray(0, 8)],
    notBefore: began,
    notAfter: began + 365 * dayMs,
    keyUsage: 0xa0,
    extendedUsage: [usages.clientAuth],
  })
  return { certificate, key: pemOf('EC PRIVATE KEY', privateKeyDer(key)) }
}

/**
 * Whose certificate it is, if it is one of this authority's, is for clients, holds now, and the key belongs to it
 * (authentication/request/x509).
 */
export function verifyClient(pem: string, key: string, now: number): Certificate | undefined {
  const certificate = parseCertificate(pem)
  if (!certificate || !isIssuedBy(pem, publicKeyOf(caKey))) return undefined
  const { notBefore, notAfter, extendedUsage, publicKey } = certificate
  if (now < notBefore || now > notAfter || !extendedUsage.includes(usages.clientAuth)) return undefined
  const block = pemBlock(key)
  const own = block && publicHalf(block.bytes)
  // The keys of other algorithms are believed: nothing here could tell.
  const isOwn = own === undefined ? block !== undefined : isSame(own, publicKey)
  return isOwn ? certificate : undefined
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i])
}
