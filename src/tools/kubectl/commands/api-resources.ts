import type { JsonObject } from '../../../machinery/json-value.ts'
import { discover, groupVersionOf, groupVersions, qualifiedName, type Resource } from '../api/discovery.ts'
import { type Command, type Context, defineCommand, usageError } from '../command.ts'
import { UsageError } from '../errors.ts'
import { flag } from '../flags.ts'
import { printerFor } from '../printers/output.ts'
import { align, tableTabs } from '../printers/tabwriter.ts'

const flags = {
  'api-group': flag.text('Limit to resources in the specified API group.'),
  cached: flag.bool('Use the cached list of resources if available.'),
  categories: flag.list('Limit to resources that belong to the specified categories.'),
  namespaced: flag.bool(
    'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
    {
      default: true,
    },
  ),
  'no-headers': flag.bool(
    "When using the default or custom-column output format, don't print headers (default print headers).",
  ),
  output: flag.text('Output format. One of: (json, yaml, kyaml, name, wide).', { short: 'o' }),
  'show-managed-fields': flag.bool('If true, keep the managedFields when printing objects in JSON or YAML format.'),
  'sort-by': flag.text(
    "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
  ),
  verbs: flag.list('Limit to resources that support the specified verbs.'),
}

/** kubectl/pkg/cmd/apiresources/apiresources.go. */
export const apiResources: Command = defineCommand({
  use: 'api-resources [flags]',
  short: 'Print the supported API resources on the server',
  flags,
  run(context) {
    const { args, client, flags: given, out } = context
    if (args.length > 0) throw usageError(context, `unexpected arguments: [${args.join(' ')}]`)
    const { output } = given
    const printer = ['', 'name', 'wide'].includes(output) ? undefined : printerFor(context, formats)
    if (!['', 'name', 'kind'].includes(given['sort-by'])) throw new UsageError('--sort-by accepts only name or kind')
    const shown = inOrder(
      discover(client).filter(resource => isWanted(context, resource)),
      given['sort-by'],
    )
    if (printer) return out(printer.print(asList(shown)))
    if (output === 'name') return out(shown.map(resource => `${qualifiedName(resource)}\n`).join(''))
    const isWide = output === 'wide'
    const heads = ['NAME', 'SHORTNAMES', 'APIVERSION', 'NAMESPACED', 'KIND', ...(isWide ? ['VERBS', 'CATEGORIES'] : [])]
    const lines = shown.map(resource => rowOf(resource, isWide).join('\t'))
    const all = given['no-headers'] ? lines : [heads.join('\t'), ...lines]
    out(align(all.map(line => `${line}\n`).join(''), tableTabs))
  },
})

const formats = ['json', 'kyaml', 'name', 'wide', 'yaml']

/** The resources as the one list that `-o yaml` prints. */
function asList(resources: readonly Resource[]): JsonObject {
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: '',
    resources: resources.map(
      ({ plural, singular, namespaced, group, version, kind, verbs, shortNames, categories }) => ({
        name: plural,
        singularName: singular,
        namespaced,
        ...(group !== '' && { group }),
        version,
        kind,
        verbs,
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      }),
    ),
  }
}

function isWanted({ flags: given, isSet }: Context<typeof flags>, resource: Resource): boolean {
  const { group, categories, namespaced, preferred, verbs } = resource
  if (!preferred || verbs.length === 0) return false
  if (isSet('api-group') && group !== given['api-group']) return false
  if (isSet('namespaced') && namespaced !== given.namespaced) return false
  return given.verbs.every(verb => verbs.includes(verb)) && given.categories.every(each => categories.includes(each))
}

/** By group and name, or as `--sort-by` says. */
function inOrder(resources: readonly Resource[], by: string): readonly Resource[] {
  const key = (resource: Resource): readonly string[] =>
    by === 'kind' ? [resource.kind] : by === 'name' ? [resource.plural] : [resource.group, resource.plural]
  return [...resources].sort((a, b) => compare(key(a), key(b)))
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, part] of a.entries()) {
    const other = b[index] ?? ''
    if (part !== other) return part < other ? -1 : 1
  }
  return 0
}

function rowOf(
  { group, version, plural, shortNames, namespaced, kind, verbs, categories }: Resource,
  isWide: boolean,
): string[] {
  const row = [plural, shortNames.join(','), groupVersionOf(group, version), String(namespaced), kind]
  return isWide ? [...row, verbs.join(','), categories.join(',')] : row
}

/** kubectl/pkg/cmd/apiresources/apiversions.go. */
export const apiVersions: Command = defineCommand({
  use: 'api-versions',
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  flags: {},
  run(context) {
    const { args, client, out } = context
    if (args.length > 0) throw usageError(context, `unexpected arguments: [${args.join(' ')}]`)
    out(
      [...groupVersions(client)]
        .sort()
        .map(version => `${version}\n`)
        .join(''),
    )
  },
})
