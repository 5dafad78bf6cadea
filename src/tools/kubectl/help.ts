import { type Command, commandName, type Context } from './command.ts'
import { Exit } from './errors.ts'
import type { Flags } from './flags.ts'
import { helpTexts } from './help-texts/index.ts'

/** What `--help` prints: kubectl's templates over cobra (kubectl/pkg/util/templates). */
export function helpText(path: string, command: Command): string {
  const long = helpTexts[path]?.long ?? command.long ?? command.short
  return `${long.trim()}\n\n${usageText(path, command)}`
}

/** The same without its first paragraphs. */
export function usageText(path: string, command: Command): string {
  const { aliases = [], commands = [] } = command
  const { examples = command.examples, usages } = helpTexts[path] ?? {}
  const isRunnable = command.run !== undefined || command.commands !== undefined
  const visible = commands.filter(({ hidden }) => !hidden)
  const hasFlags = Object.values(command.flags).some(({ hidden, deprecated }) => !hidden && deprecated === undefined)
  const sections = [
    aliases.length > 0 ? `Aliases:\n${[commandName(command), ...aliases].join(', ')}` : '',
    examples === undefined ? '' : `Examples:\n${indented(examples)}`,
    ...(path === 'kubectl' ? rootCommands(visible) : visible.length > 0 ? [listOf('Available Commands', visible)] : []),
    hasFlags ? `Options:\n${flagLines(command.flags, usages)}` : '',
    isRunnable ? `Usage:\n  ${usageLine(path, command)}` : '',
  ]
  const tips = [
    visible.length > 0 ? `Use "${path} <command> --help" for more information about a given command.\n` : '',
    'Use "kubectl options" for a list of global command-line options (applies to all commands).\n',
  ]
  return `${sections
    .filter(section => section !== '')
    .map(section => `${section}\n\n`)
    .join('')}${tips.join('')}`
}

/** kubectl's own commands by what they are for (pkg/cmd/cmd.go). */
const groups: readonly (readonly [title: string, names: string])[] = [
  ['Basic Commands (Beginner)', 'create expose run set'],
  ['Basic Commands (Intermediate)', 'explain get edit delete'],
  ['Deploy Commands', 'rollout scale autoscale'],
  ['Cluster Management Commands', 'certificate cluster-info top cordon uncordon drain taint'],
  ['Troubleshooting and Debugging Commands', 'describe logs attach exec port-forward proxy cp auth debug events'],
  ['Advanced Commands', 'diff apply patch replace wait kustomize'],
  ['Settings Commands', 'label annotate completion'],
]

function rootCommands(commands: readonly Command[]): readonly string[] {
  const named = (name: string): Command[] => commands.filter(command => commandName(command) === name)
  const grouped = groups.map(([title, names]) => listOf(title, names.split(' ').flatMap(named), 'given'))
  const listed = groups.flatMap(([, names]) => names.split(' '))
  const others = commands.filter(command => !listed.includes(commandName(command)))
  return [...grouped, 'Subcommands provided by plugins:', listOf('Other Commands', others)]
}

function usageLine(path: string, command: Command): string {
  const rest = command.use.slice(commandName(command).length)
  const line = `${path}${rest}`
  return line.includes('[options]') ? line : `${line} [options]`
}

function listOf(title: string, commands: readonly Command[], order: 'given' | 'sorted' = 'sorted'): string {
  const width = Math.max(13, ...commands.map(command => commandName(command).length + 2))
  const rows =
    order === 'given' ? [...commands] : [...commands].sort((a, b) => (commandName(a) < commandName(b) ? -1 : 1))
  const lines = rows.map(
    command => `  ${commandName(command).padEnd(title === 'Available Commands' ? width : 15)} ${command.short}`,
  )
  return `${title}:\n${lines.join('\n')}`
}

/** Flags as kubectl lists them: name and initial value, then the explanation on a line of its own. */
export function flagLines(flags: Flags, usages: Readonly<Record<string, string>> = {}): string {
  return Object.entries(flags)
    .filter(([, { hidden, deprecated }]) => !hidden && deprecated === undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { short, shown, usage }]) => {
      const start = short ? `    -${short}, --${name}` : `    --${name}`
      return `${start}=${shown}:\n\t${usages[name] ?? usage}`
    })
    .join('\n\n')
}

function indented(examples: string): string {
  const lines = examples.replace(/^\n+|\s+$/g, '').split('\n')
  const margin = Math.min(
    ...lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length),
  )
  return lines.map(line => `  ${line.slice(margin)}`).join('\n')
}

/** Prints how a verb is used after a complaint, and ends: what happens when nothing useful was given. */
export function showHelp({ err, path, command }: Context, complaint: string): never {
  err(`Error: ${complaint}\n\n${helpText(path, command)}`)
  throw new Exit(1)
}
