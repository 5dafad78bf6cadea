import { defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { setEach, setFlags, subjectsToSet, withPodSpec } from './changing.ts'

/** kubectl/pkg/cmd/set/set_serviceaccount.go. */
export const setServiceAccount = defineCommand({
  use: 'serviceaccount (-f FILENAME | TYPE NAME) SERVICE_ACCOUNT',
  aliases: ['sa'],
  short: 'Update the service account of a resource',
  examples: `
    # Set deployment nginx-deployment's service account to serviceaccount1
    kubectl set serviceaccount deployment nginx-deployment serviceaccount1`,
  flags: setFlags('serviceaccount'),
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
