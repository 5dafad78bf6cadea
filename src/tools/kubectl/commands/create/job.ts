import type { JsonObject } from '../../../../machinery/json-value.ts'
import { type Context, defineCommand, oneName } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { pathOf } from '../../api/client.ts'
import { at, mapAt, textAt } from '../../unstructured.ts'
import { createGenerated, generatorFlags } from './generator.ts'

const target = { group: 'batch', version: 'v1', namespaced: true }

function wordsAfterDash({ args, dash }: Context): { names: readonly string[]; command: readonly string[] } {
  if (dash < 0) return { names: args.slice(0, 1), command: args.slice(1) }
  return { names: args.slice(0, dash), command: args.slice(dash) }
}

function podTemplate(name: string, image: string, command: readonly string[], restartPolicy: string): JsonObject {
  const container = { name, image, ...(command.length > 0 && { command }), resources: {} }
  return { metadata: {}, spec: { containers: [container], restartPolicy } }
}

export const createJob = defineCommand({
  use: 'job NAME --image=image [--from=cronjob/name] -- [COMMAND] [args...]',
  short: 'Create a job with the specified name',
  flags: {
    ...generatorFlags,
    image: flag.text('Image name to run.'),
    from: flag.text('The name of the resource to create a Job from (only cronjob is supported).'),
  },
  run(context) {
    const { flags } = context
    const { names, command } = wordsAfterDash(context)
    const name = oneName({ ...context, args: names })
    if ((flags.image === '') === (flags.from === '')) throw new UsageError('either --image or --from must be specified')
    if (flags.from !== '' && command.length > 0) throw new UsageError('cannot specify --from and command')
    const object =
      flags.from === ''
        ? {
            kind: 'Job',
            apiVersion: 'batch/v1',
            metadata: { name },
            spec: { template: podTemplate(name, flags.image, command, 'Never') },
            status: {},
          }
        : jobFrom(context, name)
    createGenerated(context, { ...target, plural: 'jobs', called: 'job' }, object)
  },
})

/** A Job as a CronJob would make it by hand. */
function jobFrom({ client, flags, mapper, namespace }: Context, name: string): JsonObject {
  const [type = '', source = ''] = String(flags.from).split('/')
  const resource = mapper().find(type)
  const cronJob = client.get(pathOf(resource, namespace, source))
  if (resource.kind !== 'CronJob') throw new UsageError(`unknown object type *v1.${resource.kind}`)
  const labels = mapAt(cronJob, 'spec', 'jobTemplate', 'metadata', 'labels')
  const annotations = {
    'cronjob.kubernetes.io/instantiate': 'manual',
    ...mapAt(cronJob, 'spec', 'jobTemplate', 'metadata', 'annotations'),
  }
  const owner = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    name: source,
    uid: textAt(cronJob, 'metadata', 'uid'),
    controller: true,
  }
  return {
    kind: 'Job',
    apiVersion: 'batch/v1',
    metadata: { name, annotations, ...(Object.keys(labels).length > 0 && { labels }), ownerReferences: [owner] },
    spec: at(cronJob, 'spec', 'jobTemplate', 'spec'),
    status: {},
  }
}

export const createCronJob = defineCommand({
  use: "cronjob NAME --image=image --schedule='0/5 * * * ?' -- [COMMAND] [args...] [flags]",
  aliases: ['cj'],
  short: 'Create a cron job with the specified name',
  flags: {
    ...generatorFlags,
    image: flag.text('Image name to run.', { required: true }),
    schedule: flag.text('A schedule in the Cron format the job should be run with.', { required: true }),
    restart: flag.text("job's restart policy. supported values: OnFailure, Never"),
  },
  run(context) {
    const { flags } = context
    const { names, command } = wordsAfterDash(context)
    const name = oneName({ ...context, args: names })
    const restartPolicy = flags.restart === '' ? 'OnFailure' : flags.restart
    createGenerated(
      context,
      { ...target, plural: 'cronjobs', called: 'cronjob' },
      {
        kind: 'CronJob',
        apiVersion: 'batch/v1',
        metadata: { name },
        spec: {
          schedule: flags.schedule,
          jobTemplate: {
            metadata: { name },
            spec: { template: podTemplate(name, flags.image, command, restartPolicy) },
          },
        },
        status: {},
      },
    )
  },
})
