import type { JsonObject } from '../../../../machinery/json-value.ts'
import { isEqual } from '../../../../machinery/object.ts'
import { ApiError } from '../../../../machinery/status.ts'
import { gather, type Info, infoPath, manifestInfo, subjectsOf } from '../../api/builder.ts'
import { pathOf } from '../../api/client.ts'
import { type Context, defineCommand, selectionOf } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { outputFlags } from '../../printers/output.ts'
import { dryRunFlag, fileFlags } from '../../subject-flags.ts'
import { objectsAt } from '../../unstructured.ts'
import { dryRunOf, reporter } from '../../writing.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  'remove-extra-permissions': flag.bool('If true, removes extra permissions added to roles'),
  'remove-extra-subjects': flag.bool('If true, removes extra subjects added to rolebindings'),
}

type ReconcileContext = Context<typeof flags>

/** kubectl/pkg/cmd/auth/reconcile.go. The real one of v1.36 crashes on some bindings; this one goes on. */
export const reconcile = defineCommand({
  use: 'reconcile -f FILENAME',
  short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
  flags,
  run(context) {
    const { args, flags: given, host, mapper } = context
    if (args.length > 0) throw new UsageError('no arguments are allowed')
    if (given.filename.length === 0 && given.kustomize === '') throw new UsageError('must specify one of -f and -k')
    const selection = selectionOf(context)
    const subjects = subjectsOf(host, mapper, selection)
    const manifests = subjects.sort === 'files' ? subjects.manifests : []
    const { failures } = gather(manifests, manifest =>
      reconcileOne(context, manifestInfo(mapper(), manifest, selection)),
    )
    throwGathered(failures)
  },
})

function reconcileOne(context: ReconcileContext, info: Info): void {
  const { client, err, flags: given } = context
  const { kind } = info.resource
  const list = /^(Cluster)?Role$/.test(kind) ? 'rules' : /^(Cluster)?RoleBinding$/.test(kind) ? 'subjects' : undefined
  if (list === undefined) return
  const report = reporter(context)
  const wanted = info.object ?? {}
  const isTrial = dryRunOf(context) !== 'none'
  const live = existing(context, info)
  if (!live) {
    const path = pathOf(info.resource, info.namespace)
    report(isTrial ? wanted : client.create(path, wanted), 'reconciled')
    return err('\treconciliation required create\n')
  }
  const [has, should] = [objectsAt(live, list), objectsAt(wanted, list)]
  const missing = should.filter(each => !has.some(other => isEqual(other, each)))
  const removes = list === 'rules' ? given['remove-extra-permissions'] : given['remove-extra-subjects']
  const extra = removes ? has.filter(each => !should.some(other => isEqual(other, each))) : []
  const after = { ...live, [list]: [...has.filter(each => !extra.includes(each)), ...missing] }
  if (missing.length === 0 && extra.length === 0) return report(live, 'reconciled')
  report(isTrial ? after : client.update(infoPath(info), after), 'reconciled')
  err('\treconciliation required update\n')
  tell(context, `missing ${list} added`, missing)
  tell(context, `extra ${list} removed`, extra)
}

function existing({ client }: ReconcileContext, info: Info): JsonObject | undefined {
  try {
    return client.get(infoPath(info))
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'NotFound') return undefined
    throw error
  }
}

/** Go prints what was changed as structs with the names of their fields. */
function tell({ err }: ReconcileContext, title: string, changed: readonly JsonObject[]): void {
  if (changed.length === 0) return
  err(`\t${title}:\n`)
  const fields = title.includes('rules')
    ? (['verbs', 'apiGroups', 'resources', 'resourceNames', 'nonResourceURLs'] as const)
    : (['kind', 'apiGroup', 'name', 'namespace'] as const)
  for (const each of changed) {
    const parts = fields.map(name => {
      const value = each[name]
      const label =
        name === 'apiGroup'
          ? 'APIGroup'
          : name === 'apiGroups'
            ? 'APIGroups'
            : `${name.charAt(0).toUpperCase()}${name.slice(1)}`
      return `${label}:${Array.isArray(value) ? `[${value.join(' ')}]` : title.includes('rules') ? '[]' : String(value ?? '')}`
    })
    err(`\t\t{${parts.join(' ')}}\n`)
  }
}
