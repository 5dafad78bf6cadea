import { beforeAll, describe, expect, it } from 'vitest'
import { kubectlSessions } from '../testing/golden-kubectl.ts'
import { knownDeviations } from '../testing/parity/known-deviations.ts'
import { findKubectl, noKubectl, type RealKubectl } from '../testing/parity/real-kubectl.ts'
import { type Deviation, playTranscript } from '../testing/parity/transcripts.ts'

// The recorded sessions of kubectl, typed again into the kubectl of this machine, with our server at the other end. All of
// them, which takes some minutes: TRANSCRIPTS=all npx vitest run src/bridge/kubectl-transcripts.test.ts
// Or some: TRANSCRIPTS=wait,world-lab

const kubectl = findKubectl()
const usual = ['apply', 'rollout', 'set']
const asked = process.env['TRANSCRIPTS']
const chosen = asked === undefined ? usual : asked.split(',')
const sessions = kubectlSessions().filter(({ id }) => asked === 'all' || chosen.includes(id))
const stepCount = sessions.reduce((sum, { steps }) => sum + steps.length, 0)

/** Much of a session is waiting. */
const atOnce = 4

function play(kubectl: RealKubectl): void {
  describe(`[I3] recorded sessions, typed into ${kubectl.path} ${kubectl.version}`, () => {
    const played = new Map<string, readonly Deviation[]>()

    beforeAll(async () => {
      const left = [...sessions]
      const work = async (): Promise<void> => {
        for (let session = left.shift(); session; session = left.shift()) {
          played.set(session.id, await playTranscript(kubectl, session))
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
    }, 900_000)

    it.each(sessions.map(({ id }) => id))('%s', id => {
      const known = new Set(Object.values(knownDeviations[id] ?? {}).flat())
      const deviations = played.get(id)
      expect(deviations).toBeDefined()
      expect(deviations?.filter(({ step }) => !known.has(step))).toEqual([])
    })
  })
}

if (kubectl) play(kubectl)
else {
  it(`[I3] ${noKubectl(`${stepCount} recorded steps were not typed into a real one`)}`, () => {
    expect(sessions.length).toBeGreaterThan(0)
  })
}
