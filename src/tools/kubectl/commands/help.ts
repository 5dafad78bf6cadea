import { type Command, commandName, defineCommand } from '../command.ts'
import { helpText, usageText } from '../help.ts'

/** cobra's own command: what `--help` of a command prints. */
export const help = defineCommand({
  use: 'help [command]',
  short: 'Help about any command',
  long: 'Help provides help for any command in the application. Simply type kubectl help [path to command] for full details.',
  flags: {},
  hidden: true,
  run({ args, root, out, err }) {
    let [command, path]: [Command, string] = [root, 'kubectl']
    for (const word of args) {
      const found = command.commands?.find(each => commandName(each) === word || each.aliases?.includes(word))
      // Who has commands is asked for one of them; what follows others is theirs.
      if (!found && command !== root) break
      if (!found)
        return err(`Unknown help topic [${args.map(each => `\`${each}\``).join(' ')}]\n\n\n${usageText(path, root)}`)
      ;[command, path] = [found, `${path} ${commandName(found)}`]
    }
    out(helpText(path, command))
  },
})
