import { parseJson } from '../../machinery/json-text.ts'
import type { UserInfo } from '../../machinery/rest.ts'
import { ApiError } from '../../machinery/status.ts'
import { accountIn, verifyToken } from './tokens.ts'

/** What a request brings to say who sends it. */
export interface Credentials {
  /** The Authorization header; undefined when the connection itself proves who it is (a client certificate). */
  readonly authorization: string | undefined
  /** Virtual time in ms since 1970. */
  readonly now: number
}

/** Finds out who asks. Throws Unauthorized for credentials that nobody has. */
export type Authenticator = (credentials: Credentials) => UserInfo

const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** The administrator, whose certificate every connection is taken to have if it shows nothing else. */
const admin: UserInfo = { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] }

/** Certificates and the tokens of service accounts. An empty header means: no credentials at all. */
export const authenticateByDefault: Authenticator = ({ authorization, now }) => {
  if (authorization === undefined) return admin
  if (authorization === '') return anonymous
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? ''
  const claims = verifyToken(token, now, text => parseJson(text).value?.value)
  if (!claims) throw new ApiError('Unauthorized', 'Unauthorized')
  const { namespace, name, uid } = accountIn(claims)
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
  return { name: `system:serviceaccount:${namespace}:${name}`, uid, groups }
}
