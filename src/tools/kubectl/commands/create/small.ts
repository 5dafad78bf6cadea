import { formatQuantity, quantityError } from '../../../../machinery/quantity.ts'
import type { JsonObject } from '../../../../machinery/json-value.ts'
import { defineCommand, oneName } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { outputFlags, printerFor } from '../../printers/output.ts'
import { textAt } from '../../unstructured.ts'
import { createGenerated, failing, generatorFlags } from './generator.ts'

export const createNamespace = defineCommand({
  use: 'namespace NAME [--dry-run=server|client|none]',
  aliases: ['ns'],
  short: 'Create a namespace with the specified name',
  flags: generatorFlags,
  run: context =>
    createGenerated(
      context,
      { group: '', version: 'v1', plural: 'namespaces', namespaced: false },
      { kind: 'Namespace', apiVersion: 'v1', metadata: { name: oneName(context) }, spec: {}, status: {} },
    ),
})

export const createServiceAccount = defineCommand({
  use: 'serviceaccount NAME [--dry-run=server|client|none]',
  aliases: ['sa'],
  short: 'Create a service account with the specified name',
  flags: generatorFlags,
  run: context =>
    createGenerated(
      context,
      { group: '', version: 'v1', plural: 'serviceaccounts', namespaced: true, called: 'serviceaccount' },
      { kind: 'ServiceAccount', apiVersion: 'v1', metadata: { name: oneName(context) } },
    ),
})

export const createQuota = defineCommand({
  use: 'quota NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]',
  aliases: ['resourcequota'],
  short: 'Create a quota with the specified name',
  flags: {
    ...generatorFlags,
    hard: flag.text('A comma-delimited set of resource=quantity pairs that define a hard limit.'),
    scopes: flag.text('A comma-delimited set of quota scopes that must all match each object tracked by the quota.'),
  },
  run(context) {
    const { hard, scopes } = context.flags
    createGenerated(
      context,
      { group: '', version: 'v1', plural: 'resourcequotas', namespaced: true, called: 'quota' },
      {
        kind: 'ResourceQuota',
        apiVersion: 'v1',
        metadata: { name: oneName(context) },
        spec: {
          ...(hard !== '' && { hard: quantitiesOf(hard) }),
          ...(scopes !== '' && { scopes: scopes.split(',') }),
        },
        status: {},
      },
    )
  },
})

/** `cpu=1,memory=1Gi`. */
export function quantitiesOf(text: string): Readonly<Record<string, string>> {
  const pairs = text.split(',').map(part => {
    const [name = '', quantity, more] = part.split('=')
    if (quantity === undefined || more !== undefined) {
      throw new UsageError(`Invalid argument syntax ${part}, expected <resource>=<value>`)
    }
    const problem = quantityError(quantity)
    if (problem !== undefined) throw new UsageError(problem)
    return [name, formatQuantity(quantity)]
  })
  return Object.fromEntries(pairs)
}

export const createPdb = defineCommand({
  use: 'poddisruptionbudget NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]',
  aliases: ['pdb'],
  short: 'Create a pod disruption budget with the specified name',
  flags: {
    ...generatorFlags,
    selector: flag.text(
      'A label selector to use for this budget. Only equality-based selector requirements are supported.',
    ),
    'min-available': flag.text('The minimum number or percentage of available pods this budget requires.'),
    'max-unavailable': flag.text('The maximum number or percentage of unavailable pods this budget requires.'),
  },
  run(context) {
    const { flags } = context
    const name = oneName(context)
    if (flags.selector === '') throw new UsageError('a selector must be specified')
    const [least, most] = [flags['min-available'], flags['max-unavailable']]
    if (least === '' && most === '') throw new UsageError('one of min-available or max-unavailable must be specified')
    if (least !== '' && most !== '') throw new UsageError('min-available and max-unavailable cannot be both specified')
    createGenerated(
      context,
      {
        group: 'policy',
        version: 'v1',
        plural: 'poddisruptionbudgets',
        namespaced: true,
        called: 'poddisruptionbudgets',
      },
      {
        kind: 'PodDisruptionBudget',
        apiVersion: 'policy/v1',
        metadata: { name },
        spec: {
          ...(least !== '' && { minAvailable: intOrText(least) }),
          selector: { matchLabels: labelsOf(flags.selector) },
          ...(most !== '' && { maxUnavailable: intOrText(most) }),
        },
        status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
      },
    )
  },
})

function intOrText(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text
}

function labelsOf(selector: string): Readonly<Record<string, string>> {
  return Object.fromEntries(selector.split(',').map(part => part.split(/==?/)))
}

export const createPriorityClass = defineCommand({
  use: 'priorityclass NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]',
  aliases: ['pc'],
  short: 'Create a priority class with the specified name',
  flags: {
    ...generatorFlags,
    value: flag.int('the value of this priority class.'),
    'global-default': flag.bool(
      'global-default specifies whether this PriorityClass should be considered as the default priority.',
    ),
    description: flag.text(
      'description is an arbitrary string that usually provides guidelines on when this priority class should be used.',
    ),
    'preemption-policy': flag.text('preemption-policy is the policy for preempting pods with lower priority.', {
      default: 'PreemptLowerPriority',
    }),
  },
  run(context) {
    const { flags } = context
    createGenerated(
      context,
      {
        group: 'scheduling.k8s.io',
        version: 'v1',
        plural: 'priorityclasses',
        namespaced: false,
        called: 'priorityclass',
      },
      {
        kind: 'PriorityClass',
        apiVersion: 'scheduling.k8s.io/v1',
        metadata: { name: oneName(context) },
        value: flags.value,
        ...(flags['global-default'] && { globalDefault: true }),
        ...(flags.description !== '' && { description: flags.description }),
        preemptionPolicy: flags['preemption-policy'],
      },
    )
  },
})

export const createToken = defineCommand({
  use: 'token SERVICE_ACCOUNT_NAME',
  short: 'Request a service account token',
  flags: {
    ...outputFlags,
    'bound-object-kind': flag.text(
      'Kind of an object to bind the token to. Supported kinds are Node, Pod, Secret. If set, --bound-object-name must be provided.',
    ),
    'bound-object-name': flag.text(
      'Name of an object to bind the token to. The token will expire when the object is deleted. Requires --bound-object-kind.',
    ),
    'bound-object-uid': flag.text(
      'UID of an object to bind the token to. Requires --bound-object-kind and --bound-object-name. If unset, the UID of the existing object is used.',
    ),
    audience: flag.array('Audience of the requested token.'),
    duration: flag.duration('Requested lifetime of the issued token.'),
  },
  run(context) {
    const { client, flags, namespace, out } = context
    const name = oneName(context)
    const seconds = Math.trunc(flags.duration / 1000)
    if (flags.duration < 0) throw new UsageError('duration must be greater than or equal to 0')
    if (flags.duration % 1000 !== 0) throw new UsageError('duration cannot be expressed in units less than seconds')
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`
    const spec = {
      ...(flags.audience.length > 0 && { audiences: flags.audience }),
      ...(seconds > 0 && { expirationSeconds: seconds }),
      ...boundTo(flags),
    }
    const request = { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: {}, spec }
    const answer = failing('failed to create token', () => client.create(path, request))
    const printer = printerFor(context)
    out(printer ? printer.print(answer) : `${textAt(answer, 'status', 'token')}\n`)
  },
})

/** What a token lives and dies with (kubectl/pkg/cmd/create/create_token.go). */
function boundTo(flags: Readonly<Record<string, unknown>>): JsonObject {
  const [kind, name, uid] = ['kind', 'name', 'uid'].map(part => String(flags[`bound-object-${part}`]))
  if (kind === '' || kind === undefined) {
    if (name !== '') throw new UsageError('--bound-object-name can only be set if --bound-object-kind is provided')
    if (uid !== '') throw new UsageError('--bound-object-uid can only be set if --bound-object-kind is provided')
    return {}
  }
  if (!['Node', 'Pod', 'Secret'].includes(kind)) {
    throw new UsageError(`supported --bound-object-kind values are Node, Pod, Secret`)
  }
  if (name === '') throw new UsageError('--bound-object-name is required if --bound-object-kind is provided')
  return { boundObjectRef: { kind, apiVersion: 'v1', name, ...(uid !== '' && { uid }) } }
}
