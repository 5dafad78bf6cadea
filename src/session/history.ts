import type { Checkpoint } from '../sim/simulation.ts'

/** A moment to which a session can go back without starting over. */
export interface Moment {
  readonly at: number
  /** How many inputs of the log had been carried out. */
  readonly inputs: number
  readonly checkpoint: Checkpoint
}

/** Between two moments lie at least so many events: going back costs a replay of at most about as many. */
const eventsBetween = 4_000
/** When there are more moments than this, every other one of the older half is dropped. */
const maxMoments = 48

/** Checkpoints of a session, dense near the present and sparse far back. The first one is the start and stays. */
export class History {
  private moments: Moment[] = []

  /** Whether enough has happened since the last moment. */
  isDue(handled: number): boolean {
    const last = this.moments.at(-1)
    return !last || handled - last.checkpoint.handled >= eventsBetween
  }

  add(moment: Moment): void {
    this.forgetAfter(moment.at)
    this.moments.push(moment)
    if (this.moments.length <= maxMoments) return
    const half = this.moments.length / 2
    this.moments = this.moments.filter((_, index) => index === 0 || index > half || index % 2 === 0)
  }

  /** The last moment that is not later than a time, or undefined when that lies before the start. */
  before(at: number): Moment | undefined {
    return this.moments.findLast(moment => moment.at <= at)
  }

  /** Drops what lies later: it is going to happen differently. */
  forgetAfter(at: number): void {
    while ((this.moments.at(-1)?.at ?? -Infinity) > at) this.moments.pop()
  }
}
