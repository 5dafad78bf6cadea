import { parseJson } from '../../../machinery/json-text.ts'
import type { ApiObject } from '../../../machinery/object.ts'
import { parseTime } from '../../../machinery/time.ts'
import { type EtcdState, get } from '../../etcd/store.ts'
import { isApiObject } from '../objects.ts'
import { type Fields, fieldsOf, listOf, textOf } from '../record.ts'
import { issuer, verifyToken } from '../tokens.ts'
import { credential, type Credentials, type Identified } from './credentials.ts'

/** How long a token holds after the deletion of what it is bound to has begun (jwt.DefaultLeeway). */
const leewayMs = 60_000

/** Tokens of service accounts, and of nobody else's any more when the account or what they are bound to is gone. */
export function accountToken(
  token: string,
  { etcd, now }: Credentials,
  wanted: readonly string[] = [issuer],
): Identified | undefined {
  const claims = verifyToken(token, now, text => parseJson(text).value?.value)
  if (!claims) return undefined
  const audiences = listOf(claims.aud)
    .map(textOf)
    .filter(audience => wanted.includes(audience))
  if (audiences.length === 0) return undefined
  const place = fieldsOf(claims['kubernetes.io'])
  const namespace = textOf(place.namespace)
  const account = fieldsOf(place.serviceaccount)
  if (!isThere(etcd, `serviceaccounts/${namespace}`, account, now)) return undefined
  const { secret, pod, node } = place
  if (secret !== undefined && !isThere(etcd, `secrets/${namespace}`, fieldsOf(secret), now)) return undefined
  if (pod !== undefined && !isThere(etcd, `pods/${namespace}`, fieldsOf(pod), now)) return undefined
  // Of a Pod's token the node is only told: it is the Pod that it is bound to.
  if (node !== undefined && pod === undefined && !isThere(etcd, 'minions', fieldsOf(node), now)) return undefined
  const name = textOf(account.name)
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
  const user = { name: `system:serviceaccount:${namespace}:${name}`, uid: textOf(account.uid), groups }
  return { by: 'ServiceAccountToken', audiences, user: { ...user, extra: extraOf(claims, pod, node) } }
}

/** Whether the object is there, is the same one, and is not on its way out for longer than the leeway. */
function isThere(etcd: EtcdState, folder: string, reference: Fields, now: number): boolean {
  const value = get(etcd, `/registry/${folder}/${textOf(reference.name)}`)?.value
  return isApiObject(value) && value.metadata.uid === textOf(reference.uid) && !isLongGone(value, now)
}

function isLongGone({ metadata: { deletionTimestamp } }: ApiObject, now: number): boolean {
  return deletionTimestamp !== undefined && parseTime(deletionTimestamp) < now - leewayMs
}

/** What the token tells besides (pkg/serviceaccount/util.go). */
function extraOf(claims: Fields, pod: unknown, node: unknown): Readonly<Record<string, readonly string[]>> {
  const extra: Record<string, readonly string[]> = { ...credential(`JTI=${textOf(claims.jti)}`) }
  const add = (what: string, of: unknown): void => {
    const { name, uid } = fieldsOf(of)
    if (name !== undefined) extra[`authentication.kubernetes.io/${what}-name`] = [textOf(name)]
    if (uid !== undefined) extra[`authentication.kubernetes.io/${what}-uid`] = [textOf(uid)]
  }
  add('pod', pod)
  add('node', node)
  return extra
}
