import { p256 } from '@noble/curves/nist.js'
import { type Element, encode, inside, oid, oidText, sequence, bitString, tags } from './der.ts'

/**
 * Signatures on P-256, the curve that kubeadm's ECDSA-P256 names: small, synchronous and without chance (RFC 6979), so that
 * a run signs the same bytes everywhere. WebCrypto answers by promises, which nothing in the simulation may wait for.
 */
const ecdsaWithSha256 = '1.2.840.10045.4.3.2'
const ecPublicKey = '1.2.840.10045.2.1'
const prime256v1 = '1.2.840.10045.3.1.7'

export const algorithm: Uint8Array = sequence(oid(ecdsaWithSha256))

export function sign(key: Uint8Array, message: Uint8Array): Uint8Array {
  return p256.sign(message, key, { format: 'der', lowS: false })
}

/** The public half of a key as certificates carry it: SubjectPublicKeyInfo. */
export function publicKeyOf(key: Uint8Array): Uint8Array {
  return sequence(sequence(oid(ecPublicKey), oid(prime256v1)), bitString(p256.getPublicKey(key, false)))
}

/** Whether a signature holds; undefined for algorithms that are not known here (RSA, Ed25519). */
export function isSigned(
  publicKey: Element,
  signedBy: Element | undefined,
  message: Uint8Array,
  signature: Element,
): boolean | undefined {
  const [keyAlgorithm, point] = inside(publicKey)
  const [, curve] = inside(keyAlgorithm)
  if (oidText(inside(signedBy)[0]) !== ecdsaWithSha256 || oidText(curve) !== prime256v1 || !point) return undefined
  const options = { format: 'der', lowS: false } as const
  try {
    return p256.verify(signature.content.subarray(1), message, point.content.subarray(1), options)
  } catch {
    return false
  }
}

/** A private key as `openssl ecparam -genkey` writes it (RFC 5915). */
export function privateKeyDer(key: Uint8Array): Uint8Array {
  const point = encode(0xa1, bitString(p256.getPublicKey(key, false)))
  return sequence(encode(tags.integer, [1]), encode(tags.octetString, key), encode(0xa0, oid(prime256v1)), point)
}

/** The public half of a private key in DER (RFC 5915 or PKCS #8); undefined for keys of another sort. */
export function publicHalf(der: Uint8Array): Uint8Array | undefined {
  const [, second, third] = inside(inside({ tag: 0, content: der, whole: der })[0])
  const inner = third?.tag === tags.octetString ? inside(inside(third)[0])[1] : second
  return inner?.tag === tags.octetString && inner.content.length === 32 ? publicKeyOf(inner.content) : undefined
}
