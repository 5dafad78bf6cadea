import type { UserInfo } from '../../../machinery/rest.ts'
import { type HttpRequest, header, headerValues } from './message.ts'

/** The user that a request is to be served as: `kubectl --as` (apiserver/pkg/endpoints/filters/impersonation). */
export function impersonated(user: UserInfo, request: HttpRequest): UserInfo {
  const name = header(request, 'Impersonate-User')
  if (!name) return user
  const groups = headerValues(request, 'Impersonate-Group').flatMap(value => value.split(/,\s*/))
  const uid = header(request, 'Impersonate-Uid')
  const own = groups.length > 0 ? groups : groupsOf(name)
  const everyone = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  return { name, ...(uid && { uid }), groups: own.includes(everyone) ? own : [...own, everyone] }
}

/** Service accounts are in their groups without being told. */
function groupsOf(name: string): string[] {
  const match = /^system:serviceaccount:([^:]+):[^:]+$/.exec(name)
  return match ? ['system:serviceaccounts', `system:serviceaccounts:${match[1]}`] : []
}
