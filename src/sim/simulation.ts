import { copyState } from './checkpoint.ts'
import type { ComponentDefinition, Self } from './component.ts'
import { EventQueue, type QueueState, type SimEvent } from './event-queue.ts'
import { nextRandom, type RandomState, seedRandom } from './random.ts'
import { Trace, type TraceState } from './trace.ts'

/** A whole world at one moment. It shares what is frozen with the world it was taken from. */
export interface Checkpoint {
  readonly now: number
  readonly nextSeq: number
  readonly handled: number
  readonly queue: QueueState
  readonly components: readonly SavedComponent[]
  readonly randoms: ReadonlyMap<string, RandomState>
  readonly trace: TraceState
}

interface SavedComponent {
  readonly name: string
  readonly type: string
  readonly since: number
  readonly state: unknown
}

interface Instance {
  readonly definition: ComponentDefinition<never>
  readonly self: SelfOf
  state: unknown
  /** Events scheduled before this number were meant for an earlier component of the name. */
  since: number
}

export interface SimulationOptions {
  seed: number
  /** Virtual time at the start, in ms since 1970. */
  startMs: number
  definitions: readonly ComponentDefinition<never>[]
  /** How many trace entries are kept. */
  traceCapacity?: number
}

/** Our own bug: it stops the run and says where, so that it can be replayed. */
export class SimulationError extends Error {
  constructor(
    readonly seed: number,
    readonly event: SimEvent,
    readonly reason: unknown,
  ) {
    const text = reason instanceof Error ? reason.message : String(reason)
    super(`${event.to} failed at event ${event.seq} (${event.type}) of seed ${seed}: ${text}`, { cause: reason })
  }
}

/** Components, a clock and what will happen: the same seed and the same inputs give the same history on any machine. */
export class Simulation {
  readonly seed: number
  readonly trace: Trace
  private readonly definitions = new Map<string, ComponentDefinition<never>>()
  private readonly queue = new EventQueue()
  private instances = new Map<string, Instance>()
  private randoms = new Map<string, RandomState>()
  private nextSeq = 1
  private time: number
  private count = 0

  constructor(options: SimulationOptions) {
    this.seed = options.seed
    this.time = options.startMs
    this.trace = new Trace(options.traceCapacity ?? 20_000)
    for (const definition of options.definitions) {
      if (this.definitions.has(definition.type)) throw new Error(`component type ${definition.type} was given twice`)
      this.definitions.set(definition.type, definition)
    }
  }

  /** Virtual time in ms since 1970. */
  get now(): number {
    return this.time
  }

  /** How many events have been handled since the start. */
  get handled(): number {
    return this.count
  }

  /** Adds a component. Its type must be among the definitions, its name must be free. */
  add(name: string, type: string, state: unknown): void {
    if (this.instances.has(name)) throw new Error(`component ${name} is there already`)
    this.instances.set(name, this.instantiate({ name, type, since: this.nextSeq, state }))
  }

  /** Removes a component: what was still to happen to it will not. */
  remove(name: string): void {
    this.instances.delete(name)
  }

  has(name: string): boolean {
    return this.instances.has(name)
  }

  /** The component's state as it is now. The caller knows the type: only `cluster` and the owner of a type ask. */
  state<State>(name: string): State {
    const instance = this.instances.get(name)
    if (!instance) throw new Error(`there is no component ${name}`)
    return instance.state as State
  }

  /** What the component's own handlers get, for those who act on its behalf in a call (an API request, for example). */
  self<State>(name: string): Self<State> {
    const instance = this.instances.get(name)
    if (!instance) throw new Error(`there is no component ${name}`)
    return instance.self as unknown as Self<State>
  }

  /** Names of all components of a type, in the order in which they were added. */
  namesOf(type: string): string[] {
    return [...this.instances].filter(([, instance]) => instance.definition.type === type).map(([name]) => name)
  }

  schedule(to: string, delayMs: number, type: string, data?: unknown): number {
    const seq = this.nextSeq++
    this.queue.push({ at: this.time + Math.max(delayMs, 0), seq, to, type, data })
    return seq
  }

  cancel(seq: number): void {
    this.queue.cancel(seq)
  }

  random(name: string): number {
    let state = this.randoms.get(name)
    if (!state) this.randoms.set(name, (state = seedRandom(this.seed, name)))
    return nextRandom(state)
  }

  /** When the next event happens, or undefined when there is none. */
  nextAt(): number | undefined {
    return this.queue.peek()?.at
  }

  /** Handles the next event and returns it, or undefined when there is none. */
  step(): SimEvent | undefined {
    const event = this.queue.pop()
    if (event) this.handle(event)
    return event
  }

  private handle(event: SimEvent): void {
    this.time = event.at
    this.count++
    const instance = this.instances.get(event.to)
    if (!instance || event.seq < instance.since) return
    const handler = instance.definition.on[event.type]
    try {
      if (!handler) throw new Error(`${instance.definition.type} does not handle ${event.type}`)
      handler(instance.self as never, event.data as never, event)
    } catch (reason) {
      throw new SimulationError(this.seed, event, reason)
    }
  }

  /**
   * Handles everything up to and including `timeMs` and moves the clock there. Returns false if `maxEvents` were
   * handled before that; the clock then stands at the last of them.
   */
  runUntil(timeMs: number, maxEvents = Infinity): boolean {
    for (let left = maxEvents; ; left--) {
      const event = this.queue.peek()
      if (!event || event.at > timeMs) break
      if (left <= 0) return false
      this.queue.removeFirst()
      this.handle(event)
    }
    this.time = Math.max(this.time, timeMs)
    return true
  }

  /**
   * Looks at the world without moving it: chance that the look used up is given back, so that a run in which somebody
   * looked goes on as one in which nobody did, and the look leaves no evidence. It must schedule nothing.
   */
  aside<T>(look: () => T): T {
    const randoms = copyState(this.randoms)
    try {
      return this.trace.quietly(look)
    } finally {
      this.randoms = randoms
    }
  }

  checkpoint(): Checkpoint {
    const components: SavedComponent[] = []
    for (const [name, { definition, since, state }] of this.instances) {
      components.push({ name, type: definition.type, since, state: copyState(state) })
    }
    return {
      now: this.time,
      nextSeq: this.nextSeq,
      handled: this.count,
      queue: this.queue.save(),
      components,
      randoms: copyState(this.randoms),
      trace: this.trace.save(),
    }
  }

  /** Makes the world what it was. The checkpoint can be used again. */
  restore(checkpoint: Checkpoint): void {
    this.time = checkpoint.now
    this.nextSeq = checkpoint.nextSeq
    this.count = checkpoint.handled
    this.queue.load(checkpoint.queue)
    this.randoms = new Map([...checkpoint.randoms].map(([name, state]) => [name, [...state]]))
    this.trace.load(checkpoint.trace)
    this.instances = new Map()
    for (const saved of checkpoint.components) {
      this.instances.set(saved.name, this.instantiate({ ...saved, state: copyState(saved.state) }))
    }
  }

  private instantiate({ name, type, since, state }: SavedComponent): Instance {
    const definition = this.definitions.get(type)
    if (!definition) throw new Error(`component ${name} is of type ${type}, which was not given`)
    const self = new SelfOf(this, name)
    const instance: Instance = { definition, self, since, state }
    self.instance = instance
    return instance
  }
}

class SelfOf implements Self<unknown> {
  instance: { state: unknown } | undefined

  constructor(
    private readonly simulation: Simulation,
    readonly name: string,
  ) {}

  get state(): unknown {
    return this.instance?.state
  }

  get now(): number {
    return this.simulation.now
  }

  random(): number {
    return this.simulation.random(this.name)
  }

  schedule(delayMs: number, type: string, data?: unknown): number {
    return this.simulation.schedule(this.name, delayMs, type, data)
  }

  send(to: string, delayMs: number, type: string, data?: unknown): number {
    return this.simulation.schedule(to, delayMs, type, data)
  }

  cancel(eventNumber: number): void {
    this.simulation.cancel(eventNumber)
  }

  record(type: string, data: unknown): void {
    this.simulation.trace.record(this.simulation.now, this.name, type, data)
  }
}
