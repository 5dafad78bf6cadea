import type { JsonObject } from '../../../machinery/json-value.ts'
import { attempt } from '../../../machinery/status.ts'
import { gather, type Info } from '../api/builder.ts'
import { groupVersionOf } from '../api/discovery.ts'
import { liveSubjects } from '../changing.ts'
import { type Context, defineCommand } from '../command.ts'
import { throwGathered, UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags } from '../printers/output.ts'
import { dryRunFlag, fieldManagerFlag, fileFlags, recordFlag } from '../subject-flags.ts'
import { createGenerated } from './create/generator.ts'

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag('kubectl-autoscale'),
  cpu: flag.text(
    'Target CPU utilization over all the pods. When specified as a percentage (e.g."70%" for 70% of requested CPU) it will target average utilization. When specified as quantity (e.g."500m" for 500 milliCPU) it will target average value. Value without units is treated as a quantity with miliCPU being the unit (e.g."500" is "500m").',
  ),
  'cpu-percent': flag.int(
    'The target average CPU utilization (represented as a percent of requested CPU) over all the pods.',
    {
      default: -1,
      deprecated:
        "Use --cpu with percentage or resource quantity format (e.g., '70%' for utilization or '500m' for milliCPU).",
    },
  ),
  max: flag.int('The upper limit for the number of pods that can be set by the autoscaler. Required.', {
    default: -1,
    required: true,
  }),
  memory: flag.text(
    'Target memory utilization over all the pods. When specified  as a percentage (e.g."60%" for 60% of requested memory) it will target average utilization. When specified as quantity (e.g."200Mi" for 200 MiB, "1Gi" for 1 GiB) it will target average value. Value without units is treated as a quantity with mebibytes being the unit (e.g."200" is "200Mi").',
  ),
  min: flag.int('The lower limit for the number of pods that can be set by the autoscaler.', { default: -1 }),
  name: flag.text(
    'The name for the newly created object. If not specified, the name of the input resource will be used.',
  ),
  'save-config': flag.bool('If true, the configuration of current object will be saved in its annotation.'),
}

export const autoscale = defineCommand({
  use: 'autoscale (-f FILENAME | TYPE NAME | TYPE/NAME) [--min=MINPODS] --max=MAXPODS [--cpu=CPU] [--memory=MEMORY]',
  short: 'Auto-scale a deployment, replica set, stateful set, or replication controller',
  flags,
  run(context) {
    const { flags: given } = context
    if (given.max < 1) throw new UsageError(`--max=MAXPODS is required and must be at least 1, max: ${given.max}`)
    if (given.max < given.min) {
      throw new UsageError(
        `--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${given.max}, min: ${given.min}`,
      )
    }
    const { infos, failures } = liveSubjects(context)
    const scaled = gather(infos, info => autoscaleOne(context, info))
    throwGathered([...failures, ...scaled.failures])
  },
})

function autoscaleOne(context: Context<typeof flags>, { resource, name }: Info): void {
  const { flags: given } = context
  const { group, version, kind, plural } = resource
  if (!resource.subresources.includes('scale')) {
    const what = `${group}/${version}, Resource=${plural}`
    throw new UsageError(
      `cannot autoscale a ${kind}: could not find scale subresource for ${what} in discovery information`,
    )
  }
  const metrics = [...metricsOf('cpu', given.cpu, given['cpu-percent']), ...metricsOf('memory', given.memory, -1)]
  const why = metrics.length === 0 ? 'empty input' : '%!w(<nil>)'
  const refused = `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${why}`
  const target = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers', namespaced: true }
  const create = (object: JsonObject): void => createGenerated(context, target, object, 'autoscaled')
  const failure = attempt(() =>
    create({
      kind: 'HorizontalPodAutoscaler',
      apiVersion: 'autoscaling/v2',
      metadata: { name: given.name === '' ? name : given.name },
      spec: {
        scaleTargetRef: { kind, name, apiVersion: groupVersionOf(group, version) },
        ...(given.min > 0 && { minReplicas: given.min }),
        maxReplicas: given.max,
        ...(metrics.length > 0 && { metrics }),
      },
      status: { desiredReplicas: 0, currentMetrics: null },
    }),
  )
  // What the server said is lost: kubectl tells that an older version would not do either.
  if (failure) throw new UsageError(refused)
}

function metricsOf(name: string, text: string, percent: number): JsonObject[] {
  if (text === '' && percent < 0) return []
  const share = text === '' ? percent : text.endsWith('%') ? Number(text.slice(0, -1)) : undefined
  const target =
    share === undefined
      ? { type: 'AverageValue', averageValue: text }
      : { type: 'Utilization', averageUtilization: share }
  return [{ type: 'Resource', resource: { name, target } }]
}
