import { defineKind, type Kind } from '../../../machinery/kind.ts'
import type { Verb } from '../../../machinery/rest.ts'
import type { Answer, Call } from '../call.ts'
import { bindBody } from './bindings.ts'
import {
  type ComponentStatus,
  componentStatusColumns,
  getComponentStatus,
  listComponentStatuses,
} from './componentstatuses.ts'
import { reviewAccess, reviewRules, reviewSelf, reviewToken } from './reviews.ts'

/** Resources of which nothing is stored: they are asked, and answer. */
export interface VirtualResource {
  readonly kind: Kind
  readonly handlers: Partial<Record<Verb, (call: Call) => Answer>>
}

export const virtualResources: readonly VirtualResource[] = [
  asked('', 'Binding', 'bindings', true, { create: bindBody }),
  {
    kind: defineKind<ComponentStatus>({
      group: '',
      version: 'v1',
      kind: 'ComponentStatus',
      plural: 'componentstatuses',
      shortNames: ['cs'],
      namespaced: false,
      verbs: ['get', 'list'],
      columns: componentStatusColumns,
    }),
    handlers: { get: getComponentStatus, list: listComponentStatuses },
  },
  asked('authentication.k8s.io', 'SelfSubjectReview', 'selfsubjectreviews', false, { create: reviewSelf }),
  asked('authentication.k8s.io', 'TokenReview', 'tokenreviews', false, { create: reviewToken }),
  asked('authorization.k8s.io', 'LocalSubjectAccessReview', 'localsubjectaccessreviews', true, {
    create: reviewAccess,
  }),
  asked('authorization.k8s.io', 'SelfSubjectAccessReview', 'selfsubjectaccessreviews', false, { create: reviewAccess }),
  asked('authorization.k8s.io', 'SelfSubjectRulesReview', 'selfsubjectrulesreviews', false, { create: reviewRules }),
  asked('authorization.k8s.io', 'SubjectAccessReview', 'subjectaccessreviews', false, { create: reviewAccess }),
]

function asked(
  group: string,
  kind: string,
  plural: string,
  namespaced: boolean,
  handlers: VirtualResource['handlers'],
): VirtualResource {
  return {
    kind: defineKind({ group, version: 'v1', kind, plural, namespaced, verbs: Object.keys(handlers) }),
    handlers,
  }
}
