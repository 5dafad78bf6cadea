import { sha256 } from '@noble/hashes/sha2.js'
import { bitString, type Element, encode, inside, integer, oid, oidText, sequence, tags, time, timeOf } from './der.ts'
import { nameOf, type Subject, subjectIn } from './names.ts'
import { pemBlock, pemOf } from './pem.ts'
import { algorithm, isSigned, publicKeyOf, sign } from './signature.ts'

/** What a certificate is to say. */
export interface CertificateTemplate {
  readonly subject: Subject
  readonly issuer: Subject
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array
  readonly serial: readonly number[]
  readonly notBefore: number
  readonly notAfter: number
  /** Bits of the key usage, highest first: 0x80 digital signature, 0x20 key encipherment, 0x04 certificate sign. */
  readonly keyUsage: number
  /** OIDs of the extended key usage. */
  readonly extendedUsage: readonly string[]
  readonly isAuthority: boolean
  /** The names of the subject besides, as an extension has them. */
  readonly alternativeNames?: Uint8Array | undefined
}

export interface Certificate {
  readonly subject: Subject
  readonly issuer: Subject
  readonly notBefore: number
  readonly notAfter: number
  readonly extendedUsage: readonly string[]
  readonly publicKey: Uint8Array
  /** SHA-256 over the whole, in hexadecimal. */
  readonly fingerprint: string
}

export const usages = { clientAuth: '1.3.6.1.5.5.7.3.2', serverAuth: '1.3.6.1.5.5.7.3.1' } as const
const extendedKeyUsage = '2.5.29.37'

/** Signs a certificate with a private key, in PEM. */
export function issue(template: CertificateTemplate, key: Uint8Array): string {
  const { subject, issuer, publicKey, serial, notBefore, notAfter } = template
  const content = sequence(
    encode(0xa0, encode(tags.integer, [2])),
    integer(serial),
    algorithm,
    nameOf(issuer),
    sequence(time(notBefore), time(notAfter)),
    nameOf(subject),
    publicKey,
    encode(0xa3, sequence(...extensionsOf(template, publicKeyOf(key)))),
  )
  return pemOf('CERTIFICATE', sequence(content, algorithm, bitString(sign(key, content))))
}

function extensionsOf(template: CertificateTemplate, issuerKey: Uint8Array): Uint8Array[] {
  const { keyUsage, extendedUsage, isAuthority, alternativeNames, publicKey } = template
  const authority = isAuthority ? [encode(tags.boolean, [0xff])] : []
  const unused = trailingZeros(keyUsage)
  const list = [
    extension('2.5.29.15', bitString([keyUsage], unused), true),
    ...(extendedUsage.length > 0 ? [extension(extendedKeyUsage, sequence(...extendedUsage.map(oid)), false)] : []),
    extension('2.5.29.19', sequence(...authority), true),
    ...(isAuthority ? [extension('2.5.29.14', encode(tags.octetString, keyId(publicKey)), false)] : []),
    extension('2.5.29.35', sequence(encode(0x80, keyId(issuerKey))), false),
  ]
  return alternativeNames ? [...list, extension('2.5.29.17', alternativeNames, false)] : list
}

function trailingZeros(byte: number): number {
  let count = 0
  while (count < 7 && ((byte >> count) & 1) === 0) count++
  return count
}

function extension(id: string, value: Uint8Array, isCritical: boolean): Uint8Array {
  const critical = isCritical ? [encode(tags.boolean, [0xff])] : []
  return sequence(oid(id), ...critical, encode(tags.octetString, value))
}

/** How an issuer's key is named: the first 20 bytes of its digest (RFC 7093). */
function keyId(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, 20)
}

/** Reads a certificate in PEM; undefined for what is none. */
export function parseCertificate(pem: string): Certificate | undefined {
  try {
    const { content, whole } = partsOf(pem)
    const [, , , issuer, validity, subject, publicKey, extensions] = inside(content)
    const [notBefore, notAfter] = inside(validity)
    if (!publicKey) return undefined
    return {
      subject: subjectIn(subject),
      issuer: subjectIn(issuer),
      notBefore: timeOf(notBefore),
      notAfter: timeOf(notAfter),
      extendedUsage: usagesIn(extensions),
      publicKey: publicKey.whole,
      fingerprint: [...sha256(whole)].map(byte => byte.toString(16).padStart(2, '0')).join(''),
    }
  } catch {
    return undefined
  }
}

function partsOf(pem: string) {
  const bytes = pemBlock(pem)?.bytes ?? new Uint8Array()
  const [certificate] = inside({ tag: 0, content: bytes, whole: bytes })
  const [content, signedBy, signature] = inside(certificate)
  return { content, signedBy, signature, whole: certificate?.whole ?? bytes }
}

function usagesIn(extensions: Element | undefined): string[] {
  for (const part of inside(inside(extensions)[0])) {
    const fields = inside(part)
    if (oidText(fields[0]) === extendedKeyUsage) return inside(inside(fields.at(-1))[0]).map(oidText)
  }
  return []
}

/** Whether the holder of a public key has signed a certificate. */
export function isIssuedBy(pem: string, publicKey: Uint8Array): boolean {
  try {
    const { content, signedBy, signature } = partsOf(pem)
    const [key] = inside({ tag: 0, content: publicKey, whole: publicKey })
    return key && content && signature ? isSigned(key, signedBy, content.whole, signature) === true : false
  } catch {
    return false
  }
}
