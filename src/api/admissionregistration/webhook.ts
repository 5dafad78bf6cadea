import { type FieldError, required } from '../../machinery/fieldpath.ts'
import { type Column, defineKind } from '../../machinery/kind.ts'
import type {
  MutatingWebhookConfiguration as MutatingModel,
  RuleWithOperations,
  ValidatingWebhook,
  ValidatingWebhookConfiguration as ValidatingModel,
} from '../generated/admissionregistration.v1.ts'
import { ageColumn, nameColumn } from '../meta/columns.ts'

export type MutatingWebhookConfiguration = MutatingModel
export type ValidatingWebhookConfiguration = ValidatingModel

const columns: Column<MutatingModel | ValidatingModel>[] = [
  nameColumn,
  { name: 'Webhooks', type: 'integer', cell: ({ webhooks }) => webhooks?.length ?? 0 },
  ageColumn,
]

/** Calls out to servers that may change an object. Strategy: pkg/registry/admissionregistration. */
export const MutatingWebhookConfiguration = defineKind<MutatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'MutatingWebhookConfiguration',
  plural: 'mutatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  countsGenerations: true,

  defaults({ webhooks }) {
    for (const webhook of webhooks ?? []) {
      defaultWebhook(webhook)
      webhook.reinvocationPolicy ??= 'Never'
    }
  },

  validate: ({ webhooks }) => checkWebhooks(webhooks ?? []),
  columns,
})

/** Calls out to servers that may refuse an object. */
export const ValidatingWebhookConfiguration = defineKind<ValidatingWebhookConfiguration>({
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingWebhookConfiguration',
  plural: 'validatingwebhookconfigurations',
  categories: ['api-extensions'],
  namespaced: false,
  countsGenerations: true,

  defaults({ webhooks }) {
    webhooks?.forEach(defaultWebhook)
  },

  validate: ({ webhooks }) => checkWebhooks(webhooks ?? []),
  columns,
})

function defaultWebhook(webhook: ValidatingWebhook): void {
  webhook.failurePolicy ??= 'Fail'
  webhook.matchPolicy ??= 'Equivalent'
  webhook.namespaceSelector ??= {}
  webhook.objectSelector ??= {}
  webhook.timeoutSeconds ??= 10
  if (webhook.clientConfig.service) webhook.clientConfig.service.port ??= 443
  webhook.rules?.forEach(defaultRule)
}

export function defaultRule(rule: RuleWithOperations): void {
  rule.scope ??= '*'
}

function checkWebhooks(webhooks: readonly ValidatingWebhook[]): FieldError[] {
  const errors: FieldError[] = []
  webhooks.forEach(({ name, clientConfig, admissionReviewVersions }, i) => {
    const path = `webhooks[${i}]`
    if (!name) errors.push(required(`${path}.name`))
    if (!clientConfig.url && !clientConfig.service) {
      errors.push(required(`${path}.clientConfig`, 'exactly one of url or service is required'))
    }
    if (!admissionReviewVersions.length) {
      const detail = 'must specify one of v1, v1beta1'
      errors.push(required(`${path}.admissionReviewVersions`, detail))
    }
  })
  return errors
}
