import { isList, isObject, type JsonObject } from '../../../../machinery/json-value.ts'
import { defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { flag } from '../../flags.ts'
import { showHelp } from '../../help.ts'
import { entryOf } from '../../kubeconfig.ts'
import { outputFlags, printerFor } from '../../printers/output.ts'
import { align, tableTabs } from '../../printers/tabwriter.ts'
import { writeYaml } from '../../printers/yaml.ts'
import { objectsAt, textAt } from '../../unstructured.ts'
import { type List, namesIn } from './entries.ts'

// The verbs under `config` that only look: kubectl/pkg/cmd/config.

export const currentContext = defineCommand({
  use: 'current-context [flags]',
  short: 'Display the current-context',
  flags: {},
  run({ config, out }) {
    const name = textAt(config.content, 'current-context')
    if (name === '') throw new UsageError('current-context is not set')
    out(`${name}\n`)
  },
})

export const getContexts = defineCommand({
  use: 'get-contexts [(-o|--output=)name)]',
  short: 'Describe one or many contexts',
  flags: {
    'no-headers': flag.bool(
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    output: flag.text('Output format. One of: (name).', { short: 'o' }),
  },
  run({ args, config, flags, out }) {
    const { content } = config
    if (flags.output !== '' && flags.output !== 'name') {
      throw new UsageError(`output must be one of '' or 'name': ${flags.output}`)
    }
    const all = namesIn(content, 'contexts')
    const shown = args.length === 0 ? all : args.filter(name => all.includes(name))
    if (flags.output === 'name') out(shown.map(name => `${name}\n`).join(''))
    else {
      const current = textAt(content, 'current-context')
      const rows = shown.map(name => {
        const context = entryOf(content, 'contexts', name)
        const values = ['cluster', 'user', 'namespace'].map(member => textAt(context, member))
        return [name === current ? '*' : '', name, ...values].join('\t')
      })
      const heads = flags['no-headers'] ? [] : ['CURRENT\tNAME\tCLUSTER\tAUTHINFO\tNAMESPACE']
      out(align([...heads, ...rows].map(row => `${row}\n`).join(''), tableTabs))
    }
    const missing = args.find(name => !all.includes(name))
    if (missing !== undefined) throw new UsageError(`context ${missing} not found`)
  },
})

const lister = (list: List, name: string, short: string) =>
  defineCommand({
    use: `${name} [flags]`,
    short,
    examples: `
    # List them
    kubectl config ${name}`,
    flags: {},
    run({ config, out }) {
      out(
        `NAME\n${namesIn(config.content, list)
          .map(each => `${each}\n`)
          .join('')}`,
      )
    },
  })

export const getClusters = lister('clusters', 'get-clusters', 'Display clusters defined in the kubeconfig')
export const getUsers = lister('users', 'get-users', 'Display users defined in the kubeconfig')

export const view = defineCommand({
  use: 'view [flags]',
  short: 'Display merged kubeconfig settings or a specified kubeconfig file',
  flags: {
    ...outputFlags,
    output: { ...outputFlags.output, initial: 'yaml', shown: `'yaml'` },
    flatten: flag.bool('Flatten the resulting kubeconfig file into self-contained output'),
    merge: {
      ...flag.text('Merge the full hierarchy of kubeconfig files', { default: 'true', bare: 'true' }),
      shown: 'true',
    },
    minify: flag.bool('Remove all information not used by current-context from the output'),
    raw: flag.bool('Display raw byte data and sensitive data'),
  },
  run(context) {
    const { args, config, flags, out } = context
    if (args.length > 0) showHelp(context, `unexpected arguments: [${args.join(' ')}]`)
    const minified = flags.minify ? minify(config.content) : config.content
    const shown = flags.raw || flags.flatten ? minified : withoutSecrets(minified)
    const printer = printerFor(context)
    out(printer ? printer.print(membersInOrder(shown), true) : writeYaml(shown))
  },
})

function minify(content: JsonObject): JsonObject {
  const current = textAt(content, 'current-context')
  if (current === '') throw new UsageError('current-context must exist in order to minify')
  const context = entryOf(content, 'contexts', current)
  if (!context) throw new UsageError(`cannot locate context ${current}`)
  const only = (list: List, name: string) => objectsAt(content, list).filter(entry => textAt(entry, 'name') === name)
  return {
    ...content,
    clusters: only('clusters', textAt(context, 'cluster')),
    contexts: only('contexts', current),
    users: only('users', textAt(context, 'user')),
  }
}

const redacted = ['password', 'token']

/** Certificates and secrets are not shown. */
function withoutSecrets(content: JsonObject): JsonObject {
  const hide = (list: List): unknown => {
    if (!Array.isArray(content[list])) return content[list]
    return objectsAt(content, list).map(entry =>
      Object.fromEntries(Object.entries(entry).map(([key, value]) => [key, isObject(value) ? hideIn(value) : value])),
    )
  }
  return { ...content, clusters: hide('clusters'), users: hide('users') }
}

function hideIn(value: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      if (key.endsWith('-data')) return [key, 'DATA+OMITTED']
      return [key, redacted.includes(key) && each !== '' ? 'REDACTED' : each]
    }),
  )
}

/** Members in the order of Go's structs (client-go/tools/clientcmd/api/v1/types.go); others follow. */
const order = [
  ...['kind', 'apiVersion', 'clusters', 'users', 'contexts', 'current-context', 'name'],
  ...['server', 'tls-server-name', 'insecure-skip-tls-verify', 'certificate-authority', 'certificate-authority-data'],
  ...['client-certificate', 'client-certificate-data', 'client-key', 'client-key-data', 'token', 'tokenFile'],
  ...['cluster', 'user', 'namespace'],
]

function inOrder(value: unknown): unknown {
  if (isList(value)) return value.map(inOrder)
  return isObject(value) ? membersInOrder(value) : value
}

function membersInOrder(value: JsonObject): JsonObject {
  const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length)
  const entries = Object.entries(value).sort(([a], [b]) => rank(a) - rank(b))
  return Object.fromEntries(entries.map(([name, member]) => [name, inOrder(member)]))
}
