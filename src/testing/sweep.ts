import type { Input, LoggedInput, SessionRecord, Topology } from '../protocol/messages.ts'
import { recordFormat } from '../protocol/messages.ts'
import { engineVersion, Session, startOfTime } from '../session/session.ts'
import { nextRandom, seedRandom, type RandomState } from '../sim/random.ts'
import { Watchman } from './sweep-invariants.ts'
import { deploymentText, type Family, families, newFamily, othersText } from './sweep-workloads.ts'

/** A random history of a whole cluster, which its seed alone decides. */
export interface SweepOptions {
  readonly seed: number
  readonly masters?: number
  /** How long things are applied, changed and broken, in virtual seconds. */
  readonly historySeconds?: number
}

export interface SweepResult {
  /** What went wrong, in order; empty when the cluster was a cluster all the way. */
  readonly problems: readonly string[]
  readonly session: Session
  /** When the history was at its worst: what a checkpoint there must keep is the most. */
  readonly middle: number
}

const bootSeconds = 90
/** Longer than eviction, the back-off of images and of containers, and the collection of what is gone. */
const settleSeconds = 900
const quietSeconds = 90
const system = ['kube-scheduler', 'kube-controller-manager', 'kube-apiserver', 'etcd']

/** Plays a random history and says what was wrong in it. */
export function sweep({ seed, masters = 1, historySeconds = 300 }: SweepOptions): SweepResult {
  const history = new SweepHistory(seed, masters)
  history.boot()
  const begin = history.session.now
  while (history.session.now < begin + historySeconds * 1000) history.act()
  history.mend()
  history.run(settleSeconds)
  history.watchman.judgeEnd(history.goodFamilies())
  history.visitAll()
  history.watchman.judgeQuiet(() => history.run(quietSeconds))
  return { problems: history.watchman.problems, session: history.session, middle: begin + historySeconds * 500 }
}

/** Digests of the same history: as it was played, from its record, and from a checkpoint in its middle. */
export function digestsOf({ session, middle }: SweepResult): string[] {
  const played = session.digest()
  const replayed = new Session(JSON.parse(JSON.stringify(session.record())))
  replayed.advance(replayed.end)
  session.seek(middle)
  session.advance(session.end)
  return [played, replayed.digest(), session.digest()]
}

/** How a seed is looked at again, with the record of it for `npm run sim`. */
export function replayHint(seed: number, path: string): string {
  return (
    `seed ${seed}: SWEEP_SEEDS=${seed} npx vitest run src/cluster/sweep.test.ts ` +
    `or npm run sim -- --record ${path} --trace`
  )
}

/** Somebody who applies, changes, deletes and breaks, and who mends everything at last. */
class SweepHistory {
  readonly session: Session
  readonly watchman: Watchman
  private readonly random: RandomState
  private readonly known = new Map<string, Family>()
  /** Mends what is broken now, by what it is. */
  private readonly broken = new Map<string, Input>()

  constructor(
    seed: number,
    private readonly masters: number,
  ) {
    this.random = seedRandom(seed, 'sweep')
    this.session = new Session(freshRecord(seed, masters, this.chance(0.7) ? 3 : 5))
    this.watchman = new Watchman(this.session.cluster)
  }

  boot(): void {
    this.run(bootSeconds)
    if (!this.session.cluster.isBooted()) this.watchman.report('the cluster did not boot')
    this.input({ type: 'apply', yaml: othersText })
    for (const name of families.slice(0, 2)) this.applyNew(name)
    this.run(30)
  }

  /** One random thing, and some time. */
  act(): void {
    const dice = nextRandom(this.random)
    if (dice < 0.4) this.change()
    else if (dice < 0.55) this.deletePods()
    else if (dice < 0.65) this.killSystem()
    else if (dice < 0.9) this.breakSomething()
    else this.mendOne()
    this.run(this.chance(0.3) ? this.upTo(60) + 1 : this.upTo(8))
  }

  /** Mends all that is broken and gives every Deployment an image that exists. */
  mend(): void {
    for (const key of [...this.broken.keys()]) this.mendKey(key)
    // Machines need a while until the API can be asked to change something.
    this.run(120)
    for (const [name, family] of this.known) this.applyFamily(name, { ...family, image: 'nginx:1.28' })
  }

  goodFamilies(): ReadonlyMap<string, Family> {
    return this.known
  }

  /** Time passes, and somebody looks every second. */
  run(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.session.advance(this.session.now + 1000)
      this.watchman.look(this.broken.size > 0)
    }
  }

  /** Every Deployment's node port answers, on a worker and on the master. */
  visitAll(): void {
    for (const [name, { nodePort, replicas }] of this.known) {
      for (const host of ['192.168.1.101', '192.168.1.10']) {
        const url = `http://${host}:${nodePort}/`
        const { trace } = this.session.cluster.simulation
        const from = trace.end
        this.input({ type: 'request', from: 'outside', url, count: 3, intervalMs: 50 })
        this.run(2)
        this.watchman.judgeVisits(trace.since(from), `${name} at ${url}`, replicas > 0)
      }
    }
  }

  private change(): void {
    const name = this.pick(families) ?? 'web'
    const family = this.known.get(name)
    if (!family) this.applyNew(name)
    else if (this.chance(0.15)) {
      this.input({ type: 'delete', resource: 'deployment', namespace: 'default', name })
      if (!this.watchman.has('deployments.apps', `default/${name}`)) this.known.delete(name)
    } else if (this.chance(0.5)) this.applyFamily(name, { ...family, replicas: this.upTo(7) })
    else if (this.chance(0.2)) this.applyFamily(name, { ...family, ...newFamily(this.dice, families.indexOf(name)) })
    else this.applyFamily(name, { ...family, image: this.pick(['nginx:1.27', 'nginx:1.28', 'nginx:nothing']) ?? '' })
  }

  private readonly dice = (): number => nextRandom(this.random)

  private applyNew(name: string): void {
    this.applyFamily(name, newFamily(this.dice, families.indexOf(name)))
  }

  private applyFamily(name: string, family: Family): void {
    this.known.set(name, family)
    this.input({ type: 'apply', yaml: deploymentText(name, family) })
  }

  /** One Pod, or all of a node as a drain does. */
  private deletePods(): void {
    const pods = this.watchman.podsOf('default')
    const first = this.pick(pods)
    if (!first) return
    const { nodeName } = first.spec
    const chosen = this.chance(0.3) ? pods.filter(pod => pod.spec.nodeName === nodeName) : [first]
    this.watchman.disturb()
    for (const { metadata } of chosen) {
      this.input({ type: 'delete', resource: 'pod', namespace: metadata.namespace, name: metadata.name })
    }
  }

  private killSystem(): void {
    const pods = this.watchman.podsOf('kube-system').map(({ metadata }) => metadata.name)
    const master = this.chance(0.6)
    const chosen = this.pick(pods.filter(name => system.some(start => name.startsWith(start)) === master))
    if (chosen === undefined) return
    this.input({ type: 'fault', fault: { what: 'kill-container', namespace: 'kube-system', target: chosen } })
    this.watchman.disturb()
  }

  private breakSomething(): void {
    const machines = this.session.cluster.machines.filter(({ role }) => role !== 'workstation')
    const target = (this.chance(0.1) ? machines[0] : this.pick(machines.slice(this.masters)))?.name ?? ''
    if (this.broken.has(target)) return this.mendKey(target)
    const [what, mending] = this.pick(breakings) ?? breakings[0]
    this.broken.set(target, { type: 'fault', fault: { what: mending, target } })
    this.input({ type: 'fault', fault: { what, target } })
    this.watchman.disturb()
  }

  private mendOne(): void {
    const key = this.pick([...this.broken.keys()])
    if (key !== undefined) this.mendKey(key)
  }

  private mendKey(key: string): void {
    const mending = this.broken.get(key)
    if (mending) this.input(mending)
    this.broken.delete(key)
    this.watchman.disturb()
  }

  private input(input: Input): void {
    this.session.input(input)
    this.watchman.look(this.broken.size > 0)
  }

  private chance(likelihood: number): boolean {
    return nextRandom(this.random) < likelihood
  }

  private upTo(limit: number): number {
    return Math.floor(nextRandom(this.random) * limit)
  }

  private pick<T>(list: readonly T[]): T | undefined {
    return list[this.upTo(list.length)]
  }
}

const breakings = [
  ['stop-machine', 'start-machine'],
  ['stop-kubelet', 'start-kubelet'],
  ['cut-network', 'mend-network'],
] as const

function freshRecord(seed: number, masters: number, workers: number): SessionRecord {
  const topology: Topology = { preset: 'm-k8s', masters, workers, workerCpu: 2, workerMemoryMiB: 2560 }
  const inputs: LoggedInput[] = []
  return { format: recordFormat, engine: engineVersion, seed, topology, inputs, at: startOfTime }
}
