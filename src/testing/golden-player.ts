// Plays a recorded scenario's inputs on a cluster in virtual time and keeps the log of what happens.
// Steps and the driver: golden/behaviour/README.md, "scenario.json".
import { compareScenario } from './golden-compare.ts'
import type { CompareOptions } from './golden-compare.ts'
import { at, textAt } from './golden-json.ts'
import type { Json, JsonObject } from './golden-json.ts'
import { matchJson } from './golden-match.ts'
import { Bindings } from './golden-match.ts'
import type { Mismatch } from './golden-match.ts'
import { isReady, ScenarioRecorder } from './golden-recorder.ts'
import type { Change } from './golden-recorder.ts'
import { behaviourOf, nodeObject } from './golden-scenarios.ts'
import type {
  Drive,
  LogLine,
  NodeAction,
  PodAction,
  Scenario,
  ScenarioRecording,
  ScenarioStep,
} from './golden-scenarios.ts'

/**
 * A whole cluster on virtual time: API server, controllers, scheduler, and kubelets whose containers behave as
 * `behaviourOf(scenario, image)` says. Nothing but the system namespaces is in it at first.
 */
export interface ScenarioCluster {
  now(): number
  advance(ms: number): void
  /** Calls back for each change of each object, in order of version, no later than the end of `advance`. */
  onChange(listener: (change: Change) => void): void
  /** Runs a command line without the word kubectl, to its end: a command that waits lets time pass. */
  kubectl(line: string, files: Record<string, string>): { code: number; stdout: string; stderr: string }
  api(request: { method: string; path: string; body?: Json }): { code: number; body: Json }
  /** With `add`, the Node object comes along and the node's kubelet starts. */
  node(name: string, what: NodeAction, object?: JsonObject): void
  /** The kubelet of that Pod does something; the step holds further fields such as an exit code. */
  pod(namespace: string, name: string, what: PodAction, step: JsonObject): void
  load?(load: { app: string; cpu?: string; memory?: string }): void
  setStatus?(status: JsonObject): void
  owned?(objects: JsonObject[]): void
  component?(component: JsonObject): void
}

export interface Played {
  log: LogLine[]
  /** `<hash1>` → the hash that the cluster computed; compare with `scenario.hashes`. */
  hashes: Record<string, string>
  /** Commands that failed though the recording's did not, and inputs that the cluster cannot take. */
  failures: Mismatch[]
}

/** "Wait until nothing has changed for a moment", the driver's moment. */
const MOMENT_MS = 600
const STEP_MS = 100
/** A cluster that is not quiet after this long is taken as it is. */
const RESTLESS_MS = 60_000
/** No recorded drive takes as many actions; a rollout that goes round in circles ends here. */
const MOST_ACTIONS = 200

/** Builds the scenario's world, plays its steps and returns the log. */
export function playScenario(recording: ScenarioRecording, cluster: ScenarioCluster): Played {
  const player = new Player(recording, cluster)
  player.prepare()
  for (const step of recording.scenario.steps) player.play(step)
  player.finish()
  const { recorder, failures } = player
  return { log: recorder.lines(), hashes: recorder.names.hashesByPlaceholder(), failures }
}

/** Everything that a scenario demands of a run: commands, answers, hashes, sequences, events, trace. */
export function judgeScenario(recording: ScenarioRecording, played: Played, options: CompareOptions = {}): Mismatch[] {
  return [
    ...played.failures,
    ...compareResults(recording.log, played.log),
    ...compareHashes(recording.scenario, played.hashes),
    ...compareScenario(recording.expect, played.log, options),
  ]
}

/** Compares the answers of `show` and `api` steps with those in the recorded log. */
export function compareResults(recorded: readonly LogLine[], ours: readonly LogLine[]): Mismatch[] {
  const results = (log: readonly LogLine[]) => log.flatMap(line => ('result' in line ? [line.result] : []))
  return matchJson(results(recorded), results(ours), new Bindings(), 'result')
}

/** Compares template hashes: `<hash1>` … are numbered in order of creation on both sides. */
export function compareHashes(scenario: Scenario, hashes: Record<string, string>): Mismatch[] {
  return matchJson(scenario.hashes ?? hashes, hashes, new Bindings(), 'hashes')
}

class Player {
  readonly recorder: ScenarioRecorder
  readonly failures: Mismatch[] = []
  private readonly scenario: Scenario
  private readonly files: Record<string, string>
  private readonly namespace: string
  private startMs = 0
  private changedMs = 0

  constructor(
    recording: ScenarioRecording,
    private readonly cluster: ScenarioCluster,
  ) {
    this.scenario = recording.scenario
    this.files = recording.files
    this.namespace = this.scenario.ns ?? 'lab'
    this.recorder = new ScenarioRecorder(this.scenario)
    cluster.onChange(change => {
      if (this.recorder.see(change, cluster.now())) this.changedMs = cluster.now()
    })
  }

  /** Nodes, namespace and set-up; then time 0, at the second of a minute that the scenario wants. */
  prepare(): void {
    for (const [index, node] of this.scenario.nodes.entries())
      this.cluster.node(node.name, 'add', nodeObject(node, index))
    this.run(`create namespace ${this.namespace}`, false)
    this.cluster.advance(1000)
    for (const file of this.scenario.setup ?? []) this.run(`apply -n ${this.namespace} -f ${file}`, false)
    this.cluster.advance((this.scenario.setup_wait ?? 0) * 1000)
    const { align } = this.scenario
    if (align !== undefined) this.cluster.advance((align * 1000 - (this.cluster.now() % 60_000) + 60_000) % 60_000)
    this.startMs = this.cluster.now()
    this.recorder.start(this.startMs)
  }

  play(step: ScenarioStep): void {
    if (step.at !== undefined) this.advanceTo(this.startMs + step.at * 1000)
    const { kubectl, api, node, pod, drive, settle, snapshot } = step
    if (kubectl !== undefined) this.kubectl(kubectl, step)
    else if (api) this.api(api)
    else if (node) {
      this.note({ node: { name: node.name, do: node.do } })
      this.cluster.node(node.name, node.do, node.do === 'add' ? this.lateNode(node) : undefined)
    } else if (pod) {
      this.note({ pod })
      this.cluster.pod(this.namespace, this.recorder.names.reveal(pod.name), pod.do, pod)
    } else if (drive) this.drive(drive)
    else if (settle !== undefined) this.settle(settle * 1000)
    else if (snapshot !== undefined) this.recorder.snapshot(snapshot, this.cluster.now())
    else this.playRare(step)
  }

  private playRare(step: ScenarioStep): void {
    const { load, owned, component } = step
    const status = step['set-status']
    const { cluster } = this
    const give = <T>(what: string, input: T | undefined, take: ((input: T) => void) | undefined): void => {
      if (input === undefined) return
      if (take) take(input)
      else this.failures.push({ path: what, expected: 'taken', got: 'not known to the cluster' })
    }
    give('load', load, cluster.load?.bind(cluster))
    give('set-status', status, cluster.setStatus?.bind(cluster))
    give('owned', owned, cluster.owned?.bind(cluster))
    give('component', component, cluster.component?.bind(cluster))
  }

  /** Lets the scenario's time run out. */
  finish(): void {
    if (this.scenario.duration !== undefined) this.advanceTo(this.startMs + this.scenario.duration * 1000)
  }

  private lateNode(node: ScenarioStep['node']): JsonObject | undefined {
    return node && nodeObject(node, Number(/\d+$/.exec(node.name)?.[0] ?? 1) - 1)
  }

  private note(step: Json): void {
    this.recorder.step(step, this.cluster.now())
  }

  private advanceTo(ms: number): void {
    if (ms > this.cluster.now()) this.cluster.advance(ms - this.cluster.now())
  }

  private run(line: string, mayFail: boolean): { code: number; stdout: string; stderr: string } {
    const output = this.cluster.kubectl(this.recorder.names.reveal(line), this.files)
    if (output.code !== 0 && !mayFail) {
      this.failures.push({ path: `kubectl ${line}`, expected: 'exit code 0', got: `${output.code}: ${output.stderr}` })
    }
    return output
  }

  private kubectl(line: string, { show = false, fail_ok = false }: ScenarioStep): void {
    this.note({ kubectl: line })
    const { code, stdout, stderr } = this.run(line, fail_ok)
    if (show) this.recorder.result({ code, stdout, stderr }, this.cluster.now())
  }

  private api(request: { method: string; path: string; body?: Json }): void {
    const revealed: typeof request = JSON.parse(this.recorder.names.reveal(JSON.stringify(request)))
    const { code, body } = this.cluster.api(revealed)
    this.recorder.result({ code, body }, this.cluster.now())
  }

  private settle(quietMs: number): void {
    const begunMs = this.cluster.now()
    this.changedMs = Math.max(this.changedMs, begunMs)
    while (this.cluster.now() - this.changedMs < quietMs && this.cluster.now() - begunMs < RESTLESS_MS) {
      this.cluster.advance(STEP_MS)
    }
  }

  /** One thing at a time: end the first Pod that terminates, else make the first unready one ready, until all is done. */
  private drive(drive: Drive): void {
    let after = drive.snap === false ? undefined : drive.first
    for (let actions = 0; ; actions++) {
      this.settle(MOMENT_MS)
      if (after !== undefined) this.recorder.snapshot(after, this.cluster.now())
      const next = actions < (drive.max ?? MOST_ACTIONS) ? this.nextAction(drive) : undefined
      if (!next) return
      after = `${next.what} ${next.name}`
      this.note({ drive: after })
      this.cluster.pod(this.namespace, next.name, next.what, { name: next.name, do: next.what })
    }
  }

  private nextAction(drive: Drive): { what: PodAction; name: string } | undefined {
    const pods = this.recorder.pods().filter(pod => textAt(pod, 'metadata', 'namespace') === this.namespace)
    const isTerminating = (pod: JsonObject) => at(pod, 'metadata', 'deletionTimestamp') !== undefined
    const terminating = pods.find(isTerminating)
    if (terminating) return { what: 'stop', name: textAt(terminating, 'metadata', 'name') }
    if (drive.order === 'stop-only') return undefined
    const unready = pods.find(pod => !isTerminating(pod) && this.mayBecomeReady(pod))
    return unready && { what: 'ready', name: textAt(unready, 'metadata', 'name') }
  }

  private mayBecomeReady(pod: JsonObject): boolean {
    const image = textAt(pod, 'spec', 'containers', 0, 'image')
    const isOver = /^(?:Succeeded|Failed)$/.test(textAt(pod, 'status', 'phase'))
    const isScheduled = textAt(pod, 'spec', 'nodeName') !== ''
    return isScheduled && !isOver && !isReady(pod) && !behaviourOf(this.scenario, image).never
  }
}
