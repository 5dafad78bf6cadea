import type { UserInfo } from '../../../machinery/rest.ts'
import { ApiError } from '../../../machinery/status.ts'
import { accountToken } from './account-token.ts'
import { bootstrapToken } from './bootstrap-token.ts'
import {
  authenticated,
  type AuthenticationOptions,
  credential,
  type Credentials,
  type Identified,
} from './credentials.ts'

const anonymous: UserInfo = Object.freeze({ name: 'system:anonymous', groups: ['system:unauthenticated'] })

/** Who made the recordings. A server that serves strangers does not take nobody for him. */
const recorder: UserInfo = Object.freeze({
  name: 'admin',
  uid: 'admin',
  groups: ['system:masters', 'system:authenticated'],
})

/**
 * Finds out who asks: client certificate, then token, then nobody. Throws Unauthorized for a token that says nothing.
 * Models kubeapiserver/authenticator/config.go with the flags that kubeadm sets.
 */
export function authenticate(options: AuthenticationOptions, credentials: Credentials): Identified {
  const { certificate, authorization } = credentials
  if (certificate) {
    const { user: name, groups, fingerprint } = certificate
    const extra = fingerprint === undefined ? {} : { extra: credential(`X509SHA256=${fingerprint}`) }
    return { by: 'X509', user: authenticated({ name, groups, ...extra }) }
  }
  if (authorization === undefined && options.nobody !== null) return { by: 'Nobody', user: options.nobody ?? recorder }
  if (!authorization) return { by: 'Anonymous', user: anonymous }
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1]
  const found = token === undefined ? undefined : authenticateToken(options, token, credentials)
  if (found) return found
  throw new ApiError('Unauthorized', 'Unauthorized')
}

/** Who a token belongs to. */
export function authenticateToken(
  { staticTokens = {} }: AuthenticationOptions,
  token: string,
  credentials: Credentials,
  audiences?: readonly string[],
): Identified | undefined {
  const known = Object.hasOwn(staticTokens, token) ? staticTokens[token] : undefined
  if (known) return { by: 'StaticToken', user: authenticated(known) }
  const found = accountToken(token, credentials, audiences) ?? bootstrapToken(token, credentials)
  return found && { ...found, user: authenticated(found.user) }
}
