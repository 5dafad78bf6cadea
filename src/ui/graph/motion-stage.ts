import type { Motion } from '../../scene/model.ts'

/**
 * What is moving. At low speeds a message is drawn exactly where it is in virtual time, and stands still when time does.
 * At speeds where it would be gone within a frame it is drawn as long as an eye needs, in the order of the starts.
 */
export interface Moving {
  readonly motion: Motion
  /** Messages of the same sort on the same way that were merged into this one. */
  readonly count: number
  /** 0 to 1. */
  readonly progress: number
}

interface Actor {
  readonly motion: Motion
  count: number
  /** Real ms that it has been on stage, while it is drawn longer than true. */
  shownMs: number
  /** While time stands still: the progress at which it waits. */
  waitsAt?: number | undefined
}

/** The least real time that a motion is seen. */
export const leastMs = 620

/** From here on a person watches what comes out and not each message. */
const fastSpeed = 4

/** Where a message waits that came with a step: it can be read and pressed there, between the two that it concerns. */
const halfWay = 0.5

/** More than this at once is noise, and costs frames. */
export const mostActors = 400

export class MotionStage {
  readonly #actors: Actor[] = []

  /**
   * Takes motions in. One that equals another that has hardly started is counted there and not drawn again; at high speeds
   * even one that is half-way, or a minute's heartbeats would be a string of pearls.
   * While time stands still motions come with a step, and those of the step before go on to their end.
   */
  add(motions: readonly Motion[], speed = 1, isStill = false): void {
    if (isStill && motions.length > 0) for (const actor of this.#actors) actor.waitsAt = 1
    const isFast = speed > fastSpeed
    const merges = leastMs * (isFast ? 0.5 : 0.12)
    for (const motion of motions) {
      const twin = this.#actors.findLast(
        actor =>
          actor.motion.from === motion.from &&
          actor.motion.to === motion.to &&
          actor.motion.flow === motion.flow &&
          actor.motion.tone === motion.tone &&
          actor.shownMs < merges &&
          (isFast || Math.abs(actor.motion.startAt - motion.startAt) < 50),
      )
      if (twin) twin.count++
      else if (this.#actors.length < mostActors) this.#actors.push({ motion, count: 1, shownMs: 0 })
    }
  }

  clear(): void {
    this.#actors.length = 0
  }

  get isEmpty(): boolean {
    return this.#actors.length === 0
  }

  /**
   * Moves on by so much real time, and gives what is to be drawn at this virtual time. When time stands still, so does
   * what is on its way.
   */
  advance(realMs: number, now: number, speed: number, isStill = false): readonly Moving[] {
    const moving: Moving[] = []
    for (let index = this.#actors.length - 1; index >= 0; index--) {
      const actor = this.#actors[index]
      if (!actor) continue
      const progress = progressOf(actor, realMs, now, speed, isStill)
      if (progress >= 1) this.#actors.splice(index, 1)
      else if (progress >= 0) moving.push({ motion: actor.motion, count: actor.count, progress })
    }
    return moving.reverse()
  }
}

function progressOf(actor: Actor, realMs: number, now: number, speed: number, isStill: boolean): number {
  const { startAt, endAt } = actor.motion
  const isTrue = (endAt - startAt) / speed >= leastMs
  if (isTrue) return (now - startAt) / (endAt - startAt)
  if (now < startAt) return -1
  if (isStill) actor.waitsAt ??= Math.max(halfWay, actor.shownMs / leastMs)
  else actor.waitsAt = undefined
  actor.shownMs = Math.min(actor.shownMs + realMs, leastMs * (actor.waitsAt ?? Infinity))
  return actor.shownMs / leastMs
}
