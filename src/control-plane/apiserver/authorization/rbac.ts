import type { PolicyRule } from '../../../api/generated/rbac.v1.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import type { EtcdState } from '../../etcd/store.ts'
import { type Access, namespaceOf, type Verdict } from './access.ts'
import type { Authorizer, RulesOf } from './authorizer.ts'
import { grantsOf, type Grant, type UserGrants } from './rbac-index.ts'
import { allowsName, ruleConcerns } from './rule-match.ts'

const by = 'RBAC'
const denied: Verdict = Object.freeze({ allowed: false, reason: '', by })

/** Roles and bindings decide. Models plugin/pkg/auth/authorizer/rbac. */
export const rbac: Authorizer = {
  authorize(access, etcd) {
    const grants = grantsOf(etcd, access.user)
    const key = keyOf(access)
    const known = grants.decided.get(key)
    if (known) return known
    const namespace = namespaceOf(access)
    const { verdict, dependsOnName } = decide(grants, namespace, access)
    // Of rules with resourceNames every name is another question: there are too many to remember the answers.
    if (!dependsOnName) grants.decided.set(key, verdict)
    return verdict
  },

  rulesFor(user, namespace, etcd): RulesOf {
    const { rules, errors } = heldRules(etcd, user, namespace)
    return { rules, incomplete: false, error: joined(errors) }
  },
}

/** What a user may do in a namespace ('' asks for what holds everywhere), and which roles could not be found. */
export function heldRules(
  etcd: EtcdState,
  user: UserInfo,
  namespace: string,
): { rules: PolicyRule[]; errors: readonly string[] } {
  const grants = grantsIn(grantsOf(etcd, user), namespace)
  const errors = grants.flatMap(({ error }) => (error === undefined ? [] : [error]))
  return { rules: grants.flatMap(({ rules }) => rules), errors }
}

function grantsIn({ everywhere, inside }: UserGrants, namespace: string): readonly Grant[] {
  const more = namespace === '' ? undefined : inside.get(namespace)
  return more ? [...everywhere, ...more] : everywhere
}

function keyOf(access: Access): string {
  const { verb, group, resource, subresource = '', path } = access
  return path === undefined ? `${verb} ${group}/${resource}/${subresource} ${namespaceOf(access)}` : `${verb} ${path}`
}

function decide(
  grants: UserGrants,
  namespace: string,
  access: Access,
): { readonly verdict: Verdict; readonly dependsOnName: boolean } {
  let dependsOnName = false
  const errors: string[] = []
  for (const { rules, by: binding, error } of grantsIn(grants, namespace)) {
    if (error !== undefined) errors.push(error)
    for (const rule of rules) {
      if (!ruleConcerns(rule, access)) continue
      if (rule.resourceNames?.length) dependsOnName = true
      if (!allowsName(rule, access)) continue
      return { verdict: { allowed: true, reason: `RBAC: allowed by ${binding}`, by }, dependsOnName }
    }
  }
  const verdict = errors.length === 0 ? denied : { allowed: false, reason: `RBAC: ${joined(errors) ?? ''}`, by }
  return { verdict, dependsOnName }
}

/** Several errors as Go joins them (utilerrors.NewAggregate): each once, in brackets. */
export function joined(errors: readonly string[]): string | undefined {
  const [first, ...more] = new Set(errors)
  return more.length === 0 ? first : `[${[first, ...more].join(', ')}]`
}
