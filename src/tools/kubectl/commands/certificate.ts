import { timestamp } from '../../../machinery/time.ts'
import { gather, type Info, infoPath, subjectsOf, visit } from '../api/builder.ts'
import { type Command, type Context, defineCommand, defineGroup, selectionOf } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { fileFlags } from '../subject-flags.ts'
import { fields, items, objectsAt, withAt } from '../unstructured.ts'
import { reporter } from '../writing.ts'

interface Verdict {
  readonly type: 'Approved' | 'Denied'
  readonly opposite: 'Approved' | 'Denied'
  readonly reason: string
  readonly message: string
}

const verdicts = {
  approve: {
    type: 'Approved',
    opposite: 'Denied',
    reason: 'KubectlApprove',
    message: 'This CSR was approved by kubectl certificate approve.',
  },
  deny: {
    type: 'Denied',
    opposite: 'Approved',
    reason: 'KubectlDeny',
    message: 'This CSR was denied by kubectl certificate deny.',
  },
} as const satisfies Readonly<Record<string, Verdict>>

const approve = defineCommand({
  use: 'approve (-f FILENAME | NAME)',
  short: 'Approve a certificate signing request',
  flags: {
    ...outputFlags,
    ...fileFlags,
    force: flag.bool('Update the CSR even if it is already approved.'),
  },
  run: context => decide(context, verdicts.approve),
})

const deny = defineCommand({
  use: 'deny (-f FILENAME | NAME)',
  short: 'Deny a certificate signing request',
  flags: {
    ...outputFlags,
    ...fileFlags,
    force: flag.bool('Update the CSR even if it is already denied.'),
  },
  run: context => decide(context, verdicts.deny),
})

/** kubectl/pkg/cmd/certificates/certificates.go. */
export const certificate: Command = defineGroup({
  use: 'certificate SUBCOMMAND',
  short: 'Modify certificate resources',
  wantsHelp: true,
  commands: [approve, deny],
})

function decide(context: Context, verdict: Verdict): void {
  const { args, client, flags, host, mapper, out } = context
  const hasFiles = items(flags.filename).length > 0 || flags.kustomize !== ''
  if (args.length === 0 && !hasFiles) {
    throw new UsageError('one or more CSRs must be specified as <name> or -f <filename>')
  }
  const report = reporter(context)
  const selection = selectionOf(context, { args: hasFiles ? args : ['certificatesigningrequests', ...args] })
  const { infos, failures } = visit(client, mapper, subjectsOf(host, mapper, selection), selection)
  const { results, failures: refused } = gather(infos, info => {
    write(context, info, verdict)
    report(info.object ?? {}, verdict.type.toLowerCase())
  })
  throwGathered([...failures, ...refused])
  if (results.length === 0) out('No resources found\n')
}

function write({ client, flags, host }: Context, info: Info, { type, opposite, reason, message }: Verdict): void {
  if (info.resource.kind !== 'CertificateSigningRequest') {
    const { group, kind } = info.resource
    const got = group === '' ? kind : `${kind}.${group}`
    throw new UsageError(`can only handle CertificateSigningRequest.certificates.k8s.io objects, got ${got}`)
  }
  const object = fields(info.object)
  const conditions = objectsAt(object, 'status', 'conditions')
  if (conditions.some(condition => condition.type === opposite)) {
    throw new UsageError(`certificate signing request ${JSON.stringify(info.name)} is already ${opposite}`)
  }
  const isThere = conditions.some(condition => condition.type === type)
  if (isThere && flags.force !== true) return
  const added = { type, status: 'True', reason, message, lastUpdateTime: timestamp(host.now), lastTransitionTime: null }
  const after = isThere ? object : withAt(object, ['status', 'conditions'], [...conditions, added])
  client.update(infoPath(info, 'approval'), after)
}
