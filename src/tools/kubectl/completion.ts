import { attemptUsage } from './errors.ts'
import { attempt } from '../../machinery/status.ts'
import { pathOf, RestClient } from './api/client.ts'
import { discover } from './api/discovery.ts'
import { Mapper } from './api/mapper.ts'
import { commandName } from './command.ts'
import { type Flags, parseFlags } from './flags.ts'
import { globalFlags } from './global-flags.ts'
import type { Host } from './host.ts'
import { credentialsOf, currentContext, endpointOf, type Kubeconfig, readKubeconfig } from './kubeconfig.ts'
import { findCommand } from './kubectl.ts'
import { getFormats } from './printers/output.ts'
import { nameOf, objectsAt, textAt } from './unstructured.ts'

/** What the word under the cursor, the last one, may become: what Tab offers. `words` begin with the program's name. */
export function complete(words: readonly string[], host: Host): readonly string[] {
  const partial = words.at(-1) ?? ''
  const before = words.slice(1, -1)
  let found: readonly string[] = []
  // Tab never complains: where nothing can be known, nothing is offered.
  attemptUsage(() => void attempt(() => void (found = candidates(before, partial, host))))
  return [...new Set(found)].filter(word => word.startsWith(partial)).sort()
}

function candidates(before: readonly string[], partial: string, host: Host): readonly string[] {
  const { command, rest } = findCommand(before)
  const flags: Flags = { ...globalFlags, ...command.flags }
  const last = before.at(-1) ?? ''
  const flagName = last.startsWith('--')
    ? last.slice(2)
    : Object.entries(flags).find(([, { short }]) => short !== undefined && last === `-${short}`)?.[0]
  if (flagName !== undefined && flags[flagName] && flags[flagName].bare === undefined) {
    return flagValues(flagName, partial, cluster(before, host))
  }
  if (partial.startsWith('-')) {
    return Object.entries(flags)
      .filter(([, { hidden, deprecated }]) => !hidden && deprecated === undefined)
      .map(([name, { bare }]) => (bare === undefined ? `--${name}=` : `--${name}`))
  }
  const { args } = parseFlags(flags, rest)
  if (command.commands && args.length === 0) {
    return command.commands.filter(({ hidden }) => !hidden).map(commandName)
  }
  return subjects(commandName(command), args, partial, cluster(before, host))
}

interface Cluster {
  readonly host: Host
  readonly config: Kubeconfig
  readonly client: RestClient
  readonly namespace: string
}

function cluster(words: readonly string[], host: Host): Cluster {
  const at = words.findIndex(word => word === '-n' || word === '--namespace')
  const given = words.find(word => word.startsWith('--namespace='))?.slice(12)
  const overrides = { kubeconfig: '', context: '', cluster: '', user: '', server: '', token: '', namespace: '' }
  const config = readKubeconfig(host, '')
  const endpoint = endpointOf(config, overrides, host.files)
  const client = new RestClient({
    client: host.connect(endpoint),
    server: endpoint.server,
    headers: credentialsOf(endpoint),
    warn: () => {},
  })
  const here = textAt(currentContext(config, overrides), 'namespace') || 'default'
  return { host, config, client, namespace: given ?? (at < 0 ? here : (words[at + 1] ?? here)) }
}

function flagValues(name: string, partial: string, { client, config, host }: Cluster): readonly string[] {
  switch (name) {
    case 'namespace':
      return objectsAt(client.get('/api/v1/namespaces'), 'items').map(nameOf)
    case 'context':
      return objectsAt(config.content, 'contexts').map(entry => textAt(entry, 'name'))
    case 'output':
      return getFormats
    case 'filename':
    case 'kustomize':
      return filesAt(host, partial)
    case 'dry-run':
      return ['client', 'none', 'server']
    default:
      return []
  }
}

function filesAt({ files }: Host, partial: string): readonly string[] {
  const slash = partial.lastIndexOf('/')
  const folder = slash < 0 ? '.' : partial.slice(0, slash) || '/'
  const prefix = slash < 0 ? '' : partial.slice(0, slash + 1)
  return (files.list(folder) ?? []).map(name => prefix + name)
}

/** Verbs whose arguments are of one kind. */
const fixedKinds: Readonly<Record<string, string>> = {
  logs: 'pods',
  exec: 'pods',
  attach: 'pods',
  'port-forward': 'pods',
  cordon: 'nodes',
  uncordon: 'nodes',
  drain: 'nodes',
}

const takesTypes = new Set([
  ...[
    'get',
    'describe',
    'delete',
    'edit',
    'label',
    'annotate',
    'patch',
    'scale',
    'expose',
    'autoscale',
    'taint',
    'wait',
  ],
  ...['explain', 'status', 'history', 'undo', 'restart', 'pause', 'resume', 'image', 'env', 'resources'],
])

function subjects(verb: string, args: readonly string[], partial: string, place: Cluster): readonly string[] {
  const fixed = fixedKinds[verb]
  if (fixed !== undefined) return args.length === 0 || fixed === 'nodes' ? namesOf(fixed, place) : []
  if (!takesTypes.has(verb)) return []
  const mapper = new Mapper(discover(place.client))
  if (partial.includes('/')) {
    const [type = ''] = partial.split('/')
    return namesOf(type, place, mapper).map(name => `${type}/${name}`)
  }
  const [type] = args
  if (type !== undefined) return type.includes('/') ? [] : namesOf(type, place, mapper)
  return mapper.all
    .filter(({ preferred, verbs }) => preferred && verbs.includes('list'))
    .map(({ plural, group }) => (mapper.find(plural).group === group ? plural : `${plural}.${group}`))
}

function namesOf(
  type: string,
  { client, namespace }: Cluster,
  mapper = new Mapper(discover(client)),
): readonly string[] {
  const resource = mapper.lookUp(type)
  if (!resource) return []
  return objectsAt(client.get(pathOf(resource, resource.namespaced ? namespace : undefined)), 'items').map(nameOf)
}
