import type { TLSSocket } from 'node:tls'
import type { OutsideRequest } from '../protocol/messages.ts'
import { fingerprintOf } from './certificates.ts'
import type { StaticUser } from './options.ts'

export type Certificate = NonNullable<OutsideRequest['certificate']>

/** Who is at the other end of a connection, as its certificate says; `refused` when nobody here has signed that. */
export type Peer = { readonly certificate?: Certificate } | { readonly refused: true }

/** Reads the client's certificate (authentication/request/x509). */
export function peerOf(socket: TLSSocket): Peer {
  const { subject, raw } = socket.getPeerCertificate()
  // Without a certificate there is an empty object, whatever its type says.
  if (raw === undefined) return {}
  if (!socket.authorized) return { refused: true }
  const certificate = { user: textsOf(subject.CN).at(-1) ?? '', groups: textsOf(subject.O) }
  return { certificate: { ...certificate, fingerprint: fingerprintOf(raw) } }
}

/** A field of a name that is there several times is a list. */
function textsOf(field: string | string[] | undefined): string[] {
  return field === undefined ? [] : typeof field === 'string' ? [field] : field
}

/**
 * A request's headers and certificate as the API server gets them. A static token stands for its user as if he had shown
 * a certificate, so that a record needs no table of tokens. Nobody's request says so, by an empty header.
 */
export function identified(
  headers: OutsideRequest['headers'],
  certificate: Certificate | undefined,
  tokens: Readonly<Record<string, StaticUser>>,
): Pick<OutsideRequest, 'headers' | 'certificate'> {
  if (certificate) return { headers, certificate }
  const { authorization, ...rest } = headers
  if (authorization === undefined) return { headers: { ...headers, authorization: '' } }
  const token = /^Bearer +(\S+)$/i.exec(String(authorization))?.[1] ?? ''
  const known = Object.hasOwn(tokens, token) ? tokens[token] : undefined
  return known ? { headers: rest, certificate: known } : { headers }
}
