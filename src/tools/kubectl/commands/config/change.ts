import { quote } from '../../../../machinery/go-text.ts'
import { type Context, defineCommand } from '../../command.ts'
import { UsageError } from '../../errors.ts'
import { showHelp } from '../../help.ts'
import { entryOf } from '../../kubeconfig.ts'
import { textAt } from '../../unstructured.ts'
import { hasEntry, type List, save, withEntry } from './entries.ts'

// Choosing, renaming and removing entries: kubectl/pkg/cmd/config.

export const useContext = defineCommand({
  use: 'use-context CONTEXT_NAME',
  aliases: ['use'],
  short: 'Set the current-context in a kubeconfig file',
  flags: {},
  run(context) {
    const name = onlyArgument(context)
    const { content } = context.config
    if (!hasEntry(content, 'contexts', name)) throw new UsageError(`no context exists with the name: ${quote(name)}`)
    save(context, { ...content, 'current-context': name }, `Switched to context ${quote(name)}.\n`)
  },
})

export const renameContext = defineCommand({
  use: 'rename-context CONTEXT_NAME NEW_NAME',
  short: 'Rename a context from the kubeconfig file',
  flags: {},
  run(context) {
    const { args, config } = context
    const [from, to, more] = args
    if (from === undefined || to === undefined || more !== undefined) return wrongArguments(context)
    const { content, path } = config
    const entry = entryOf(content, 'contexts', from)
    if (!entry) throw new UsageError(`cannot rename the context ${quote(from)}, it's not in ${path}`)
    if (hasEntry(content, 'contexts', to)) {
      throw new UsageError(
        `cannot rename the context ${quote(from)}, the context ${quote(to)} already exists in ${path}`,
      )
    }
    const renamed = withEntry(withEntry(content, 'contexts', from, undefined), 'contexts', to, entry)
    const isCurrent = textAt(content, 'current-context') === from
    save(
      context,
      isCurrent ? { ...renamed, 'current-context': to } : renamed,
      `Context ${quote(from)} renamed to ${quote(to)}.\n`,
    )
  },
})

const remover = (list: List, what: string, short: string) =>
  defineCommand({
    use: `delete-${what} NAME`,
    short,
    examples: `
    # Delete an entry
    kubectl config delete-${what} minikube`,
    flags: {},
    run(context) {
      const name = onlyArgument(context)
      const { content, path } = context.config
      if (!hasEntry(content, list, name)) throw new UsageError(`cannot delete ${what} ${name}, not in ${path}`)
      if (list === 'contexts' && textAt(content, 'current-context') === name) {
        const advice = 'use "kubectl config use-context" to select a different one'
        context.err(`warning: this removed your active context, ${advice}\n`)
      }
      save(context, withEntry(content, list, name, undefined), `deleted ${what} ${name} from ${path}\n`)
    },
  })

export const deleteCluster = remover('clusters', 'cluster', 'Delete the specified cluster from the kubeconfig')
export const deleteContext = remover('contexts', 'context', 'Delete the specified context from the kubeconfig')
export const deleteUser = remover('users', 'user', 'Delete the specified user from the kubeconfig')

/** The one argument; help is shown when there is another number of them. */
export function onlyArgument(context: Context): string {
  const [name, another] = context.args
  return name === undefined || another !== undefined ? wrongArguments(context) : name
}

export function wrongArguments(context: Context): never {
  const { args, err } = context
  return showHelpOnStdout(context, () => err(`error: Unexpected args: [${args.join(' ')}]\n`))
}

/** Help goes to stdout, and what is wrong to stderr. */
function showHelpOnStdout(context: Context, complain: () => void): never {
  const { out } = context
  complain()
  return showHelp({ ...context, err: text => out(text.replace(/^Error: \n\n/, '')) }, '')
}
