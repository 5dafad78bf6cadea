import type { JsonObject } from '../../../../machinery/json-value.ts'
import { gather, type Info } from '../../api/builder.ts'
import { type Command, type Context, defineCommand } from '../../command.ts'
import { throwGathered } from '../../errors.ts'
import { outputFlags } from '../../printers/output.ts'
import { fieldManagerFlag, fileFlags, selectorFlag } from '../../subject-flags.ts'
import { at, withAt } from '../../unstructured.ts'
import { reporter } from '../../writing.ts'
import { noResources, refusal, sendChange, workloads } from './workloads.ts'

const flags = { ...outputFlags, ...fileFlags, ...selectorFlag, ...fieldManagerFlag('kubectl-rollout') }

export const rolloutPause: Command = defineCommand({
  use: 'pause RESOURCE',
  short: 'Mark the provided resource as paused',
  flags,
  run: context => setPaused(context, true),
})

export const rolloutResume: Command = defineCommand({
  use: 'resume RESOURCE',
  short: 'Resume a paused resource',
  flags,
  run: context => setPaused(context, false),
})

function setPaused(context: Context, paused: boolean): void {
  const report = reporter(context)
  const { infos, failures } = workloads(context)
  if (infos.length === 0 && failures.length === 0) return noResources(context)
  const { failures: refusals } = gather(infos, info => {
    report(withPaused(context, info, paused), paused ? 'paused' : 'resumed')
  })
  throwGathered([...failures, ...refusals])
}

/** Only Deployments can be paused (kubectl/pkg/polymorphichelpers/objectpauser.go). */
function withPaused(context: Context, info: Info, paused: boolean): JsonObject {
  const { object = {}, resource } = info
  if (resource.kind !== 'Deployment')
    throw refusal(info, paused ? 'pausing is not supported' : 'resuming is not supported')
  if ((at(object, 'spec', 'paused') === true) === paused)
    throw refusal(info, paused ? 'is already paused' : 'is not paused')
  return sendChange(context, info, withAt(object, ['spec', 'paused'], paused ? true : undefined)) ?? object
}
