import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { goldenFiles } from '../testing/golden-json.ts'
import type { RecordedOutput } from '../testing/golden-kubectl.ts'
import { splitWords } from '../testing/kubectl-lab.ts'
import { changing } from '../testing/parity/changing.ts'
import { reasonToSkip, withoutVersion } from '../testing/parity/differences.ts'
import { explaining } from '../testing/parity/explaining.ts'
import { Forks } from '../testing/parity/forks.ts'
import { furnish, parityTopology } from '../testing/parity/lab.ts'
import { asking, looking } from '../testing/parity/looking.ts'
import { making } from '../testing/parity/making.ts'
import { mistakes } from '../testing/parity/mistakes.ts'
import { PageKubectl } from '../testing/parity/page-kubectl.ts'
import { findKubectl, noKubectl, type RealKubectl, runKubectl } from '../testing/parity/real-kubectl.ts'
import { various } from '../testing/parity/various.ts'
import { type Bridge, startBridge } from './bridge.ts'

// The kubectl of this machine and the page's, on one session whose clock stands: what they print has to be the same to the
// byte. `KUBECTL=/path/to/kubectl npx vitest run src/bridge/kubectl-parity.test.ts` takes another.

const kubectl = findKubectl()
const all = [...looking, ...asking, ...explaining, ...making, ...mistakes, ...various]
const compared = all.filter(command => kubectl && reasonToSkip(command, kubectl.minor) === undefined)

/** So many processes at a time keep two cores busy. */
const atOnce = 3

interface Pair {
  readonly real: RecordedOutput
  readonly page: RecordedOutput
}

function compareWith(kubectl: RealKubectl): void {
  describe(`[I3] the page's kubectl prints what ${kubectl.path} ${kubectl.version} does`, () => {
    const home = mkdtempSync(join(tmpdir(), 'podscape-parity-'))
    const pairs = new Map<string, Pair>()
    let bridge: Bridge

    beforeAll(async () => {
      bridge = await startBridge({ port: 0, topology: parityTopology, seed: 1, speed: 0 })
      const { session } = bridge.host
      if (!session) throw new Error('there is no session')
      furnish(session)
      for (const [path, text] of Object.entries(filesIn(home))) {
        mkdirSync(dirname(path), { recursive: true })
        writeFileSync(path, text)
      }
      writeFileSync(join(home, '.kube/config'), bridge.kubeconfig)
      const page = new PageKubectl(session, bridge.url)
      const left = [...compared]
      const work = async (): Promise<void> => {
        for (let command = left.shift(); command !== undefined; command = left.shift()) {
          pairs.set(command, await pairOf(kubectl, page, command, home))
        }
      }
      // The first one fills the cache of what the server serves.
      await pairOf(kubectl, page, 'api-resources', home)
      await Promise.all(Array.from({ length: atOnce }, work))
    }, 300_000)

    afterAll(async () => {
      await bridge.close()
      rmSync(home, { recursive: true })
    })

    // One after the other: what one changes the next one finds. In the end both forks hold the same, to the digest.
    it('and changes what it does', async () => {
      const { session } = bridge.host
      if (!session) throw new Error('there is no session')
      const folder = join(home, 'forks')
      const forks = new Forks({ kubectl, session, server: bridge.url, kubeconfig: bridge.kubeconfig, folder })
      const differing: unknown[] = []
      for (const line of changing) {
        const pair = await forks.run(line)
        if (!pair || reasonToSkip(line, kubectl.minor) !== undefined) continue
        const [real, page] = [pair.real, pair.page].map(output => withoutVersion(line, kubectl.minor, output))
        if (!isDeepStrictEqual(real, page)) differing.push({ line, real, page })
      }
      expect(differing).toEqual([])
      expect(forks.areEqual()).toBe(true)
    }, 300_000)

    it.each(compared)('kubectl %s', command => {
      const { real, page } = pairs.get(command) ?? {}
      expect(page).toEqual(real)
      expect(real).toBeDefined()
    })

    it('compares more than 150 commands', () => {
      expect(new Set(compared).size).toBeGreaterThan(150)
    })
  })
}

/** The folder that both work in: the recorded world's files. */
function filesIn(home: string): Record<string, string> {
  const files = goldenFiles('behaviour', 'kubectl', 'world-lab', 'files')
  const placed = Object.entries(files).map(([name, text]) => [join(home, 'work', name), text])
  return { [join(home, '.kube/config')]: '', ...Object.fromEntries(placed) }
}

async function pairOf(kubectl: RealKubectl, page: PageKubectl, command: string, home: string): Promise<Pair> {
  const words = splitWords(command)
  const options = { cwd: join(home, 'work'), env: { HOME: home, TZ: 'UTC', PATH: '/usr/bin:/bin' } }
  const [real, ours] = [await runKubectl(kubectl, words, options), page.run(words, options)]
  return {
    real: withoutVersion(command, kubectl.minor, real),
    page: withoutVersion(command, kubectl.minor, ours),
  }
}

if (kubectl) compareWith(kubectl)
else {
  it(`[I3] ${noKubectl(`${all.length} commands were not compared with a real one`)}`, () => {
    expect(kubectl).toBeUndefined()
  })
}
