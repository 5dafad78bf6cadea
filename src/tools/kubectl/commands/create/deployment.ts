import { defineCommand, oneName } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { createGenerated, generatorFlags } from './generator.ts'

export const createDeployment = defineCommand({
  use: 'deployment NAME --image=image -- [COMMAND] [args...]',
  aliases: ['deploy'],
  short: 'Create a deployment with the specified name',
  flags: {
    ...generatorFlags,
    image: flag.list('Image names to run. A deployment can have multiple images set for multi-container pod.', {
      required: true,
    }),
    port: flag.int('The containerPort that this deployment exposes.', { default: -1 }),
    replicas: flag.int('Number of replicas to create. Default is 1.', { short: 'r', default: 1 }),
  },
  run(context) {
    const { flags, args, dash } = context
    const command = dash < 0 ? args.slice(1) : args.slice(dash)
    const name = oneName({ ...context, args: dash < 0 ? args.slice(0, 1) : args.slice(0, dash) })
    if (flags.image.length > 1 && command.length > 0) {
      throw new UsageError('cannot specify multiple --image options and command')
    }
    const labels = { app: name }
    const containers = flags.image.map((image, index) => ({
      name: containerName(image),
      image,
      ...(command.length > 0 && { command }),
      ...(flags.port >= 0 && index === 0 && { ports: [{ containerPort: flags.port }] }),
      resources: {},
    }))
    createGenerated(
      context,
      { group: 'apps', version: 'v1', plural: 'deployments', namespaced: true, called: 'deployment' },
      {
        kind: 'Deployment',
        apiVersion: 'apps/v1',
        metadata: { name, labels },
        spec: {
          replicas: flags.replicas,
          selector: { matchLabels: labels },
          template: { metadata: { labels }, spec: { containers } },
          strategy: {},
        },
        status: {},
      },
    )
  },
})

/** The image without registry and tag, with what a name may not have left out. */
export function containerName(image: string): string {
  const last = image.split('/').at(-1) ?? image
  const [bare = ''] = last.split(/[:@]/)
  return bare.replace(/[^a-zA-Z0-9-]/g, '-')
}
