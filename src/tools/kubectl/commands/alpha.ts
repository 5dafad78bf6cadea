import { defineCommand } from '../command.ts'

/** Commands that are being tried out: v1.36 has none. */
export const alpha = defineCommand({
  use: 'alpha',
  short: 'Commands for features in alpha',
  flags: {},
  hidden: true,
  run: ({ err }) => err('No alpha commands are available in this version of kubectl\n'),
})
