import { type Element, inside, oidText, utf8Of } from './der.ts'
import { type Subject, subjectIn } from './names.ts'
import { pemBlock } from './pem.ts'
import { isSigned } from './signature.ts'

/** What a certificate signing request asks for (PKCS #10). */
export interface CertificateRequest {
  readonly subject: Subject
  /** The public key with its algorithm, as the certificate will carry it. */
  readonly publicKey: Uint8Array
  readonly dnsNames: readonly string[]
  readonly ipAddresses: readonly Uint8Array[]
  readonly emails: readonly string[]
  readonly uris: readonly string[]
  /** The names of the extension, to be copied. */
  readonly alternativeNames: Uint8Array | undefined
}

const extensionRequest = '1.2.840.113549.1.9.14'
const subjectAltName = '2.5.29.17'

/** Reads a request in PEM. Throws RangeError with Go's words for what is none. */
export function parseRequest(pem: string): CertificateRequest {
  const block = pemBlock(pem)
  if (block?.label !== 'CERTIFICATE REQUEST') throw new RangeError('PEM block type must be CERTIFICATE REQUEST')
  const [whole] = inside({ tag: 0, content: block.bytes, whole: block.bytes })
  const [info, algorithm, signature] = inside(whole)
  const [, subject, publicKey, attributes] = inside(info)
  if (!info || !publicKey || !signature) throw new RangeError('asn1: structure error: tags don’t match')
  if (isSigned(publicKey, algorithm, info.whole, signature) === false) {
    throw new RangeError('x509: ECDSA verification failure')
  }
  const names = alternativeNamesIn(attributes)
  const texts = (tag: number): string[] =>
    inside(names)
      .filter(name => name.tag === tag)
      .map(name => utf8Of(name.content))
  return {
    subject: subjectIn(subject),
    publicKey: publicKey.whole,
    emails: texts(0x81),
    dnsNames: texts(0x82),
    uris: texts(0x86),
    ipAddresses: inside(names)
      .filter(({ tag }) => tag === 0x87)
      .map(({ content }) => content),
    alternativeNames: names?.whole,
  }
}

function alternativeNamesIn(attributes: Element | undefined): Element | undefined {
  for (const attribute of inside(attributes)) {
    const [id, set] = inside(attribute)
    if (oidText(id) !== extensionRequest) continue
    for (const extension of inside(inside(set)[0])) {
      const parts = inside(extension)
      if (oidText(parts[0]) === subjectAltName) return inside(parts.at(-1))[0]
    }
  }
  return undefined
}
