import { decodeBase64Url } from '../control-plane/apiserver/base64url.ts'
import { parseJson } from '../machinery/json-text.ts'
import type { UserInfo } from '../machinery/rest.ts'
import type { Process } from '../node/runtime/program.ts'

const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token'
const anonymous: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Who a program in a Pod is to the API: the account that its mounted token is for (client-go's rest.InClusterConfig). */
export function accountOf({ files }: Process): UserInfo {
  const payload = files.read(tokenFile)?.split('.')[1] ?? ''
  const claims = parseJson(decodeBase64Url(payload) ?? '').value?.value
  const subject = typeof claims === 'object' && claims !== null && 'sub' in claims ? claims.sub : undefined
  if (typeof subject !== 'string') return anonymous
  const [, , namespace = ''] = subject.split(':')
  const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated']
  return { name: subject, groups }
}
