import type { ApiRequest } from '../../machinery/rest.ts'

/** What an authorizer says: allowed, or not with a reason that is shown to the user. */
export interface Verdict {
  readonly allowed: boolean
  readonly reason: string
  /** The authorizer that decided. */
  readonly by: string
}

/** Decides whether a request may be made. RBAC and Node authorisation implement this. */
export interface Authorizer {
  authorize(request: ApiRequest): Verdict
}

const allowed: Verdict = Object.freeze({ allowed: true, reason: '', by: 'AlwaysAllow' })

/** Lets everybody do everything: `--authorization-mode=AlwaysAllow`. */
export const alwaysAllow: Authorizer = { authorize: () => allowed }

const privileged: Verdict = Object.freeze({ allowed: true, reason: '', by: 'PrivilegedGroup' })

/** Asks the authorizer, unless the user is of system:masters, who may do everything. */
export function authorize(authorizer: Authorizer, request: ApiRequest): Verdict {
  return request.user.groups.includes('system:masters') ? privileged : authorizer.authorize(request)
}

/** `pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "default"`. */
export function refusal(request: ApiRequest): string {
  const { user, verb, resource, subresource, group, namespace } = request
  const what = subresource ? `${resource}/${subresource}` : resource
  const where = namespace ? ` in the namespace "${namespace}"` : ' at the cluster scope'
  return `User "${user.name}" cannot ${verb} resource "${what}" in API group "${group}"${where}`
}
