import { mkdirSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { digestsOf, replayHint, sweep, type SweepResult } from '../testing/sweep.ts'

/**
 * 7, 8, 12 and 14 found Pods that stayed unready for ever after a node had been silent.
 * `SWEEP_SEEDS=7,8 SWEEP_MASTERS=3 npx vitest run src/cluster/sweep.test.ts` plays others.
 */
const { SWEEP_SEEDS: asked = '1,3,5,6,7,8,10,11,12,14,16,17', SWEEP_MASTERS: masters = '1' } = process.env
const seeds = asked.split(',').map(Number)

function play(seed: number): SweepResult {
  const result = sweep({ seed, masters: Number(masters) })
  const { problems, session } = result
  const path = `test-results/sweep-${seed}.json`
  if (problems.length > 0) {
    mkdirSync('test-results', { recursive: true })
    writeFileSync(path, JSON.stringify(session.record()))
  }
  expect(problems, replayHint(seed, path)).toEqual([])
  return result
}

describe('[J4] [J6] a cluster in a random history', () => {
  it.each(seeds)('stays a cluster, heals and becomes quiet: seed %i', seed => {
    play(seed)
  })

  it('comes to the same when it is replayed, or gone on with from a checkpoint in the middle', () => {
    const [played, replayed, resumed] = digestsOf(play(seeds.at(-1) ?? 1))
    expect([replayed, resumed]).toEqual([played, played])
  })
})
