import { createHash, webcrypto } from 'node:crypto'
import 'reflect-metadata'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

/** A certificate with its key, both as PEM. */
export interface KeyPair {
  readonly certificate: string
  readonly key: string
}

/** What `kubeadm init` puts under /etc/kubernetes/pki, as far as a client meets it. Made anew at every start. */
export interface Pki {
  readonly ca: string
  readonly server: KeyPair
  /** admin.conf's. */
  readonly admin: KeyPair
  /** Makes a certificate for another client: a user and his groups. */
  issue(user: string, groups: readonly string[]): Promise<KeyPair>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
const yearMs = 365 * 24 * 3_600_000

/** A certificate is good from a little while ago: clocks differ. */
const backdateMs = 5 * 60_000

/** Makes a certificate authority and what it signs (kubeadm's phases `certs` and `kubeconfig`). */
export async function createPki(): Promise<Pki> {
  const keys = await generateKeys()
  const ca = await X509CertificateGenerator.createSelfSigned({
    ...validity(10),
    serialNumber: serialNumber(),
    name: 'CN=kubernetes',
    keys,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(true, undefined, true),
      new KeyUsagesExtension(
        KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.keyCertSign,
        true,
      ),
    ],
  })
  const authority: Authority = { ca, key: keys.privateKey }
  const names = ['localhost', 'kubernetes', 'kubernetes.default', 'kubernetes.default.svc']
  return {
    ca: ca.toString('pem'),
    server: await sign(authority, 'CN=kube-apiserver', ExtendedKeyUsage.serverAuth, [
      ...names.map(value => ({ type: 'dns' as const, value })),
      { type: 'ip', value: '127.0.0.1' },
    ]),
    admin: await client(authority, 'kubernetes-admin', ['kubeadm:cluster-admins']),
    issue: (user, groups) => client(authority, user, groups),
  }
}

interface Authority {
  readonly ca: X509Certificate
  readonly key: CryptoKey
}

type AlternativeName = { type: 'dns' | 'ip'; value: string }

function client(authority: Authority, user: string, groups: readonly string[]): Promise<KeyPair> {
  const subject = [...groups.map(group => ({ O: [group] })), { CN: [user] }]
  return sign(authority, subject, ExtendedKeyUsage.clientAuth, [])
}

async function sign(
  { ca, key }: Authority,
  subject: string | { [field: string]: string[] }[],
  usage: ExtendedKeyUsage,
  names: readonly AlternativeName[],
): Promise<KeyPair> {
  const keys = await generateKeys()
  const certificate = await X509CertificateGenerator.create({
    ...validity(1),
    serialNumber: serialNumber(),
    subject,
    issuer: ca.subject,
    publicKey: keys.publicKey,
    signingKey: key,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
      new ExtendedKeyUsageExtension([usage]),
      await AuthorityKeyIdentifierExtension.create(ca.publicKey),
      ...(names.length > 0 ? [new SubjectAlternativeNameExtension([...names])] : []),
    ],
  })
  const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)
  return { certificate: certificate.toString('pem'), key: PemConverter.encode(pkcs8, 'PRIVATE KEY') }
}

function generateKeys(): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function validity(years: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now()
  return { notBefore: new Date(now - backdateMs), notAfter: new Date(now + years * yearMs) }
}

/** Positive, as serial numbers are: the first bit is clear. */
function serialNumber(): string {
  const bytes = webcrypto.getRandomValues(new Uint8Array(15))
  return `01${Buffer.from(bytes).toString('hex')}`
}

/** What an audit log calls a certificate. */
export function fingerprintOf(raw: Buffer): string {
  return createHash('sha256').update(raw).digest('hex')
}
