import { defineCommand } from '../../command.ts'
import { outputFlags, printerFor } from '../../printers/output.ts'
import { align, tableTabs } from '../../printers/tabwriter.ts'
import { at, fields, textAt, textsAt } from '../../unstructured.ts'

/** kubectl/pkg/cmd/auth/whoami.go. */
export const whoami = defineCommand({
  use: 'whoami',
  short: 'Experimental: Check self subject attributes',
  flags: outputFlags,
  run(context) {
    const { client, out } = context
    const printer = printerFor(context)
    const request = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview', metadata: {} }
    const review = client.create('/apis/authentication.k8s.io/v1/selfsubjectreviews', request)
    if (printer) return out(printer.print(review, true))
    const user = at(review, 'status', 'userInfo')
    const [name, uid, groups] = [textAt(user, 'username'), textAt(user, 'uid'), textsAt(user, 'groups')]
    const rows = [
      ['ATTRIBUTE', 'VALUE'],
      ...(name === '' ? [] : [['Username', name]]),
      ...(uid === '' ? [] : [['UID', uid]]),
      ...(groups.length === 0 ? [] : [['Groups', `[${groups.join(' ')}]`]]),
      ...Object.keys(fields(at(user, 'extra')))
        .sort()
        .map(key => [`Extra: ${key}`, `[${textsAt(user, 'extra', key).join(' ')}]`]),
    ]
    out(align(rows.map(row => `${row.join('\t')}\n`).join(''), tableTabs))
  },
})
