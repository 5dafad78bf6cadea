import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { apiLab } from '../../testing/api-lab.ts'
import { fuzzRound, sendTo, shown } from '../../testing/fuzz/fuzz.ts'
import { inheritedWords } from '../../testing/fuzz/inherited.ts'
import { problemsOf } from '../../testing/fuzz/judge.ts'

/**
 * `FUZZ_REQUESTS=100000 FUZZ_SEED=7 npx vitest run src/control-plane/apiserver/fuzz.test.ts` sends more, and others. A
 * finding names the seed of its round: with that as FUZZ_SEED it is the first one again.
 */
const requests = Number(process.env['FUZZ_REQUESTS'] ?? 2_500)
const firstSeed = Number(process.env['FUZZ_SEED'] ?? 1)
const requestsPerRound = 500

/** A server that keeps what nobody needs grows by tens of MiB with every round. */
const mayGrowMiB = 300

describe('[A3] [A4] an API server that is asked for nonsense', () => {
  it(
    `answers ${requests} random requests from seed ${firstSeed} on with a proper Status each, and stores nothing odd`,
    { timeout: 60_000 + requests * 20 },
    () => {
      const codes = new Map<string, number>()
      const problems: string[] = []
      const before = heapMiB()
      for (let left = requests, seed = firstSeed; left > 0; left -= requestsPerRound, seed++) {
        const round = fuzzRound(seed, Math.min(left, requestsPerRound))
        problems.push(...round.problems)
        for (const [code, count] of Object.entries(round.codes)) codes.set(code, (codes.get(code) ?? 0) + count)
      }
      process.stdout.write(
        `seeds from ${firstSeed} on: ${[...codes]
          .sort()
          .map(([code, count]) => `${code} × ${count}`)
          .join(', ')}`,
      )
      expect(problems.slice(0, 10).join('\n\n')).toBe('')
      expect(heapMiB() - before).toBeLessThan(mayGrowMiB)
      // Refusals alone would prove little.
      for (const code of ['200', '201', '400', '404', '405', '406', '409', '415', '422'])
        expect(codes.has(code), code).toBe(true)
    },
  )

  it('takes no text and no key of any kind for what every JavaScript object inherits', () => {
    const lab = apiLab()
    const requests = inheritedWords()
    expect(requests.length).toBeGreaterThan(1_000)
    const problems = requests.flatMap(request => {
      const answer = sendTo(lab, request)
      const leaks = /native code|function /.test(answer.body) ? [`it tells of JavaScript: ${answer.body}`] : []
      return [...problemsOf(request, answer), ...leaks].map(problem => `${problem}\n  ${shown(request)}`)
    })
    expect(problems.slice(0, 5).join('\n\n')).toBe('')
  })
})

/** What is in use once garbage is collected. */
function heapMiB(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  return process.memoryUsage().heapUsed / 1024 / 1024
}
