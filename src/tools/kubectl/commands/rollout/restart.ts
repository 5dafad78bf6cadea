import type { JsonObject } from '../../../../machinery/json-value.ts'
import { timestamp } from '../../../../machinery/time.ts'
import { gather, type Info } from '../../api/builder.ts'
import { type Context, defineCommand } from '../../command.ts'
import { throwGathered, UsageError } from '../../errors.ts'
import { outputFlags } from '../../printers/output.ts'
import { fieldManagerFlag, fileFlags, selectorFlag } from '../../subject-flags.ts'
import { at, withAt } from '../../unstructured.ts'
import { reporter } from '../../writing.ts'
import { noResources, refusal, sendChange, workloads } from './workloads.ts'

const restartable = ['Deployment', 'DaemonSet', 'StatefulSet']
const restartedAt = ['spec', 'template', 'metadata', 'annotations', 'kubectl.kubernetes.io/restartedAt']

/** Notes the time in the Pod template: one that differs rolls out (kubectl/pkg/polymorphichelpers/objectrestarter.go). */
export const rolloutRestart = defineCommand({
  use: 'restart RESOURCE',
  short: 'Restart a resource',
  flags: { ...outputFlags, ...fileFlags, ...selectorFlag, ...fieldManagerFlag('kubectl-rollout') },
  run(context) {
    const report = reporter(context)
    const { infos, failures } = workloads(context)
    if (infos.length === 0 && failures.length === 0) return noResources(context)
    const { failures: refusals } = gather(infos, info => report(restarted(context, info), 'restarted'))
    return throwGathered([...failures, ...refusals])
  },
})

function restarted(context: Context, info: Info): JsonObject {
  const { object = {}, resource, name } = info
  if (!restartable.includes(resource.kind)) throw refusal(info, 'restarting is not supported')
  if (at(object, 'spec', 'paused') === true)
    throw refusal(info, "can't restart paused deployment (run rollout resume first)")
  const answer = sendChange(context, info, withAt(object, restartedAt, timestamp(context.host.now)))
  if (answer) return answer
  const advice =
    'if restart has already been triggered within the past second, please wait before attempting to trigger another'
  throw new UsageError(`failed to create patch for ${name}: ${advice}`)
}
