import { gather, type Info } from '../../api/builder.ts'
import { type Context, defineCommand } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { objectName, outputFlags, type Printer, printerFor } from '../../printers/output.ts'
import { align } from '../../printers/tabwriter.ts'
import { fileFlags, selectorFlag } from '../../subject-flags.ts'
import { podTemplateText } from './pod-template.ts'
import { type Revision, revisionsOf } from './revisions.ts'
import { negativeRevision, workloads } from './workloads.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...selectorFlag,
  revision: flag.int('See the details, including podTemplate of the revision specified'),
}

type HistoryContext = Context<typeof flags>

export const rolloutHistory = defineCommand({
  use: 'history (TYPE NAME | TYPE/NAME) [flags]',
  short: 'View rollout history',
  flags,
  run(context) {
    const { revision } = context.flags
    if (revision < 0) throw negativeRevision(revision)
    const printer = printerFor(context)
    const { infos, failures } = workloads(context)
    const { failures: more } = gather(infos, info => {
      if (printer) printRevisions(context, printer, info)
      else context.out(`${objectName(info.object ?? {})} ${historyText(context, info)}\n`)
    })
    throwGathered([...failures, ...more])
  },
})

function printRevisions(context: HistoryContext, printer: Printer, info: Info): void {
  const { revision } = context.flags
  const revisions = revisionsOf(context, info)
  const shown = revision > 0 ? [revisionIn(revisions, revision)] : revisions
  for (const { object } of shown) context.out(printer.print(object))
}

function historyText(context: HistoryContext, info: Info): string {
  const { revision } = context.flags
  const revisions = revisionsOf(context, info)
  if (revisions.length === 0) return '\nNo rollout history found.'
  if (revision > 0) return `with revision #${revision}\n${podTemplateText(revisionIn(revisions, revision).template)}`
  const rows = revisions.map(({ number, changeCause }) => `${number}\t${changeCause || '<none>'}\n`)
  return `\n${align(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`, historyTabs)}`
}

/** kubectl/pkg/polymorphichelpers/history.go: tabbedString. */
const historyTabs = { minWidth: 0, padding: 2 }

function revisionIn(revisions: readonly Revision[], number: number): Revision {
  const found = revisions.find(revision => revision.number === number)
  if (!found) throw new UsageError('unable to find the specified revision')
  return found
}
