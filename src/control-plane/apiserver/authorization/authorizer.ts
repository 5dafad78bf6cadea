import type { PolicyRule } from '../../../api/generated/rbac.v1.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import type { EtcdState } from '../../etcd/store.ts'
import type { Access, Verdict } from './access.ts'

/** One of the authorizers that a server asks in turn. */
export interface Authorizer {
  authorize(access: Access, etcd: EtcdState): Verdict
  /** What a user may do in a namespace, for `kubectl auth can-i --list`. */
  rulesFor?(user: UserInfo, namespace: string, etcd: EtcdState): RulesOf
}

export interface RulesOf {
  readonly rules: readonly PolicyRule[]
  readonly incomplete: boolean
  readonly error?: string | undefined
}

const allowed: Verdict = Object.freeze({ allowed: true, reason: '', by: 'AlwaysAllow' })
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
]

/** Lets everybody do everything: `--authorization-mode=AlwaysAllow`. */
export const alwaysAllow: Authorizer = {
  authorize: () => allowed,
  rulesFor: () => ({ rules: everything, incomplete: false }),
}

const privileged: Verdict = Object.freeze({ allowed: true, reason: '', by: 'PrivilegedGroup' })
const noOpinion: Verdict = Object.freeze({ allowed: false, reason: '', by: 'PrivilegedGroup' })

/** Members of system:masters may do everything, whatever comes after (authorizerfactory.NewPrivilegedGroups). */
export const privilegedGroup: Authorizer = {
  authorize: ({ user }) => (user.groups.includes('system:masters') ? privileged : noOpinion),
}

/** Asks one after the other until one allows; the reasons of all that did not are shown (authorization/union). */
export function union(authorizers: readonly Authorizer[]): Authorizer {
  return {
    authorize(access, etcd) {
      let verdict: Verdict = noOpinion
      let reasons = ''
      for (const authorizer of authorizers) {
        verdict = authorizer.authorize(access, etcd)
        if (verdict.allowed) return verdict
        if (verdict.reason !== '') reasons += reasons === '' ? verdict.reason : `\n${verdict.reason}`
      }
      return verdict.reason === reasons ? verdict : { ...verdict, reason: reasons }
    },
    rulesFor(user, namespace, etcd) {
      const parts = authorizers.flatMap(authorizer => authorizer.rulesFor?.(user, namespace, etcd) ?? [])
      const errors = parts.flatMap(({ error }) => (error === undefined ? [] : [error]))
      return {
        rules: parts.flatMap(({ rules }) => rules),
        incomplete: parts.some(({ incomplete }) => incomplete),
        error: errors.length > 1 ? `[${errors.join(', ')}]` : errors[0],
      }
    },
  }
}
