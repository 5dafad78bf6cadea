import type { JsonObject } from '../../../machinery/json-value.ts'
import { pathOf } from '../api/client.ts'
import { type Context, defineCommand } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { outputFlags, printerFor } from '../printers/output.ts'
import { nameOf, objectsAt, textAt } from '../unstructured.ts'

const flags = {
  ...outputFlags,
  output: { ...outputFlags.output, initial: 'json', shown: `'json'` },
  'all-namespaces': flag.bool('If true, dump all namespaces.  If true, --namespaces is ignored.', { short: 'A' }),
  namespaces: flag.list('A comma separated list of namespaces to dump.'),
  'output-directory': flag.text(
    "Where to output the files.  If empty or '-' uses stdout, otherwise creates a directory hierarchy in that directory",
  ),
  'pod-running-timeout': flag.duration(
    'The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running',
    { default: 20_000 },
  ),
}

const kinds: readonly (readonly [file: string, group: string, plural: string])[] = [
  ['events', '', 'events'],
  ['replication-controllers', '', 'replicationcontrollers'],
  ['services', '', 'services'],
  ['daemonsets', 'apps', 'daemonsets'],
  ['deployments', 'apps', 'deployments'],
  ['replicasets', 'apps', 'replicasets'],
  ['pods', '', 'pods'],
]

/** kubectl/pkg/cmd/clusterinfo/clusterinfo_dump.go: everything that helps to find out what is wrong. */
export const dump = defineCommand({
  use: 'dump [flags]',
  short: 'Dump relevant information for debugging and diagnosis',
  flags,
  run(context) {
    const { client, flags: given, mapper, namespace } = context
    const write = writer(context)
    const nodes = client.get(pathOf(mapper().ofGroup('', 'nodes'), undefined))
    write('nodes', nodes)
    const all = objectsAt(client.get('/api/v1/namespaces'), 'items').map(nameOf)
    const named = given.namespaces.length > 0 ? given.namespaces : ['kube-system', namespace]
    for (const place of given['all-namespaces'] ? all : [...new Set(named)]) dumpNamespace(context, place, write)
    const folder = given['output-directory']
    if (folder !== '' && folder !== '-') context.out(`Cluster info dumped to ${folder}\n`)
  },
})

type Write = (file: string, object: JsonObject | string) => void

function dumpNamespace({ client, mapper }: Context, namespace: string, write: Write): void {
  let pods: readonly JsonObject[] = []
  for (const [file, group, plural] of kinds) {
    const list = client.get(pathOf(mapper().ofGroup(group, plural), namespace))
    write(`${namespace}/${file}`, list)
    if (plural === 'pods') pods = objectsAt(list, 'items')
  }
  for (const pod of pods) {
    const lines = objectsAt(pod, 'spec', 'containers').map(container => {
      const name = textAt(container, 'name')
      const head = `==== START logs for container ${name} of pod ${namespace}/${nameOf(pod)} ====\n`
      const path = pathOf(mapper().ofGroup('', 'pods'), namespace, nameOf(pod), 'log')
      const end = `==== END logs for container ${name} of pod ${namespace}/${nameOf(pod)} ====\n`
      return `${head}${logOf(client, `${path}?container=${name}`)}${end}`
    })
    write(`${namespace}/${nameOf(pod)}/logs`, lines.join(''))
  }
}

function logOf(client: Context['client'], path: string): string {
  try {
    return client.text('GET', path)
  } catch (error) {
    return `Request log error: ${error instanceof Error ? error.message : ''}\n`
  }
}

/** To stdout one after the other, or each into a file of its own. */
function writer(context: Context<typeof flags>): Write {
  const { flags: given, host, out } = context
  const folder = given['output-directory']
  const printer = printerFor(context)
  if (!printer) throw new UsageError('no printer')
  const suffix = given.output === 'yaml' ? 'yaml' : 'json'
  return (file, object) => {
    const text = typeof object === 'string' ? object : printer.print(object)
    if (folder === '' || folder === '-') return out(text)
    host.files.write(`${folder}/${file}.${typeof object === 'string' ? 'txt' : suffix}`, text)
  }
}
