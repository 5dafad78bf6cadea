import type { PolicyRule, Subject } from '../../../api/generated/rbac.v1.ts'
import { missingRules } from '../../../api/rbac/policy-rules.ts'
import type { UserInfo } from '../../../machinery/rest.ts'
import type { Self } from '../../../sim/component.ts'
import { get } from '../../etcd/store.ts'
import { serve } from '../pipeline.ts'
import { fieldsOf, listOf, textOf } from '../record.ts'
import { keyFor } from '../resources.ts'
import type { Server } from '../server-context.ts'
import type { ApiServerState } from '../state.ts'
import { type PolicyObject, policyObjects } from './objects.ts'

const autoupdate = 'rbac.authorization.kubernetes.io/autoupdate'
const group = 'rbac.authorization.k8s.io'

/**
 * Makes the default roles and bindings that are missing, and gives those that are there what was taken from them, unless
 * they say that they do not want it (registry/rbac/rest/storage_rbac.go, `rbac/bootstrap-roles`).
 */
export function reconcilePolicy(server: Server, self: Self<ApiServerState>, user: UserInfo): void {
  for (const object of policyObjects) {
    const { resource, namespace, body } = object
    const place = server.resources.find(group, 'v1', resource)
    if (!place) return
    const { name } = body.metadata
    const entry = get(server.options.etcd(), keyFor(place, namespace, name))
    const where = namespace === undefined ? {} : { namespace }
    const asked = { group, version: 'v1', resource, ...where, user, userAgent: 'kube-apiserver' } as const
    if (!entry) serve(server, self, { ...asked, verb: 'create', body })
    else {
      const next = completed(object, entry.value)
      if (next) serve(server, self, { ...asked, verb: 'update', name, body: next })
    }
  }
}

/** The stored object with what it lacks; undefined when it lacks nothing. */
function completed({ body }: PolicyObject, stored: object): object | undefined {
  const there = fieldsOf(stored)
  if (textOf(fieldsOf(fieldsOf(fieldsOf(there).metadata).annotations)[autoupdate]) === 'false') return undefined
  if (body.roleRef === undefined) {
    const rules = missingRules(rulesIn(there.rules), rulesIn(body.rules))
    return rules.length === 0 ? undefined : { ...there, rules: [...rulesIn(there.rules), ...rules] }
  }
  const subjects = listOf(there.subjects)
  const missing = listOf(body.subjects).filter(wanted => !subjects.some(subject => isSameSubject(subject, wanted)))
  return missing.length === 0 ? undefined : { ...there, subjects: [...subjects, ...missing] }
}

function rulesIn(value: unknown): PolicyRule[] {
  return listOf(value).filter(isRule)
}

function isRule(value: unknown): value is PolicyRule {
  return Array.isArray(fieldsOf(value).verbs)
}

function isSameSubject(a: unknown, b: unknown): boolean {
  const fields: (keyof Subject)[] = ['kind', 'name', 'namespace']
  return fields.every(field => textOf(fieldsOf(a)[field]) === textOf(fieldsOf(b)[field]))
}
