import { describe, expect, it } from 'vitest'
import { readSession, runSession } from '../../testing/golden-kubectl.ts'
import { kubectlCluster } from '../../testing/kubectl-cluster.ts'

/** Recorded sessions that need controllers, a scheduler and kubelets, and that pass whole. */
const living = [
  'config',
  'cordon-drain',
  'delete',
  'expose-scale-autoscale',
  'first-steps',
  'label-annotate-taint',
  'rollout',
  'run',
  'set',
  'wait',
]

describe('[I3] recorded kubectl sessions with a living cluster', () => {
  it.each(living)('%s', id => {
    const recording = readSession(id)
    const results = runSession(recording, kubectlCluster(recording))
    expect(results.length).toBe(recording.steps.length)
    expect(results.filter(({ mismatches }) => mismatches.length > 0)).toEqual([])
  })
})
