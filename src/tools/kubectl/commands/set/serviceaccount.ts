import { defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { selectorFlag } from '../../subject-flags.ts'
import { setEach, setFlags, subjectsToSet, withPodSpec } from './changing.ts'

/** kubectl/pkg/cmd/set/set_serviceaccount.go. */
export const setServiceAccount = defineCommand({
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  flags: { ...setFlags('serviceaccount'), selector: { ...selectorFlag.selector, hidden: true } },
  run(context) {
    const { args } = context
    const account = args.at(-1)
    if (account === undefined) throw new UsageError('serviceaccount is required')
    setEach(context, subjectsToSet(context, args.slice(0, -1)), {
      done: 'serviceaccount updated',
      failed: 'failed to patch ServiceAccountName',
      always: true,
      change: (object, info) =>
        withPodSpec(object, info, spec => ({
          ...spec,
          serviceAccountName: account,
          ...(spec.serviceAccount !== undefined && { serviceAccount: spec.serviceAccount }),
        })),
    })
  },
})
