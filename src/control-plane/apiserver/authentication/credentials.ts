import type { UserInfo } from '../../../machinery/rest.ts'
import type { EtcdState } from '../../etcd/store.ts'

/** What a connection's client certificate says of its owner, after the server has verified it. */
export interface PeerCertificate {
  /** CN of the subject. */
  readonly user: string
  /** O of the subject, in order. */
  readonly groups: readonly string[]
  /** SHA-256 of the certificate, in hexadecimal. */
  readonly fingerprint?: string
}

/** What a request brings to say who sends it. */
export interface Credentials {
  /** The Authorization header; undefined when there is none. */
  readonly authorization: string | undefined
  readonly certificate: PeerCertificate | undefined
  /** Virtual time in ms since 1970. */
  readonly now: number
  readonly etcd: EtcdState
}

/** A user, and who has found out. */
export interface Identified {
  readonly user: UserInfo
  readonly by: string
  /** For tokens: those of the server's audiences that the token is meant for. */
  readonly audiences?: readonly string[]
}

/** `--token-auth-file` and what else is chosen at the server's start. */
export interface AuthenticationOptions {
  /** Tokens that never end, and who has them. */
  readonly staticTokens?: Readonly<Record<string, UserInfo>>
  /** Who comes without credentials: default the administrator of the recordings; null is system:anonymous, as kubeadm has it. */
  readonly nobody?: UserInfo | null
}

/** Every user who is somebody belongs to system:authenticated (authentication/group/authenticated_group_adder.go). */
export function authenticated(user: UserInfo): UserInfo {
  if (user.groups.includes('system:authenticated') || user.groups.includes('system:unauthenticated')) return user
  return { ...user, groups: [...user.groups, 'system:authenticated'] }
}

const credentialId = 'authentication.kubernetes.io/credential-id'

/** The mark by which an audit log tells one credential of a user from another. */
export function credential(id: string): Readonly<Record<string, readonly string[]>> {
  return { [credentialId]: [id] }
}
