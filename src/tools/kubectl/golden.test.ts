import { describe, expect, it } from 'vitest'
import { kubectlSessions, runSession, runWorld } from '../../testing/golden-kubectl.ts'
import { kubectlCluster } from '../../testing/kubectl-cluster.ts'
import { kubectlWorld } from '../../testing/kubectl-lab.ts'
import { knownFailures } from './golden-known-failures.ts'

// The recorded sessions of kubectl. Steps that do not pass yet are listed with the reason; one that begins to pass must be
// taken off the list.
describe('[I3] recorded kubectl sessions', () => {
  it.each(kubectlSessions().map(recording => [recording.id, recording] as const))('%s', (id, recording) => {
    const results = recording.state
      ? runWorld(recording, kubectlWorld())
      : runSession(recording, kubectlCluster(recording))
    const known = new Set(Object.values(knownFailures[id] ?? {}).flat())
    const failing = results.flatMap(({ mismatches }, step) => (mismatches.length > 0 ? [step] : []))
    const broken = failing.filter(step => !known.has(step)).map(step => results[step])
    expect(broken, 'steps that passed before').toEqual([])
    const passing = [...known].filter(step => !failing.includes(step)).map(step => `${step}: ${results[step]?.cmd}`)
    expect(passing, `${id}: these pass now: take them off the list of known failures`).toEqual([])
  })
})
