import type { StageEvidence } from '../../../machinery/evidence.ts'
import { quote } from '../../../machinery/go-text.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import { badRequest, forbidden } from '../../../machinery/status.ts'
import type { EtcdState } from '../../etcd/store.ts'
import { type Access, refusal } from '../authorization/access.ts'
import type { Authorizer } from '../authorization/authorizer.ts'

/** Whom a request wants to be taken for: the headers `Impersonate-…`. */
export interface Impersonation {
  readonly user: string
  readonly uid: string
  readonly groups: readonly string[]
  readonly extra: Readonly<Record<string, readonly string[]>>
}

/**
 * The user that a request is served as. The real one must be allowed to be each part of him
 * (apiserver/pkg/endpoints/filters/impersonation).
 */
export function impersonate(
  real: UserInfo,
  wanted: Impersonation,
  authorizer: Authorizer,
  etcd: EtcdState,
  stages: StageEvidence[],
): UserInfo {
  const { user: name, uid, groups, extra } = wanted
  if (name === '') {
    if (!uid && groups.length === 0 && Object.keys(extra).length === 0) return real
    throw badRequest(`requested ${goText(wanted)} without impersonating a user name`)
  }
  for (const access of accessesOf(real, wanted)) {
    const { allowed, reason, by } = authorizer.authorize(access, etcd)
    if (allowed) continue
    stages.push({ stage: 'impersonation', verdict: 'denied', by })
    const { group, resource: plural } = access
    throw forbidden({ group, plural }, access.name, refusal(access) + (reason ? `: ${reason}` : ''))
  }
  stages.push({ stage: 'impersonation', verdict: 'allowed', detail: `${real.name} acts as ${name}` })
  const own = groups.length > 0 ? groups : groupsOf(name)
  const everyone = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated'
  return {
    name,
    ...(uid && { uid }),
    groups: own.includes(everyone) ? own : [...own, everyone],
    ...(Object.keys(extra).length > 0 && { extra }),
  }
}

const account = /^system:serviceaccount:([^:]+):([^:]+)$/

/** Service accounts are in their groups without being told. */
function groupsOf(name: string): string[] {
  const namespace = account.exec(name)?.[1]
  return namespace === undefined ? [] : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
}

type NamedAccess = Access & { readonly name: string }

function accessesOf(user: UserInfo, { user: wanted, uid, groups, extra }: Impersonation): NamedAccess[] {
  const on = (group: string, resource: string, name: string): NamedAccess => {
    return { user, verb: 'impersonate', group, version: 'v1', resource, name }
  }
  const [, namespace, name = ''] = account.exec(wanted) ?? []
  const own = 'authentication.k8s.io'
  return [
    namespace === undefined ? on('', 'users', wanted) : { ...on('', 'serviceaccounts', name), namespace },
    ...groups.map(group => on('', 'groups', group)),
    ...Object.entries(extra).flatMap(([key, values]) =>
      values.map(value => ({ ...on(own, 'userextras', value), subresource: key })),
    ),
    ...(uid ? [on(own, 'uids', uid)] : []),
  ]
}

/** As Go prints the user that was asked for. */
function goText({ uid, groups, extra }: Impersonation): string {
  const list = (values: readonly string[]): string => `[]string{${values.map(quote).join(', ')}}`
  const given = Object.entries(extra).map(([key, values]) => `${quote(key)}:${list(values)}`)
  const groupText = groups.length === 0 ? '[]string(nil)' : list(groups)
  const extraText = given.length === 0 ? 'map[string][]string(nil)' : `map[string][]string{${given.join(', ')}}`
  return `&user.DefaultInfo{Name:"", UID:${quote(uid)}, Groups:${groupText}, Extra:${extraText}}`
}
