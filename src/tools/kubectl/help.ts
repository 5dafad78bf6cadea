import { type Command, commandName, type Context } from './command.ts'
import { Exit } from './errors.ts'
import type { Flags } from './flags.ts'

/** What `--help` prints: kubectl's templates over cobra (kubectl/pkg/util/templates). */
export function helpText(path: string, command: Command): string {
  return `${(command.long ?? command.short).trim()}\n\n${usageText(path, command)}`
}

/** The same without its first paragraphs. */
export function usageText(path: string, command: Command): string {
  const { aliases = [], examples, commands = [] } = command
  const isRunnable = command.run !== undefined || command.commands !== undefined
  const visible = commands.filter(({ hidden }) => !hidden)
  const sections = [
    aliases.length > 0 ? `Aliases:\n${[commandName(command), ...aliases].join(', ')}` : '',
    examples === undefined ? '' : `Examples:\n${indented(examples)}`,
    visible.length > 0 ? `Available Commands:\n${commandLines(visible)}` : '',
    Object.values(command.flags).some(({ hidden }) => !hidden) ? `Options:\n${flagLines(command.flags)}` : '',
    isRunnable ? `Usage:\n  ${usageLine(path, command)}` : '',
  ]
  const parents = path.split(' ').join(' ')
  const tips = [
    visible.length > 0 ? `Use "${parents} <command> --help" for more information about a given command.\n` : '',
    'Use "kubectl options" for a list of global command-line options (applies to all commands).\n',
  ]
  return `${sections
    .filter(section => section !== '')
    .map(section => `${section}\n\n`)
    .join('')}${tips.join('')}`
}

function usageLine(path: string, command: Command): string {
  const rest = command.use.slice(commandName(command).length)
  const line = `${path}${rest}`
  return line.includes('[options]') ? line : `${line} [options]`
}

function commandLines(commands: readonly Command[]): string {
  const width = Math.max(13, ...commands.map(command => commandName(command).length + 2))
  return [...commands]
    .sort((a, b) => (commandName(a) < commandName(b) ? -1 : 1))
    .map(command => `  ${commandName(command).padEnd(width)} ${command.short}`)
    .join('\n')
}

/** Flags as kubectl lists them: name and initial value, then the explanation on a line of its own. */
export function flagLines(flags: Flags): string {
  return Object.entries(flags)
    .filter(([, { hidden, deprecated }]) => !hidden && deprecated === undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { short, shown, usage }]) => {
      const start = short ? `    -${short}, --${name}` : `    --${name}`
      return `${start}=${shown}:\n\t${usage}`
    })
    .join('\n\n')
}

function indented(examples: string): string {
  const lines = examples.replace(/^\n+|\s+$/g, '').split('\n')
  const margin = Math.min(
    ...lines.filter(line => line.trim() !== '').map(line => line.length - line.trimStart().length),
  )
  return lines.map(line => (line.trim() === '' ? '' : `  ${line.slice(margin)}`)).join('\n')
}

/** Prints how a verb is used after a complaint, and ends: what happens when nothing useful was given. */
export function showHelp({ err, path, command }: Context, complaint: string): never {
  err(`Error: ${complaint}\n\n${helpText(path, command)}`)
  throw new Exit(1)
}
