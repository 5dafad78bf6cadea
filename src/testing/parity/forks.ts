import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Session } from '../../session/session.ts'
import type { RecordedOutput } from '../golden-kubectl.ts'
import { splitWords } from '../kubectl-lab.ts'
import { PageKubectl } from './page-kubectl.ts'
import { type RealKubectl, runKubectl } from './real-kubectl.ts'

const files = fileURLToPath(new URL('../golden/behaviour/kubectl/apply/files', import.meta.url))

/** What both kubectls work with. */
export interface ForksOptions {
  readonly kubectl: RealKubectl
  /** The session behind the bridge, which the real kubectl changes. */
  readonly session: Session
  readonly server: string
  readonly kubeconfig: string
  /** A folder of their own. */
  readonly folder: string
}

/** A session and its copy, changed by one kubectl each: what both do has to lead to the same. */
export class Forks {
  private readonly copy: Session
  private readonly page: PageKubectl

  constructor(private readonly options: ForksOptions) {
    const { session, server, kubeconfig, folder } = options
    const record = session.record()
    this.copy = new Session(record)
    this.copy.advance(record.at)
    this.page = new PageKubectl(this.copy, server)
    for (const home of [join(folder, 'real'), join(folder, 'page')]) {
      mkdirSync(join(home, '.kube'), { recursive: true })
      writeFileSync(join(home, '.kube/config'), kubeconfig)
      cpSync(files, join(home, 'work/apply'), { recursive: true })
    }
  }

  /** Runs a command line through both, or lets time pass in both; nothing to compare then. */
  async run(line: string): Promise<{ real: RecordedOutput; page: RecordedOutput } | undefined> {
    const { kubectl, session, folder } = this.options
    const [, seconds] = /^\+(\d+)$/.exec(line) ?? []
    if (seconds !== undefined) {
      const until = session.now + Number(seconds) * 1_000
      for (const each of [session, this.copy]) each.advance(until)
      return undefined
    }
    const words = splitWords(line)
    const real = await runKubectl(kubectl, words, placeOf(join(folder, 'real')))
    return { real, page: this.page.run(words, placeOf(join(folder, 'page'))) }
  }

  /** Whether both sessions hold the same, at the same revision. */
  areEqual(): boolean {
    return this.options.session.digest() === this.copy.digest()
  }
}

function placeOf(home: string) {
  return { cwd: join(home, 'work'), env: { HOME: home, TZ: 'UTC', PATH: '/usr/bin:/bin' } }
}
