import type { Image } from '../node/runtime/image.ts'
import { anyProgram } from '../node/runtime/find-program.ts'
import type { Program } from '../node/runtime/program.ts'
import { typicalUse } from './typical-use.ts'
import { withShell } from './shell/with-shell.ts'

/** A server of which nothing is known: it runs until it is asked to stop, and then stops cleanly. */
export const runsForever: Program = {
  init: () => undefined,
  signal(process, signal) {
    if (signal === 'TERM' || signal === 'INT' || signal === 'QUIT') process.exit(0)
  },
  usage: ({ image }) => typicalUse(image.repository),
}

/**
 * A command of which nothing is known. As a container's own it runs on; one that `exec` or a probe runs beside it ends
 * at once and well, since nobody could say what it would have done.
 */
const anyCommand: Program = {
  ...runsForever,
  start(process) {
    if (process.pid !== 1) process.exit(0)
  },
}

/** An image that is in no list of ours: it can be pulled, with any tag, and runs. */
export function genericImage(repository: string): Image {
  return {
    repository,
    hasTag: () => true,
    sizeBytes: sizeOf(repository),
    entrypoint: ['/entrypoint'],
    programs: withShell('debian', { '/entrypoint': runsForever, [anyProgram]: anyCommand }, ['curl']),
  }
}

/** A size between 20 and 120 MB that is always the same for a name. */
function sizeOf(repository: string): number {
  let sum = 7
  for (const letter of repository) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return 20_000_000 + sum * 100
}
