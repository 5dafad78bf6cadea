import { gather, manifestInfo, subjectsOf } from '../../api/builder.ts'
import { pathOf } from '../../api/client.ts'
import { type Context, defineCommand, selectionOf, usageError } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { fileFlags, recordFlag, selectorFlag } from '../../subject-flags.ts'
import { isSelected } from '../../selectors.ts'
import { dryRunOf, reporter, withLastApplied, withSource, writeQuery } from '../../writing.ts'
import { createConfigMap } from './configmap.ts'
import { createDeployment } from './deployment.ts'
import { generatorFlags } from './generator.ts'
import { createIngress } from './ingress.ts'
import { createCronJob, createJob } from './job.ts'
import { createClusterRole, createClusterRoleBinding, createRole, createRoleBinding } from './roles.ts'
import { createSecretGroup } from './secret.ts'
import { createService } from './service.ts'
import {
  createNamespace,
  createPdb,
  createPriorityClass,
  createQuota,
  createServiceAccount,
  createToken,
} from './small.ts'

const flags = {
  ...generatorFlags,
  ...fileFlags,
  ...selectorFlag,
  ...recordFlag,
  edit: flag.bool('Edit the API resource before creating'),
  raw: flag.text('Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.'),
  'windows-line-endings': flag.bool(
    'Only relevant if --edit=true. Defaults to the line ending native to your platform.',
  ),
}

export const create = defineCommand({
  use: 'create -f FILENAME',
  short: 'Create a resource from a file or from stdin',
  flags,
  commands: [
    ...[
      createClusterRole,
      createClusterRoleBinding,
      createConfigMap,
      createCronJob,
      createDeployment,
      createIngress,
      createJob,
    ],
    ...[createNamespace, createPdb, createPriorityClass, createQuota, createRole, createRoleBinding, createSecretGroup],
    ...[createService, createServiceAccount, createToken],
  ],
  run(context) {
    const { args, flags: given, client, host, mapper } = context
    if (args.length > 0) throw unexpected(context)
    if (given.filename.length === 0 && given.kustomize === '') throw new UsageError('must specify one of -f and -k')
    if (given.raw !== '') return context.out(client.text('POST', given.raw, rawBody(context)))
    const dryRun = dryRunOf(context)
    const report = reporter(context)
    const selection = selectionOf(context, { labelSelector: '', validate: isValidating(given.validate) })
    const subjects = subjectsOf(host, mapper, selection)
    const manifests =
      subjects.sort === 'files' ? subjects.manifests.filter(each => isSelected(each.object, given.selector)) : []
    const { results, failures } = gather(manifests, manifest => {
      const info = manifestInfo(mapper(), manifest, selection)
      const object = given['save-config'] ? withLastApplied(info.object ?? {}) : (info.object ?? {})
      if (dryRun === 'client') return report(object, 'created')
      const path = pathOf(info.resource, info.namespace)
      report(
        withSource('creating', info.source, () => client.create(path, object, writeQuery(context))),
        'created',
      )
    })
    throwGathered(failures)
    if (results.length === 0) throw new UsageError('no objects passed to create')
  },
})

export function isValidating(validate: string): boolean {
  return validate === 'strict' || validate === 'true'
}

function rawBody({ flags: given, host }: Context<typeof flags>): string {
  const [path = ''] = given.filename
  if (path === '-') return host.stdin()
  const text = host.files.read(path)
  if (text === undefined) throw new UsageError(`open ${path}: no such file or directory`)
  return text
}

function unexpected(context: Context<typeof flags>): UsageError {
  return usageError(context, `Unexpected args: [${context.args.join(' ')}]`)
}
