import type { UserInfo } from '../../machinery/rest.ts'
import { ApiError } from '../../machinery/status.ts'

/** What a request brings to say who sends it. */
export interface Credentials {
  /** The Authorization header; undefined when the connection itself proves who it is (a client certificate). */
  readonly authorization: string | undefined
  /** Who the connection's client certificate belongs to. */
  readonly certificate?: UserInfo
}

/** Finds out who asks. Throws Unauthorized for credentials that nobody has. */
export type Authenticator = (credentials: Credentials) => UserInfo

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** The administrator of a cluster whose certificate every connection is taken to have if it shows nothing else. */
const admin: UserInfo = { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] }

/** Certificates only: no token is known, and no credentials are those of an anonymous user. */
export const authenticateCertificates: Authenticator = ({ authorization, certificate }) => {
  if (authorization === undefined) return certificate ?? admin
  if (authorization === '') return anonymous
  throw new ApiError('Unauthorized', 'Unauthorized')
}
