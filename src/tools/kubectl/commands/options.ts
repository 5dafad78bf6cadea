import { defineCommand } from '../command.ts'
import { globalFlags } from '../global-flags.ts'
import { flagLines } from '../help.ts'

export const options = defineCommand({
  use: 'options',
  short: 'Print the list of flags inherited by all commands',
  examples: `
    # Print flags inherited by all commands
    kubectl options`,
  flags: {},
  hidden: true,
  run: ({ out }) => out(`The following options can be passed to any command:\n\n${flagLines(globalFlags)}\n`),
})
