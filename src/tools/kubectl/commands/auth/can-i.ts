import { type Context, defineCommand } from '../../command.ts'
import { Exit, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { align, tableTabs } from '../../printers/tabwriter.ts'
import { allNamespacesFlag } from '../../subject-flags.ts'
import { at, textAt } from '../../unstructured.ts'
import { rulesIn, subjectOf } from './rules.ts'

const flags = {
  ...allNamespacesFlag,
  list: flag.bool('If true, prints all allowed actions.'),
  'no-headers': flag.bool('If true, prints allowed actions without headers'),
  quiet: flag.bool('If true, suppress output and just return the exit code.', { short: 'q' }),
  subresource: flag.text('SubResource such as pod/log or deployment/scale'),
}

type CanContext = Context<typeof flags>

/** kubectl/pkg/cmd/auth/cani.go. */
export const canI = defineCommand({
  use: 'can-i VERB [TYPE | TYPE/NAME | NONRESOURCEURL]',
  short: 'Check whether an action is allowed',
  flags,
  run(context) {
    const { args, flags: given } = context
    if (given.list) {
      if (args.length > 0) throw new UsageError('list option must be specified with no arguments')
      if (given.quiet || given['all-namespaces'] || given.subresource !== '') {
        throw new UsageError(
          "list option can't be specified with neither quiet, all-namespaces nor subresource options",
        )
      }
      return list(context)
    }
    const [verb, object, more] = args
    if (verb === undefined || object === undefined || more !== undefined) {
      const words = 'you must specify two arguments: verb resource or verb resource/resourceName.'
      throw new UsageError(`${words}\nSee 'kubectl auth can-i -h' for help and examples.`)
    }
    check(context, object.startsWith('/') ? urlSpec(context, verb, object) : resourceSpec(context, verb, object))
  },
})

const resourceVerbs = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
  'use',
  'bind',
  'impersonate',
  '*',
]
const urlVerbs = ['get', 'put', 'post', 'head', 'options', 'delete', 'patch', '*']
/** Names of which the authorizer knows and discovery does not. */
const unserved = ['users', 'groups']

function urlSpec({ err, flags: given }: CanContext, verb: string, path: string) {
  if (given.subresource !== '') throw new UsageError('--subresource can not be used with NonResourceURL')
  if (!urlVerbs.includes(verb)) err(`Warning: verb '${verb}' is not a known verb\n\n`)
  return { nonResourceAttributes: { verb, path } }
}

function resourceSpec(context: CanContext, verb: string, object: string) {
  const { err, flags: given, mapper, namespace } = context
  const slash = object.indexOf('/')
  const [type, name] = slash < 0 ? [object, ''] : [object.slice(0, slash), object.slice(slash + 1)]
  const found = type === '*' ? undefined : mapper().lookUp(type)
  if (!found && type !== '*' && !unserved.includes(type)) {
    const [plural, ...group] = type.toLowerCase().split('.')
    const where = group.length === 0 ? '' : ` in group '${group.join('.')}'`
    err(`Warning: the server doesn't have a resource type '${plural}'${where}\n\n`)
  }
  if (found && !found.namespaced && !given['all-namespaces']) {
    const where = found.group === '' ? '' : ` in group '${found.group}'`
    err(`Warning: resource '${found.plural}' is not namespace scoped${where}\n\n`)
  }
  if (!resourceVerbs.includes(verb)) err(`Warning: verb '${verb}' is not a known verb\n\n`)
  return {
    resourceAttributes: {
      namespace: given['all-namespaces'] ? '' : namespace,
      verb,
      group: found?.group ?? '',
      resource: found?.plural ?? type,
      subresource: given.subresource,
      name,
    },
  }
}

function check({ client, flags: given, out }: CanContext, spec: object): void {
  if (given['no-headers']) throw new UsageError('--no-headers cannot be set without --list specified')
  const request = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {}, spec }
  const review = client.create('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', request)
  const isAllowed = at(review, 'status', 'allowed') === true
  const reasons = [textAt(review, 'status', 'reason'), textAt(review, 'status', 'evaluationError')]
  const tail = reasons.filter(text => text !== '').map(text => ` - ${text}`)
  if (!given.quiet) out(isAllowed ? 'yes\n' : `no${tail.join('')}\n`)
  if (!isAllowed) throw new Exit(1)
}

function list({ client, err, flags: given, namespace, out }: CanContext): void {
  const request = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectRulesReview',
    metadata: {},
    spec: { namespace },
  }
  const status = at(client.create('/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', request), 'status')
  if (at(status, 'incomplete') === true) {
    err(`Warning: the list may be incomplete: ${textAt(status, 'evaluationError')}\n`)
  }
  const shown = (values: readonly string[] = []): string => `[${values.join(' ')}]`
  const rows = rulesIn(status).map(rule => [
    subjectOf(rule),
    shown(rule.nonResourceURLs),
    shown(rule.resourceNames),
    shown(rule.verbs),
  ])
  const heads = given['no-headers'] ? [] : [['Resources', 'Non-Resource URLs', 'Resource Names', 'Verbs']]
  out(align([...heads, ...rows].map(row => `${row.join('\t')}\n`).join(''), tableTabs))
}
