import { defineGroup } from '../../command.ts'
import { rolloutHistory } from './history.ts'
import { rolloutPause, rolloutResume } from './pausing.ts'
import { rolloutRestart } from './restart.ts'
import { rolloutStatus } from './status.ts'
import { rolloutUndo } from './undo.ts'

export const rollout = defineGroup({
  use: 'rollout SUBCOMMAND',
  short: 'Manage the rollout of a resource',
  helpOnStdout: true,
  commands: [rolloutHistory, rolloutPause, rolloutRestart, rolloutResume, rolloutStatus, rolloutUndo],
})
