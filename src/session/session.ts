import { Cluster } from '../cluster/cluster.ts'
import { type Input, type LoggedInput, recordFormat, type SessionRecord } from '../protocol/messages.ts'
import { History } from './history.ts'
import { carryOut, type InputResult } from './inputs.ts'
import { Outside } from './outside.ts'

/** Changes whenever the same log may lead to another history. */
export const engineVersion = '1'

/** Every run starts here, so that a link shows the same times to everybody (D14). */
export const startOfTime = 1_768_467_600_000 // 2026-01-15T09:00:00Z

/**
 * A cluster with its inputs (D10): it can be run, stepped, rewound, gone on with from any moment, and written down as a
 * record. Time never passes by itself: whoever owns a session decides how far it runs.
 */
export class Session {
  readonly cluster: Cluster
  /** Clients that are no part of the simulation. */
  readonly outside = new Outside()
  private readonly history = new History()
  private log: LoggedInput[]
  /** Inputs of the log that have been carried out. */
  private done = 0
  /** The furthest time that has been seen. */
  private furthest: number
  private readonly origin: SessionRecord

  /** Opens a record. Its inputs happen when time reaches them: `advance` to `record.at` brings back where it was left. */
  constructor(record: SessionRecord) {
    this.origin = record
    this.cluster = new Cluster({
      seed: record.seed,
      topology: record.topology,
      startMs: startOfTime,
      definitions: [this.outside.definition],
    })
    this.outside.begin(this.cluster)
    this.log = [...record.inputs].sort((a, b) => a.at - b.at)
    this.furthest = startOfTime
    this.keepMoment()
  }

  /** Virtual time in ms since 1970. */
  get now(): number {
    return this.cluster.simulation.now
  }

  /** Virtual time at which every session starts. */
  get start(): number {
    return startOfTime
  }

  /** The furthest that this session has been, or was when it was saved. */
  get end(): number {
    return Math.max(this.furthest, this.origin.at)
  }

  /**
   * Runs up to a virtual time, carrying out logged inputs on the way. Stops early after so many events; returns whether
   * it got there.
   */
  advance(to: number, maxEvents = Infinity): boolean {
    const { simulation } = this.cluster
    const limit = simulation.handled + maxEvents
    while (simulation.handled < limit) {
      const input = this.log[this.done]
      const due = input !== undefined && input.at <= to
      const target = due ? Math.max(input.at, this.now) : to
      const slice = Math.min(limit - simulation.handled, 1_000)
      const reached = simulation.runUntil(target, slice)
      this.furthest = Math.max(this.furthest, this.now)
      if (this.history.isDue(simulation.handled)) this.keepMoment()
      if (!reached) continue
      if (!due) return true
      this.done++
      carryOut(this.cluster, this.outside, input.input, this.done)
    }
    return false
  }

  /** Handles the next event. Logged inputs that are due come first. */
  step(): void {
    const next = this.cluster.simulation.nextAt()
    const input = this.log[this.done]
    if (input && (next === undefined || input.at < next)) this.advance(input.at)
    else this.cluster.simulation.step()
    this.furthest = Math.max(this.furthest, this.now)
  }

  /** Does something to the cluster now. What was logged for later is dropped: from here on history is another. */
  input(input: Input): InputResult {
    this.advance(this.now)
    this.log.length = this.done
    this.history.forgetAfter(this.now)
    this.furthest = this.now
    this.log.push({ at: this.now, input })
    this.done++
    return carryOut(this.cluster, this.outside, input, this.done)
  }

  /** Goes back to the nearest kept moment before a time; `advance` from there. Does nothing for times to come. */
  rewind(at: number): void {
    if (at >= this.now) return
    const moment = this.history.before(at)
    if (!moment) return
    this.cluster.simulation.restore(moment.checkpoint)
    this.done = moment.inputs
  }

  /** Goes to a virtual time in the past or future, however long that takes. */
  seek(at: number): void {
    this.rewind(at)
    this.advance(at)
  }

  /** The session as it can be saved and shared; the digest costs a walk over all of etcd. */
  record(withDigest = false): SessionRecord {
    const { seed, topology } = this.origin
    const inputs = [...this.log]
    return {
      format: recordFormat,
      engine: engineVersion,
      seed,
      topology,
      inputs,
      at: this.now,
      ...(withDigest && { digest: this.digest() }),
    }
  }

  /** Equal for sessions whose etcd holds the same at the same revision. */
  digest(): string {
    return this.cluster.digest()
  }

  private keepMoment(): void {
    const { simulation } = this.cluster
    this.history.add({ at: this.now, inputs: this.done, checkpoint: simulation.checkpoint() })
  }
}
