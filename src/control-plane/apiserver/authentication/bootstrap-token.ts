import { decodeBase64 } from '../../../api/meta/base64.ts'
import { parseTime } from '../../../machinery/time.ts'
import { get } from '../../etcd/store.ts'
import { secrets } from '../known.ts'
import { isOf } from '../objects.ts'
import type { Credentials, Identified } from './credentials.ts'

const shape = /^([a-z0-9]{6})\.([a-z0-9]{16})$/
const groupShape = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/

/** Tokens of machines that want to join: Secrets in kube-system (plugin/pkg/auth/authenticator/token/bootstrap). */
export function bootstrapToken(token: string, { etcd, now }: Credentials): Identified | undefined {
  const [, id, given] = shape.exec(token) ?? []
  if (id === undefined) return undefined
  const secret = get(etcd, `/registry/secrets/kube-system/bootstrap-token-${id}`)?.value
  if (!isOf(secrets, secret) || secret.metadata.deletionTimestamp !== undefined) return undefined
  if (secret.type !== 'bootstrap.kubernetes.io/token') return undefined
  const read = (name: string): string => decodeBase64(secret.data?.[name] ?? '')
  if (read('token-id') !== id || read('token-secret') !== given) return undefined
  const expiration = read('expiration')
  if (expiration !== '' && !(parseTime(expiration) > now)) return undefined
  if (read('usage-bootstrap-authentication') !== 'true') return undefined
  const extra = read('auth-extra-groups').split(',').filter(Boolean)
  if (!extra.every(group => groupShape.test(group))) return undefined
  return {
    by: 'BootstrapToken',
    user: { name: `system:bootstrap:${id}`, groups: ['system:bootstrappers', ...extra] },
  }
}
