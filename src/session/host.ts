import type { Answers, Ask, Frame, Reply, SessionRecord } from '../protocol/messages.ts'
import { answer, aside, type Question, Refusal } from './answers.ts'
import { type Hero, Story } from '../scene/story/story.ts'
import { Frames } from './frames.ts'
import { Session } from './session.ts'
import { heroOf } from './story.ts'

/** Most real ms that one tick may work, so that the page gets its frames and its answers in time. */
const tickBudgetMs = 12
/** Events between two looks at the real clock. */
const sliceEvents = 250
/** A tick that comes late does not make up for more than this: a tab in the background would jump. */
const maxGapMs = 250

/** On the way to another time a picture is sent no more often than this: people asked for the end of the way. */
const journeyFrameMs = 400

export const minSpeed = 0.05
export const maxSpeed = 100

/**
 * Runs a session for a page: answers what it asks, lets virtual time pass with real time, and makes its frames. It
 * owns no timer and no clock: whoever hosts it (the worker, the bridge) calls `tick` and hands in real time.
 */
export class Host {
  private opened: Session | undefined
  private frames: Frames | undefined
  private playing = false
  private speed = 1
  private lastTick = 0
  private reachedSpeed = 0
  /** Where a seek is going, and the request that waits for it. */
  private seeking: { readonly at: number; readonly id: number; readonly digest?: string } | undefined
  /** The object that something has to happen to, and the request that waits for it. */
  private awaiting: Awaiting | undefined
  /** Real time of the last picture while a seek is on its way. */
  private shownAt = 0
  /** Whether the frame after this has something that the page does not know. */
  private changed = true

  /** `realMs` tells real time; `reply` takes answers, now or later. */
  constructor(
    private readonly realMs: () => number,
    private readonly reply: (reply: Reply) => void,
  ) {}

  /** Takes a request of the page. Failures that are the user's are answered; bugs are thrown. */
  ask(id: number, ask: Ask): void {
    if (movesTime(ask)) this.stopAwaiting(false)
    if (ask.ask === 'open') return this.open(id, ask.record, ask.paused ?? false)
    const { session } = this
    if (!session) return this.reply({ id, ok: false, error: 'no session is open' })
    if (ask.ask === 'seek') return this.seek(id, session, ask.at)
    if (ask.ask === 'next') return this.awaitNext(id, session, ask)
    this.changed = true
    if (isControl(ask)) this.reply({ id, ok: true, value: this.control(session, ask) })
    else this.reply(this.answer(id, session, ask))
  }

  /** The session that is open. */
  get session(): Session | undefined {
    return this.opened
  }

  /** Whether the session is on its way to another time: nothing can be done to it until it is there. */
  get isSeeking(): boolean {
    return this.seeking !== undefined
  }

  /** Lets time pass and returns what the page has to be told, if anything. */
  tick(): Frame | undefined {
    this.pass()
    return this.takeFrame()
  }

  /** What a page has to be told since the last time, if anything. */
  takeFrame(): Frame | undefined {
    const { session, frames } = this
    if (!session || !frames || !this.changed) return undefined
    const now = this.realMs()
    if (this.seeking && now - this.shownAt < journeyFrameMs) {
      frames.gather()
      return undefined
    }
    this.shownAt = now
    this.changed = false
    return this.frame(session, frames)
  }

  /** A page that knows nothing is there: the next frame tells everything. */
  forgetFrames(): void {
    this.frames?.reset()
    this.changed = true
  }

  /** Lets time pass. */
  pass(): void {
    const { session } = this
    if (!session) return
    const now = this.realMs()
    const gap = Math.min(now - this.lastTick, maxGapMs)
    this.lastTick = now
    const before = session.now
    if (this.seeking) this.goOn(session, this.seeking)
    else if (this.awaiting) this.goOnUntil(session, this.awaiting, now)
    else if (this.playing && isInstalling(session)) this.run(session, Infinity, now)
    else if (this.playing) this.run(session, session.now + gap * this.speed, now)
    if (gap > 0) this.reachedSpeed += ((session.now - before) / gap - this.reachedSpeed) * 0.1
    if (session.now !== before) this.changed = true
  }

  /** The session as it would be saved now. */
  record(): SessionRecord | undefined {
    return this.session?.record()
  }

  private open(id: number, record: SessionRecord, paused: boolean): void {
    const session = new Session(record)
    this.opened = session
    this.frames = new Frames(session.cluster)
    this.playing = !paused
    this.shownAt = -Infinity
    this.lastTick = this.realMs()
    this.changed = true
    if (record.at > session.now) {
      const { at, digest } = record
      this.seeking = { at, id, ...(digest !== undefined && { digest }) }
    } else this.reply({ id, ok: true, value: { at: session.now } satisfies Answers['open'] })
  }

  /** Answers a question; what cannot be answered is refused with a text for people. */
  private answer(id: number, session: Session, question: Question): Reply {
    try {
      return { id, ok: true, value: answer(session, question) }
    } catch (error) {
      if (error instanceof Refusal) return { id, ok: false, error: error.message }
      throw error
    }
  }

  private control(session: Session, ask: Control): Answers['step'] | undefined {
    if (ask.ask === 'speed') this.speed = Math.min(Math.max(ask.speed, minSpeed), maxSpeed)
    else this.playing = ask.ask === 'play'
    if (ask.ask !== 'step') return undefined
    if (ask.ms === undefined) session.step()
    else session.advance(session.now + ask.ms)
    return { at: session.now }
  }

  private seek(id: number, session: Session, at: number): void {
    // Only the last of several seeks matters: a scrubber sends one for every move.
    if (this.seeking) this.reply({ id: this.seeking.id, ok: true, value: { at: session.now } })
    this.shownAt = this.realMs()
    session.rewind(at)
    this.frames?.reset()
    this.seeking = { at, id }
  }

  /** Time stands until something happens to the object: it is brought about as fast as it can be. */
  private awaitNext(id: number, session: Session, ask: Next): void {
    const hero = this.heroFor(id, session, ask)
    if (!hero) return
    this.playing = false
    this.changed = true
    const awaiting = { id, story: new Story(hero), read: 0, deadline: session.now + longestAwaitedMs }
    readOn(session, awaiting)
    this.awaiting = awaiting
  }

  private heroFor(id: number, session: Session, { resource, namespace, name }: Next): Hero | undefined {
    try {
      const hero = aside(session, () => heroOf(session.cluster, resource, namespace, name))
      if (!hero) throw new Refusal(`${resource} "${name}" not found`)
      return hero
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.reply({ id, ok: false, error: error.message })
      return undefined
    }
  }

  private goOnUntil(session: Session, awaiting: Awaiting, startedMs: number): void {
    const known = awaiting.story.steps.length
    do {
      for (let events = 0; events < sliceEvents; events++) {
        if (session.now >= awaiting.deadline || session.cluster.simulation.nextAt() === undefined) {
          return this.stopAwaiting(false)
        }
        session.step()
        readOn(session, awaiting)
        if (awaiting.story.steps.length > known) return this.stopAwaiting(true)
      }
    } while (this.realMs() - startedMs < tickBudgetMs)
  }

  private stopAwaiting(found: boolean): void {
    const { awaiting, session } = this
    this.awaiting = undefined
    this.changed = true
    if (awaiting && session) {
      this.reply({ id: awaiting.id, ok: true, value: { at: session.now, found } satisfies Answers['next'] })
    }
  }

  private goOn(session: Session, { at, id, digest }: { at: number; id: number; digest?: string }): void {
    if (!this.run(session, at, this.realMs())) return
    this.seeking = undefined
    this.changed = true
    this.frames?.reset()
    // What the replay printed had been printed before.
    session.cluster.terminals.takeOutput()
    const same = digest === undefined ? {} : { same: digest === session.digest() }
    this.reply({ id, ok: true, value: { at: session.now, ...same } satisfies Answers['open'] })
  }

  /** Runs towards a virtual time as far as the tick's budget goes; returns whether it got there. */
  private run(session: Session, to: number, startedMs: number): boolean {
    const booted = session.cluster.isBooted()
    do {
      const next = to === Infinity ? session.cluster.simulation.nextAt() : to
      if (next === undefined) return true
      if (session.advance(next, sliceEvents) && to !== Infinity) return true
      if (to === Infinity && session.cluster.isBooted() !== booted) return true
    } while (this.realMs() - startedMs < tickBudgetMs)
    return false
  }

  private frame(session: Session, frames: Frames): Frame {
    return {
      now: session.now,
      start: session.start,
      end: session.end,
      playing: this.playing,
      speed: this.speed,
      reachedSpeed: this.reachedSpeed,
      scene: frames.next(this.seeking !== undefined),
      terminals: session.cluster.terminals.takeOutput(),
      booted: session.cluster.isBooted(),
    }
  }
}

/** Nothing happens to most objects for ever: after so long nobody waits any more. */
const longestAwaitedMs = 10 * 60_000

type Next = Extract<Ask, { ask: 'next' }>

interface Awaiting {
  readonly id: number
  readonly story: Story
  /** The entry of the trace up to which the story has been read. */
  read: number
  /** Virtual time at which it is given up. */
  readonly deadline: number
}

function readOn({ cluster }: Session, awaiting: Awaiting): void {
  const { trace } = cluster.simulation
  if (trace.end === awaiting.read) return
  for (const entry of trace.since(awaiting.read)) awaiting.story.take(entry)
  awaiting.read = trace.end
}

function movesTime({ ask }: Ask): boolean {
  return ask === 'open' || ask === 'seek' || ask === 'play' || ask === 'pause' || ask === 'step' || ask === 'next'
}

/** An installation that has not ended by now is not going to: time takes its pace, so that people see why. */
const longestInstallationMs = 5 * 60_000

/** The lab is being installed: nobody wants to wait for that in real time. */
function isInstalling(session: Session): boolean {
  return !session.cluster.isBooted() && session.now < session.start + longestInstallationMs
}

type Control = Extract<Ask, { ask: 'play' | 'pause' | 'step' | 'speed' }>

function isControl(ask: Ask): ask is Control {
  return ask.ask === 'play' || ask.ask === 'pause' || ask.ask === 'step' || ask.ask === 'speed'
}
