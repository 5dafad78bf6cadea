import { formatDuration } from '../../../machinery/duration.ts'
import type { JsonObject } from '../../../machinery/json-value.ts'
import { compareQuantities, milliValue, value } from '../../../machinery/quantity.ts'
import { parseTime } from '../../../machinery/time.ts'
import { pathOf, type Query } from '../api/client.ts'
import { type Context, defineCommand, defineGroup, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { align, tableTabs } from '../printers/tabwriter.ts'
import { allNamespacesFlag, fieldSelectorFlag, selectorFlag } from '../subject-flags.ts'
import { nameOf, namespaceOf, objectsAt, textAt } from '../unstructured.ts'

const common = {
  ...selectorFlag,
  'no-headers': flag.bool('If present, print output without headers'),
  'sort-by': flag.text("If non-empty, sort the list using specified field. The field can be either 'cpu' or 'memory'."),
  'use-protocol-buffers': flag.bool('Enables using protocol-buffers to access Metrics API.', { default: true }),
}

const metricsRoot = '/apis/metrics.k8s.io/v1beta1'

/** kubectl/pkg/cmd/top/top_node.go. */
const topNode = defineCommand({
  use: 'node [NAME | -l label]',
  aliases: ['nodes', 'no'],
  short: 'Display resource (CPU/memory) usage of nodes',
  flags: {
    ...common,
    'show-capacity': flag.bool('Print node resources based on Capacity instead of Allocatable(default) of the nodes.'),
    'show-swap': flag.bool('Print node resources related to swap memory.'),
  },
  run(context) {
    const { client, flags, mapper } = context
    const name = oneNameAtMost(context)
    const metrics = readMetrics(context, `${metricsRoot}/nodes`, name)
    if (metrics.length === 0) throw new UsageError('metrics not available yet')
    const query: Query = { labelSelector: String(flags.selector ?? '') }
    const nodes = objectsAt(client.get(pathOf(mapper().ofGroup('', 'nodes'), undefined), { query }), 'items')
    const rows = inOrder(metrics, flags['sort-by']).map(metric => {
      const node = nodes.find(each => nameOf(each) === nameOf(metric))
      const part = flags['show-capacity'] ? 'capacity' : 'allocatable'
      const share = (used: number, whole: number): string =>
        whole === 0 ? '<unknown>' : `${Math.trunc((used / whole) * 100)}%`
      const [cpu, memory] = usageOf(metric)
      const cpuAll = milliValue(textAt(node, 'status', part, 'cpu') || '0')
      const memoryAll = value(textAt(node, 'status', part, 'memory') || '0')
      return [nameOf(metric), `${cpu}m`, share(cpu, cpuAll), mebibytes(memory), share(memory, memoryAll)]
    })
    // Nodes of which nothing is known come last.
    const missing = name === '' ? nodes.filter(node => !metrics.some(metric => nameOf(metric) === nameOf(node))) : []
    const unknown = missing.map(node => [nameOf(node), '<unknown>', '<unknown>', '<unknown>', '<unknown>'])
    print(context, ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'], [...rows, ...unknown])
  },
})

/** kubectl/pkg/cmd/top/top_pod.go. */
const topPod = defineCommand({
  use: 'pod [NAME | -l label]',
  aliases: ['pods', 'po'],
  short: 'Display resource (CPU/memory) usage of pods',
  flags: {
    ...common,
    ...fieldSelectorFlag,
    ...allNamespacesFlag,
    containers: flag.bool('If present, print usage of containers within a pod.'),
    'show-swap': flag.bool('Print pod resources related to swap memory.'),
    sum: flag.bool('Print the sum of the resource usage'),
  },
  run(context) {
    const { err, flags, namespace } = context
    const name = oneNameAtMost(context)
    const isEverywhere = flags['all-namespaces']
    const place = isEverywhere ? '' : `/namespaces/${namespace}`
    const metrics = readMetrics(context, `${metricsRoot}${place}/pods`, name)
    if (metrics.length === 0) {
      explainAbsence(context, isEverywhere ? undefined : namespace)
      return err(isEverywhere ? 'No resources found\n' : `No resources found in ${namespace} namespace.\n`)
    }
    const rows = inOrder(metrics, flags['sort-by']).flatMap(metric => podRows(context.flags, metric))
    const heads = [...(isEverywhere ? ['NAMESPACE'] : []), ...(flags.containers ? ['POD', 'NAME'] : ['NAME'])]
    const sums = flags.sum ? sumRows(metrics, heads.length) : []
    print(context, [...heads, 'CPU(cores)', 'MEMORY(bytes)'], [...rows, ...sums])
  },
})

/** metricsCreationDelay: a Pod younger than this may have no metrics yet. */
const creationDelayMs = 120_000

/** verifyEmptyMetrics: Pods without metrics are too young, or nobody measures them. Throws, unless there are none. */
function explainAbsence({ client, flags, host, mapper }: Context, namespace: string | undefined): void {
  const query: Query = {
    labelSelector: String(flags.selector ?? ''),
    fieldSelector: String(flags['field-selector'] ?? ''),
  }
  const pods = objectsAt(client.get(pathOf(mapper().ofGroup('', 'pods'), namespace), { query }), 'items')
  if (pods.length === 0) return
  for (const pod of pods) {
    const ageMs = host.now - parseTime(textAt(pod, 'metadata', 'creationTimestamp'))
    if (ageMs <= creationDelayMs) continue
    const where = `${namespaceOf(pod)}/${nameOf(pod)}`
    throw new UsageError(`Metrics not available for pod ${where}, age: ${formatDuration(ageMs)}`)
  }
  throw new UsageError('metrics not available yet')
}

export const top = defineGroup({
  use: 'top [flags]',
  short: 'Display resource (CPU/memory) usage',
  commands: [topNode, topPod],
})

function oneNameAtMost(context: Context): string {
  const { args, flags, mapper } = context
  const [name = '', more] = args
  const by = String(flags['sort-by'])
  if (!['', 'cpu', 'memory'].includes(by)) throw new UsageError('--sort-by accepts only cpu or memory')
  if (more !== undefined) throw usageError(context, `unexpected arguments: [${args.join(' ')}]`)
  if (name !== '' && flags.selector !== '') throw new UsageError('only one of NAME or --selector can be provided')
  if (!mapper().all.some(({ group }) => group === 'metrics.k8s.io')) throw new UsageError('Metrics API not available')
  return name
}

function readMetrics({ client, flags }: Context, path: string, name: string): readonly JsonObject[] {
  if (name !== '') return [client.get(`${path}/${name}`)]
  const query: Query = {
    labelSelector: String(flags.selector ?? ''),
    fieldSelector: String(flags['field-selector'] ?? ''),
  }
  return objectsAt(client.get(path, { query }), 'items')
}

/** Millicores and bytes. */
function usageOf(metric: JsonObject): readonly [number, number] {
  const parts = metric.usage === undefined ? objectsAt(metric, 'containers') : [metric]
  const sum = (read: (part: JsonObject) => number): number => parts.reduce((total, part) => total + read(part), 0)
  return [
    sum(part => milliValue(textAt(part, 'usage', 'cpu') || '0')),
    sum(part => value(textAt(part, 'usage', 'memory') || '0')),
  ]
}

const mebibytes = (bytes: number): string => `${Math.trunc(bytes / (1024 * 1024))}Mi`

function inOrder(metrics: readonly JsonObject[], by: string): readonly JsonObject[] {
  const key = (metric: JsonObject): string => `${namespaceOf(metric)}/${nameOf(metric)}`
  return [...metrics].sort((a, b) => {
    if (by === '') return key(a) < key(b) ? -1 : 1
    const index = by === 'cpu' ? 0 : 1
    return compareQuantities(usageOf(b)[index], usageOf(a)[index])
  })
}

function podRows(
  flags: { readonly 'all-namespaces': boolean; readonly containers: boolean },
  metric: JsonObject,
): string[][] {
  const place = flags['all-namespaces'] ? [namespaceOf(metric)] : []
  const amounts = ([cpu, memory]: readonly [number, number]): string[] => [`${cpu}m`, mebibytes(memory)]
  if (!flags.containers) return [[...place, nameOf(metric), ...amounts(usageOf(metric))]]
  return objectsAt(metric, 'containers').map(container => [
    ...place,
    nameOf(metric),
    textAt(container, 'name'),
    ...amounts(usageOf(container)),
  ])
}

function sumRows(metrics: readonly JsonObject[], headCount: number): string[][] {
  const totals = metrics.map(usageOf)
  const cpu = totals.reduce((sum, [each]) => sum + each, 0)
  const memory = totals.reduce((sum, [, each]) => sum + each, 0)
  const blanks = Array.from({ length: headCount }, () => '')
  return [
    [...blanks, '________', '________'],
    [...blanks, `${cpu}m`, mebibytes(memory)],
  ]
}

function print({ flags, out }: Context, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const all = flags['no-headers'] === true ? rows : [heads, ...rows]
  out(align(all.map(row => `${row.join('\t')}\t\n`).join(''), tableTabs))
}
