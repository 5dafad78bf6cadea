import { defineGroup } from '../../command.ts'
import { rolloutHistory } from './history.ts'
import { rolloutPause, rolloutResume } from './pausing.ts'
import { rolloutRestart } from './restart.ts'
import { rolloutStatus } from './status.ts'
import { rolloutUndo } from './undo.ts'

export const rollout = defineGroup({
  use: 'rollout SUBCOMMAND',
  short: 'Manage the rollout of a resource',
  long: 'Manage the rollout of one or many resources.\n\nValid resource types are deployments, daemonsets and statefulsets.',
  examples: `
    # Roll back to the previous deployment
    kubectl rollout undo deployment/web

    # Check the rollout status of a daemon set
    kubectl rollout status daemonset/agent

    # Restart a deployment
    kubectl rollout restart deployment/web`,
  helpOnStdout: true,
  commands: [rolloutHistory, rolloutPause, rolloutRestart, rolloutResume, rolloutStatus, rolloutUndo],
})
